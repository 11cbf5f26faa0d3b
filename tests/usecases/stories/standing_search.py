"""Test inputs for commands about a user who sets a standing search with a reason, and ends it."""

from commands.intelligence import standing_watch
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _watched(office: Office) -> dict[str, str]:
    case = str(office.case("Kayleigh Marlow"))
    told = (office.desk, office.reader, case, "YC94 KXT", "seen at the school", None)
    return {
        "case": case,
        "words": str(office.words("He waits at the gate")),
        "search": str(standing_watch.begin_search(*told).id),
    }


STANDING_SEARCH = Subject(
    _watched,
    {
        "standing-search set": Story(
            {
                "case": "{case}",
                "what": "PK95 ABC",
                "reason": "seen at the school",
                "until": "2011-03-25T09:00:00+00:00",
                "because_of": ["{words}"],
            },
            (
                {"what": "Kayleigh Marlow"},
                {"what": "B"},
                {"reason": " "},
                {"until": "2011-06-01T09:00:00+00:00"},
            ),
        ),
        "standing-search end": Story(
            {"search": "{search}", "reason": "the car was found", "because_of": ["{words}"]},
            ({"reason": " "},),
        ),
    },
)
