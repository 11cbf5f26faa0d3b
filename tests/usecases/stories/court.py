"""Test inputs for commands about a trial and the time after it."""

from datetime import UTC, date, datetime

from commands.justice import court
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from domain.justice.court import AccountTaken, BailSet, HearingSet
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _trial(office: Office) -> dict[str, str]:
    """Record a case with a man on bail, two hearings, and an account that the child gave; return
    ids by name.
    """
    desk, reader = office.desk, office.reader
    case, words = str(office.case("Kayleigh Marlow")), office.words("He was at the gate")
    man = entity.record_person(desk, reader, name="Dale Crane", known=True)
    held = HearingSet(UNNAMED, "plea", datetime(2011, 3, 10, 10, tzinfo=UTC))
    coming = HearingSet(UNNAMED, "trial", datetime(2011, 5, 10, 10, tzinfo=UTC))
    court.take_account(desk, reader, AccountTaken(UNNAMED, "dc.rowe"), case)
    return {
        "case": case,
        "words": str(words),
        "man": str(man.id),
        "held": str(court.set_hearing(desk, reader, held, case).id),
        "coming": str(court.set_hearing(desk, reader, coming, case).id),
        "bail": str(
            court.set_bail(
                desk,
                reader,
                BailSet(UNNAMED, UNNAMED, "not to speak to her", date(2011, 4, 1)),
                case,
                str(man.id),
            ).id
        ),
    }


COURT = Subject(
    _trial,
    {
        "court hearing": Story(
            {
                "case": "{case}",
                "kind": "trial",
                "starts": "2011-05-09T09:30:00+00:00",
                "who": "{man}",
                "court": "Crown Court, Town A",
                "note": "three weeks are set aside",
                "because_of": ["{words}"],
            },
            ({"kind": "tea"}, {"starts": "in May"}, {"who": "Nan Unknown"}),
        ),
        "court moved": Story(
            {
                "hearing": "{coming}",
                "starts": "2011-06-06T09:30:00+00:00",
                "reason": "a witness is ill",
            },
            ({"reason": " "}, {"starts": None}),
        ),
        "court held": Story(
            {
                "hearing": "{held}",
                "result": "not guilty; trial in May",
                "child_gave_evidence": False,
                "defence_barristers": 4,
            },
            ({"result": " "}, {"defence_barristers": -1}),
        ),
        "court bail": Story(
            {
                "case": "{case}",
                "who": "{man}",
                "conditions": "to live at his mother's",
                "until": "2011-06-01",
            },
            ({"conditions": " "}, {"who": None}, {"until": "in June"}),
        ),
        "court bail-ended": Story(
            {"bail": "{bail}", "how": "breached", "note": "seen at the school"},
            ({"how": "lost"},),
        ),
        "court plea": Story(
            {
                "case": "{case}",
                "who": "{man}",
                "plea": "changed-to-guilty",
                "offence": "meeting a child",
                "happened": "2011-03-17T11:00:00+00:00",
                "note": "on the day",
            },
            ({"plea": "perhaps"}, {"who": "Nan Unknown"}),
        ),
        "court measure": Story(
            {"case": "{case}", "measure": "live-link", "state": "granted", "note": "from a suite"},
            ({"measure": "curtain"}, {"state": "perhaps"}),
        ),
        "court account": Story(
            {
                "case": "{case}",
                "by": "dc.rowe",
                "happened": "2011-03-16T14:00:00+00:00",
                "why_again": "she named another man",
            },
            ({"why_again": None}, {"by": " "}),
        ),
        "court step": Story(
            {
                "case": "{case}",
                "step": "sits-with-child",
                "state": "planned",
                "words": "the PSW, decided by the judge and the DS",
                "because_of": ["{words}"],
            },
            ({"words": None}, {"step": "lunch"}, {"state": "perhaps"}),
        ),
    },
)
