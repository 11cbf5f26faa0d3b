"""Times are read from the phrases that parents use. In these tests, a parent speaks on Thursday 17
February 2011 at half past ten."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import forms
from domain.forms.moments import moments_in

TOLD = datetime(2011, 2, 17, 10, 30, tzinfo=UTC)


@given(
    st.dates(date(1899, 12, 1), date(2030, 1, 1)),
    st.times(),
    st.sampled_from(["{:%d/%m/%Y %H:%M}", "{0.day}/{0.month}/{0:%Y %H:%M}", "{:%d/%m/%Y %H:00}"]),
)
def test_a_time_in_figures_is_what_the_grammar_reads(day: date, at: time, way: str) -> None:
    """A time in figures gives the same result in the fast reader as in the full grammar, even on
    the current day and in the hour in which the clocks change."""
    for now in (TOLD, datetime.combine(day, time(12), UTC)):
        words = way.format(datetime.combine(day, at))
        (read,) = [one.moment for one in moments_in(words, now)]
        assert forms.moment(words, now) == read


@pytest.mark.parametrize("words", ["31/02/2011 22:15", "14/13/2011 22:15", "45/02/2011 22:15"])
def test_figures_that_are_no_day_are_left_to_the_grammar(words: str) -> None:
    read = [one.moment for one in moments_in(words, TOLD) if one.moment]
    found = forms.moment(words, TOLD)
    assert (found and found.normalised) == (read[0].normalised if read else None)


@pytest.mark.parametrize(
    ("words", "normalised", "precision"),
    [
        ("last Tuesday about 9ish", "2011-02-15T21:00~", "around"),
        ("half 11 last night", "2011-02-16T23:30", "minute"),
        ("yest", "2011-02-16", "day"),
        ("6 Oct", "2010-10-06", "day"),
        ("5/11", "2010-11-05", "day"),
        ("24/7/2010", "2010-07-24", "day"),
        ("03:12 this morning", "2011-02-17T03:12", "minute"),
        ("fortnight ago", "2011-02-03~", "around"),
        ("3 days ago", "2011-02-14", "day"),
        ("three weeks ago", "2011-01-27~", "around"),
        ("14/02/2011 22:15", "2011-02-14T22:15", "minute"),
        ("2011-02-14 22:15:00", "2011-02-14T22:15", "minute"),
        ("14-Feb-2011", "2011-02-14", "day"),
        ("12.02.11", "2011-02-12", "day"),
        ("Mon 14 Feb 22:15", "2011-02-14T22:15", "minute"),
        ("Saturday 12th", "2011-02-12", "day"),
        ("on the 3rd", "2011-02-03", "day"),
        ("a week last Tuesday", "2011-02-08", "day"),
        ("Tues last week", "2011-02-08", "day"),
        ("last week", "2011-02-07~", "week"),
        ("in March", "2010-03", "around"),
        ("Fri night", "2011-02-11T~", "around"),
        ("Thurs 11pm", "2011-02-10T23:00", "hour"),
        ("last night around 2", "2011-02-17T02:00~", "around"),
        ("Friday midnight", "2011-02-12T00:00", "hour"),
        ("just before midnight", "2011-02-16T23:45~", "around"),
        ("ten to midnight last night", "2011-02-16T23:50", "minute"),
        ("quarter to ten", "2011-02-17T09:45", "minute"),
        ("about half nine", "2011-02-17T09:30~", "around"),
        ("3 in the morning", "2011-02-17T03:00", "hour"),
        ("2130hrs", "2011-02-16T21:30", "minute"),
        ("9pm", "2011-02-16T21:00", "hour"),
        ("between 9 and 11 on Monday", "2011-02-14T21:00~", "around"),
        ("from 10pm til 4am", "2011-02-16T22:00", "hour"),
        ("half an hour ago", "2011-02-17T10:00~", "around"),
        ("Tuesday, she came in at 9", "2011-02-15T21:00", "hour"),
        ("9", "2011-02-17T09:00", "hour"),
    ],
)
def test_words_become_a_time(words: str, normalised: str, precision: str) -> None:
    moment = forms.moment(words, TOLD)
    assert moment is not None
    assert (moment.normalised, moment.precision) == (normalised, precision)
    assert moment.words == words
    assert moment.start < moment.end


@pytest.mark.parametrize(
    "words",
    ["every thurs", "Fridays", "after school", "14.8 months", "about 9 lads", "24/7", "24/7/365",
     "2nd time", "at 14 Mill Road", "31/02/2011", "until 31/12/9999 late at night",
     "he sat in the car", "", "no idea"],
)  # fmt: skip
def test_words_that_name_no_day_or_hour(words: str) -> None:
    assert forms.moment(words, TOLD) is None


def test_a_plan_is_told_of_the_future() -> None:
    moment = forms.moment("on Saturday she is going to meet him", TOLD)
    assert moment is not None
    assert (moment.normalised, moment.flags) == ("2011-02-19", ("future",))


@pytest.mark.parametrize(
    ("words", "flag"),
    [("01/01/1850", "before-1900"), ("2013-05-05", "future"), ("40588.9271", "from-serial")],
)
def test_odd_times_are_flagged_and_kept(words: str, flag: str) -> None:
    moment = forms.moment(words, TOLD)
    assert moment is not None
    assert flag in moment.flags


def test_a_spreadsheet_serial_is_a_time() -> None:
    moment = forms.moment("40588.9271", TOLD)
    assert moment is not None
    assert moment.normalised == "2011-02-14T22:15"


def test_local_words_become_utc() -> None:
    summer = forms.moment("14/07/2011 22:15", TOLD)
    winter = forms.moment("14/01/2011 22:15", TOLD)
    assert summer is not None
    assert winter is not None
    assert summer.start == datetime(2011, 7, 14, 21, 15, tzinfo=UTC)
    assert winter.start == datetime(2011, 1, 14, 22, 15, tzinfo=UTC)
    assert "T22:15" in summer.normalised


def test_an_hour_takes_the_night_told_before_it() -> None:
    text = "Friday night taxi dropped Megan at 10 past 1"
    found = forms.moments_in(text, datetime(2026, 11, 21, 1, 15, tzinfo=UTC))
    assert [t.moment.normalised for t in found if t.moment] == [
        "2026-11-20T~",
        "2026-11-21T01:10",
    ]


moments = st.integers(0, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(st.text(), moments)
def test_any_text_can_be_read_for_times(text: str, told: datetime) -> None:
    end = 0
    for found in forms.moments_in(text, told):
        assert end <= found.start < found.end <= len(text)
        end = found.end


@given(
    st.sampled_from(["Friday", "last Tuesday", "Sat night", "9pm", "half 11", "yesterday at 8"]),
    moments,
)
def test_what_is_reported_without_a_plan_is_past(words: str, told: datetime) -> None:
    moment = forms.moment(words, told)
    assert moment is not None
    assert moment.start <= told + timedelta(hours=24)
    assert moment.start >= told - timedelta(days=15)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("He said he will ring. She was out on Friday", ["2011-02-11"]),
        ("he will ring on Friday", ["2011-02-18"]),
        (
            "Mon 11.30pm a bang on the door. 12.15am a brick",
            ["2011-02-14T23:30", "2011-02-15T00:15"],
        ),
        ("home ten to two am. monday: stayed in bed", ["2011-02-17T01:50", "2011-02-14"]),
        ("about ten days ago", ["2011-02-07~"]),
        ("home by 7pm yesterday", ["2011-02-16T19:00"]),
        ("about half 2 when she came in", ["2011-02-17T02:30~"]),
        ("0930 up, good mood", ["2011-02-17T09:30"]),
    ],
)
def test_times_as_parents_write_them_one_after_another(text: str, told: list[str]) -> None:
    now = datetime(2011, 2, 17, 20, 30, tzinfo=UTC)
    found = [one.moment.normalised for one in forms.moments_in(text, now) if one.moment]
    assert found == told
