"""What a person typed: text, times, grades, ids. Raises BadInput, saying what to type instead."""

import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

if TYPE_CHECKING:
    from domain.values import Grade


class BadInput(Exception):
    """What was typed cannot be used; the message says what to type instead."""


def piped_text(prompt: str) -> str:
    """Text from standard input, or asked for where somebody types."""
    if sys.stdin.isatty():
        sys.stderr.write(f"{prompt} (end with Ctrl-D):\n")
    data = sys.stdin.buffer.read() if hasattr(sys.stdin, "buffer") else sys.stdin.read().encode()
    try:
        return data.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise BadInput(f"standard input is not UTF-8 (byte {error.start + 1})") from error


def parse_time(text: str) -> datetime:
    """An ISO 8601 time; without a zone it is UTC, a bare date is its first moment."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadInput(
            f"{text!r} is no time; write 2011-03-19T23:40, 2011-03-19T23:40+00:00 or 2011-03-19"
        ) from error


def parse_day(text: str | None) -> date | None:
    """An ISO 8601 date; None where none was given."""
    try:
        return date.fromisoformat(text.strip()) if text else None
    except ValueError as error:
        raise BadInput(f"{text!r} is no date; write one like 1996-05-04") from error


def parse_grade(text: str) -> "Grade":
    """A 3x5x2 grade, as 2C."""
    from domain.values import Grade

    try:
        return Grade.parse(text)
    except ValueError as error:
        raise BadInput(str(error)) from error


def parse_end(text: str) -> datetime:
    """As `parse_time`, but a bare date is its last moment: the whole day is meant."""
    moment = parse_time(text)
    if len(text.strip()) == len("2011-03-19"):
        return moment.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return moment


def parse_uuid(text: str | None) -> UUID:
    """A command id; a new one where none was given."""
    if text is None:
        return uuid4()
    try:
        return UUID(text)
    except ValueError as error:
        raise BadInput(f"{text!r} is no UUID: a command id looks like {uuid4()}") from error
