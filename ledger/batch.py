"""What passes between a log and its database, the same on SQLite and on PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Microseconds since 1970 in UTC. Raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError("the clock must tell its zone")
    return (at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The time in UTC of so many microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=micros)


@dataclass(frozen=True, slots=True)
class Command:
    """A command's place in a batch: its `count` events follow those of the command before it."""

    id: UUID
    digest: bytes
    count: int


@dataclass(frozen=True, slots=True)
class Batch:
    """What is written in one transaction or not at all.

    `events` holds (stream, version, topic, state) in the order of `commands`; `unique` holds
    (blind digest, stream).
    """

    commands: Sequence[Command]
    events: Sequence[tuple[UUID, int, str, bytes]]
    unique: Sequence[tuple[bytes, UUID]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a batch went: event number i has `seq` + i, recorded at `recorded` + i µs."""

    seq: int
    recorded: int


@dataclass(frozen=True, slots=True)
class KnownCommand:
    """What the log holds of a command: its events are `count` rows from `first_seq` on."""

    digest: bytes
    first_seq: int
    count: int


class Row(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One stored event. `recorded` is in µs since 1970, UTC."""

    seq: int
    stream: UUID
    version: int
    topic: str
    state: bytes
    recorded: int
    command_id: UUID


RawRow = tuple[Any, ...]
"""A Row as the driver gives it, ids as 16 bytes: `msgspec.convert` makes Rows of many at once."""
