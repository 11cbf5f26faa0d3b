"""Days and times that a user types into a field are read in British and ISO form; other forms are
refused.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.forms.local import LONDON
from domain.forms.typed import NotUnderstood, names_day, parse_day, parse_moments, without_today
from domain.forms.written import as_typed

TODAY = date(2011, 3, 18)  # TODAY is a Friday


def today() -> date:
    return TODAY


def parse_time(text: str) -> datetime:
    return datetime.fromisoformat(text)


SPELLINGS: list[Callable[[date], str]] = [
    lambda day: day.isoformat(),
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"{day.day}.{day.month}.{day.year}",
    lambda day: f"{day.day}-{day.month}-{day.year}",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.day} {day:%B %Y}",
    lambda day: f"{day.day} {day:%b} {day.year}",
    lambda day: f"{day.day}{day:%b}{day.year}",
    lambda day: f"the {day.day}th of {day:%B}, {day.year}",
    lambda day: f"{day:%A} {day.day} {day:%B %Y}",
    lambda day: f"{day:%B} {day.day}, {day.year}".upper(),
]


@pytest.mark.parametrize("spelt", SPELLINGS)
@given(day=st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_day_is_the_same_in_each_spelling(spelt: Callable[[date], str], day: date) -> None:
    text = f"  {spelt(day)} "
    assert parse_day(text) == day
    assert names_day(text)
    assert parse_moments(text, UTC) == (datetime(day.year, day.month, day.day, tzinfo=UTC),)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("1 March 2011 at 9 pm", "2011-03-01T21:00"),
        ("18/3/2011 21:40", "2011-03-18T21:40"),
        ("18/3/2011, 9.40pm", "2011-03-18T21:40"),
        ("18 Mar 2011 @ 9:40 P.M.", "2011-03-18T21:40"),
        ("18 Mar 2011 2140 hrs", "2011-03-18T21:40"),
        ("at 9pm on 18/3/2011", "2011-03-18T21:00"),
        ("18 March 2011 12am", "2011-03-18T00:00"),
        ("18 March 2011 12pm", "2011-03-18T12:00"),
        ("18 March 2011 noon", "2011-03-18T12:00"),
        ("18/3/2011 09:30", "2011-03-18T09:30"),
        ("18/3/2011 0:30", "2011-03-18T00:30"),
        ("18/3/2011 21:40:05", "2011-03-18T21:40:05"),
        ("yesterday 9pm", "2011-03-17T21:00"),
        ("9pm yesterday", "2011-03-17T21:00"),
        ("tomorrow at 08:15", "2011-03-19T08:15"),
        ("last Tuesday 11pm", "2011-03-15T23:00"),
        ("last Friday at noon", "2011-03-11T12:00"),
        ("3 days ago 10am", "2011-03-15T10:00"),
        ("18 June 2011 23:10 BST", "2011-06-18T22:10"),
    ],
)
def test_a_time_is_read(text: str, means: str) -> None:
    assert parse_moments(text, UTC, today=today) == (parse_time(f"{means}+00:00"),)
    assert not names_day(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", TODAY),
        ("Yesterday", TODAY - timedelta(days=1)),
        ("tomorrow", TODAY + timedelta(days=1)),
        ("last Tuesday", date(2011, 3, 15)),
        ("last fri", date(2011, 3, 11)),
        ("two days ago", date(2011, 3, 16)),
        ("a week ago", date(2011, 3, 11)),
    ],
)
def test_words_count_from_today(text: str, day: date) -> None:
    assert parse_day(text, today=today) == day
    assert names_day(text)
    with pytest.raises(NotUnderstood, match="Write 18/3/2011"):
        parse_day(text)  # without the current day, the function cannot know which day is meant


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("18 March", TODAY),
        ("Thursday 17 March", date(2011, 3, 17)),
        ("10 Sept", date(2011, 9, 10)),
        ("30/9", date(2010, 9, 30)),
        ("29 Feb", date(2012, 2, 29)),
    ],
)
def test_a_day_without_its_year_is_the_nearest(text: str, day: date) -> None:
    assert parse_day(text, today=today) == day
    assert without_today(text, today) == day.isoformat()
    with pytest.raises(NotUnderstood, match="Add the year"):
        parse_day(text)  # without the current day, the function cannot know which year is meant


def test_the_hour_that_comes_twice_is_two_moments_however_it_is_written() -> None:
    both = (parse_time("2026-10-25T00:30+00:00"), parse_time("2026-10-25T01:30+00:00"))
    assert parse_moments("25/10/2026 01:30", LONDON) == both
    assert parse_moments("25 Oct 2026, 1.30am", LONDON) == both
    assert parse_moments("25 Oct 2026, 01:30 BST", LONDON) == both[:1]
    assert parse_moments("25 Oct 2026, 01:30 GMT", LONDON) == both[1:]


def test_a_day_begins_and_ends_on_the_wall_unless_it_stays_that_day() -> None:
    assert parse_moments("18 June 2026", LONDON) == (parse_time("2026-06-17T23:00+00:00"),)
    assert parse_moments("18 June 2026", LONDON, last=True) == (
        parse_time("2026-06-18T22:59:59.999999+00:00"),
    )
    assert parse_moments("18 June 2026", LONDON, stays=True) == (
        parse_time("2026-06-18T00:00+00:00"),
    )


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("1/13/2011", "Write 13/1/2011 or 13 January 2011."),
        ("1/13/2011 9pm", "Write 13/1/2011 or 13 January 2011."),
        ("31/2/2011", "February 2011 has 28 days."),
        ("0/3/2011", "March 2011 has 31 days."),
        ("18/3/11", "Write the year with four figures, as in 18/3/2011."),
        ("11-03-18", "Write the year with four figures, as in 18/3/2011."),
        ("31 February", "February 2011 has 28 days."),
        ("Friday 17 March", "17 March 2011 is a Thursday."),
        ("Thursday 18 March 2011", "18 March 2011 is a Friday."),
        ("yesterday 9", "Write 09:00, 9am or 9pm."),
        ("yesterday 9:30", "Write 09:30, 9.30am or 9.30pm."),
        ("yesterday 21", "Write 21:00."),
        ("18 March 2011 midnight", "Write 00:00 for the first moment of a day"),
        ("9pm", "The day is missing: write the day and the time, as in 18/3/2011 9.40pm."),
    ],
)
def test_a_refusal_says_what_to_type_instead(text: str, instead: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        parse_moments(text, UTC, today=today)
    assert f'not understood: "{text}". {instead}' in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "Tuesday", "next Tuesday", "last night", "now", "2011", "March 2011"),
        *("18 03 2011", "18 March 2140", "18 March 2011 2140", "18/3/2011 25:00", "13/13/2011"),
        *("18/3/2011 13pm", "18 March 2011 BST", "1/2/2011 3/4/2011", "today yesterday", "3.4.5.6"),
        *("\u0663/\u0663/2011", "9999-12-31T23:59-14:00", "0001-01-01T00:00+23:59", "9" * 5_000),
    ],
)
def test_what_is_no_date_or_may_be_two_is_refused(text: str) -> None:
    for read in (
        lambda: parse_moments(text, LONDON, last=True, today=today),
        lambda: parse_day(text, today=today),
    ):
        with pytest.raises(NotUnderstood, match=r"^(Date|Time) not understood: \"") as refused:
            read()
        assert len(str(refused.value)) < 200


def test_where_a_day_is_required_a_time_is_refused() -> None:
    with pytest.raises(NotUnderstood, match="Write only the day, without a time"):
        parse_day("18/3/2011 9pm")


@pytest.mark.parametrize(
    ("moment", "last", "stays", "text"),
    [
        ("2011-03-18T21:40+00:00", False, False, "18 Mar 2011, 21:40"),
        ("2026-10-25T00:30+00:00", False, False, "25 Oct 2026, 01:30 BST"),
        ("2026-06-17T23:00+00:00", False, False, "18 Jun 2026"),
        ("2026-06-18T22:59:59.999999+00:00", True, False, "18 Jun 2026"),
        ("2026-06-18T00:00+00:00", False, True, "18 Jun 2026"),
        ("2011-03-18T21:40:05+00:00", False, False, "2011-03-18T21:40:05+00:00"),
    ],
)
def test_a_time_is_written_as_it_is_read(
    moment: str, text: str, *, last: bool, stays: bool
) -> None:
    assert as_typed(parse_time(moment), LONDON, last=last, stays=stays) == text
    assert parse_moments(text, LONDON, last=last, stays=stays) == (parse_time(moment),)


@given(text=st.text(alphabet="0123456789/.-: apmtdyeslwkoMarch,@", max_size=40))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    try:
        found = parse_moments(text, LONDON, last=True, today=today)
    except NotUnderstood:
        return
    assert 1 <= len(found) <= 2


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("yesterday", "2011-03-17"),
        ("Last Friday", "2011-03-11"),
        ("3 weeks ago", "2011-02-25"),
        ("yesterday 9.40pm", "2011-03-17T21:40"),
        ("today at 9am BST", "2011-03-18T09:00+01:00"),
        ("18 March 2011", "18 March 2011"),
        ("2011-03-17T21:40", "2011-03-17T21:40"),
    ],
)
def test_words_that_count_from_a_day_are_written_as_that_day(text: str, written: str) -> None:
    assert without_today(text, lambda: date(2011, 3, 18)) == written
    meant = parse_moments(text, LONDON, today=lambda: date(2011, 3, 18))
    assert parse_moments(written, LONDON) == meant
