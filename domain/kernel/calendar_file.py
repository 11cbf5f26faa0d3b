"""Write a calendar file (RFC 5545) of due dates. Other calendar programs can show the file.

Other people may see a user's calendar, and other programs store it. Therefore an entry has only the
type of deadline and a reference that only a signed-in user can resolve. It has no name and no text
of the record.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

#: The largest number of octets in a line of a calendar file, without the line end (RFC 5545, 3.1).
LINE = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


class CalendarEntry(Struct, frozen=True):
    """One due date in a calendar file: the `id` of the due item, the type of deadline (`clock`),
    and the time (`at`).
    """

    id: UUID
    clock: str
    at: datetime


def calendar_of(entries: Iterable[CalendarEntry], now: datetime) -> bytes:
    """Return a calendar file with these due dates; `now` is its time stamp."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Continuum//What is due//EN"]
    for entry in entries:
        lines += _entry(entry, now)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in folded_parts(line))


def _entry(entry: CalendarEntry, now: datetime) -> Iterator[str]:
    clock_name = entry.clock.replace("-", " ")
    reference = entry.id.hex[-8:]
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.id}"
    yield f"DTSTAMP:{_moment(now)}"
    yield f"DTSTART:{_moment(entry.at)}"
    yield f"SUMMARY:{text(f'Due: {clock_name} ({reference})')}"
    yield f"DESCRIPTION:{text(f'Sign in to see it: due, {reference}')}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def text(value: str) -> str:
    """Return a calendar file's value of type TEXT (RFC 5545, 3.3.11), with backslashes, semicolons,
    commas and line ends escaped.
    """
    return value.translate(_ESCAPED)


def folded_parts(line: str) -> Iterator[bytes]:
    """Yield the parts into which a long line of a calendar file is folded. Each part has at most 75
    octets; each part after the first begins with a space. No character is divided between two
    parts.
    """
    part = b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > LINE:
            yield part
            part = b" "
        part += octets
    yield part
