"""The answer to an access request is due within a month, or within three months if the time was
extended. The days while the subject has to answer a question are added."""

from datetime import UTC, date, datetime

from domain.data_protection import subject_request
from domain.data_protection.subject_request import (
    AccessRequested,
    Request,
    RequestAnswered,
    RequestExtended,
    SubjectAnswered,
    SubjectAsked,
)
from tests.domain.given import Given, uid

CAME, DUE = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 4, 2, 9, tzinfo=UTC)
TENTH, TWELFTH = date(2026, 3, 10), date(2026, 3, 12)
NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
SAID = "which of the two schools?"

received = Given(Request(), subject_request.evolve).after(
    AccessRequested(uid(1), CAME, DUE, "Ms Marlow, by letter")
)
stopped = received.after(SubjectAsked("clarification", SAID, TENTH))


def day(number: int, month: int = 4) -> datetime:
    return datetime(2026, month, number, 9, tzinfo=UTC)


def test_the_days_from_asked_to_answered_do_not_count() -> None:
    asked = SubjectAsked("clarification", SAID, TENTH)
    received.when(subject_request.ask_subject, "clarification", SAID, TENTH, NOW).then(asked)
    answered = SubjectAnswered("clarification", TWELFTH, day(5), "Ashfield")
    stopped.when(subject_request.subject_answered, "clarification", "Ashfield", TWELFTH, NOW).then(
        answered
    )
    today = SubjectAnswered("clarification", date(2026, 3, 20), day(13))
    stopped.when(subject_request.subject_answered, "clarification", None, None, NOW).then(today)


def test_days_that_are_stopped_twice_are_taken_out_once() -> None:
    both = stopped.after(SubjectAsked("identity", "a copy of a bill", date(2026, 3, 11)))
    one = SubjectAnswered("clarification", TWELFTH)
    still = both.when(subject_request.subject_answered, "clarification", None, TWELFTH, NOW).then(
        one
    )
    last = date(2026, 3, 14)
    # the subject's answer is missing from the 10th to the 14th, which are five days
    runs = SubjectAnswered("identity", last, day(7))
    still.when(subject_request.subject_answered, "identity", None, last, NOW).then(runs)


def test_it_is_not_late_while_the_clock_stops() -> None:
    may = day(1, 5)
    assert received.state.late(may)
    assert not stopped.state.late(may)
    over = stopped.after(SubjectAnswered("clarification", TWELFTH, day(5)))
    assert not over.state.late(day(5))
    assert over.state.late(day(6))


def test_three_months_are_told_of_before_the_first_is_over_and_days_are_kept() -> None:
    plain = RequestExtended(day(2, 6), "much is held")
    once = received.when(subject_request.extend, "much is held", NOW).then(plain)
    once.when(subject_request.extend, "more", NOW).refused("extended already")
    received.when(subject_request.extend, "much is held", day(3)).refused(
        "the due date is past, and the time can only be extended before it"
    )
    over = stopped.after(SubjectAnswered("clarification", TWELFTH, day(5)))
    moved = RequestExtended(day(5, 6), "much is held")
    longer = over.when(subject_request.extend, "much is held", day(4)).then(moved)
    again = longer.after(SubjectAsked("identity", "a bill", date(2026, 5, 1)))
    runs = SubjectAnswered("identity", date(2026, 5, 2), day(7, 6))
    again.when(
        subject_request.subject_answered, "identity", None, date(2026, 5, 2), day(2, 5)
    ).then(runs)


def test_what_cannot_be_is_refused() -> None:
    ask, heard = subject_request.ask_subject, subject_request.subject_answered
    received.when(ask, "identity", " ", None, NOW).refused(
        "write the question that you put to the subject"
    )
    received.when(ask, "identity", SAID, date(2026, 3, 1), NOW).refused("when the request came")
    received.when(ask, "identity", SAID, date(2026, 3, 21), NOW).refused(
        "give a day between 2026-03-02, when the request came, and today"
    )
    stopped.when(ask, "clarification", SAID, None, NOW).refused("already")
    stopped.when(heard, "identity", None, None, NOW).refused("not asked for identity")
    stopped.when(heard, "clarification", None, date(2026, 3, 9), NOW).refused(
        "the subject was asked on"
    )
    done = stopped.after(RequestAnswered(uid(2), 1, 0))
    done.when(heard, "clarification", None, None, NOW).refused("answered already")
    done.when(ask, "identity", SAID, None, NOW).refused("answered already")
