"""Rows that take the fields of an event by their names."""

from typing import TypeVar

from msgspec.structs import asdict

from domain.kernel.decoding import convert
from domain.kernel.envelope import Recorded

R = TypeVar("R")


def row_of(kind: type[R], fact: Recorded, **more: object) -> R:
    """Return a row of what was recorded: `id` is the stream, `by` who recorded it, `recorded` when;
    the other fields are those of the event that are called the same, and `more`, which goes first.

    Raises `msgspec.ValidationError` for a field that is missing or of another type.
    """
    about = {"id": fact.stream, "by": fact.by, "recorded": fact.recorded}
    return convert(asdict(fact.event) | about | more, kind)
