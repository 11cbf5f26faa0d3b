"""The text of an answer that a data subject gets contains no internal terms of the program."""

from datetime import UTC, date, datetime
from typing import Literal
from uuid import UUID

import pytest

from commands.data_protection.subject_text import RECORD, in_words
from domain.kernel.values import Grade

ONE = UUID(int=1)


@pytest.mark.parametrize(
    ("value", "hint", "words"),
    [
        (None, str, ""),
        (ONE, str, ""),
        (True, bool, "yes"),
        (date(2010, 2, 22), date, "22 February 2010"),
        (datetime(2010, 2, 22, tzinfo=UTC), datetime, "22 February 2010"),
        (datetime(2010, 7, 22, 13, 5, tzinfo=UTC), datetime, "22 July 2010, 14:05"),
        ("lower-rating", Literal["lower-rating"] | None, "lower rating"),
        ("her e-mail", str, "her e-mail"),
        (f"see {ONE}", str, f"see {RECORD}"),
        ((), tuple[str, ...], ""),
        (("a car", None, "a phone"), tuple[str, ...], "a car; a phone"),
        ((ONE,), tuple[str, ...], ""),
        ({"kind": "hearing", "id": ONE}, dict, "kind hearing"),
        (Grade("C", "2"), Grade, "2C"),
    ],
)
def test_a_value_is_written_as_a_person_writes_it(value: object, hint: object, words: str) -> None:
    assert in_words(value, hint) == words
