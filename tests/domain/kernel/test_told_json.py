"""What is no JSON of one meaning is refused, in words."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.told_json import read_json
from domain.kernel.values import Refused

BAD = {
    "twice": b'{"a": {"words": "one", "words": "two"}}',
    "no UTF-8": b'{"words": "\xff\xfe"}',
    "half a character": b'{"words": "\\ud800"}',
    "a key of half a character": b'{"\\ud800": 1}',
    "NUL": b'{"words": "a\\u0000b"}',
    "a NUL behind a backslash": b'{"words": "a\\\\\\u0000b"}',
    "many digits": b'{"n": ' + b"9" * 100_000 + b"}",
    "deep lists": b"[" * 200_000,
    "deep objects": b'{"a":' * 200_000,
    "not a number": b'{"n": NaN}',
    "endless": b'{"n": -Infinity}',
    "cut off": b'{"words": "one',
    "nothing": b"",
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_what_has_no_one_meaning_is_refused(body: bytes) -> None:
    with pytest.raises(Refused, match=r"^it "):
        read_json(body)


def test_words_about_a_nul_are_words() -> None:
    assert read_json(b'{"words": "\\\\u0000"}') == {"words": "\\u0000"}


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("ab\\u0"), inner),
)


@given(_VALUES)
def test_everything_else_is_read_as_it_was_written(value: Any) -> None:
    assert read_json(json.dumps(value).encode()) == value
