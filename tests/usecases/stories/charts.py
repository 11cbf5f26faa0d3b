"""Test inputs for commands about a map that is saved under a name, given a note, saved again and
withdrawn."""

from commands.intelligence import saved_maps
from domain.intelligence.saved_map import Shows
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _saved(office: Office) -> dict[str, str]:
    baz, gaz = (str(office.person(name)) for name in ("Baz", "Gaz"))
    told = (office.desk, office.reader, "Around the arcade", Shows())
    return {
        "baz": baz,
        "gaz": gaz,
        "words": str(office.words("He waits at the gate")),
        "chart": str(saved_maps.save(*told, around=baz).id),
    }


CHARTS = Subject(
    _saved,
    {
        "chart save": Story(
            {
                "name": "The arcade in May",
                "around": "{baz}",
                "chart": "{chart}",
                "hops": 2,
                "most": 5000,
                "min_grade": "any",
                "stage": ["information", "intelligence"],
                "kind": "associate",
                "layer": "all",
                "team": "Engage",
                "as_known": "2011-05-31",
                "also": ["{gaz}"],
                "hidden": ["{gaz}"],
                "opened": ["{baz}"],
                "pins": ["{baz} 12.5 -30"],
                "because_of": ["{words}"],
            },
            ({"name": " "}, {"min_grade": "9Z"}, {"as_known": "soon"}, {"pins": ["{baz} 1"]}),
        ),
        "chart note": Story(
            {
                "chart": "{chart}",
                "of": "{gaz}",
                "words": "Ask her mother, who saw him.",
                "because_of": ["{words}"],
            },
            ({"words": " "},),
        ),
        "chart withdraw": Story({"chart": "{chart}", "because_of": ["{words}"]}),
    },
)
