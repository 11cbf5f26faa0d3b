"""Read the dates and times in a sheet or a message. A cell with a date is used as it is; text is
read by the same rules as every time that a user types.

A date in the future, or before 1900, is stored as it is, with a flag.
"""

from datetime import date, datetime, time, timedelta

from domain import forms
from domain.forms import local
from domain.forms.patterns import lazy_regex
from domain.kernel.values import Precision, QualityCode, When
from ingest.files.cells import Cell, Flag, written

_UNKNOWN = frozenset({"", "-", "?", "n/a", "na", "not known", "unknown", "dont know", "none"})
_FLAGS: dict[str, QualityCode] = {
    "future": "date-in-future",
    "before-1900": "date-before-1900",
    "clocks-changed": "clocks-changed",
}


def happened(
    day: Cell, hour: Cell, column: str, moment: datetime
) -> tuple[When | None, tuple[Flag, ...]]:
    """Return when something happened, from a date cell and a time cell, either of which may contain
    words. Return None if both cells are empty or say that the time is unknown. `moment` is when a
    worker heard the information (UTC): "yesterday" means the day before `moment`. If words give no
    time, return the words without a time, and a flag."""
    if isinstance(day, datetime) and day.time() != time() and hour in (None, ""):
        return _exact_interval(written(day), day, timedelta(minutes=1), "minute", column, moment)
    if isinstance(day, datetime):
        day = day.date()
    clock = _clock(hour)
    if isinstance(day, date) and hour in (None, ""):
        start = datetime.combine(day, time())
        return _exact_interval(written(day), start, timedelta(days=1), "day", column, moment)
    if isinstance(day, date) and clock is not None:
        start = datetime.combine(day, clock)
        words = f"{day:%Y-%m-%d} {clock:%H:%M}"
        return _exact_interval(words, start, timedelta(minutes=1), "minute", column, moment)
    spoken = f"{day:%d/%m/%Y}" if isinstance(day, date) else written(day)
    hour_words = f"{clock:%H:%M}" if clock is not None else written(hour)
    words = " ".join(part for part in (spoken, hour_words) if part).strip()
    if forms.name(words) in _UNKNOWN:
        return None, ()
    return _time_in_words(words, column, moment)


def _time_in_words(words: str, column: str, moment: datetime) -> tuple[When, tuple[Flag, ...]]:
    found_moment = forms.moment(words, moment)
    if found_moment is None:
        return When(words), (("date-unresolved", column, words),)
    flags = tuple((_FLAGS[flag], column, words) for flag in found_moment.flags if flag in _FLAGS)
    return When(words, found_moment.start, found_moment.end, found_moment.precision), flags


def _exact_interval(
    words: str,
    start: datetime,
    length: timedelta,
    precision: Precision,
    column: str,
    moment: datetime,
) -> tuple[When, tuple[Flag, ...]]:
    """Return the interval that a cell with an exact time gives, and flags if the time is unlikely.
    The interval begins at `start`, in local time, and has the duration `length`."""
    try:
        begin, end = local.between(start, start + length)
    # the time is outside the years 1 to 9999, which Python's datetime can hold
    except (OverflowError, ValueError):
        return When(words), (("date-unresolved", column, words),)
    flags: tuple[Flag, ...] = ()
    if local.is_ambiguous(start, start + length):
        precision, flags = "around", (("clocks-changed", column, words),)
    if begin > moment:
        flags += (("date-in-future", column, words),)
    elif start.year < 1900:
        flags += (("date-before-1900", column, words),)
    return When(words, begin, end, precision), flags


def _utc(moment: datetime) -> datetime:
    """Return the moment in UTC that a local time means. If the local time occurs twice, because the
    clocks were changed, return the earlier of the two moments.
    """
    return local.moments(moment)[0]


def _clock(cell: Cell) -> time | None:
    """Return the time of day in a cell; a spreadsheet may store it as a fraction of a day."""
    match cell:
        case datetime():
            return cell.time()
        case time():
            return cell
        case timedelta() if timedelta() <= cell < timedelta(days=1):
            minutes = int(cell.total_seconds() // 60)
        case float() if 0 <= cell < 1:
            minutes = round(cell * 24 * 60) % (24 * 60)
        case _:
            return None
    return time(minutes // 60, minutes % 60)


def instant(cell: Cell, column: str, now: datetime) -> tuple[datetime | None, tuple[Flag, ...]]:
    """Return when something was said or received: the beginning of the time that the cell gives.

    The time is None if the cell is empty, and None with a flag if the cell gives no time.
    """
    match cell:
        case datetime():
            return _utc(cell), _odd(cell, column, written(cell), now)
        case date():
            start = _utc(datetime.combine(cell, time()))
            return start, _odd(start, column, written(cell), now)
    words = written(cell).strip()
    if forms.name(words) in _UNKNOWN:
        return None, ()
    try:
        exact = datetime.fromisoformat(words)
        return _utc(exact), _odd(exact, column, words, now)
    # the time is outside the years 1 to 9999, which Python's datetime can hold
    except OverflowError:
        return None, (("date-unresolved", column, words),)
    except ValueError:
        when, flags = _time_in_words(words, column, now)
        return when.start, flags


def _odd(moment: datetime, column: str, words: str, now: datetime) -> tuple[Flag, ...]:
    at, *other = local.moments(moment)
    flags: tuple[Flag, ...] = (("clocks-changed", column, words),) if other else ()
    if at > now:
        return (*flags, ("date-in-future", column, words))
    return (*flags, ("date-before-1900", column, words)) if at.year < 1900 else flags


_ABSOLUTE = lazy_regex(r"[\d\s/.:T-]{6,}")


def stable(when: When | None) -> str:
    """Return a text for `when` that is the same on whichever day the file is read. "Last Tuesday"
    stays in words; a date in figures becomes its time and precision.
    """
    if when is None:
        return ""
    if when.start is None or not _ABSOLUTE.fullmatch(when.words):
        return when.words
    return f"{when.start.isoformat()} {when.precision}"
