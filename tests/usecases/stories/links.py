"""Test inputs for commands about a link that is added and retracted, and an originator's consent
that is requested, given and refused."""

from commands.intelligence import intelligence_report, links
from domain.kernel.values import Grade, Handling
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject

UNDER_CONDITIONS = Handling("C", "A1", "S2", "ask the originator")


def _graded(office: Office) -> dict[str, str]:
    """Record a link, and three items under conditions; another user has already requested consent
    for one of the items. Return ids by name.
    """
    desk, reader = office.desk, office.reader
    words = office.words()
    baz = str(office.person())
    tie = links.assert_link(desk, reader, words, baz, "vehicle:PK95 ABC", "uses")
    told = {"words": str(words), "link": str(tie.id), "baz": baz}
    for name in ("ours", "theirs", "others"):
        item = office.words(f"Told of {name}")
        intelligence_report.assess(desk, reader, item, Grade.parse("2A"), UNDER_CONDITIONS)
        told[name] = str(item)
        if name != "ours":
            intelligence_report.ask_consent(
                desk, office.somebody("dc.rowe"), item, "a watch on the unit"
            )
    return told


LINKS = Subject(
    _graded,
    {
        "link": Story(
            {
                "basis": "{words}",
                "a": "{baz}",
                "b": "phone:07700 900123",
                "kind": "uses",
                "since": "2011-01-02T00:00:00+00:00",
                "until": "2011-02-03T10:00:00+00:00",
                "note": "he rang from it",
                "because_of": ["none-known"],
            },
            (
                {"kind": "loves", "a": None},
                {"b": "phone:--"},
                {"since": "in winter"},
                {"a": "Nobody Atall"},
            ),
        ),
        "incident add": Story(
            {
                "basis": "{words}",
                "what": "a party with older men",
                "sort": "party",
                "since": "2011-01-02T21:00:00+00:00",
                "until": "2011-01-03T02:00:00+00:00",
                "where": "place:Mill Lane, Town B",
                "who": ["{baz}", "vehicle:PK95 ABC"],
                "part": "involved-in",
                "because_of": ["none-known"],
            },
            (
                {"sort": "feast"},
                {"what": " "},
                {"where": None, "who": []},
                {"part": "uses"},
                {"until": "2011-01-01T02:00:00+00:00"},
                {"where": "{baz}"},
            ),
        ),
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
