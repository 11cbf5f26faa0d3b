"""An access request is recorded even if no record of its person is found. It ends when records are
found and linked to the request, or with the answer that there are none."""

from datetime import UTC, datetime, timedelta

from domain.data_protection import request_intake
from domain.data_protection.request_intake import (
    Intake,
    RequestNilAnswered,
    RequestNoted,
    RequestSubjectFound,
)
from tests.domain.given import Given, begin, uid

CAME, DUE = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 4, 2, 9, tzinfo=UTC)
NOTED = RequestNoted(CAME, DUE, "Ms Croft, by letter", "my late uncle")

nothing = Given(Intake(), request_intake.evolve)
noted = nothing.after(NOTED)


def test_it_begins_with_words_and_who_asks_and_about_whom() -> None:
    later = CAME + timedelta(days=3)
    nothing.when(begin(request_intake.note), NOTED, later).then(NOTED)
    for requester, words, at, why in (
        (" ", "x", CAME, "say who makes the request, and how you can reach them"),
        ("x", " ", CAME, "about whom"),
        ("x", "x", later + timedelta(minutes=1), "give the time at which it came"),
    ):
        wrong = RequestNoted(at, DUE, requester, words)
        nothing.when(begin(request_intake.note), wrong, later).refused(why)


def test_several_subjects_may_be_found_each_once() -> None:
    first, second = RequestSubjectFound(uid(1), uid(2)), RequestSubjectFound(uid(3), uid(4))
    one = noted.when(request_intake.find, uid(1), uid(2)).then(first)
    one.when(request_intake.find, uid(1), uid(5)).refused("attached to the request already")
    both = one.when(request_intake.find, uid(3), uid(4)).then(second)
    both.when(request_intake.answer_nil, "all names").refused("a subject was found")


def test_a_nil_answer_says_what_was_searched_and_is_the_end() -> None:
    noted.when(request_intake.answer_nil, " ").refused("what you searched for")
    over = noted.when(request_intake.answer_nil, "all names").then(RequestNilAnswered("all names"))
    over.when(request_intake.answer_nil, "again").refused("a nil answer was recorded already")
    over.when(request_intake.find, uid(1), uid(2)).refused("a nil answer was recorded already")
    nothing.when(request_intake.find, uid(1), uid(2)).refused("no request with this id")
