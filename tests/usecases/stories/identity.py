"""Test inputs for judgements that two records are the same person, different people or undecided,
and for undoing such judgements."""

from tests.commands.office import Office
from tests.support.commands.judged import judge_pairs
from tests.usecases.fronts import Story, Subject


def _three(office: Office) -> dict[str, str]:
    names = {"baz": "Baz", "bazza": "Bazza", "barry": "Barry Field"}
    told = {key: str(office.person(name)) for key, name in names.items()}
    return told | {"words": str(office.words("They call him Bazza, too"))}


def _much_judged(office: Office) -> dict[str, str]:
    judge_pairs(office, "different")
    judge_pairs(office, "same")
    return {}


WEIGHTS = Subject(_much_judged, {"train-weights": Story({})})
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
        "split": Story(
            {"a": "{baz}", "reason": "two men after all"}, ({"a": "Barry Field"}, {"reason": " "})
        ),
    },
)
