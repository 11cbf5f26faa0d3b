"""Test inputs for commands about charging decisions, and about steps after a verdict."""

from commands.justice import charging
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from domain.justice.charging import ChargingDecided
from domain.justice.verdict import AppealLodged
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _suspected(office: Office) -> dict[str, str]:
    """Record a case with a man who is not charged in it, and who appeals against his sentence in
    another matter; return ids by name."""
    told = desk, reader = office.desk, office.reader
    case, words = str(office.case("Kayleigh Marlow")), office.words("He was at the gate")
    man = str(entity.record_person(*told, name="Dale Crane", known=True).id)
    decided = ChargingDecided(
        UNNAMED,
        UNNAMED,
        "no-charge",
        "prosecutor",
        "not-met",
        "not-reached",
        offence="meeting a child",
        reasons="one witness",
        childs_view="wants it to be over",
        parents_view="want him in court",
    )
    lodged = AppealLodged(UNNAMED, UNNAMED, "sentence", "defence")
    return {
        "case": case,
        "words": str(words),
        "man": man,
        "decision": str(charging.decide(desk, reader, decided, case, man).id),
        "appeal": str(charging.lodge_appeal(desk, reader, lodged, case, man).id),
    }


CHARGING = Subject(
    _suspected,
    {
        "charging decided": Story(
            {
                "case": "{case}",
                "who": "{man}",
                "decision": "no-charge",
                "body": "prosecutor",
                "evidential": "met",
                "public_interest": "not-met",
                "offence": "meeting a child",
                "reasons": "a trial would harm her",
                "childs_view": "wants it to be over",
                "parents_view": "want him in court",
                "happened": "2011-03-16T14:00:00+00:00",
                "because_of": ["{words}"],
            },
            (
                {"decision": "charge"},
                {"public_interest": "not-reached"},
                {"childs_view": " "},
                {"parents_view": None},
                {"who": "Nan Unknown"},
            ),
        ),
        "charging review": Story(
            {
                "decision": "{decision}",
                "state": "asked",
                "words": "her mother wrote",
                "happened": "2011-03-17T14:00:00+00:00",
            },
            ({"state": "upheld"}, {"state": "forgotten"}),
        ),
        "court order": Story(
            {
                "case": "{case}",
                "who": "{man}",
                "order": "restraining",
                "terms": "not to come near the school",
                "until": "2016-03-16",
                "happened": "2011-03-16T14:00:00+00:00",
            },
            ({"terms": " "}, {"order": "silence"}, {"until": "for good"}),
        ),
        "court appeal": Story(
            {
                "case": "{case}",
                "who": "{man}",
                "against": "conviction-and-sentence",
                "lodged_by": "defence",
                "happened": "2011-03-16T14:00:00+00:00",
                "note": "leave is asked for",
            },
            ({"against": "everything"}, {"happened": "2031-03-16T14:00:00+00:00"}),
        ),
        "court appeal-decided": Story(
            {"appeal": "{appeal}", "end": "dismissed", "words": "nine years stand"},
            ({"end": "lost"}, {"words": " "}),
        ),
    },
)
