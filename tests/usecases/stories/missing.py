"""Test inputs for commands about missing children: a child is reported, graded by risk, found and
interviewed; a pattern is judged; and a plan is written."""

from commands.families import casework
from domain.families.missing import pattern_id
from domain.families.referral import MissingFound, MissingReported
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _stage(office: Office) -> dict[str, str]:
    """Record a child, and two other children who were found in the same place; return ids by
    name.
    """
    words = office.words("She was out until four again")
    case = office.case("Kayleigh Marlow")
    met = [office.case("Ann Field"), office.case("Tilly Marsh")]
    for one in met:
        casework.report_missing(office.desk, office.reader, str(one), MissingReported())
        found = MissingFound(where="Station Hotel, Town B")
        casework.record_found(office.desk, office.reader, str(one), found)
    pattern = pattern_id("same-place", *met)
    return {"case": str(case), "words": str(words), "pattern": str(pattern)}


MISSING = Subject(
    _stage,
    {
        "missing plan": Story(
            {
                "case": "{case}",
                "call": "her aunt, then the duty officer",
                "review": "2011-09-01",
                "usual": "the bus station",
                "tell": "she is diabetic",
            },
            ({"review": "2011-03-01"}, {"call": " "}, {"review": "soon"}),
        ),
        "missing reported": Story(
            {
                "case": "{case}",
                "since": "2011-03-17T22:40:00+00:00",
                "risk": "medium",
                "seen": "2011-03-17T21:00:00+00:00",
                "seen_where": "the gate of her school",
                "seen_with": "a man in a silver car",
                "carer_reported": False,
                "unreported": "expected-back",
                "unreported_words": "she always comes home by two",
                "note": "bed not slept in",
                "because_of": ["{words}"],
            },
            (
                {"since": "at night"},
                {"carer_reported": True},
                {"risk": "great"},
                {"seen": "2011-03-18T08:00:00+00:00"},
            ),
        ),
        "missing risk": Story(
            {"case": "{case}", "risk": "high", "reason": "he has been seen near the school"},
            ({"risk": "higher"}, {"reason": " "}),
        ),
        "missing found": Story(
            {
                "case": "{case}",
                "found": "2011-03-18T04:00:00+00:00",
                "where": "Station Hotel",
                "company": "a man called Baz",
                "finder": "a patrol",
            },
            ({"found": "2011-13-01T00:00:00+00:00"},),
        ),
        "missing interview": Story(
            {
                "case": "{case}",
                "state": "held",
                "by": "v.reed, the children's society",
                "happened": "2011-03-18T08:30:00+00:00",
                "independent": True,
                "told_before": True,
                "withhold": "where her phone came from",
            },
            ({"state": "done"}, {"by": " "}),
        ),
        "missing weighed": Story(
            {"case": "{case}", "decision": "passed-on", "reason": "he gave it to her; she knows"},
            ({"decision": "dropped"}, {"reason": " "}),
        ),
        "missing told": Story(
            {"case": "{case}", "words": "He fetches her from the gate on Fridays."},
            ({"words": " "},),
        ),
        "missing judged": Story(
            {"pattern": "{pattern}", "judgement": "dismissed", "reason": "a school trip"},
            ({"judgement": "perhaps"}, {"reason": " "}),
        ),
    },
)
