"""Where do data keys stand? Wrapped, in the log's own database, beside what they seal.

A key is written in the transaction of the first words that it seals: neither can be there without
the other, and nobody waits for the disk twice. A destroyed key leaves its row without the key, so
that what was erased can be told from what was lost: a body whose key has no row is a finding.

`shreds` in the log's head counts the times that keys were destroyed or given another epoch. A
person who seals says at which count they looked, and is refused if it moved since: nothing is
sealed under a key that was destroyed meanwhile, and no key is wrapped under an epoch that will be.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from ledger.database.batch import KeyRow


class StaleKeys(Exception):
    """Keys were destroyed or added since they were looked up; nothing was written."""


class KeySeal(NamedTuple):
    """A data key as the table holds it; `sealed` is the SHA-256 of the wrapped key, None for one
    that was destroyed."""

    stream: bytes
    number: int
    family: str
    key_id: bytes
    epoch: int
    sealed: bytes | None


class KeyTableSeen(NamedTuple):
    """All keys, and how many records the log had at that moment."""

    size: int
    keys: Sequence[KeySeal]


class SealedState(NamedTuple):
    """Of a record, what erasing it needs to know."""

    stream: bytes
    state: bytes
    command: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Doom:
    """What one log loses: keys by (stream, number), the digests of commands, and the blind indexes
    that are held by streams."""

    keys: Sequence[tuple[bytes, int]]
    commands: Sequence[bytes]
    streams: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class KeyCount:
    """How many keys of a family there are."""

    family: str
    live: int
    destroyed: int


Choose = Callable[[Sequence[KeyRow], Sequence[SealedState]], Doom]


class KeyTable(ABC):
    """The data keys of one log. Every method raises `LogUnavailable` as a log does."""

    @abstractmethod
    def select(self, streams: Collection[bytes]) -> list[KeyRow]:
        """All keys of these streams, by stream and number."""

    @abstractmethod
    def state(self) -> tuple[int, dict[str, int]]:
        """`shreds`, and the epoch under which new keys of each family are wrapped."""

    @abstractmethod
    def records(self, streams: Collection[bytes]) -> list[SealedState]:
        """All records of these streams."""

    @property
    @abstractmethod
    def place(self) -> Hashable:
        """What is locked with it: tables of one place are written in one transaction."""

    @abstractmethod
    def alone(self) -> AbstractContextManager[Any]:
        """A transaction during which nobody else writes to any log of this place."""

    @abstractmethod
    def destroy(
        self, within: Any, streams: Collection[bytes], choose: Choose, epochs: Mapping[str, int]
    ) -> None:
        """Destroys what `choose` says of these streams and moves to these epochs, within a
        transaction of its place that nobody else writes in."""

    @abstractmethod
    def older(self, family: str, epoch: int, after: KeyRow | None, limit: int) -> list[KeyRow]:
        """Live keys of a family under an epoch before this one, in the order of the table."""

    @abstractmethod
    def rewrap(self, rows: Sequence[KeyRow]) -> None:
        """Gives keys that are still live another wrapping and epoch."""

    @abstractmethod
    def destroyed(self) -> list[tuple[UUID, bytes]]:
        """Stream and id of the keys that were destroyed."""

    @abstractmethod
    def destructions(self) -> list[tuple[UUID, bytes, int]]:
        """Stream and id of the keys that were destroyed, and when (µs since 1970)."""

    @abstractmethod
    def seals(self, streams: Collection[bytes] | None = None) -> KeyTableSeen:
        """All keys, or those of some streams, without what wraps them: one moment of the log."""

    @abstractmethod
    def keyless(self, limit: int) -> list[tuple[int, UUID, int]]:
        """Seq, stream and version of sealed records in streams that lack the row of a key."""

    @abstractmethod
    def count(self) -> list[KeyCount]:
        """How many keys there are."""

    @abstractmethod
    def purge(self) -> None:
        """Makes the database let go of what was deleted in its place. Raises `StillHeld`."""
