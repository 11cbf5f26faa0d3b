"""Test inputs for commands about complaints about data."""

from commands.data_protection import complaint
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _stage(office: Office) -> dict[str, str]:
    """Record a person, and a complaint by this person; return ids by name."""
    who = str(office.person("Jo Marlow"))
    made = complaint.receive(
        office.desk, office.reader, "Jo Marlow, by letter", "you told the school", subject=who
    )
    return {"who": who, "made": str(made.id)}


COMPLAINTS = Subject(
    _stage,
    {
        "complaint received": Story(
            {
                "complainant": "Jo Marlow, 2 Mill Lane, Town A",
                "words": "You keep what is not true of me.",
                "subject": "{who}",
                "received": "2011-03-17T11:00:00+00:00",
            },
            (
                {"complainant": " "},
                {"words": " "},
                {"subject": "Nan Unknown"},
                {"received": "2031-03-17T11:00:00+00:00"},
            ),
        ),
        "complaint acknowledged": Story(
            {"complaint": "{made}", "words": "by letter", "on": "2011-03-18"},
            ({"on": "2011-03-01"}, {"on": "2031-03-01"}),
        ),
        "complaint step": Story(
            {"complaint": "{made}", "words": "the school was asked", "told": True},
            ({"words": " "},),
        ),
        "complaint outcome": Story(
            {"complaint": "{made}", "outcome": "partly-upheld", "words": "we should have asked"},
            ({"words": " "}, {"outcome": "perhaps"}, {"on": "2031-03-01"}),
        ),
    },
)
