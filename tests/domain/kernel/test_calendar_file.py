"""A calendar file follows RFC 5545, and names only the type of each deadline, and no person."""

import re
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.kernel import calendar_file
from domain.kernel.calendar_file import CalendarEntry

NOW = datetime(2011, 3, 18, 9, tzinfo=UTC)
ONE = UUID("012ec831-5680-7637-8ee8-b2be421e42c7")


def lines(content: bytes) -> list[str]:
    """Return the lines of a calendar file after unfolding: a line end before a space is removed
    (RFC 5545 3.1).
    """
    assert content.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
    return content.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_an_entry_has_what_the_rfc_asks_for_and_no_more_of_the_record() -> None:
    summer = datetime(2011, 7, 1, 10, tzinfo=timezone(timedelta(hours=1)))
    content = calendar_file.calendar_of([CalendarEntry(ONE, "return-interview", summer)], NOW)
    assert lines(content) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Continuum//What is due//EN",
        "BEGIN:VEVENT",
        f"UID:{ONE}",
        "DTSTAMP:20110318T090000Z",
        "DTSTART:20110701T090000Z",
        "SUMMARY:Due: return interview (421e42c7)",
        "DESCRIPTION:Sign in to see it: due\\, 421e42c7",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_a_calendar_of_nothing_is_still_one() -> None:
    assert lines(calendar_file.calendar_of([], NOW))[-1] == "END:VCALENDAR"


def test_what_has_a_meaning_in_a_text_is_escaped() -> None:
    assert calendar_file.text("a;b,c\\d\r\ne") == "a\\;b\\,c\\\\d\\ne"


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=400))
def test_a_long_line_is_folded_between_characters(line: str) -> None:
    parts = list(calendar_file.folded_parts(line))
    assert all(len(part) <= calendar_file.LINE for part in parts)
    assert all(part.startswith(b" ") for part in parts[1:])
    assert b"".join([parts[0], *(part[1:] for part in parts[1:])]).decode() == line
    for part in parts:
        part.decode()
