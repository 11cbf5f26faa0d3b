"""Test inputs for commands about the members of a family, their relations with the child, and
another child at risk."""

from commands.families import family_member
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from domain.families.family_member import AtRiskNamed, MemberNamed
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _people(office: Office) -> dict[str, str]:
    """Record a child with her named mother, an unnamed grandmother, a sister with her own case, and
    a friend at risk; return ids by name.
    """
    desk, reader = office.desk, office.reader
    case, hers = office.case("Kayleigh Marlow"), office.case("Jade Marlow")
    words = office.words("Her nan says Jade is out, too", case=str(case))

    def person(name: str) -> str:
        return str(entity.record_person(desk, reader, name=name, known=True).id)

    mum, nan, tess = (person(name) for name in ("Dawn Marlow", "Nan Marlow", "Tess Boon"))
    named = MemberNamed(UNNAMED, UNNAMED, "mother", "has")
    family_member.name(desk, reader, named, str(case), mum)
    risk = AtRiskNamed(UNNAMED, UNNAMED, "friend", ("may-be-groomed",), "the same car fetches her")
    named_at_risk = family_member.name_at_risk(desk, reader, risk, str(case), tess)
    return {
        "case": str(case),
        "hers": str(hers),
        "words": str(words),
        "mum": mum,
        "nan": nan,
        "risk": str(named_at_risk.id),
    }


MEMBERS = Subject(
    _people,
    {
        "family member": Story(
            {
                "case": "{case}",
                "who": "{nan}",
                "tie": "grandparent",
                "responsibility": "has",
                "basis": "a special guardianship order",
                "because_of": ["{words}"],
            },
            (
                {"basis": None},
                {"who": "Kayleigh Marlow"},
                {"who": "Nobody Atall"},
                {"tie": "lodger"},
                {"employer": "care-provider"},
                {"responsibility": "perhaps"},
            ),
        ),
        "family monitor": Story(
            {
                "case": "{case}",
                "residence": "home",
                "ethnicity": "white-british",
                "missing_before": True,
            },
            (
                {"residence": None, "ethnicity": None, "missing_before": None},
                {"residence": "the moon"},
            ),
        ),
        "family cares": Story(
            {"case": "{case}", "who": "{mum}", "state": "no-longer", "on": "2011-03-01"},
            ({"on": "2011-12-01"}, {"who": "Tess Boon"}, {"state": "away"}, {"on": "soon"}),
        ),
        "family engaged": Story(
            {"case": "{case}", "who": "Dawn Marlow", "state": "declined", "note": "not yet"},
            ({"who": "Tess Boon"}, {"state": "maybe"}),
        ),
        "family relation": Story(
            {
                "case": "{case}",
                "who": "{mum}",
                "state": "reinforced-by-agency",
                "basis": "she was not asked to the meeting",
                "review": "2011-06-18",
                "since": "2011-02-01",
            },
            (
                {"basis": " "},
                {"review": "2011-03-01"},
                {"who": "Tess Boon"},
                {"state": "bad"},
            ),
        ),
        "family at-risk": Story(
            {
                "case": "{case}",
                "who": "Jade Marlow",
                "tie": "sibling",
                "signs": ["left-out", "asks-for-care"],
                "basis": "her mother told it twice",
            },
            ({"basis": ""}, {"who": "Kayleigh Marlow"}, {"signs": ["naughty"]}),
        ),
        "family choice": Story(
            {
                "case": "{case}",
                "words": "who tells her school",
                "options": "we do, with our own words; the worker does",
                "chosen": 2,
                "whom": "parents",
            },
            ({"words": " "}, {"options": "we do"}, {"chosen": 3}),
        ),
        "family raid": Story(
            {"case": "{case}", "on": "2011-03-12"},
            ({"on": "2031-01-01"},),
        ),
        "family at-risk-assessed": Story(
            {
                "at_risk": "{risk}",
                "risk": "high",
                "basis": "the same car waits for him",
                "review": "2011-06-18",
                "signs": ["may-be-groomed"],
            },
            ({"basis": " "}, {"review": "2011-03-01"}, {"risk": "unknown"}, {"signs": ["bad"]}),
        ),
        "family decided": Story(
            {"at_risk": "{risk}", "decision": "ended", "reason": "her own team works with her"},
            (
                {"reason": None},
                {"decision": "own-case"},
                {"decision": "own-case", "opened": "{hers}"},
                {"decision": "suspect"},
            ),
        ),
    },
)
