"""A link taken back; the originator's consent asked, given and refused."""

from commands import intelligence, links
from domain.values import Grade, Handling
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject

UNDER_CONDITIONS = Handling("C", "A1", "S2", "ask the originator")


def _graded(office: Office) -> dict[str, str]:
    """A tie, and three items under conditions: one whose originator is asked by another."""
    desk, reader = office.desk, office.reader
    words = office.words()
    tie = links.assert_link(desk, reader, words, str(office.person()), "vehicle:PK95 ABC", "uses")
    told = {"words": str(words), "link": str(tie.id)}
    for name in ("ours", "theirs", "others"):
        item = office.words(f"Told of {name}")
        intelligence.assess(desk, reader, item, Grade.parse("2A"), UNDER_CONDITIONS)
        told[name] = str(item)
        if name != "ours":
            intelligence.ask_consent(desk, office.somebody("dc.rowe"), item, "a watch on the unit")
    return told


LINKS = Subject(
    _graded,
    {
        "retract": Story(
            {"item": "{link}", "reason": "another car", "because_of": ["{words}"]},
            ({"reason": " "},),
        ),
        "consent ask": Story({"item": "{ours}", "use": "a watch on the unit"}, ({"use": " "},)),
        "consent give": Story(
            {"item": "{theirs}", "conditions": "by day only", "because_of": ["{words}"]},
            ({"because_of": ["Nobody"]},),
        ),
        "consent refuse": Story(
            {"item": "{others}", "reason": "she would be known"}, ({"reason": ""},)
        ),
    },
)
