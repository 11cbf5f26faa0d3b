"""Read days and times that a user types into a field, in ISO 8601 or as they are written in
Britain.

The day always comes before the month. Words such as "yesterday" count from the day that the caller
gives. Ambiguous text is refused, and the message says what to type instead. Times in parents' words
are read by `moments`, which never refuses a text. The file is long because each form in which a day
or a time is typed has its rule here.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from typing import NamedTuple

from domain.forms.days import day_of
from domain.forms.intervals import DayInterval
from domain.forms.local import moments
from domain.forms.patterns import join_lines, lazy_regex
from domain.forms.time_words import MONTHS, WEEKDAYS

#: A function that returns today. It is called only for words such as "yesterday".
Today = Callable[[], date]
_TICK = timedelta(microseconds=1)
_ZONES = {"utc": 0, "gmt": 0, "bst": 1}
_DAYS = "Write 18/3/2011, 18 March 2011 or 2011-03-18."
_TIMES = "Write 18/3/2011, 18 March 2011 9.40pm or 2011-03-18T21:40."
#: The largest number of characters of a text that is read as a date. A message about a longer text
#: repeats only its first characters, up to this number.
_LONGEST = 60
_MONTH = join_lines(
    r"""
    (?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?
    |sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)
    """
)
_WEEKDAY = join_lines(
    r"""
    (?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?
    |sat(?:urday)?|sun(?:day)?)
    """
)
_NTH = r"(?:st|nd|rd|th)?"
_RELATIVE = {
    "relative": lazy_regex(r"today|yesterday|tomorrow"),
    "weekday": lazy_regex(rf"last {_WEEKDAY}"),
    "ago": lazy_regex(
        r"(?:\d{1,3}|a|one|two|three|four|five|six|seven) (?:day|week)s? ago", re.ASCII
    ),
}
_TIME = lazy_regex(
    r"(?P<noon>noon|midday)|(?P<together>\d{4})(?:hrs|h)"
    r"|(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})(?::(?P<second>\d{2}))?)?(?P<half>[ap]m)?",
    re.ASCII,
)
_CENTURIES = (1800, 2099)
YEARS = range(1800, 2200)
"""The years of all typed or sent days and times: dates calculated from them stay in the
calendar."""
NO_YEAR = f"The year is from {YEARS[0]} to {YEARS[-1]}."


class NotUnderstood(ValueError):
    """The typed text is not a date or time, or is ambiguous; the message says what to type
    instead."""

    def __init__(self, noun: str, text: str, instead: str) -> None:
        shortened = " ".join(text[: 2 * _LONGEST].split())
        shown = shortened if len(shortened) <= _LONGEST else f"{shortened[:_LONGEST]}…"
        super().__init__(f'{noun} not understood: "{shown}". {instead}')


class _Written(NamedTuple):
    """A typed day, and the hour and time zone if they are typed."""

    day: date
    hour: time | None = None
    zone: tzinfo | None = None


def parse_moments(
    text: str,
    zone: tzinfo,
    *,
    last: bool = False,
    stays: bool = False,
    today: Today | None = None,
) -> tuple[datetime, ...]:
    """Return the moments (UTC) that a typed time may mean: two if the clocks change in that hour.
    If the text names no time zone, the time is in `zone`.

    A day without an hour means the day's first moment or, if `last` is True, its last moment. If
    `stays` is True, the day begins and ends by UTC, so that users in every time zone see the same
    day. If `today` is None, words such as "yesterday" are refused. Raises NotUnderstood for a text
    that is not clear.
    """
    try:
        read = _read(text, today, _TIMES)
        if read.hour is not None:
            return moments(datetime.combine(read.day, read.hour, read.zone), zone)
        first = datetime.combine(read.day + timedelta(days=last), time())
        return (moments(first, UTC if stays else zone)[0] - last * _TICK,)
    except OverflowError as error:  # the date is outside Python's calendar
        raise NotUnderstood("Date", text, _TIMES) from error


def parse_day(text: str, *, today: Today | None = None) -> date:
    """Return the day that a user typed. Raises NotUnderstood, also if the user typed a time."""
    read = _read(text, today, _DAYS)
    if read.hour is not None:
        raise NotUnderstood("Date", text, f"Write only the day, without a time. {_DAYS}")
    return read.day


def without_today(text: str, today: Today) -> str:
    """Return the text with each word that depends on the current day, such as "yesterday", replaced
    by a date, so that the text means the same on another day. Return any other text unchanged.
    Raises NotUnderstood if the text is not a clear day or time.
    """
    counted = []

    def from_it() -> date:
        counted.append(today())
        return counted[-1]

    try:
        read = _read(text, from_it, _TIMES)
    except OverflowError as error:
        raise NotUnderstood("Date", text, _TIMES) from error
    if not counted:
        return text
    if read.hour is None:
        return read.day.isoformat()
    return datetime.combine(read.day, read.hour, read.zone).isoformat(timespec="minutes")


def names_day(text: str) -> bool:
    """Return whether a typed text names a day and no hour."""
    try:
        return _read(text, lambda: date(2000, 1, 1), _DAYS).hour is None
    except ValueError:
        return False


def _read(text: str, today: Today | None, instead: str) -> _Written:
    if iso_value := _iso(text.strip()):
        if iso_value.day.year not in YEARS:
            raise NotUnderstood("Date", text, NO_YEAR)
        return iso_value
    if len(text) > _LONGEST:
        raise NotUnderstood("Date", text, instead)
    tokens = _tokens(text)
    offset = _ZONES.get(tokens[-1]) if tokens else None
    zone = None if offset is None else timezone(timedelta(hours=offset))
    tokens = tokens[:-1] if zone else tokens
    faults: list[NotUnderstood] = []
    for day_words, time_words in _parts(tokens):
        day, hour = _day(day_words, today), _hour(time_words)
        if isinstance(day, date) and isinstance(hour, time):
            return _Written(day, hour, zone)
        if isinstance(day, date) and not time_words and zone is None:
            return _Written(day)
        if isinstance(day, str) and (not time_words or hour is not None):
            faults.append(NotUnderstood("Date", text, day or instead))
        elif isinstance(hour, str) and day is not None:
            faults.append(NotUnderstood("Time", text, hour))
    if faults:
        raise faults[0]
    if isinstance(_hour(" ".join(tokens)), time):
        raise NotUnderstood(
            "Date", text, "The day is missing: write the day and the time, as in 18/3/2011 9.40pm."
        )
    raise NotUnderstood("Date", text, instead)


def _iso(text: str) -> _Written | None:
    try:
        return _Written(date.fromisoformat(text))
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _Written(moment.date(), moment.time(), moment.tzinfo)


def _tokens(text: str) -> list[str]:
    """Return the words of a typed time in lower case; an hour and its am or pm are one word."""
    plain = re.sub(r"[,@]", " ", text.casefold()).replace(".m.", "m")
    plain = " ".join(plain.split())
    plain = re.sub(r"(?<=\d) (?=[ap]m\b)", "", plain)
    return re.sub(r"(?<=\d\d) ?(?:hrs|hours)\b", "hrs", plain).split()


def _parts(tokens: list[str]) -> list[tuple[str, str]]:
    """Return the ways to divide the words of a typed time into a day and an hour: the day alone,
    the day before the hour, and the hour before the day.
    """
    day_and_time = [(" ".join(tokens), "")]
    for number in range(1, len(tokens)):
        head, tail = tokens[:number], tokens[number:]
        at = tail[tail[0] == "at" :]
        day_and_time.append((" ".join(head), " ".join(at)))
        on, at = tail[tail[0] == "on" :], head[head[0] == "at" :]
        day_and_time.append((" ".join(on), " ".join(at)))
    return day_and_time


@cache
def _dates() -> re.Pattern[str]:
    """Return the pattern of written dates, compiled on the first use."""
    return re.compile(
        rf"(?:(?P<weekday>{_WEEKDAY}) )?(?:"
        r"(?P<d1>\d{1,2})(?P<apart>[/.-])(?P<m1>\d{1,2})(?:(?P=apart)(?P<y1>\d+))?"
        r"|(?P<y2>\d{4})(?P<between>[/.-])(?P<m2>\d{1,2})(?P=between)(?P<d2>\d{1,2})"
        rf"|(?:the )?(?P<d3>\d{{1,2}}){_NTH}(?: of)?[ -]?(?P<m3>{_MONTH})\.?(?:[ -]?(?P<y3>\d+))?"
        rf"|(?P<m4>{_MONTH})\.? (?:the )?(?P<d4>\d{{1,2}}){_NTH}(?: (?P<y4>\d+))?)",
        re.ASCII,
    )


def _day(words: str, today: Today | None) -> date | str | None:
    """Return the date that a user typed. If the text looks like a day but is not clear, return a
    message that says what to type instead. Return None for words that cannot be a day.
    """
    for kind, pattern in _RELATIVE.items():
        if pattern.fullmatch(words):
            if today is None:
                return _DAYS
            interval = day_of(kind, words, datetime.combine(today(), time()), False, False)
            return interval.start if isinstance(interval, DayInterval) else None
    if (match := _dates().fullmatch(words)) is None:
        return None
    parts_of_date = match.groupdict()
    day, month, year = (
        next((digits for n in range(1, 5) if (digits := parts_of_date[f"{part}{n}"])), "")
        for part in "dmy"
    )
    number = MONTHS.get(month[:3]) or int(month)
    if not year and today is not None:
        year = str(_nearest_year(int(day), number, today()))
    return _date(int(day), number, year, parts_of_date["weekday"])


def _nearest_year(day: int, month: int, today: date) -> int:
    """Return the year in which this day and month are nearest to today. Use it for a text without a
    year."""
    near = []
    for year in (today.year - 1, today.year, today.year + 1):
        with suppress(ValueError):
            near.append(date(year, month, day))
    return min(near, key=lambda found_day: abs(found_day - today), default=today).year


def _date(day: int, month: int, year: str, weekday: str | None) -> date | str | None:
    """Return the date of a typed day, month and year, or a message that says what the user should
    type instead.
    """
    if not 1 <= month <= 12:
        swapped = _date(month, day, year, None) if 1 <= day <= 12 else None
        if isinstance(swapped, date):
            return f"Write {month}/{day}/{year} or {_said(swapped)}."
        return ""
    if not year:
        return f"Add the year, as in {day} {date(2011, month, 1):%B} 2011."
    if len(year) == 2:
        return "Write the year with four figures, as in 18/3/2011."
    if not _CENTURIES[0] <= int(year) <= _CENTURIES[1]:
        return None
    first = date(int(year), month, 1)
    days = monthrange(first.year, month)[1]
    if not 1 <= day <= days:
        return f"{first:%B %Y} has {days} days."
    found_day = first.replace(day=day)
    if weekday and WEEKDAYS[weekday[:3]] != found_day.weekday():
        return f"{_said(found_day)} is a {found_day:%A}."
    return found_day


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _hour(words: str) -> time | str | None:
    """Return the time of day that a user typed. If the text looks like an hour but is not clear,
    return a message that says what to type instead. Return None for words that cannot be an hour.
    """
    if words == "midnight":
        return "Write 00:00 for the first moment of a day, 23:59 for its last minute."
    if (match := _TIME.fullmatch(words)) is None:
        return None
    parts_of_time = match.groupdict()
    if parts_of_time["noon"]:
        return time(12)
    if together := parts_of_time["together"]:
        hour, minute, second = int(together[:2]), int(together[2:]), 0
    else:
        hour, minute, second = (
            int(parts_of_time[unit] or 0) for unit in ("hour", "minute", "second")
        )
    half = parts_of_time["half"]
    if minute > 59 or second > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        return None
    if half:
        return time(hour % 12 + (12 if half == "pm" else 0), minute, second)
    if together or (parts_of_time["minute"] and (len(parts_of_time["hour"]) == 2 or not hour)):
        return time(hour, minute, second)
    if not 1 <= hour <= 12:
        return f"Write {hour:02}:{minute:02}."
    end = f".{minute:02}" if minute else ""
    return f"Write {hour:02}:{minute:02}, {hour}{end}am or {hour}{end}pm."
