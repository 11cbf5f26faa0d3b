"""Makes rows from the fields of an event that have the same names."""

from typing import TypeVar

from msgspec.structs import asdict

from domain.kernel.decoding import convert
from domain.kernel.envelope import Recorded

R = TypeVar("R")


def row_of(kind: type[R], fact: Recorded, **more: object) -> R:
    """Return a row made from a recorded event: `id` is the event's stream, `by` its author,
    `recorded` its time, and the other fields are the event's fields of the same names. Values in
    `more` replace these values.

    Raise `msgspec.ValidationError` for a field that is missing or of another type.
    """
    about = {"id": fact.stream, "by": fact.by, "recorded": fact.recorded}
    return convert(asdict(fact.event) | about | more, kind)
