"""Test inputs for commands about reviews of the access log, answers to silent search alerts, and
destroyed copies."""

from commands.data_protection import copies
from domain.data_protection.access_log import SearchTouched
from projections.intelligence import silent_hits
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject

NOWHERE = "018f0000-0000-7000-8000-00000000ffff"


def _stage(office: Office) -> dict[str, str]:
    case = office.case("Kayleigh Marlow")
    far = office.settings.model_copy(update={"user": "dc.far", "team": "Deter"})
    touched = SearchTouched(case, case, "Engage", ())
    office.system.serving(far, office.system.clock.given_time).consulted(
        "search", (), None, [touched]
    )
    with office.system.reading_with_access_log() as db:
        (hit,) = silent_hits.list_due_decisions(db, office.reader, office.system.clock())
    copy = copies.record_backup(office.desk, office.reader, "store", "a safe")
    return {"hit": str(hit.id), "copy": str(copy.id)}


LOOKING = Subject(
    _stage,
    {
        "unusual-access review": Story(
            {"user": "psw.ellis", "finding": "her cousin; spoken to"},
            ({"user": " "}, {"finding": " "}, {"user": None, "finding": None}),
        ),
        "hits decide": Story(
            {"hit": "{hit}", "contact": "contact", "reason": "the same girl"},
            ({"hit": NOWHERE}, {"reason": " "}, {"contact": "perhaps"}),
        ),
        "copies destroyed": Story(
            {"copy": "{copy}", "how": "shredded, seen by di.moss"},
            ({"copy": NOWHERE}, {"how": " "}),
        ),
    },
)
