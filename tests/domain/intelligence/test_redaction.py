"""A redacted text leaves no trace in the text that replaces it: not as a word, in another spelling,
or as a normal form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.forms import fold, tokens
from domain.intelligence.redaction import LEFT_OUT, find_omissions

WORDS = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "Zs", "M", "Cf"]), max_size=30
)


def plain(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign.isalnum())


@given(st.lists(WORDS, max_size=4), st.lists(WORDS, max_size=3), st.lists(WORDS, max_size=6))
def test_no_token_of_it_is_in_the_text(words: list[str], marks: list[str], more: list[str]) -> None:
    text = " ".join([*more, *words, *marks, *more])
    gone = find_omissions(words, marks)
    said = gone.redact(text).replace(LEFT_OUT, " | ")
    assert gone.words.isdisjoint(tokens(said))
    for part in said.split("|"):
        assert not any(mark in plain(part) for mark in gone.marks)


@given(WORDS)
def test_what_is_left_out_once_is_left_out_for_good(text: str) -> None:
    gone = find_omissions([text], [text])
    once = gone.redact(text)
    assert gone.redact(once.replace(LEFT_OUT, "")) == once.replace(LEFT_OUT, "")


@pytest.mark.parametrize(
    "spelling",
    [
        "PK95 ABX",
        "pk95abx",
        "PK 95-ABX",
        "P.K.9.5.A.B.X",
        "PK95\u200bABX",
        "\uff30\uff2b95 ABX",
        "the PK95",
    ],
)
def test_a_plate_is_left_out_however_it_is_written(spelling: str) -> None:
    said = find_omissions(marks=["PK95 ABX"]).redact(f"A car, {spelling}, waited.")
    assert "95" not in said
    assert said.startswith("A car, ")


@pytest.mark.parametrize("spelling", ["07700 900123", "+44 7700 900123", "0044 7700-900123"])
def test_a_number_is_left_out_with_either_beginning(spelling: str) -> None:
    for told in ("07700900123", "+447700900123"):
        assert "7700" not in find_omissions(marks=[told]).redact(f"Ring {spelling} now.")


@pytest.mark.parametrize("told", ["Zoë O'Brien", "zoe o’brien", "Zoe\u0308 O‘Brien"])
def test_a_name_is_left_out_with_its_accents(told: str) -> None:
    said = find_omissions(["Zoë O'Brien"]).redact(f"Then {told} left; OBrien, too.")
    assert said == f"Then {LEFT_OUT} {LEFT_OUT} left; {LEFT_OUT}, too."


def test_what_may_be_said_and_what_tells_of_nobody_stays() -> None:
    gone = find_omissions(["the tall one with Baz Croft"], keep=["Baz Croft"])
    assert gone.redact("Baz Croft is one of the tall men.") == (
        f"Baz Croft is one of the {LEFT_OUT} men."
    )
