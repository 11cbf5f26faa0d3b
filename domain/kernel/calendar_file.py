"""A calendar file by RFC 5545: what is due, for another program to show beside the rest of a day.

A calendar is read over somebody's shoulder and kept by programs that are not ours: an entry says
which sort of date it is, and a reference that means something to the person who is signed in; no
name, and no words of the record.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

#: Octets of a line without its end (RFC 5545, 3.1).
LINE = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True)
class CalendarEntry:
    """One date: `id` is that of what is due, `clock` which sort it is, `at` when."""

    id: UUID
    clock: str
    at: datetime


def written(entries: Iterable[CalendarEntry], now: datetime) -> bytes:
    """The file, as it was made `now`."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Continuum//What is due//EN"]
    for one in entries:
        lines += _entry(one, now)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in folded(line))


def _entry(one: CalendarEntry, now: datetime) -> Iterator[str]:
    what = one.clock.replace("-", " ")
    reference = one.id.hex[-8:]
    yield "BEGIN:VEVENT"
    yield f"UID:{one.id}"
    yield f"DTSTAMP:{_moment(now)}"
    yield f"DTSTART:{_moment(one.at)}"
    yield f"SUMMARY:{text(f'Due: {what} ({reference})')}"
    yield f"DESCRIPTION:{text(f'Sign in to see it: due, {reference}')}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def text(value: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11): backslashes, semicolons, commas and line ends are
    escaped."""
    return value.translate(_ESCAPED)


def folded(line: str) -> Iterator[bytes]:
    """The parts of a content line, each of 75 octets at most, the later ones behind a space; no
    character is cut in two."""
    part = b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > LINE:
            yield part
            part = b" "
        part += octets
    yield part
