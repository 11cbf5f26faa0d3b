"""Cases: rated, given a worker, missing and found, left, closed."""

from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _cases(office: Office) -> dict[str, str]:
    words = office.words("She was out until four again")
    return {"case": str(office.case("Kayleigh Marlow")), "words": str(words)}


CASES = Subject(
    _cases,
    {
        "threshold": Story(
            {
                "case": "{case}",
                "level": "high",
                "reason": "an older man drives her",
                "definition": "lmh-2013/1",
                "learning_disability": True,
                "because_of": ["{words}"],
            },
            (
                {"level": "highest"},
                {"level": "low", "learning_disability": False},
                {"level": None, "reason": "x" * 20_001},
                {"because_of": ["Nobody we know"]},
            ),
        ),
        "allocate": Story(
            {"case": "{case}", "worker": "psw.ellis", "whom": "parents", "because_of": ["{words}"]},
            ({"whom": "everybody"}, {"worker": " "}),
        ),
        "engagement": Story(
            {"case": "{case}", "who": "parents", "state": "declined", "note": "not this week"},
            ({"who": "nan", "state": "perhaps"},),
        ),
        "flag": Story(
            {"case": "{case}", "code": "order-unclear", "field": "placement", "words": "after May"},
            ({"code": "odd"},),
        ),
        "missing reported": Story(
            {
                "case": "{case}",
                "since": "2011-03-17T22:40:00+00:00",
                "carer_reported": False,
                "note": "bed not slept in",
                "because_of": ["{words}"],
            },
            ({"since": "at night"},),
        ),
        "missing found": Story(
            {"case": "{case}", "found": "2011-03-18T04:00:00+00:00", "where": "Station Hotel"},
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
                "weighed": "passed on: he gave it to her",
            },
            ({"state": "done"}, {"weighed": None}, {"by": " "}),
        ),
        "exit": Story(
            {"case": "{case}", "outcome": "protected", "reason": "he is in prison"},
            ({"outcome": "well"}, {"reason": " "}),
        ),
        "close": Story(
            {"case": "{case}", "reason": "no longer needed", "because_of": ["none-known"]},
            ({"reason": ""},),
        ),
    },
)
