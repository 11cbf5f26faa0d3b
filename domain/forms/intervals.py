"""The spans of time that words come to, in naive local time, and how each is written."""

from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

Precision = Literal["minute", "hour", "day", "week", "around"]
LONDON = ZoneInfo("Europe/London")
"""The zone in which people here tell times."""
_DAY = timedelta(days=1)
_AROUND = timedelta(minutes=30)


class DayInterval(NamedTuple):
    """Days from `start` up to `end`, how sharply they were told, and how they are written.

    `form` is strftime's, "" for a day: a month is written without a day that nobody told.
    """

    start: date
    end: date
    precision: Precision = "day"
    form: str = ""


class Interval(NamedTuple):
    """What a phrase means, in naive local time, with its written form; in UTC where the words
    bear a zone."""

    start: datetime
    end: datetime
    precision: Precision
    normalised: str


def one_day(day: date, precision: Precision = "day") -> DayInterval:
    """The days that one day is."""
    return DayInterval(day, day + _DAY, precision)


def midnight(day: date) -> datetime:
    """The first moment of `day`."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - words are local time


def whole(days: DayInterval) -> Interval:
    """The interval of days without an hour."""
    form = days.form or ("%Y-%m-%d" if days.precision == "day" else "%Y-%m-%d~")
    return Interval(
        midnight(days.start), midnight(days.end), days.precision, format(days.start, form)
    )


def hour(at: datetime) -> Interval:
    """An hour told without minutes."""
    return Interval(at, at + timedelta(hours=1), "hour", f"{at:%Y-%m-%dT%H:%M}")


def minute(at: datetime) -> Interval:
    """A time told to the minute."""
    at = at.replace(second=0, microsecond=0)
    return Interval(at, at + timedelta(minutes=1), "minute", f"{at:%Y-%m-%dT%H:%M}")


def around(at: datetime) -> Interval:
    """A time told as "about": half an hour to either side."""
    return Interval(at - _AROUND, at + _AROUND, "around", f"{at:%Y-%m-%dT%H:%M}~")
