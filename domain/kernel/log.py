"""Protocols of a log: reading its newest position, the history of a stream, reading all events in
order, and writing.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec

from domain.kernel.envelope import Event, LogName, Recorded, Submission


class LogRoot(msgspec.Struct, frozen=True):
    """A receipt with which `continuum verify` checks that the records of a log from number `first`
    to number `seq` are unchanged: the root hash over these records and the hash (leaf) of the last
    record, both in hex.
    """

    log: LogName
    seq: int
    leaf: str
    first: int
    root: str


class LogEnd(Protocol):
    """Protocol: an object that returns the position of the newest record of a log, and the types of
    the log's events. The types can be read without decrypting the events.
    """

    def kinds(self, after: int, limit: int) -> list[tuple[int, type[Event] | None]]: ...

    def last(self) -> int: ...


class History(Protocol):
    """Protocol: an object that returns all events of one stream, such as those of one case."""

    def history(self, stream: UUID) -> list[Recorded]: ...


class LogReader(LogEnd, Protocol):
    """Protocol: a log for updating the views: returns its events in order, and waits for new
    events.
    """

    def read(
        self, after: int, limit: int, on_error: Callable[[int, str], None] | None = None
    ) -> list[Recorded]: ...

    def wait(self, seconds: float) -> bool: ...


class Log(LogReader, History, Protocol):
    """Protocol: a log as commands use it: it returns events in order and the history of a stream,
    and records new events.
    """

    def now(self) -> datetime: ...

    def jump(self) -> timedelta | None: ...

    def believe_clock(self) -> None: ...

    def moment(self, seq: int) -> datetime: ...

    def streams(self, after: int, limit: int) -> Sequence[tuple[int, UUID]]: ...

    def append(self, submissions: Sequence[Submission]) -> list[tuple[Recorded, ...]]: ...

    def command(self, command_id: UUID) -> tuple[Recorded, ...] | None: ...

    def known_commands(self, ids: Collection[UUID]) -> set[UUID]: ...

    def find(self, digest: bytes) -> UUID | None: ...
