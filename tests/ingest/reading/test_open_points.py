"""Requirement W2: the program finds the points that a worker's entry leaves open, and the questions
that the worker may ask next.
"""

from datetime import UTC, datetime

import pytest

from ingest import reading
from ingest.reading.open_points import BEFORE_ASKING, QUESTIONS, OpenPoint, open_points

AT = datetime(2011, 3, 18, 21, tzinfo=UTC)


def still_open(words: str) -> tuple[OpenPoint, ...]:
    return open_points(words, reading.read(words, written_at=AT), how_known=True)


@pytest.mark.parametrize(
    ("words", "points"),
    [
        ("A man fetched her in a car last night", ("name", "car")),
        ("Baz fetched her in a blue Corsa, PK95 ABC, on Friday at 9pm", ()),
        ("Baz rang her again yesterday", ("number",)),
        ("He rang from 07700 900123 at 11pm last night", ("name",)),
        ("Somebody sends her snaps on Snapchat", ("name", "account", "time")),
        ("She went to a party yesterday", ("place",)),
        ("Part of the plate of his car was PK95, last Tuesday", ("name",)),
        ("She had three baths today", ()),
    ],
)
def test_names_cars_numbers_and_times_that_are_open_are_named(
    words: str, points: tuple[OpenPoint, ...]
) -> None:
    assert still_open(words) == points


def test_what_the_entry_states_beside_its_words_is_not_open() -> None:
    assert open_points("She slept badly", ()) == ("time", "how-known")
    assert open_points("She slept badly", (), when=True, how_known=True) == ()


def test_no_question_gives_a_parent_a_task() -> None:
    """No question that the program suggests to a worker gives a parent a task."""
    for question in (*QUESTIONS.values(), BEFORE_ASKING):
        assert reading.drift_signs(question) == ()
    assert reading.drift_signs("she asked me to find out where he lives") != ()
    for question in QUESTIONS.values():
        assert question.endswith("?")
        assert question.split()[0] in ("Did", "Do", "Where", "On", "How")
