"""Test inputs for commands about contacts with a family, notes about it, and records in a
compartment, which only named users see."""

from commands.intelligence import links
from commands.kernel import entity
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _family(office: Office) -> dict[str, str]:
    """Record a child, and a phone that a suspect uses; return ids by name."""
    case, words = office.case("Kayleigh Marlow"), office.words("She was out until four again")
    baz = entity.record_person(office.desk, office.reader, name="Baz", known=False)
    entity.classify(office.desk, office.reader, str(baz.id), "suspect", "seen")
    links.assert_link(office.desk, office.reader, words, str(baz.id), "phone:07700 900461", "uses")
    return {"case": str(case), "words": str(words)}


SUPPORT = Subject(
    _family,
    {
        "support contact": Story(
            {
                "case": "{case}",
                "kind": "advocacy",
                "channel": "text",
                "whom": "carer",
                "to": "phone:07700 900461",
                "done": True,
                "happened": "2011-03-17T22:40:00+00:00",
                "minutes": 40,
                "travel": 25,
                "words": "she will ring back",
                "because_of": ["{words}"],
            },
            (
                {"done": False},
                {"minutes": -1},
                {"travel": -1},
                {"kind": "chat", "channel": "smoke", "minutes": 4.5},
                {"to": "07700 900461", "done": False},
                {"happened": "at night"},
                {"kind": None},
            ),
        ),
        "support note": Story(
            {
                "case": "{case}",
                "words": "She seems worn out.",
                "kind": "attitude",
                "about": "parent",
                "holder": "psw.ellis",
                "basis": "three visits",
                "review": "2011-09-01",
                "because_of": ["none-known"],
            },
            (
                {"words": " "},
                {"opinion": "fact"},
                {"kind": "view", "opinion": "opinion", "basis": None, "review": None},
                {"review": "next month"},
            ),
        ),
    },
)
COMPARTMENTS = Subject(
    _family,
    {
        "health note": Story(
            {
                "case": "{case}",
                "words": "A burn on her arm",
                "category": "injury",
                "happened": "2011-03-16",
                "because_of": ["{words}"],
            },
            ({"words": None}, {"category": " "}, {"happened": "one day"}),
        ),
        "placement made": Story(
            {
                "case": "{case}",
                "address": "Flat 4, Weir House, Town C",
                "category": "residential",
                "since": "2011-03-10",
                "words": "until May",
            },
            ({"category": "hotel"}, {"address": "."}, {"since": "2011-02-30"}),
        ),
        "placement ended": Story(
            {"case": "{case}", "until": "2011-03-17", "words": "back home"},
            ({"until": "soon"},),
        ),
        "compartment open": Story(
            {"case": "{case}", "which": "health", "worker": "csw.moss", "reason": "hers now"},
            ({"which": "school"}, {"worker": None}, {"reason": " "}),
        ),
        "compartment close": Story(
            {"case": "{case}", "which": "health", "worker": "csw.moss", "reason": "left"},
            ({"worker": "csw.other"}, {"which": "placement"}, {"reason": None}),
        ),
    },
)
