"""From the atoms of a phrase to an interval: pure calendar arithmetic in local time.

Ambiguous words are still resolved, always to the nearest day or hour that has already been
(or is to come, where the sentence plans); whoever confirms sees the date and can correct it.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from domain.forms.time_words import COUNTS, FEASTS, HOURS, MINUTES, MONTHS, WEEKDAYS

Precision = Literal["minute", "hour", "day", "week", "around"]
LONDON = ZoneInfo("Europe/London")
"""The zone in which parents tell times."""
_DAY = timedelta(days=1)
_AROUND = timedelta(minutes=30)
_MONTH = re.compile("|".join(MONTHS))

# Part of a day: first hour, last hour (past 24: the next day), the hour it stands for or None.
Part = tuple[float, float, int | None]
PARTS: dict[str, Part] = {
    "hours": (0, 5, None), "morn": (6, 12, None), "afternoon": (12, 18, None),
    "aft": (12, 18, None), "eve": (17, 23, None), "nig": (19, 27, None), "nit": (19, 27, None),
    "nyt": (19, 27, None), "tea": (16, 18.5, 17), "dinner": (11.5, 14, 12),
    "lunch": (11.5, 14, 12), "bed": (20, 23, 21), "breakfast": (7, 9.5, 8), "home": (15, 16.5, 15),
}  # fmt: skip


class Span(NamedTuple):
    """Days from `start` up to `end`, and how sharply they were told."""

    start: date
    end: date
    precision: Precision = "day"


class Clock(NamedTuple):
    """An hour as told: `half` is "am", "pm", "24" (no doubt left) or "" (told without)."""

    hour: int
    minute: int
    half: str
    exact: bool


class Interval(NamedTuple):
    """What a phrase means, in naive local time, with its written form."""

    start: datetime
    end: datetime
    precision: Precision
    normalised: str


def one_day(day: date, precision: Precision = "day") -> Span:
    return Span(day, day + _DAY, precision)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _yearless(month: int, day: int, today: date, planned: bool, near: int = 60) -> date | None:
    """The nearest such day: past, unless planned or only just ahead and the past one far back."""
    found = [d for y in (-1, 0, 1) if (d := _made(today.year + y, month, day))]
    past = [d for d in found if d <= today]
    ahead = [d for d in found if d > today]
    if ahead and (planned or not past or ((ahead[0] - today).days <= near < (today - past[-1]).days)):
        return ahead[0]
    return past[-1] if past else None


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 70 else 1900)


def _weekday(words: str, today: date, planned: bool, later: bool) -> Span | None:
    found = re.search(r"\b(mon|tue|wed|thu|fri|sat|sun)", words)
    if found is None or re.search(r"\b(?:every|each)\b|days\b|\b(?:mon|fri|sat|sun)s\b", words):
        return None
    back = (today.weekday() - WEEKDAYS[found.group(1)]) % 7
    if re.search(r"\bnext\b|\bcoming\b", words) or (planned and "last" not in words and "gone" not in words):
        return one_day(today + timedelta(days=7 - back if back else 7 if "next" in words else 0))
    if "this" in words and back:
        return one_day(today - timedelta(days=back if back <= today.weekday() else back - 7))
    if back == 0 and (later or re.search(r"\b(?:last|gone|past)\b", words)):
        back = 7
    if "before last" in words:
        back += 7
    return one_day(today - timedelta(days=back))


def _week(words: str, today: date) -> Span | None:
    shift = -1 if re.search(r"\b(?:last|lst|past)\b", words) else 1 if "next" in words else 0
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
    if "every" in words:
        return None
    if re.search(r"w(?:eek|k) ?end", words):
        if shift == 0 and today.weekday() < 5 and "this" not in words:
            monday -= timedelta(weeks=1)
        return Span(monday + timedelta(days=5), monday + timedelta(days=7), "around")
    if "month" in words:
        first = today.replace(day=1)
        first = first if shift == 0 else _months(first, shift)
        return Span(first, _months(first, 1), "around")
    if "year" in words:
        return Span(date(today.year + shift, 1, 1), date(today.year + shift + 1, 1, 1), "around")
    if "fortnight" in words:
        return Span(today - timedelta(weeks=2), today, "around")
    if "summer" in words or "winter" in words:
        month = 6 if "summer" in words else 12
        start = _yearless(month, 1, today, shift > 0, near=0)
        return Span(start, _months(start, 3), "around") if start else None
    return Span(monday, monday + timedelta(weeks=1), "week") if shift or "this" in words else None


def _months(first: date, by: int) -> date:
    """The day `by` months away, moved back into the month where it does not exist."""
    count = first.year * 12 + first.month - 1 + by
    year, month = count // 12, count % 12 + 1
    return next(d for day in range(first.day, 0, -1) if (d := _made(year, month, day)))


def _count(words: str) -> int:
    found = re.search(r"\d+", words)
    if found:
        return int(found.group())
    return next((n for word, n in COUNTS.items() if word and re.search(rf"\b{word}\b", words)), 1)


def _back(words: str, now: datetime) -> Span | Interval:
    """ "3 days ago", "fortnight ago", "an hour ago"."""
    count, today = _count(words), now.date()
    if "hour" in words or "hr" in words or "min" in words:
        minutes = 30 if "half" in words else count * (1 if "min" in words else 60)
        at = now - timedelta(minutes=minutes)
        return around(at.replace(second=0, microsecond=0))
    if "month" in words or "mth" in words:
        return one_day(_months(today, -count), "around")
    if "year" in words or "yr" in words:
        return one_day(_months(today, -12 * count), "around")
    days = 14 if "fortnight" in words else 7 if re.search(r"w(?:ee)?k", words) else 1
    return one_day(today - timedelta(days=days * count), "around")


def day_of(
    kind: str, words: str, now: datetime, planned: bool, later: bool
) -> Span | Interval | None:
    """The days that a day atom means, told at `now`; None if it names no day of its own.

    `later` says that the hour told with it has not come yet today, so that "Friday 11pm" told
    on Friday at noon is a week ago.
    """
    today = now.date()
    match kind:
        case "iso":
            return _iso(words)
        case "slashed":
            day, month, *rest = re.split(r"[/.-]", words)
            if len(day) > 2:
                day, month, rest = rest[0], month, [day]
            if rest:
                found = _made(_year(rest[0]), int(month), int(day))
            else:
                found = _yearless(int(month), int(day), today, planned)
            return one_day(found) if found else None
        case "daymonth" | "monthday":
            return _named_date(words, today, planned)
        case "month" | "year":
            return _month_or_year(words, today)
        case "ordinal":
            return _ordinal(int(re.sub(r"\D", "", words)), today, planned)
        case "feast":
            month, day = next(v for k, v in FEASTS.items() if words.startswith(k))
            found = _yearless(month, day, today, planned)
            return one_day(found) if found else None
        case "relative" | "halfday":
            return one_day(today + timedelta(days=_shift(words)))
        case "ago":
            return _back(words, now)
        case "weeklast":
            last = _weekday(words.rsplit(" ", 1)[1], today, False, True)
            weeks = 2 if "fortnight" in words else _count(words)
            return one_day(last.start - timedelta(weeks=weeks)) if last else None
        case "stretch":
            past = _back(words, now)
            if isinstance(past, Interval):
                return past
            return Span(past.start, today, "around")
        case "week":
            return _week(words, today)
        case "weekday":
            return _weekday(words, today, planned, later)
        case _:
            return None


def _iso(words: str) -> Span | Interval | None:
    try:
        when = datetime.fromisoformat(words.upper().replace(" ", "T").replace("Z", "+00:00"))
    except ValueError:
        return None
    if len(words) == len("2011-02-14"):
        return one_day(when.date())
    if when.tzinfo is not None:
        when = when.astimezone(LONDON).replace(tzinfo=None)
    return minute(when)


def _shift(words: str) -> int:
    if words.startswith(("day before", "the day before", "night before", "the night before")):
        return -2
    if words.startswith("yest") or re.match(r"y'?day|ystr|la?st", words):
        return -1
    return 1 if words.startswith(("tom", "tm", "2mo")) else 0


def _named_date(words: str, today: date, planned: bool) -> Span | None:
    month = MONTHS[_MONTH.findall(words)[-1]]
    numbers = re.findall(r"\d+", words)
    day = int(numbers[0])
    if len(numbers) > 1:
        found = _made(_year(numbers[1]), month, day)
    else:
        found = _yearless(month, day, today, planned)
    return one_day(found) if found else None


def _month_or_year(words: str, today: date) -> Span | None:
    year = re.search(r"\d{4}", words)
    last = words.split()[-1 - (year is not None)][:3] if words else ""
    if last in MONTHS:
        month = MONTHS[last]
        this = today.year - (month > today.month)
        start = date(int(year.group()) if year else this, month, 1)
        return Span(start, _months(start, 1), "around")
    return Span(date(int(year.group()), 1, 1), date(int(year.group()) + 1, 1, 1), "around") if year else None


def _ordinal(day: int, today: date, planned: bool) -> Span | None:
    first = today.replace(day=1)
    months = (first, _months(first, 1)) if planned else (first, _months(first, -1), _months(first, -2))
    found = (d for m in months if (d := _made(m.year, m.month, day)))
    wanted = (d for d in found if (d >= today if planned else d <= today))
    chosen = next(wanted, None)
    return one_day(chosen) if chosen else None


def hour_of(words: str) -> int:
    return HOURS.get(words.lower()) or int(words)


def clock_of(minute_words: str) -> int:
    """Minutes told in words or figures: "quarter" is 15."""
    words = minute_words.lower().replace("-", " ")
    return MINUTES[words] if words in MINUTES else int(words)


def part_of(words: str) -> Part | None:
    return next((PARTS[key] for key in PARTS if re.search(rf"\b{key}|(?<=last){key}", words)), None) or (
        PARTS["hours"] if "hours" in words else None
    )


def hour_on(clock: Clock, part: Part | None) -> tuple[int, bool]:
    """The 24-hour hour of `clock`, and whether it falls on the night after the named day."""
    night = part is not None and part[1] > 24
    hour = clock.hour
    if clock.half == "am":
        hour %= 12
    elif clock.half == "pm":
        hour = hour % 12 + 12
    elif not clock.half and part is not None and hour <= 12:
        if part[1] <= 12:
            hour %= 12
        elif night:
            hour = 0 if hour == 12 else hour if hour < 6 else hour + 12
        elif hour < 12:
            hour += 12
    elif not clock.half and 1 <= hour < 12:
        hour += 12
    return hour, night and hour < 6


def latest(clock: Clock, now: datetime, planned: bool) -> datetime:
    """The last time before `now` (or, if planned, the first after it) that the clock showed it."""
    hours = {clock.hour % 24}
    if clock.half in ("am", "pm"):
        hours = {clock.hour % 12 + (12 if clock.half == "pm" else 0)}
    elif not clock.half and clock.hour <= 12:
        hours = {clock.hour % 12, clock.hour % 12 + 12}
    at = [
        datetime.combine(now.date() + timedelta(days=shift), time(hour, clock.minute))
        for shift in (-1, 0, 1)
        for hour in hours
    ]
    return min(t for t in at if t > now) if planned else max(t for t in at if t <= now)


def minute(at: datetime) -> Interval:
    at = at.replace(second=0, microsecond=0)
    return Interval(at, at + timedelta(minutes=1), "minute", f"{at:%Y-%m-%dT%H:%M}")


def around(at: datetime) -> Interval:
    return Interval(at - _AROUND, at + _AROUND, "around", f"{at:%Y-%m-%dT%H:%M}~")
