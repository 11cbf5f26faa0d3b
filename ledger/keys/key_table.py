"""The table of a log's data keys, which are encrypted ("wrapped") and stored in the same database
as the records.

A key is written in the transaction of the first text that it encrypts, so that neither exists
without the other and there is one wait for the disk. When a key is destroyed, its row stays without
the key. So an audit can distinguish erased text from lost text, whose key has no row.

`shreds` in the log's head counts how often keys were destroyed or encrypted again. A writer states
the count at which it looked up its keys, and is refused if the count has changed. So no text is
encrypted with a key that was destroyed meanwhile, and no data key is wrapped with a key-encryption
key that is about to be destroyed.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct

from ledger.database.batch import KeyRow


class StaleKeys(Exception):
    """Raised if data keys were destroyed or added since they were looked up; nothing was
    written."""


class KeySeal(NamedTuple):
    """A row of the key table as an audit reads it; `sealed` is the SHA-256 of the wrapped key, None
    for a destroyed key."""

    stream: bytes
    number: int
    family: str
    key_id: bytes
    epoch: int
    sealed: bytes | None


class KeyTableSeen(NamedTuple):
    """All data keys of a log at one moment, and how many records the log had then."""

    size: int
    keys: Sequence[KeySeal]


class SealedState(NamedTuple):
    """The parts of a record that are needed to destroy its key."""

    stream: bytes
    state: bytes
    command: bytes
    leaf: bytes


class DestroyedData(Struct, frozen=True):
    """The data that an erasure destroys in one log: keys, by (stream, number); digests of commands;
    and blind indexes of streams.
    """

    keys: Sequence[tuple[bytes, int]]
    commands: Sequence[bytes]
    streams: Sequence[bytes]


class KeyCount(Struct, frozen=True):
    """The numbers of live and of destroyed data keys of a family in the table."""

    family: str
    live: int
    destroyed: int


Choose = Callable[[Sequence[KeyRow], Sequence[SealedState]], DestroyedData]


class KeyTable(ABC):
    """The table of the data keys of one log. Every method raises `LogUnavailable` if the database
    does not answer."""

    @abstractmethod
    def select(self, streams: Collection[bytes]) -> list[KeyRow]:
        """Return all data keys of these streams, by stream and number."""

    @abstractmethod
    def state(self) -> tuple[int, dict[str, int]]:
        """Return how often keys were destroyed (`shreds`), and for each family the number (epoch)
        of the key-encryption key that encrypts new data keys.
        """

    @abstractmethod
    def records(self, streams: Collection[bytes]) -> list[SealedState]:
        """Return all records of these streams, as an erasure needs them."""

    @property
    @abstractmethod
    def place(self) -> Hashable:
        """Return the place that is locked for writing: key tables with an equal place are written
        in one transaction.
        """

    @abstractmethod
    def alone(self) -> AbstractContextManager[Any]:
        """Return a transaction during which no other session writes to any log of this database."""

    @abstractmethod
    def destroy(
        self, within: Any, streams: Collection[bytes], choose: Choose, epochs: Mapping[str, int]
    ) -> None:
        """Destroy those data keys of these streams that the function `choose` selects, and store
        the numbers (epochs) of the key-encryption keys for new data keys. Both happen in one
        transaction, which blocks other writers.
        """

    @abstractmethod
    def older(self, family: str, epoch: int, after: KeyRow | None, limit: int) -> list[KeyRow]:
        """Return live data keys of a family that are wrapped with a key-encryption key older than
        `epoch`, in the order of the key table.
        """

    @abstractmethod
    def rewrap(self, rows: Sequence[KeyRow]) -> None:
        """Store these data keys, encrypted with another key-encryption key.

        A key that was destroyed meanwhile stays destroyed.
        """

    @abstractmethod
    def destroyed(self) -> list[tuple[UUID, bytes]]:
        """Return the stream and id of each destroyed data key."""

    @abstractmethod
    def destructions(self) -> list[tuple[UUID, bytes, int]]:
        """Return the stream and id of each destroyed data key, and when it was destroyed (µs since
        1970).
        """

    @abstractmethod
    def seals(self, streams: Collection[bytes] | None = None) -> KeyTableSeen:
        """Return all data keys, or the keys of some streams, as they are at one moment; with hashes
        instead of the wrapped keys."""

    @abstractmethod
    def keyless(self, limit: int) -> list[tuple[int, UUID, int]]:
        """Return seq, stream and version of at most `limit` encrypted records whose data key has no
        row in the table.
        """

    @abstractmethod
    def count(self) -> list[KeyCount]:
        """Return the number of data keys by family."""

    @abstractmethod
    def purge(self) -> None:
        """Make the database overwrite deleted data in its files. Raises `StillHeld`."""
