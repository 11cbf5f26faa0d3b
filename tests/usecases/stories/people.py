"""Test inputs for commands about people, who are recorded, named, and given other names, categories
and an age."""

from commands.intelligence import identity
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _people(office: Office) -> dict[str, str]:
    """Record Baz, who is also recorded as a suspect under another name; return ids by name."""
    words = office.words("A man they call Baz was there")
    baz, twin = office.person("Baz"), office.person("Barry", categories=(("suspect", "told"),))
    identity.judge(office.desk, office.reader, str(baz), str(twin), "same", "one man")
    return {"baz": str(baz), "words": str(words)}


PEOPLE = Subject(
    _people,
    {
        "person add": Story(
            {
                "name": "Ryan Toller",
                "nickname": ["Tolly", "Ry"],
                "description": "tall, a scar",
                "under_18": False,
                "born": "1984-05-04",
                "gender": "male",
                "categories": ["suspect", "associate"],
                "grounds": "named by two",
                "because_of": ["{words}"],
            },
            (
                {"categories": ["suspect", "villain"]},
                {"grounds": " "},
                {"name": None, "nickname": [], "description": None},
                {"born": "1884-05-04"},
                {"born": "in May", "because_of": ["Nobody we know"]},
            ),
        ),
        "person alias": Story(
            {"who": "{baz}", "name": "Bazza", "kind": "misspelling", "because_of": ["{words}"]},
            ({"name": " "}, {"kind": "pet name"}),
        ),
        "person name": Story(
            {"who": "{baz}", "name": "Barry Sleight", "because_of": ["{words}"]}, ({"name": ""},)
        ),
        "person class": Story(
            {
                "who": "{baz}",
                "category": "suspect",
                "grounds": "seen by two officers",
                "because_of": ["{words}"],
            },
            ({"category": "villain", "grounds": " "},),
        ),
        "person end-class": Story(
            {"who": "{baz}", "category": "suspect", "grounds": "he was abroad"},
            ({"category": "victim"}, {"grounds": " "}),
        ),
        "person age": Story(
            {
                "who": "{baz}",
                "under_18": True,
                "words": "about fifteen",
                "as_of": "2011-03-01",
                "source": "his aunt",
                "because_of": ["none-known"],
            },
            (
                {"born": "2031-01-01"},
                {"under_18": None, "words": None},
                {"born": "in May", "as_of": "then"},
            ),
        ),
        "person learning-disability": Story(
            {"who": "{baz}", "source": "his school", "none": True, "as_of": "2011-03-01"},
            ({"source": " "}, {"as_of": "in spring"}),
        ),
        "person custody": Story(
            {
                "who": "{baz}",
                "state": "on-remand",
                "source": "the magistrates' court",
                "since": "2011-03-01",
            },
            ({"source": " "}, {"since": "2031-03-01"}, {"until": "2011-02-01"}),
        ),
    },
)
