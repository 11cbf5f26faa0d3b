"""Test inputs for commands about cases: they are rated, allocated, moved out of harm's way, and
closed."""

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
            {
                "case": "{case}",
                "worker": "psw.ellis",
                "whom": "parents",
                "reason": "they asked for somebody to ring",
                "because_of": ["{words}"],
            },
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
