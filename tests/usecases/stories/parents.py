"""Test inputs for commands about dangers to a parent, and about reports of immediate danger."""

from datetime import date

from commands.families import family_member, parent
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from domain.families.family_member import MemberNamed
from domain.families.parent import ParentRiskNoted
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _parents(office: Office) -> dict[str, str]:
    """Record a mother with an earlier note about her, and a person outside the family; return ids
    by name."""
    desk, reader = office.desk, office.reader
    case = office.case("Kayleigh Marlow")
    mum = str(entity.record_person(desk, reader, name="Dawn Marlow", known=True).id)
    entity.record_person(desk, reader, name="Tess Boon", known=True)
    named = MemberNamed(UNNAMED, UNNAMED, "mother", "has")
    family_member.name(desk, reader, named, str(case), mum)
    noted = ParentRiskNoted(UNNAMED, UNNAMED, "separation", "he moved out", date(2011, 6, 1))
    before = parent.note_risk(desk, reader, noted, str(case), mum)
    return {"case": str(case), "mum": mum, "risk": str(before.id)}


PARENTS = Subject(
    _parents,
    {
        "parent risk": Story(
            {
                "case": "{case}",
                "who": "Dawn Marlow",
                "kind": "self-harm",
                "words": "she told me that she cannot go on",
                "review": "2011-03-25",
            },
            (
                {"words": " "},
                {"review": "2011-03-01"},
                {"who": "Tess Boon"},
                {"kind": "sad"},
            ),
        ),
        "parent risk-ended": Story(
            {"risk": "{risk}", "reason": "they live together again"}, ({"reason": " "},)
        ),
        "family danger": Story(
            {"case": "{case}", "needs": ["ambulance", "their-worker"]}, ({"needs": ["help"]},)
        ),
    },
)
