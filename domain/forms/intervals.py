"""Spans of time from words, in naive local time, with their written forms."""

from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

Precision = Literal["minute", "hour", "day", "week", "around"]
LONDON = ZoneInfo("Europe/London")
"""The time zone of the users of the record."""
_DAY = timedelta(days=1)
_AROUND = timedelta(minutes=30)


class DayInterval(NamedTuple):
    """A span of days from `start` up to, but without, `end`, with its precision. `form` is the
    strftime format in which the span is written, for example a month without a day; "" for a single
    day.
    """

    start: date
    end: date
    precision: Precision = "day"
    form: str = ""


class Interval(NamedTuple):
    """A span of time that words mean, with its written form: in local time without a zone, or in
    UTC if the words name a zone.
    """

    start: datetime
    end: datetime
    precision: Precision
    normalised: str


def interval_of_day(day: date, precision: Precision = "day") -> DayInterval:
    """Return the interval of one day."""
    return DayInterval(day, day + _DAY, precision)


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - words are local time


def without_hour(days: DayInterval) -> Interval:
    """Return the whole time of these days, from the beginning of the first to the end of the last,
    for words that name no hour.
    """
    form = days.form or ("%Y-%m-%d" if days.precision == "day" else "%Y-%m-%d~")
    return Interval(
        midnight(days.start), midnight(days.end), days.precision, format(days.start, form)
    )


def hour(at: datetime) -> Interval:
    """Return the interval of time from the first to the last minute of the hour that begins at
    `at`.
    """
    return Interval(at, at + timedelta(hours=1), "hour", f"{at:%Y-%m-%dT%H:%M}")


def minute(at: datetime) -> Interval:
    """Return the interval of one minute."""
    at = at.replace(second=0, microsecond=0)
    return Interval(at, at + timedelta(minutes=1), "minute", f"{at:%Y-%m-%dT%H:%M}")


def around(at: datetime) -> Interval:
    """Return the interval of time from half an hour before a moment to half an hour after it, for
    words such as "about 9".
    """
    return Interval(at - _AROUND, at + _AROUND, "around", f"{at:%Y-%m-%dT%H:%M}~")
