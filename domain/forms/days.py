"""Read days as people write them: "last Tuesday", "6 Oct", "fortnight ago".

Ambiguous words are resolved to the nearest day in the past, or in the future if the sentence is
about a plan. The person who confirms the reading sees the date and can correct it.
"""

import re
from datetime import UTC, date, datetime, timedelta

from domain.forms.intervals import DayInterval, Interval, around, interval_of_day, minute
from domain.forms.local import LONDON
from domain.forms.patterns import lazy_regex
from domain.forms.time_words import COUNTS, FEASTS, MONTHS, WEEKDAYS

_DAY = timedelta(days=1)
_MONTH = lazy_regex("|".join(MONTHS))


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _yearless(month: int, day: int, today: date, planned: bool, near: int = 60) -> date | None:
    """Return the date with this day and month, for a text that names no year: the latest such date
    up to today. Return the next such date if the text is about a plan, or if the next date is at
    most `near` days ahead and the latest date is longer ago than that.
    """
    days_found = [d for y in (-1, 0, 1) if (d := _made(today.year + y, month, day))]
    past = [d for d in days_found if d <= today]
    ahead = [d for d in days_found if d > today]
    if ahead and (
        planned or not past or ((ahead[0] - today).days <= near < (today - past[-1]).days)
    ):
        return ahead[0]
    return past[-1] if past else None


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 70 else 1900)


def _weekday(words: str, today: date, planned: bool, later: bool) -> DayInterval | None:
    match = re.search(r"\b(mon|tue|wed|thu|fri|sat|sun)", words)
    if match is None or re.search(r"\b(?:every|each)\b|days\b|\b(?:mon|fri|sat|sun)s\b", words):
        return None
    if dated := re.search(r"(\d+)(?:st|nd|rd|th)", words):
        return _ordinal(int(dated.group(1)), today, planned)
    back = (today.weekday() - WEEKDAYS[match.group(1)]) % 7
    if re.search(r"\bnext\b|\bcoming\b", words) or (
        planned and "last" not in words and "gone" not in words
    ):
        return interval_of_day(
            today + timedelta(days=7 - back if back else 7 if "next" in words else 0)
        )
    if "this" in words and back:
        return interval_of_day(
            today - timedelta(days=back if back <= today.weekday() else back - 7)
        )
    if back == 0 and (later or re.search(r"\b(?:last|gone|past)\b", words)):
        back = 7
    if "before last" in words:
        back += 7
    return interval_of_day(today - timedelta(days=back))


def _week(words: str, today: date) -> DayInterval | None:
    shift = -1 if re.search(r"\b(?:last|lst|past)\b", words) else 1 if "next" in words else 0
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
    if "every" in words:
        return None
    if re.search(r"w(?:eek|k) ?end", words):
        if shift == 0 and today.weekday() < 5 and "this" not in words:
            monday -= timedelta(weeks=1)
        return DayInterval(monday + timedelta(days=5), monday + timedelta(days=7), "around")
    if "month" in words:
        first = today.replace(day=1)
        first = first if shift == 0 else _months(first, shift)
        return DayInterval(first, _months(first, 1), "around")
    if "year" in words:
        return DayInterval(
            date(today.year + shift, 1, 1), date(today.year + shift + 1, 1, 1), "around"
        )
    if "fortnight" in words:
        return DayInterval(today - timedelta(weeks=2), today, "around")
    if "summer" in words or "winter" in words:
        month = 6 if "summer" in words else 12
        start = _yearless(month, 1, today, shift > 0, near=0)
        return DayInterval(start, _months(start, 3), "around") if start else None
    return (
        DayInterval(monday, monday + timedelta(weeks=1), "week")
        if shift or "this" in words
        else None
    )


def _months(first: date, by: int) -> date:
    """Return the date that is `by` months after the date `first`. If that month has too few days,
    return its last day.
    """
    count = first.year * 12 + first.month - 1 + by
    year, month = count // 12, count % 12 + 1
    return next(d for day in range(first.day, 0, -1) if (d := _made(year, month, day)))


def _count(words: str) -> int:
    match = re.search(r"\d+", words)
    if match:
        return int(match.group())
    return next((n for word, n in COUNTS.items() if re.search(rf"\b{word}\b", words)), 1)


def _back(words: str, now: datetime) -> DayInterval | Interval:
    """Return the span of time that words such as "3 days ago", "fortnight ago" or "an hour ago"
    mean at the moment `now`.
    """
    count, today = _count(words), now.date()
    if re.search(r"\b(?:min|hour|hr)", words):
        minutes = 30 if "half" in words else count * (1 if "min" in words else 60)
        at = now - timedelta(minutes=minutes)
        return around(at.replace(second=0, microsecond=0))
    if re.search(r"\bm(?:on)?th", words):
        return interval_of_day(_months(today, -count), "around")
    if re.search(r"\by(?:ea)?r", words):
        return interval_of_day(_months(today, -12 * count), "around")
    length = 14 if "fortnight" in words else 7 if re.search(r"w(?:ee)?k", words) else 1
    return interval_of_day(
        today - timedelta(days=length * count), "around" if length > 1 else "day"
    )


def day_of(
    kind: str, words: str, now: datetime, planned: bool, later: bool
) -> DayInterval | Interval | None:
    """Return the day or days that `words`, written at the moment `now`, mean; None if the words
    mean no day by themselves.

    `kind` is the kind of phrase, such as "ago" or "feast". `later` is True if the hour beside the
    day has not come yet today: "Friday 11pm", written on Friday at noon, is the Friday of last
    week.
    """
    today = now.date()
    match kind:
        case "iso":
            return _iso(words)
        case "slashed":
            return _slashed(words, today, planned)
        case "daymonth" | "monthday":
            return _named_date(words, today, planned)
        case "month" | "year":
            return _month_or_year(words, today)
        case "ordinal":
            last = today.replace(day=1) - _DAY if "last month" in words else today
            return _ordinal(int(re.sub(r"\D", "", words)), last, planned)
        case "feast":
            month, day = next(v for k, v in FEASTS.items() if words.startswith(k))
            found_day = _yearless(month, day, today, planned)
            return interval_of_day(found_day) if found_day else None
        case "relative" | "halfday":
            return interval_of_day(today + timedelta(days=_shift(words)))
        case "ago":
            return _back(words, now)
        case "weeklast":
            near = _weekday(words.rsplit(" ", 1)[1], today, False, True)
            weeks = 2 if "fortnight" in words else _count(words)
            return interval_of_day(near.start - timedelta(weeks=weeks)) if near else None
        case "stretch":
            past = _back(words, now)
            if isinstance(past, Interval):
                return past
            return DayInterval(past.start, today, "around")
        case "week":
            return _week(words, today)
        case "weekday":
            return _weekday(words, today, planned, later)
        case _:
            return None


def _iso(words: str) -> DayInterval | Interval | None:
    try:
        when = datetime.fromisoformat(words.upper().replace(" ", "T"))
    except ValueError:
        return None
    if len(words) == len("2011-02-14"):
        return interval_of_day(when.date())
    if when.tzinfo is None:
        return minute(when)
    start = when.astimezone(UTC).replace(second=0, microsecond=0)
    there = start.astimezone(LONDON)
    return Interval(start, start + timedelta(minutes=1), "minute", f"{there:%Y-%m-%dT%H:%M}")


def _slashed(words: str, today: date, planned: bool) -> DayInterval | None:
    """Return the days of a date in British order: day, month, year; a year of four digits may come
    first."""
    first, month, *rest = (int(n) for n in re.split(r"[/.-]", words))
    if first > 31:
        day = _made(first, month, rest[0])
    elif rest:
        day = _made(_year(re.split(r"[/.-]", words)[2]), month, first)
    else:
        day = _yearless(month, first, today, planned)
    return interval_of_day(day) if day else None


def _shift(words: str) -> int:
    if words.startswith(("day before", "the day before", "night before", "the night before")):
        return -2
    if words.startswith("yest") or re.match(r"y'?day|ystr|la?st", words):
        return -1
    return 1 if words.startswith(("tom", "tm", "2mo")) else 0


def _named_date(words: str, today: date, planned: bool) -> DayInterval | None:
    month = MONTHS[_MONTH.findall(words)[-1]]
    numbers = re.findall(r"\d+", words)
    day = int(numbers[0])
    if len(numbers) > 1:
        found_day = _made(_year(numbers[1]), month, day)
    else:
        found_day = _yearless(month, day, today, planned)
    return interval_of_day(found_day) if found_day else None


def _month_or_year(words: str, today: date) -> DayInterval | None:
    year = re.search(r"\d{4}", words)
    last = words.split()[-1 - (year is not None)][:3] if words else ""
    if last in MONTHS:
        month = MONTHS[last]
        this = today.year - (month > today.month)
        start = date(int(year.group()) if year else this, month, 1)
        return DayInterval(start, _months(start, 1), "around", "%Y-%m")
    if year is None:
        return None
    start = date(int(year.group()), 1, 1)
    return DayInterval(start, _months(start, 12), "around", "%Y")


def _ordinal(day: int, today: date, planned: bool) -> DayInterval | None:
    first = today.replace(day=1)
    months = (
        (first, _months(first, 1)) if planned else (first, _months(first, -1), _months(first, -2))
    )
    days_found = (d for m in months if (d := _made(m.year, m.month, day)))
    wanted = (d for d in days_found if (d >= today if planned else d <= today))
    chosen = next(wanted, None)
    return interval_of_day(chosen) if chosen else None
