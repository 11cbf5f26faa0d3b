"""Judgements that two records are the same person, different people, or undecided; and undoing
them.
"""

from domain.matching.training import LEAST
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _three(office: Office) -> dict[str, str]:
    names = {"baz": "Baz", "bazza": "Bazza", "barry": "Barry Field"}
    told = {key: str(office.person(name)) for key, name in names.items()}
    for number in range(LEAST):
        office.person(f"Person {number}")
    return told | {"words": str(office.words("They call him Bazza, too"))}


IDENTITY = Subject(
    _three,
    {
        "same": Story(
            {"a": "{baz}", "b": "Bazza", "reason": "one phone", "because_of": ["{words}"]},
            ({"reason": " "}, {"b": "{baz}"}, {"a": None, "reason": None}),
        ),
        "unsure": Story({"a": "{barry}", "b": "{baz}", "reason": "one flat"}, ({"reason": ""},)),
        "different": Story(
            {"a": "{barry}", "b": "{baz}", "reason": "two birthdays"},
            ({"reason": " "}, {"b": None}),
        ),
        "judge": Story(
            {"a": "{barry}", "b": "{bazza}", "judgement": "unsure", "reason": "one laugh"},
            ({"judgement": "alike", "reason": " "},),
        ),
        "train-weights": Story({}),
        "split": Story(
            {"a": "{baz}", "reason": "two men after all"}, ({"a": "Barry Field"}, {"reason": " "})
        ),
    },
)
