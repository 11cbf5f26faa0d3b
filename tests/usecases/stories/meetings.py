"""Test inputs for commands about a team's meetings."""

from datetime import date

from commands.intelligence import meeting
from commands.kernel.item_references import UNNAMED
from domain.intelligence.meeting import Decided, MeetingCalled
from tests.commands.office import START, Office
from tests.usecases.fronts import Story, Subject


def _stage(office: Office) -> dict[str, str]:
    """Record a case, a log entry, two meetings, and a decision; return ids by name."""
    desk, reader = office.desk, office.reader
    case, words = str(office.case("Kayleigh Marlow")), str(office.words("He was at the gate"))
    weekly = MeetingCalled("weekly-brief", START, "", "ds.hart")
    at, other = (str(meeting.call(desk, reader, weekly).id) for _ in range(2))
    taken = Decided(UNNAMED, "ring the school", "contact-family", "ds.hart", date(2030, 1, 1))
    decision = meeting.take(desk, reader, at, taken, because_of=(words,)).id
    return {
        "case": case,
        "words": words,
        "man": str(office.person("Dale Crane")),
        "meeting": at,
        "other": other,
        "decision": str(decision),
    }


MEETINGS = Subject(
    _stage,
    {
        "meeting call": Story(
            {
                "kind": "working-group",
                "starts": "2011-04-01T10:00:00+00:00",
                "chair": "ds.hart",
                "place": "the meeting room",
            },
            ({"kind": "tea"}, {"starts": "in April"}, {"chair": " "}),
        ),
        "meeting item": Story(
            {"meeting": "{meeting}", "words": "her brother", "case": "{case}"},
            ({"words": " "}, {"subject": "{man}"}, {"case": "99"}),
        ),
        "meeting decide": Story(
            {
                "meeting": "{meeting}",
                "words": "the worker sees the parents",
                "task": "contact-family",
                "owner": "ds.hart",
                "by": "2011-03-25",
                "because_of": ["{words}"],
                "case": "{case}",
                "doer": "owner",
            },
            (
                {"task": "watch", "doer": "parent"},
                {"by": "2011-03-01"},
                {"because_of": None},
                {"because_of": ["Nan Unknown"]},
                {"words": " "},
            ),
        ),
        "meeting result": Story(
            {
                "decision": "{decision}",
                "state": "done",
                "words": "they were in",
                "became": ["{words}"],
            },
            ({"state": "perhaps"}, {"words": " "}),
        ),
        "meeting board": Story(
            {
                "meeting": "{meeting}",
                "kind": "map",
                "title": "who meets at the gate",
                "shown": ["{man}", "{case}"],
                "case": "{case}",
            },
            ({"title": " "}, {"shown": None}, {"kind": "song"}),
        ),
        "meeting people": Story(
            {"meeting": "{meeting}", "to": ["ds.hart", "psw.ellis"], "case": "{case}"},
            ({"to": None}, {"case": "99"}),
        ),
        "meeting held": Story(
            {"meeting": "{meeting}", "came": ["ds.hart", "psw.ellis"], "others": "a teacher"},
            ({"came": None},),
        ),
        "meeting off": Story(
            {"meeting": "{other}", "reason": "snow"},
            ({"reason": " "},),
        ),
    },
)
