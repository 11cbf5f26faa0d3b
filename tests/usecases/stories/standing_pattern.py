"""Test inputs for commands about a user who sets a standing pattern with a reason, and ends it."""

from commands.intelligence import standing_watch
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _awaited(office: Office) -> dict[str, str]:
    case = str(office.case("Kayleigh Marlow"))
    baz, gaz = str(office.person("Baz")), str(office.person("Gaz"))
    return {
        "case": case,
        "baz": baz,
        "gaz": gaz,
        "words": str(office.words("Baz and Gaz were both there")),
        "pattern": str(
            standing_watch.begin_pattern(
                office.desk, office.reader, case, "new-town", (baz, gaz), "both were named", None
            ).id
        ),
    }


STANDING_PATTERN = Subject(
    _awaited,
    {
        "standing-pattern set": Story(
            {
                "case": "{case}",
                "shape": "connected",
                "about": ["{baz}", "{gaz}"],
                "reason": "both were named by her friend",
                "until": "2011-03-25T09:00:00+00:00",
                "because_of": ["{words}"],
            },
            (
                {"about": ["{baz}", "Kayleigh Marlow"]},
                {"about": ["{baz}"]},
                {"shape": "third-child"},
                {"reason": " "},
                {"until": "2011-06-01T09:00:00+00:00"},
            ),
        ),
        "standing-pattern end": Story(
            {"pattern": "{pattern}", "reason": "it was looked at", "because_of": ["{words}"]},
            ({"reason": " "},),
        ),
    },
)
