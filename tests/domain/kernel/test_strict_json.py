"""JSON that two parsers could read in different ways is refused with a message."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.strict_json import read_json
from domain.kernel.values import Refused
from tests.support.domain.told_json import BAD


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_what_has_no_one_meaning_is_refused(body: bytes) -> None:
    with pytest.raises(Refused, match=r"^this (JSON|text is not valid JSON)"):
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
