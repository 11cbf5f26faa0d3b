"""What does a log need of its database? And how do the library's own calls pass through it?"""

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
"""What a log stands in, after its name. Of what is not examined without them, its records:"""
RECORDS = frozenset({"head", "origin", "events", "commands"})

UNSEALED = (
    "The {log} log was made before words were sealed, and none is half sealed; make a new store "
    "with `continuum init` and import into it."
)


class Turn(NamedTuple):
    """Which site of a store writes to a log (None where that is not copied yet), since which term,
    and which site this is: its name (None where it has none yet), what it holds ("all", or the
    "records" alone), and whether it follows another one."""

    term: int
    site: str | None
    here: str | None
    holds: str | None
    follows: bool

    @property
    def ours(self) -> bool:
        """Whether this site writes: one that still follows another has not taken over."""
        return self.site == self.here and not self.follows


class LogRecorder(ApplicationRecorder, ABC):
    """A recorder with dense numbers, a monotone clock, command ids and unique keys.

    Every method raises `LogUnavailable` when the database is out of reach, full or locked.
    """

    @property
    @abstractmethod
    def keys(self) -> KeyTable:
        """The data keys."""

    @abstractmethod
    def create_table(
        self, store_id: str | None = None, epochs: Mapping[str, int] = NO_EPOCHS
    ) -> None:
        """Makes the tables that are missing; several processes may do so at once.

        A new log's origin holds `store_id`, or a random one; its data keys are wrapped under
        these epochs of their families. Raises `LogUnavailable` for a log
        that was made before words were sealed: none is half sealed.
        """

    @abstractmethod
    def absent(self) -> list[str]:
        """Those of `TABLES` that are not there: all of them where the log's file is gone."""

    @abstractmethod
    def foreign(self) -> list[str]:
        """What stands beside or on the log's tables and is not made by this program: a trigger, a
        rule, a table, a column. It may change or swallow what is written."""

    def differing(self) -> list[str]:
        """What in the log's schema is more, less or other than this program makes: functions with
        their bodies, columns, indexes, constraints, owners, rights. What `foreign` says is left
        out."""
        return []

    def made_by_another(self) -> bool:
        """Whether another release says that it made the log's functions: the owner has not brought
        them up to this one."""
        return False

    @abstractmethod
    def unsealed(self) -> bool:
        """Whether its log was made before words were sealed."""

    def wait(self, seconds: float) -> bool:
        """Whether the database says within so many seconds that something was recorded; returns at
        once then. One that says nothing is waited for in full."""
        sleep(seconds)
        return False

    def turn(self) -> Turn | None:
        """Whose turn it is to write; None for a log that stands at one site alone."""
        return None

    def require_turn(self) -> None:
        """Raises LogUnavailable, with who it is, where somebody keeps all others from writing."""

    @abstractmethod
    def insert_batch(self, batch: RecordBatch) -> LogPosition | None:
        """Writes the batch; None, and nothing written, if one of its commands is known already.

        Raises `Conflict`, `UniqueTaken` or `StaleKeys`; then nothing is written either.
        """

    def carry_home(self) -> None:
        """Copy what was written lately to where it stays, where the database leaves that to a later
        writer: those who write a few facts do not wait for what others wrote."""

    @abstractmethod
    def select_rows(self, after: int, limit: int) -> Sequence[RawRow]:
        """Events with a seq above `after`, in order."""

    def select_topics(self, after: int, limit: int) -> Sequence[tuple[int, str]]:
        """Seq and topic alone of events with a seq above `after`, in order."""
        return [(row[0], row[3]) for row in self.select_rows(after, limit)]

    @abstractmethod
    def select_streams(self, after: int, limit: int) -> Sequence[tuple[int, UUID]]:
        """Seq and stream alone of events with a seq above `after`, in order."""

    def select_topics_of(
        self, after: Mapping[LogName, int], limit: int
    ) -> Mapping[LogName, tuple[int, Sequence[str]]] | None:
        """Of several logs the newest seq, each behind its own, and the topics up to there, in order
        and in one statement; None where each has to be asked by itself."""
        return None

    @abstractmethod
    def select_stream(self, stream: UUID) -> Sequence[RawRow]:
        """A stream's events, in the order of their versions."""

    @abstractmethod
    def select_commands(self, ids: Iterable[UUID]) -> dict[UUID, KnownCommand]:
        """Those of the commands that the log holds."""

    @abstractmethod
    def select_unique(self, digests: Iterable[bytes]) -> dict[bytes, UUID]:
        """The streams that hold these blind digests."""

    @abstractmethod
    def last_seq(self) -> int:
        """The seq given last, 0 in a new log."""

    @abstractmethod
    def now(self) -> int:
        """What the clock tells by which the log records, in µs since 1970."""

    @abstractmethod
    def origin(self) -> str:
        """The log's name for the whole world. Raises `IntegrityFailure` if it is gone."""

    @abstractmethod
    def select_sealed(self, first: int, limit: int) -> list[SealedRow]:
        """Records from seq `first` on, as they stand, with their leaves."""

    @abstractmethod
    def select_loose(self, limit: int) -> list[int]:
        """Seqs where the records and the commands that they came with do not fit."""

    def epochs(self) -> dict[str, int] | None:
        """The epoch under which new keys of each family are wrapped; None where this user of the
        database may not read it."""
        return self.keys.state()[1]

    @abstractmethod
    def forgotten(self, limit: int) -> list[tuple[int, UUID]]:
        """First seq, and the stream of it, of commands without a digest, of which each record is in
        a stream whose keys are all live. An erasure takes the digest of what nothing seals too."""

    @abstractmethod
    def astray(self) -> int:
        """How many blind indexes are held by streams without a record; 0 also where this user of
        the database may not read it."""

    def terms(self) -> tuple[tuple[object, ...], ...]:
        """Which site writes since which term, in their order, and at last which site this is; empty
        for a log that stands at one site alone."""
        return ()

    def takes_time(self) -> bool | None:
        """Whether the log says that time is told from outside; None for one that does not say."""
        return None

    def key_ids(self, first: int, last: int) -> set[bytes]:
        """The ids of the data keys that records from seq `first` to `last` bear."""
        found: set[bytes] = set()
        while first <= last and (page := self.select_sealed(first, min(_PAGE, last - first + 1))):
            found |= {key_of_state(row.state) for row in page}
            first = page[-1].seq + 1
        return found

    @abstractmethod
    def select_outgoing(self, after: int, limit: int) -> list[tuple[Any, ...]]:
        """Rows of the outbox behind a place, in order (outbox.py)."""

    @abstractmethod
    def head(self) -> tuple[int, int]:
        """The seq and the µs given last; (-1, -1) if the log has lost its head."""

    @abstractmethod
    def close(self) -> None:
        """Gives the connections back."""

    # The library's interface, in terms of the above.

    def insert_events(self, *_: object, **__: object) -> NoReturn:
        """Refused: what is stored past `Log.append` would have no key."""
        raise NotImplementedError("a log appends: use append or save")

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
        found: list[Notification] = []
        while len(found) < limit:
            page = rows(self.select_rows(after, _PAGE))
            found += [
                Notification(row.stream, row.version, row.topic, row.state, row.seq)
                for row in page
                if (stop is None or row.seq <= stop) and (not topics or row.topic in topics)
            ]
            if len(page) < _PAGE or (stop is not None and page[-1].seq >= stop):
                break
            after = page[-1].seq
        return found[:limit]

    def max_notification_id(self) -> int:
        return self.last_seq()

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> NoReturn:
        """Refused: the library's subscription waits for ever for a notice sent before it listened.

        A log is followed by asking `Log.read` again.
        """
        raise NotImplementedError("follow a log with read(after, limit)")


class LogFactory(InfrastructureFactory[Any]):
    """Hands out the one recorder it was given; its environment is empty."""

    def __init__(self, recorder: LogRecorder) -> None:
        super().__init__(Environment())
        self.recorder = recorder

    def application_recorder(self) -> LogRecorder:
        return self.recorder

    def aggregate_recorder(self, purpose: str = "events") -> LogRecorder:
        raise TypeError("a log takes no snapshots")

    def tracking_recorder(self, tracking_recorder_class: type[object] | None = None) -> Any:
        raise TypeError("a log keeps no tracking")

    def process_recorder(self) -> Any:
        raise TypeError("a log keeps no tracking")

    def close(self) -> None:
        self.recorder.close()
