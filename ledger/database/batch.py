"""The data that a log writes to its database, the same for SQLite and for PostgreSQL."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct

from domain.kernel.decoding import convert
from domain.kernel.envelope import ClockDiffers, Outgoing

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
SLACK = 1_000_000
"""Clocks that are synchronised are adjusted by less than this many µs."""


def to_micros(at: datetime) -> int:
    """Return a moment as microseconds since 1970 in UTC. Raises ValueError for a time without a
    zone.
    """
    if at.tzinfo is None:
        raise ValueError("the time of the clock must have a time zone")
    return (at - _EPOCH) // _MICROSECOND


class KeyRow(NamedTuple):
    """A data key as the database stores it; `wrapped` is None for a destroyed key.

    `number` counts the keys of a stream; if its newest key is destroyed, the stream is erased.
    """

    stream: bytes
    number: int
    family: str
    key_id: bytes
    epoch: int
    wrapped: bytes | None

    @property
    def context(self) -> bytes:
        """Return the associated data of this key's encryption. The key cannot be decrypted without
        these bytes.
        """
        return self.stream + self.number.to_bytes(4, "big") + self.key_id


class CommandSpan(Struct, frozen=True):
    """The position of a command in a batch: its `count` events follow the events of the command
    before it."""

    id: UUID
    digest: bytes
    count: int


class RecordBatch(Struct, frozen=True):
    """The events, keys and commands that one transaction writes to a log: either all of them or
    none.

    Each column of the events is a list, because this form is the fastest for both databases; the
    events are in the order of `commands`. A stream is 16 bytes. `unique` has pairs of blind digest
    and stream. The batch is refused if the clock is behind the log or more than `leap` µs ahead of
    it; if `leap` is None the clock is not checked. If the clock is later than the time `held`, this
    time is recorded instead.
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
        """Yield for each event of the batch the id of the command that caused it, as 16 bytes."""
        return chain.from_iterable(repeat(c.id.bytes, c.count) for c in self.commands)

    def claims(self) -> Iterator[tuple[UUID, int]]:
        """Yield the stream and version of each event in the batch."""
        return zip((UUID(bytes=stream) for stream in self.streams), self.versions, strict=True)


def recorded_at(head: int, clock: int, batch: RecordBatch) -> int:
    """Return the time (in µs since 1970) at which a batch is recorded, after a log's `head`. Raises
    ClockDiffers.
    """
    if batch.leap is not None and not head - SLACK <= clock <= head + batch.leap:
        raise ClockDiffers(clock)
    return max(head + 1, clock if batch.held is None else min(clock, batch.held))


class LogPosition(Struct, frozen=True):
    """The position of a batch in the log: event number i has the seq `seq` + i, and is recorded at
    `recorded` + i µs."""

    seq: int
    recorded: int


class KnownCommand(Struct, frozen=True):
    """A recorded command: its events are `count` rows from `first_seq` on. `digest` is None once
    its events were erased."""

    digest: bytes | None
    first_seq: int
    count: int


class RecordRow(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One stored event, as a row of the database."""

    seq: int
    stream: UUID
    version: int
    topic: str
    state: bytes
    recorded: datetime
    command_id: UUID


RawRow = tuple[Any, ...]
"""A row as a database returns it: ids as 16 bytes, `recorded` in seconds since 1970, and after the
fields of `RecordRow` the log's `shreds` when it was read (key_table.py).

A float represents these seconds to the microsecond until the year 2106 (2^32 s, where its steps are
half a microsecond), and is converted to a time in C for a whole batch at once.
"""


def rows(raw: Sequence[RawRow]) -> list[RecordRow]:
    """Return rows of the database as records. Raises `msgspec.ValidationError` for a damaged
    row."""
    return convert(raw, list[RecordRow], strict=False)


def times(first: int, count: int) -> list[datetime]:
    """Return `count` moments, a microsecond apart, starting `first` microseconds after 1970."""
    seconds = [micros / 1e6 for micros in range(first, first + count)]
    return convert(seconds, list[datetime], strict=False)
