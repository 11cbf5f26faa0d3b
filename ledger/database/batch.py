"""What passes between a log and its database, the same on SQLite and on PostgreSQL."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from domain.kernel.decoding import convert
from domain.kernel.envelope import ClockDiffers, Outgoing

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
SLACK = 1_000_000
"""Clocks that are kept in step are moved by less than these µs."""


def to_micros(at: datetime) -> int:
    """Microseconds since 1970 in UTC. Raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError("the clock must tell its zone")
    return (at - _EPOCH) // _MICROSECOND


class KeyRow(NamedTuple):
    """A data key as it stands in the database; `wrapped` is None for one that was destroyed.

    `number` counts the keys of a stream; its newest key being destroyed, the stream is erased.
    """

    stream: bytes
    number: int
    family: str
    key_id: bytes
    epoch: int
    wrapped: bytes | None

    @property
    def context(self) -> bytes:
        """What the wrapped key is bound to, besides its family and epoch."""
        return self.stream + self.number.to_bytes(4, "big") + self.key_id


@dataclass(frozen=True, slots=True)
class CommandSpan:
    """A command's place in a batch: its `count` events follow those of the command before it."""

    id: UUID
    digest: bytes
    count: int


@dataclass(frozen=True, slots=True)
class RecordBatch:
    """What is written in one transaction or not at all.

    The events stand in columns, in the order of `commands`, which is how both databases take many
    of them fastest; a stream is told as 16 bytes. `unique` holds (blind digest, stream).
    `leap` is by how many µs the clock may be ahead of the log (None: it is taken as it is), `held`
    the time to record at instead of the clock's where that is later.
    """

    commands: Sequence[CommandSpan]
    streams: Sequence[bytes]
    versions: Sequence[int]
    topics: Sequence[str]
    states: Sequence[bytes]
    unique: Sequence[tuple[bytes, UUID]]
    keys: Sequence[KeyRow] = ()
    shreds: int | None = None
    outgoing: Sequence[Outgoing] = ()
    leap: int | None = None
    held: int | None = None

    def caused_by(self) -> Iterator[bytes]:
        """The command id of each event, as 16 bytes."""
        return chain.from_iterable(repeat(c.id.bytes, c.count) for c in self.commands)

    def claims(self) -> Iterator[tuple[UUID, int]]:
        """The stream and version that each event claims."""
        return zip((UUID(bytes=stream) for stream in self.streams), self.versions, strict=True)


def recorded_at(head: int, clock: int, batch: RecordBatch) -> int:
    """The µs at which a batch is recorded, behind a log's `head`. Raises ClockDiffers."""
    if batch.leap is not None and not head - SLACK <= clock <= head + batch.leap:
        raise ClockDiffers(clock)
    return max(head + 1, clock if batch.held is None else min(clock, batch.held))


@dataclass(frozen=True, slots=True)
class LogPosition:
    """Where a batch went: event number i has `seq` + i, recorded at `recorded` + i µs."""

    seq: int
    recorded: int


@dataclass(frozen=True, slots=True)
class KnownCommand:
    """What the log holds of a command: its events are `count` rows from `first_seq` on. `digest`
    is None once what it recorded was erased."""

    digest: bytes | None
    first_seq: int
    count: int


class RecordRow(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One stored event."""

    seq: int
    stream: UUID
    version: int
    topic: str
    state: bytes
    recorded: datetime
    command_id: UUID


RawRow = tuple[Any, ...]
"""A row as a database gives it: ids as 16 bytes, `recorded` in seconds since 1970, and behind the
fields of `RecordRow` the `shreds` of the log when it was read (key_table.py).

A float tells the microseconds of such seconds apart until the year 2106 (2^32 s; its steps are
half a microsecond there), and is turned into a time in C, for a whole batch at once.
"""


def rows(raw: Sequence[RawRow]) -> list[RecordRow]:
    """Raises `msgspec.ValidationError` if one of them is damaged."""
    return convert(raw, list[RecordRow], strict=False)


def times(first: int, count: int) -> list[datetime]:
    """`count` times, a microsecond apart, from `first` microseconds since 1970 on."""
    seconds = [micros / 1e6 for micros in range(first, first + count)]
    return convert(seconds, list[datetime], strict=False)
