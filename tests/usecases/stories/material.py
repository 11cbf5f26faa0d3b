"""Test inputs for commands about unused material: a disclosure officer decides about each item."""

from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _material(office: Office) -> dict[str, str]:
    case = office.case("Kayleigh Marlow")
    words = office.words("A grey van stood in Mill Lane", case=str(case))
    return {"case": str(case), "words": str(words)}


MATERIAL = Subject(
    _material,
    {
        "material review": Story(
            {
                "case": "{case}",
                "item": "{words}",
                "relevance": "relevant",
                "description": "a report of a van",
                "sensitivity": "sensitive",
                "reason": "it would tell who told us",
                "presumed": "previous-account",
            },
            (
                {"reason": None},
                {"description": " ", "relevance": "perhaps"},
                {"relevance": "undecided", "presumed": None, "used": True},
                {"used": True},
                {"presumed": "anything"},
                {"item": "of her"},
            ),
        ),
        "material reveal": Story(
            {
                "case": "{case}",
                "trial": "S3",
                "to": ["Reviewing prosecutor"],
                "checked": "read against the items",
            },
            ({"to": []}, {"trial": " "}, {"checked": " "}),
        ),
    },
)
