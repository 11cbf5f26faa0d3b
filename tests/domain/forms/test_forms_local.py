"""Local times are converted correctly in summer, in winter, and in the hours that occur twice or
never.
"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.forms import moment
from domain.forms.local import (
    LONDON,
    ambiguity_question,
    between,
    day_of,
    format_moment,
    moments,
    zoned,
)
from domain.forms.typed import parse_moments

WALLS = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1))  # noqa: DTZ001
TOLD = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def parse_time(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "zone", "means"),
    [
        ("2026-06-18T23:10", LONDON, ["2026-06-18T22:10+00:00"]),
        ("2026-12-18T23:10", LONDON, ["2026-12-18T23:10+00:00"]),
        ("2026-06-18T23:10", UTC, ["2026-06-18T23:10+00:00"]),
        ("2026-06-18T23:10+02:00", LONDON, ["2026-06-18T21:10+00:00"]),
        ("2026-10-25T01:30", LONDON, ["2026-10-25T00:30+00:00", "2026-10-25T01:30+00:00"]),
        ("2026-10-25T01:30+01:00", LONDON, ["2026-10-25T00:30+00:00"]),
        ("2026-03-29T01:30", LONDON, ["2026-03-29T00:30+00:00", "2026-03-29T01:30+00:00"]),
        ("2026-06-18", LONDON, ["2026-06-17T23:00+00:00"]),
    ],
)
def test_what_a_typed_time_means(text: str, zone: object, means: list[str]) -> None:
    assert parse_moments(text, zone) == tuple(map(parse_time, means))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (parse_moments("2026-06-18", LONDON, stays=True)[0], 18),
        (parse_moments("2026-06-18", LONDON, last=True, stays=True)[0], 18),
        (parse_time("2026-06-18T23:30:00+00:00"), 19),
        (parse_moments("2026-06-18", LONDON, last=True)[0], 18),
    ],
)
def test_a_marked_day_is_that_day_and_a_moment_the_one_on_the_wall(
    moment: datetime, day: int
) -> None:
    assert day_of(moment).day == day


def test_a_day_is_whole_and_stays_that_day() -> None:
    assert parse_moments("2026-06-18", LONDON, last=True) == (
        parse_time("2026-06-18T22:59:59.999999+00:00"),
    )
    assert parse_moments("2026-06-18", LONDON, stays=True) == (
        parse_time("2026-06-18T00:00+00:00"),
    )
    assert parse_moments("2026-06-18T23:10", LONDON, stays=True) == (
        parse_time("2026-06-18T22:10+00:00"),
    )


@pytest.mark.parametrize("text", ["", "yesterday", "23:10", "2026-13-01", "0001-01-01T00:00+23:59"])
def test_what_is_no_time_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match="not understood"):
        parse_moments(text, LONDON)


def test_the_question_names_both_with_their_zones() -> None:
    asked = ambiguity_question("2026-10-25T01:30", parse_moments("2026-10-25T01:30", LONDON))
    assert "came twice" in asked
    assert "25 Oct 2026, 01:30 BST (2026-10-25T01:30+01:00)" in asked
    assert "25 Oct 2026, 01:30 GMT (2026-10-25T01:30+00:00)" in asked
    assert "never came" in ambiguity_question(
        "2026-03-29T01:30", parse_moments("2026-03-29T01:30", LONDON)
    )


@given(WALLS)
def test_what_is_said_with_its_zone_is_read_back_as_that_moment(local: datetime) -> None:
    found = moments(local)
    assert list(found) == sorted(set(found))
    assert len(found) <= 2
    for one in found:
        minute = one.replace(second=0, microsecond=0)
        assert parse_moments(zoned(minute), LONDON) == (minute,)
        assert format_moment(minute).endswith((" GMT", " BST"))


@given(
    WALLS,
    st.timedeltas(timedelta(minutes=1), timedelta(days=400)),
)
def test_an_interval_holds_every_moment_that_it_may_mean(
    start: datetime, length: timedelta
) -> None:
    first, end = between(start, start + length)
    assert all(first <= one < end for one in moments(start))


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("2026-10-25T01:30", "2026-10-25T00:30+00:00", "2026-10-25T01:31+00:00"),
        ("25 Oct 2026 at 1.30am", "2026-10-25T00:30+00:00", "2026-10-25T01:31+00:00"),
        ("2026-03-29T01:30", "2026-03-29T00:30+00:00", "2026-03-29T01:31+00:00"),
    ],
)
def test_words_in_the_changed_hour_are_an_interval(words: str, start: str, end: str) -> None:
    found = moment(words, TOLD)
    assert found is not None
    assert (found.start, found.end, found.precision) == (
        parse_time(start),
        parse_time(end),
        "around",
    )
    assert "clocks-changed" in found.flags
    assert found.normalised.endswith("~")


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("2026-10-25T01:30+01:00", "2026-10-25T00:30+00:00"),
        ("2026-10-25T01:30+00:00", "2026-10-25T01:30+00:00"),
    ],
)
def test_words_with_a_zone_mean_one_moment(words: str, start: str) -> None:
    found = moment(words, TOLD)
    assert found is not None
    assert (found.start, found.end - found.start) == (parse_time(start), timedelta(minutes=1))
    assert found.flags == ()


def test_a_night_in_which_the_clocks_change_is_that_night() -> None:
    found = moment("saturday night 24 oct 2026", TOLD)
    assert found is not None
    assert "clocks-changed" not in found.flags
    assert found.end - found.start == timedelta(hours=9)
