"""Reads the times in a parent's words: "last Tuesday about 9ish" becomes an interval with a
precision.

The words are Europe/London local time; a `Moment` is UTC. Ambiguous words mean the nearest time in
the past, or in the future for a plan. The time is shown with the words, and a person confirms it.
"""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from domain.forms import time_words as tw
from domain.forms.clocks import PARTS, Part, WrittenHour, clock_in, latest, part_of, resolve_hour
from domain.forms.days import day_of
from domain.forms.intervals import (
    DayInterval,
    Interval,
    Precision,
    around,
    hour,
    interval_of_day,
    midnight,
    minute,
    without_hour,
)
from domain.forms.local import LONDON, between, is_ambiguous
from domain.forms.patterns import lazy_regex
from domain.forms.phrases import Atom, bounds, phrases

_EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day is local
_SERIAL = lazy_regex(r"[1-9]\d{4}(?:\.\d{1,12})?")
#: A day and an hour in figures that have only one reading: the day comes first, and the hour is on
#: the 24-hour clock.
_FIGURES = lazy_regex(r"([0-3]?\d/[01]?\d/(?:19|20)\d\d) (0[1-9]|1[3-9]|2[0-3]):([0-5]\d)")
_EARLIEST_YEAR = 1900
_MORNING, _EVENING = 6, 18
_STOP = lazy_regex(r"[.!?](?=\s)|\n")
# how many characters before and after a time are searched for a sign that the time is planned
_CONTEXT = 80


class Moment(msgspec.Struct, frozen=True):
    """When something happened, as a parent reported it: `[start, end)` in UTC, with the parent's
    `words`.

    `normalised` is the local time: "2011-02-14T22:15", "2011-02-14"; with "~" if it is only
    approximate ("2011-02-14T~": some time that evening or night). `flags` say what a person should
    check:
    - "future", "before-1900";
    - "from-serial": the time was read from a spreadsheet's day number;
    - "clocks-changed": the hour occurs twice or never, and the interval contains both readings.
    """

    words: str
    start: datetime
    end: datetime
    precision: Precision
    normalised: str
    flags: tuple[str, ...] = ()


class WrittenTime(NamedTuple):
    """A time that is written in a text, with the position of its words in the text. `moment` is the
    time that the words mean; it is None if they name no definite time ("after school").
    """

    start: int
    end: int
    moment: Moment | None
    sure: bool


class _Frame(NamedTuple):
    """The day, and perhaps the night, to which later hours in a text belong. `late` is True if the
    text has already mentioned an hour in the evening of that day.
    """

    day: DayInterval | None
    part: Part | None
    late: bool = False


_NIGHTS = (PARTS["nig"],)


def moment(words: str, received_at: datetime) -> Moment | None:
    """Return the time that `words`, received at `received_at`, mean; None if they give no time.

    A `received_at` without a time zone is local. If the words contain several times, these are
    combined into one: in "Tuesday, she came in at 9" the hour belongs to Tuesday.
    """
    now = _local(received_at)
    bare = words.strip()
    if _SERIAL.fullmatch(bare):
        return _serial(bare, now)
    if (figures := _FIGURES.fullmatch(words)) and (exact := _in_figures(figures, now)):
        return exact
    text = f"at {bare}" if re.fullmatch(r"\d{1,2}", bare) else words
    moments_found = [t.moment for t in moments_in(text, received_at) if t.moment is not None]
    if not moments_found:
        return None
    clocked = (m for m in moments_found if "T" in m.normalised)
    return msgspec.structs.replace(next(clocked, moments_found[0]), words=words)


def moments_in(text: str, received_at: datetime) -> list[WrittenTime]:
    """Return every time in a parent's text, in the order of the text and without overlap. An hour
    such as "at 9" belongs to the last day that the text mentions before it.
    """
    now = _local(received_at)
    times: list[WrittenTime] = []
    frame = _Frame(None, None)
    for phrase in phrases(text):
        start, end = bounds(text, phrase)
        try:
            interval, frame = _resolve(text, phrase, (start, end), now, frame)
            told_at = None if interval is None else _moment(text[start:end], interval, now)
        except OverflowError:  # the time is outside Python's calendar
            told_at = None
        sure = any(a.kind in tw.DAYS for a in phrase) or phrase[0].kind not in ("bare", "part")
        times.append(WrittenTime(start, end, told_at, sure))
    return times


def _local(time: datetime) -> datetime:
    return time if time.tzinfo is None else time.astimezone(LONDON).replace(tzinfo=None)


def _moment(words: str, of: Interval, now: datetime) -> Moment:
    flags = ("future",) if _local(of.start) > now else ()
    if of.start.year < _EARLIEST_YEAR:
        flags = (*flags, "before-1900")
    if of.start.tzinfo is not None:
        return Moment(words, of.start, of.end, of.precision, of.normalised, flags)
    start, end = between(of.start, of.end)
    if not is_ambiguous(of.start, of.end):
        return Moment(words, start, end, of.precision, of.normalised, flags)
    about = of.normalised.rstrip("~") + "~"
    return Moment(words, start, end, "around", about, (*flags, "clocks-changed"))


def _serial(words: str, now: datetime) -> Moment:
    at = _EXCEL_DAY_ZERO + timedelta(days=float(words))
    at = (at + timedelta(seconds=30)).replace(second=0, microsecond=0)
    found_moment = _moment(
        words, without_hour(interval_of_day(at.date())) if "." not in words else minute(at), now
    )
    return msgspec.structs.replace(found_moment, flags=(*found_moment.flags, "from-serial"))


def _in_figures(figures: re.Match[str], now: datetime) -> Moment | None:
    """Return the moment that is written as a day and an hour in figures, without use of the general
    grammar, which takes ten times as long. Return None if the day is today or does not exist: the
    caller then uses the grammar.
    """
    day = day_of("slashed", figures[1], now, planned=False, later=False)
    if not isinstance(day, DayInterval) or day.start == now.date():
        return None
    at = midnight(day.start) + timedelta(hours=int(figures[2]), minutes=int(figures[3]))
    return _moment(figures[0], minute(at) if at.minute else hour(at), now)


def _resolve(
    text: str, phrase: list[Atom], span: tuple[int, int], now: datetime, before: _Frame
) -> tuple[Interval | None, _Frame]:
    """Return the time span that a `phrase` means, and the day to which hours that the text mentions
    later belong."""
    start, end = span
    planned = tw.PLANNED.search(text, *_sentence(text, start, end)) is not None
    clock_atom = next((a for a in phrase if a.kind in tw.CLOCKS), None)
    part_atom = next((a for a in phrase if a.kind in ("part", "halfday")), None)
    clock = clock_in(clock_atom) if clock_atom else None
    part = part_of(part_atom.words) if part_atom else None
    if clock and not clock.half and part is None and 0 < clock.hour < _MORNING:
        around = text[slice(*_sentence(text, start, end))]
        clock = clock._replace(half="am") if tw.CAME_HOME.search(around) else clock
    day = _day(phrase, now, planned, clock)
    if isinstance(day, Interval):
        return day, before
    named = any(a.kind in tw.DAYS or a.kind == "undated" for a in phrase)
    if named and day is None:
        return None, before
    if clock is not None and clock_atom is not None:
        beside = text[start : clock_atom.start] + text[clock_atom.end : end]
        frame = _Frame(day, part) if day else _Frame(before.day, part or before.part, before.late)
        timed = _timed(clock, frame, beside, now, planned)
        return timed, frame._replace(late=frame.late or timed.start.hour >= _EVENING)
    if day is None and part is not None:
        day = before.day or interval_of_day(now.date() - timedelta(days=part[0] > now.hour))
    if day is None:
        return None, before
    if day.precision == "day" and tw.ROUGHLY.search(text, start, phrase[0].start):
        day = day._replace(precision="around")
    to_come = day.start > now.date() and not planned
    frame = _Frame(
        day if day.precision == "day" and not to_come else None, part if part in _NIGHTS else None
    )
    return (without_hour(day) if part is None else _parted(day, part)), frame


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the start and end of the sentence around a time in a text."""
    before = [m.end() for m in _STOP.finditer(text, max(0, start - _CONTEXT), start)]
    after = _STOP.search(text, end, end + _CONTEXT)
    first = before[-1] if before else max(0, start - _CONTEXT)
    return first, after.start() if after else end + _CONTEXT


def _day(
    phrase: list[Atom], now: datetime, planned: bool, clock: WrittenHour | None
) -> DayInterval | Interval | None:
    """Return the day that a phrase means. If the phrase has a date and a weekday, the date counts.
    A weekday together with a week means the weekday in that week.
    """
    days = [a for a in phrase if a.kind in tw.DAYS]
    if not days:
        return None
    later = (
        clock is not None and clock.half in ("pm", "24") and resolve_hour(clock, None)[0] > now.hour
    )
    days_found = [day_of(a.kind, a.words, now, planned, later) for a in days]
    if (
        len(days_found) > 1
        and days[1].kind == "week"
        and isinstance(days_found[0], DayInterval)
        and days_found[1]
    ):
        week = days_found[1]
        if isinstance(week, DayInterval) and week.precision == "week":
            return interval_of_day(week.start + timedelta(days=days_found[0].start.weekday()))
    return days_found[-1] if days_found[-1] is not None else days_found[0]


def _timed(clock: WrittenHour, frame: _Frame, words: str, now: datetime, planned: bool) -> Interval:
    day, part, late = frame
    loosely = tw.ROUGHLY if clock.half else tw.APPROXIMATE
    about = not clock.exact or loosely.search(words) is not None
    if day is None:
        at = latest(clock, now, planned and clock.half != "")
    elif day.start == now.date() and part is None and not planned:
        at = latest(clock, now, False)
        at += timedelta(days=(day.start - at.date()).days)
    else:
        told_hour, night = resolve_hour(clock, part)
        at = midnight(day.start) + timedelta(hours=told_hour, minutes=clock.minute)
        ends_day = clock.half == "24" and told_hour == 0 and clock.minute == 0
        after_it = late and clock.half in ("am", "24") and told_hour < _MORNING
        at += timedelta(days=night or ends_day or after_it)
    if tw.JUST_BEFORE.search(words):
        return around(at - timedelta(minutes=15))
    if about:
        return around(at)
    if clock.minute:
        return minute(at)
    return hour(at)


def _parted(day: DayInterval, part: Part) -> Interval:
    start = midnight(day.start)
    first, last, usual = part
    told_hour = "" if usual is None else f"{usual:02}:00"
    return Interval(
        start + timedelta(hours=first),
        start + timedelta(hours=last),
        "around",
        f"{day.start:%Y-%m-%d}T{told_hour}~",
    )
