"""Convert times without a time zone to UTC. They are read as local time in Britain, wherever the
user is.

Each year an hour occurs twice in autumn, and an hour is left out in spring. A time in such an hour
may mean two moments, and the user has to choose. If the user does not choose, the two moments are
stored as the ends of an interval.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from domain.forms.intervals import LONDON

__all__ = [
    "LONDON",
    "ambiguity_question",
    "between",
    "day_of",
    "format_moment",
    "is_ambiguous",
    "moments",
    "occurs_twice",
    "zoned",
]
_TICK = timedelta(microseconds=1)


def moments(local: datetime, zone: tzinfo = LONDON) -> tuple[datetime, ...]:
    """Return the moments (UTC) that a local time may mean, the earlier first: one moment, or two
    when the clocks change. A time with a time zone means one moment.

    Raises OverflowError if a moment is before the first or after the last possible date.
    """
    if local.tzinfo is not None:
        return (local.astimezone(UTC),)
    both = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(both))


def between(start: datetime, end: datetime, zone: tzinfo = LONDON) -> tuple[datetime, datetime]:
    """Return the interval (UTC) from `start` to `end` in local time. If `start` or `end` may mean
    two moments because the clocks change, the interval includes both.
    """
    return moments(start, zone)[0], moments(end - _TICK, zone)[-1] + _TICK


def is_ambiguous(start: datetime, end: datetime, zone: tzinfo = LONDON) -> bool:
    """Return whether a span of local time begins or ends in an hour that occurs twice or never."""
    return len(moments(start, zone)) > 1 or len(moments(end - _TICK, zone)) > 1


def occurs_twice(moment: datetime, zone: tzinfo = LONDON) -> bool:
    """Return whether this moment's local hour occurs twice that night."""
    return len(moments(moment.astimezone(zone).replace(tzinfo=None), zone)) > 1


def day_of(moment: date) -> date:
    """Return the day of a moment in Britain. A moment at midnight UTC, or just before it, is the
    beginning or end of a whole day, so its day by UTC is returned. A date is returned unchanged.
    """
    if not isinstance(moment, datetime):
        return moment
    marked = (moment.astimezone(UTC) + last * _TICK for last in (False, True))
    whole = any(marked_moment.time() == time() for marked_moment in marked)
    return moment.astimezone(UTC if whole else LONDON).date()


def zoned(moment: datetime, zone: tzinfo = LONDON) -> str:
    """Return a moment as a text that a user can type again without ambiguity:
    "2026-10-25T01:30+01:00".
    """
    return moment.astimezone(zone).isoformat(timespec="minutes")


def format_moment(moment: datetime, zone: tzinfo = LONDON) -> str:
    """Return a moment as text: local time with its zone: "25 Oct 2026, 01:30 BST"."""
    there = moment.astimezone(zone)
    return f"{there.day} {there:%b %Y, %H:%M %Z}"


def format_day(moment: datetime, zone: tzinfo = LONDON) -> str:
    """Return the day of a moment as text: "25 Oct 2026"."""
    there = moment.astimezone(zone)
    return f"{there.day} {there:%b %Y}"


def ambiguity_question(text: str, moments: tuple[datetime, ...], zone: tzinfo = LONDON) -> str:
    """Return the question for a user whose time may mean two moments."""
    first, second = (
        f"{format_moment(candidate, zone)} ({zoned(candidate, zone)})" for candidate in moments
    )
    came = (
        "never came" if moments[0].astimezone(zone).hour != moments[1].astimezone(zone).hour else ""
    )
    return (
        f"{text.strip()!r} {came or 'came twice'} that night, when the clocks were changed: "
        f"is it {first} or {second}?"
    )
