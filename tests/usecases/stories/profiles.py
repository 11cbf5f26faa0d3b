"""Test inputs for commands about people's own definitions of their ethnicity, and about the model
by which a child is exploited."""

from commands.families import family_member
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from domain.families.family_member import MemberNamed
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _profiles(office: Office) -> dict[str, str]:
    """Record a child, her mother, a suspect, and a person who is none of these; return ids by
    name.
    """
    desk, reader = office.desk, office.reader
    case = office.case("Kayleigh Marlow")
    mum = str(entity.record_person(desk, reader, name="Dawn Marlow", known=True).id)
    entity.record_person(desk, reader, name="Tess Boon", known=True)
    baz = office.person("Baz", categories=(("suspect", "seen"),))
    named = MemberNamed(UNNAMED, UNNAMED, "mother", "has")
    family_member.name(desk, reader, named, str(case), mum)
    return {"case": str(case), "mum": mum, "baz": str(baz)}


PROFILES = Subject(
    _profiles,
    {
        "person ethnicity": Story(
            {"who": "{baz}", "answer": "told", "group": "mixed-other", "officer": "unknown"},
            (
                {"group": None},
                {"answer": "declined"},
                {"who": "{mum}"},
                {"group": "foreign"},
                {"answer": "perhaps"},
            ),
        ),
        "person nationality": Story(
            {"who": "{baz}", "duty": "consular-notification", "nationality": "Danish"},
            (
                {"nationality": " "},
                {"duty": "trafficking-referral"},
                {"duty": "curiosity"},
                {"who": "{mum}"},
            ),
        ),
        "family ethnicity": Story(
            {"case": "{case}", "who": "Dawn Marlow", "group": "white-british"},
            ({"who": "Tess Boon"}, {"group": "unknown"}),
        ),
        "exploitation assess": Story(
            {
                "case": "{case}",
                "models": ["posing-as-boyfriend", "parties"],
                "vulnerabilities": ["bereavement"],
                "partner_abuse": ["controlling-or-coercive"],
                "basis": "she was driven to three of them",
                "review": "2011-06-18",
            },
            (
                {"basis": " "},
                {"review": "2011-03-01"},
                {"models": ["love"]},
                {"models": [], "vulnerabilities": [], "partner_abuse": []},
            ),
        ),
    },
)
