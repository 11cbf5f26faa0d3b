"""Test inputs for commands about a child's single number (an identifier that agencies share): it is
recorded, corrected, opened for a duty, and withdrawn."""

from commands.kernel import entity
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _child(office: Office) -> dict[str, str]:
    """Record a child, and a person who is not a child; return ids by name."""
    office.case("Kayleigh Marlow")
    child, _ = entity.find(office.desk, office.reader, "Kayleigh Marlow")
    return {"child": str(child), "baz": str(office.person("Baz"))}


IDENTIFIERS = Subject(
    _child,
    {
        "identifier record": Story(
            {
                "who": "{child}",
                "number": "999 000 1138",
                "source": "the school nurse",
                "as_of": "2011-03-17",
            },
            (
                {"number": "999 000 1139"},
                {"number": "A1"},
                {"source": " "},
                {"as_of": "2031-03-17"},
                {"who": "{baz}"},
                {"kind": "passport"},
            ),
        ),
        "identifier open": Story(
            {
                "who": "{child}",
                "duty": "referral",
                "agency": "health",
                "to": "the duty nurse",
            },
            (
                {"duty": "curiosity"},
                {"agency": None},
                {"to": None},
                {"agency": "education", "duty": "enquiry"},
                {"who": "{baz}"},
            ),
        ),
        "identifier withdraw": Story(
            {"who": "{child}", "reason": "it is her sister's"},
            ({"reason": " "}, {"who": "{baz}"}),
        ),
    },
)
