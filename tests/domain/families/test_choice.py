"""Requirement W45: families are given choices, and the record contains the options as they were
offered.
"""

import msgspec
import pytest

from domain.families import choice
from domain.families.choice import ChoiceRecorded
from domain.kernel.values import Refused
from tests.domain.given import uid

OFFERED = ChoiceRecorded(uid(1), "parents", "who tells her school", "we do\nthe worker", None)


@pytest.mark.parametrize("chosen", [None, 1, 2])
def test_the_options_stay_as_they_were_offered_beside_the_choice(chosen: int | None) -> None:
    recorded = msgspec.structs.replace(OFFERED, chosen=chosen)
    assert choice.record(recorded) == (recorded,)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"options": "we do"}, "at least two"),
        ({"options": "we do\nwe do "}, "two different"),
        ({"options": "we do\n "}, "two different"),
        ({"options": "\n".join(map(str, range(11)))}, "at most 10"),
        ({"chosen": 3}, "1 to 2"),
        ({"chosen": 0}, "1 to 2"),
        ({"words": " "}, "say what the family's choice is about"),
    ],
)
def test_what_is_no_choice_is_refused(changed: dict[str, object], why: str) -> None:
    with pytest.raises(Refused, match=why):
        choice.record(msgspec.structs.replace(OFFERED, **changed))
