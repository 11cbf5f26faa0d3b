"""The one clock: what a time without a zone means, wherever it was typed.

People mean the clock on a British wall. Once a year an hour comes twice and once it never comes: a
time in it may mean two moments, and the person who typed it is asked; unanswered, both are kept as
the ends of an interval.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from domain.forms.intervals import LONDON

__all__ = [
    "LONDON",
    "between",
    "day_of",
    "doubtful",
    "moments",
    "spoken",
    "unsure",
    "which",
    "zoned",
]
_TICK = timedelta(microseconds=1)


def moments(local: datetime, zone: tzinfo = LONDON) -> tuple[datetime, ...]:
    """The moments (UTC) that a local time may mean, the earlier first: one, or two where the
    clocks are changed. A time with a zone of its own means one.

    Raises OverflowError at the ends of the calendar.
    """
    if local.tzinfo is not None:
        return (local.astimezone(UTC),)
    both = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(both))


def between(start: datetime, end: datetime, zone: tzinfo = LONDON) -> tuple[datetime, datetime]:
    """The interval (UTC) that [start, end) by the clock on the wall surely lies in."""
    return moments(start, zone)[0], moments(end - _TICK, zone)[-1] + _TICK


def doubtful(start: datetime, end: datetime, zone: tzinfo = LONDON) -> bool:
    """Whether [start, end) begins or ends in an hour that comes twice or never."""
    return len(moments(start, zone)) > 1 or len(moments(end - _TICK, zone)) > 1


def unsure(moment: datetime, zone: tzinfo = LONDON) -> bool:
    """Whether the clock on the wall says this moment's hour twice that night."""
    return len(moments(moment.astimezone(zone).replace(tzinfo=None), zone)) > 1


def day_of(moment: date) -> date:
    """The day of a moment by the clock on the wall; of a day that was typed to stay that day, from
    its first moment or to its last, that day. A day is its own."""
    if not isinstance(moment, datetime):
        return moment
    marked = (moment.astimezone(UTC) + last * _TICK for last in (False, True))
    whole = any(one.time() == time() for one in marked)
    return moment.astimezone(UTC if whole else LONDON).date()


def zoned(moment: datetime, zone: tzinfo = LONDON) -> str:
    """A moment as somebody may type it again without a doubt: "2026-10-25T01:30+01:00"."""
    return moment.astimezone(zone).isoformat(timespec="minutes")


def spoken(moment: datetime, zone: tzinfo = LONDON) -> str:
    """A moment by the clock on the wall, with its zone: "25 Oct 2026, 01:30 BST"."""
    there = moment.astimezone(zone)
    return f"{there.day} {there:%b %Y, %H:%M %Z}"


def spoken_day(moment: datetime, zone: tzinfo = LONDON) -> str:
    """The day of a moment: "25 Oct 2026"."""
    there = moment.astimezone(zone)
    return f"{there.day} {there:%b %Y}"


def which(text: str, found: tuple[datetime, ...], zone: tzinfo = LONDON) -> str:
    """The question that is asked where a time may mean two moments."""
    first, second = (f"{spoken(one, zone)} ({zoned(one, zone)})" for one in found)
    came = "never came" if found[0].astimezone(zone).hour != found[1].astimezone(zone).hour else ""
    return (
        f"{text.strip()!r} {came or 'came twice'} that night, when the clocks were changed: "
        f"is it {first} or {second}?"
    )
