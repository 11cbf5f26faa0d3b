"""The interface between a log and its database; with the methods that the event-sourcing library
calls.

The file is long because the docstring of each method says what every database must guarantee.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from time import sleep
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    InfrastructureFactory,
    Notification,
    StoredEvent,
)
from eventsourcing.utils import Environment

from domain.kernel.envelope import LogName
from ledger.database.batch import KnownCommand, LogPosition, RawRow, RecordBatch, rows
from ledger.keys.key_table import KeyTable
from ledger.proof.leaf import SealedRow, key_of_state

_PAGE = 1000
NO_EPOCHS: Mapping[str, int] = MappingProxyType({})

TABLES = ("head", "origin", "events", "commands", "unique", "keys", "epochs")
"""The names of a log's tables, without the log's prefix."""
RECORDS = frozenset({"head", "origin", "events", "commands"})
"""The names of the tables without which the log's records cannot be examined."""

UNSEALED = (
    "The {log} log was made before text was encrypted, and a log cannot be encrypted in part: "
    "make a new store with `continuum init` and import the records into it."
)


class WritingSite(NamedTuple):
    """The state of the sites of a log. `site` is the site that writes to the log, or None if this
    information is not copied yet. `term` is the number of the term (change of the writing site) in
    which that site writes. `here` is the name of this site, or None without one; `holds` says which
    data it has ("all", or only "records"), and `follows` whether it copies from another site.
    """

    term: int
    site: str | None
    here: str | None
    holds: str | None
    follows: bool

    @property
    def is_writer(self) -> bool:
        """Return whether this site may write to the log. A site that still copies the records of
        another site may not."""
        return self.site == self.here and not self.follows


class LogRecorder(ApplicationRecorder, ABC):
    """The interface of a log's database: numbers without gaps, a clock that never goes back,
    command ids and unique keys.

    Every method raises `LogUnavailable` if the database does not answer, is full or is locked.
    """

    @property
    @abstractmethod
    def keys(self) -> KeyTable:
        """Return the table of the log's data keys."""

    @abstractmethod
    def create_table(
        self, store_id: str | None = None, epochs: Mapping[str, int] = NO_EPOCHS
    ) -> None:
        """Make the missing tables of the log; several processes may do so at once.

        The origin of a new log contains `store_id`, or a random id. `epochs` has, by family, the
        number of the key-encryption key that encrypts the log's new data keys. Raises
        `LogUnavailable` for a log that was made before text was encrypted, because no log is
        encrypted in part.
        """

    @abstractmethod
    def absent(self) -> list[str]:
        """Return which of the log's tables are missing: all of them if its file is gone."""

    @abstractmethod
    def foreign(self) -> list[str]:
        """Return objects on or next to the log's tables that this program did not make: a trigger,
        a rule, a table, a column. Such objects may change new records or prevent their storage.
        """

    def differing(self) -> list[str]:
        """Return database objects of the log's schema that are missing, additional, or different
        from what this release makes: functions with their bodies, columns, indexes, constraints,
        owners, rights. Objects that `foreign` returns are left out."""
        return []

    def made_by_another(self) -> bool:
        """Return whether the log's database functions are marked as made by another release,
        because the database's owner has not upgraded them yet."""
        return False

    @abstractmethod
    def unsealed(self) -> bool:
        """Return whether the log was made before text was encrypted."""

    def wait(self, seconds: float) -> bool:
        """Wait for up to this many seconds for a new record; return whether the database reported
        one. If the database does not report records, wait for the full time.
        """
        sleep(seconds)
        return False

    def turn(self) -> WritingSite | None:
        """Return which site writes to the log; None for a log with a single site."""
        return None

    def require_turn(self) -> None:
        """Raise LogUnavailable if another session blocks all writers; the message names that
        session."""

    @abstractmethod
    def insert_batch(self, batch: RecordBatch) -> LogPosition | None:
        """Write a batch of events; return its position. If one of its commands was recorded before,
        write nothing and return None.

        Raises `Conflict`, `UniqueTaken` or `StaleKeys`; nothing is written then, either.
        """

    def carry_home(self) -> None:
        """Copy the write-ahead log into the database file. Otherwise some databases leave this to a
        later writer, who would have to wait for it.
        """

    @abstractmethod
    def select_rows(self, after: int, limit: int) -> Sequence[RawRow]:
        """Return the rows of events with a seq above `after`, in order."""

    def select_topics(self, after: int, limit: int) -> Sequence[tuple[int, str]]:
        """Return only seq and topic of the events with a seq above `after`, in order."""
        return [(row[0], row[3]) for row in self.select_rows(after, limit)]

    @abstractmethod
    def select_streams(self, after: int, limit: int) -> Sequence[tuple[int, UUID]]:
        """Return only seq and stream of the events with a seq above `after`, in order."""

    def select_topics_of(
        self, after: Mapping[LogName, int], limit: int
    ) -> Mapping[LogName, tuple[int, Sequence[str]]] | None:
        """Return for each of several logs the last seq, and the topics of the events after the
        given seq, in order, with one statement; None if each log needs its own query."""
        return None

    @abstractmethod
    def select_stream(self, stream: UUID) -> Sequence[RawRow]:
        """Return the rows of a stream's events, in the order of their versions."""

    @abstractmethod
    def select_commands(self, ids: Iterable[UUID]) -> dict[UUID, KnownCommand]:
        """Return the commands among these that the log has recorded."""

    @abstractmethod
    def select_unique(self, digest: bytes) -> UUID | None:
        """Return the stream that has this blind index, or None."""

    @abstractmethod
    def last_seq(self) -> int:
        """Return the last seq of the log, 0 if it is new."""

    @abstractmethod
    def now(self) -> int:
        """Return the time of the clock that dates new records, in µs since 1970."""

    @abstractmethod
    def origin(self) -> str:
        """Return the log's globally unique name. Raises `IntegrityFailure` if it is missing."""

    @abstractmethod
    def select_sealed(self, first: int, limit: int) -> list[SealedRow]:
        """Return stored records from seq `first` on, with their leaves."""

    @abstractmethod
    def select_loose(self, limit: int) -> list[int]:
        """Return the seqs of records that belong to no recorded command."""

    def epochs(self) -> dict[str, int] | None:
        """Return for each family the number (epoch) of the key-encryption key that encrypts new
        data keys; None if this database user may not read it.
        """
        return self.keys.state()[1]

    @abstractmethod
    def forgotten(self, limit: int) -> list[tuple[int, UUID]]:
        """Return commands that have no digest although no data key of their records' streams was
        destroyed. Each command is given by the seq (number) and the stream of its first record. A
        command with a record in a stream without data keys is left out, because an erasure also
        deletes the digests of unencrypted events.
        """

    @abstractmethod
    def astray(self) -> int:
        """Return how many blind indexes belong to streams without a record; 0 if this database user
        may not read them."""

    def terms(self) -> tuple[tuple[object, ...], ...]:
        """Return the terms (changes of the writing site) in order, each with the site that writes
        from then on; before them is the entry of this site, with 0 as its term. Return () if the
        log has a single site.
        """
        return ()

    def takes_time(self) -> bool | None:
        """Return whether the log takes its time from outside; None if it does not say."""
        return None

    def key_ids(self, first: int, last: int) -> set[bytes]:
        """Return the ids of the data keys of records from seq `first` to `last`."""
        key_ids: set[bytes] = set()
        while first <= last and (page := self.select_sealed(first, min(_PAGE, last - first + 1))):
            key_ids |= {key_of_state(row.state) for row in page}
            first = page[-1].seq + 1
        return key_ids

    @abstractmethod
    def select_outgoing(self, after: int, limit: int) -> list[tuple[Any, ...]]:
        """Return rows of the outbox for other police forces after a position, in order
        (exchange_outbox.py)."""

    @abstractmethod
    def head(self) -> tuple[int, int]:
        """Return the last seq and its time in µs; (-1, -1) if the log's head is missing."""

    @abstractmethod
    def close(self) -> None:
        """Close the connections to the log's database."""

    # the library's interface follows; it calls the methods above

    def insert_events(self, *_: object, **__: object) -> NoReturn:
        """Raise NotImplementedError: events that were not stored by `Log.append` would have no
        key."""
        raise NotImplementedError("a log only adds records: use append or save")

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        stream = rows(self.select_stream(UUID(str(originator_id))))
        events = [
            StoredEvent(row.stream, row.version, row.topic, row.state)
            for row in (reversed(stream) if desc else stream)
            if (gt is None or row.version > gt) and (lte is None or row.version <= lte)
        ]
        return events[:limit]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        after = 0 if start is None else start - inclusive_of_start
        notifications: list[Notification] = []
        while len(notifications) < limit:
            page = rows(self.select_rows(after, _PAGE))
            notifications += [
                Notification(row.stream, row.version, row.topic, row.state, row.seq)
                for row in page
                if (stop is None or row.seq <= stop) and (not topics or row.topic in topics)
            ]
            if len(page) < _PAGE or (stop is not None and page[-1].seq >= stop):
                break
            after = page[-1].seq
        return notifications[:limit]

    def max_notification_id(self) -> int:
        return self.last_seq()

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> NoReturn:
        """Raise NotImplementedError: the library's subscription waits for ever if a notification
        was sent before it listened.

        To read new events, call `Log.read` again.
        """
        raise NotImplementedError("follow a log with read(after, limit)")


class LogFactory(InfrastructureFactory[Any]):
    """A factory that returns the recorder that it was given; this factory reads nothing from the
    environment."""

    def __init__(self, recorder: LogRecorder) -> None:
        super().__init__(Environment())
        self.recorder = recorder

    def application_recorder(self) -> LogRecorder:
        return self.recorder

    def aggregate_recorder(self, purpose: str = "events") -> LogRecorder:
        raise TypeError("a log cannot store snapshots")

    def tracking_recorder(self, tracking_recorder_class: type[object] | None = None) -> Any:
        raise TypeError("a log cannot store tracking")

    def process_recorder(self) -> Any:
        raise TypeError("a log cannot store tracking")

    def close(self) -> None:
        self.recorder.close()
