"""The access log stores the id of every record that an answer shows. It does not store texts of the
answer that only look like ids."""

import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.data_protection.access_log import ids_in

ONE = UUID("0196f3a2-7c00-7abc-8def-0123456789ab")
OTHER = UUID("c0ffee00-1234-4abc-9def-00000000beef")
PLAIN = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.mark.parametrize(
    ("shown", "ids"),
    [
        (f'<a href="/items/{ONE}">{OTHER}</a> {ONE}:3', (ONE, OTHER)),
        (f"{ONE}{OTHER}", (ONE, OTHER)),
        (f"abc{ONE}def", (ONE,)),
        (f"a form's own {ONE.hex}, a day 2011-03-18-0930", ()),
        (str(ONE)[1:], ()),
        (str(ONE)[:-1], ()),
        (str(ONE).upper(), ()),
        ("", ()),
    ],
)
def test_every_id_is_found_once_in_the_order_in_which_they_come(
    shown: str, ids: tuple[UUID, ...]
) -> None:
    assert ids_in(shown.encode()) == ids


PIECES = st.one_of(
    st.uuids().map(str),
    st.uuids().map(lambda one: str(one)[5:]),
    st.uuids().map(lambda one: str(one)[:-5]),
    st.text("0123456789abcdef-x", max_size=40),
)


@given(st.lists(PIECES, max_size=8))
def test_they_are_what_reading_letter_by_letter_would_find(pieces: list[str]) -> None:
    shown = "".join(pieces).encode()
    plainly = dict.fromkeys(UUID(one.decode()) for one in PLAIN.findall(shown))
    assert ids_in(shown) == tuple(plainly)
