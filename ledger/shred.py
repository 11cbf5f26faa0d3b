"""How is a record made unreadable, for ever and in every backup? By destroying its key.

1. The touched families get a new epoch.
2. In each log, in one transaction: the data keys of the doomed streams go, with the blind indexes
   they hold and the digests of the commands that wrote to them; new keys follow the new epoch.
3. Every other live key is wrapped under the new epoch, some thousand in a transaction, so that no
   one's words wait long.
4. When no log has a live key under them, the older epochs are destroyed.
5. The databases let go of what was deleted.

Stopped anywhere, nothing that lives is lost, and the same call finishes what was begun. A backup of
the database opens with no key that is still there; so does a backup of the keys that is older.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from domain.envelope import LogName, LogUnavailable, Shredded
from ledger.key_table import Doom, KeyRow, KeyTable, SealedState
from ledger.keys import SealBroken
from ledger.keystore import FAMILIES, KeyStore
from ledger.mapper import sealed_under

PAGE = 2000
"""Keys that are wrapped anew in one transaction."""


@dataclass(frozen=True)
class FamilyKeys:
    """Of a family: its epochs (more than one where a rotation was interrupted), and how many data
    keys there are in all logs."""

    family: str
    epochs: tuple[int, ...]
    live: int
    destroyed: int


@dataclass(frozen=True)
class Shredder:
    """The key tables of all logs of a store, and the key store they share."""

    tables: Mapping[LogName, KeyTable]
    store: KeyStore

    def shred(
        self, doomed: Mapping[LogName, Collection[UUID]], keep_newest: Collection[UUID] = ()
    ) -> tuple[Shredded, ...]:
        """Destroys the keys of these streams; what is gone from each log.

        Of the streams in `keep_newest` the newest key of each family stays: what was sealed since
        it was renewed. Called again it finishes what was interrupted, and gives the same answer.
        Raises `LogUnavailable`, and `StillHeld` while somebody reads.
        """
        streams = {log: {stream.bytes for stream in told} for log, told in doomed.items()}
        kept = {stream.bytes for stream in keep_newest}
        with self.store.alone():
            touched = {
                row.family
                for log, told in streams.items()
                for row in _doomed(self.tables[log].select(told), kept)
            }
            self._move(touched, streams, kept)
            for log in streams:
                self.tables[log].purge()
        return tuple(self._told(log, told, kept) for log, told in streams.items())

    def rotate(self, families: Collection[str] = FAMILIES) -> dict[str, int]:
        """Moves every live key of these families to a new epoch and destroys the older ones; the
        epochs. Raises `LogUnavailable`."""
        with self.store.alone():
            return self._move(set(families), {}, set())

    def status(self) -> list[FamilyKeys]:
        """How many keys there are. Raises `LogUnavailable`."""
        counted = [one for table in self.tables.values() for one in table.count()]
        return [
            FamilyKeys(
                family,
                self.store.epochs(family),
                sum(one.live for one in counted if one.family == family),
                sum(one.destroyed for one in counted if one.family == family),
            )
            for family in FAMILIES
        ]

    def _move(
        self, touched: set[str], streams: Mapping[LogName, set[bytes]], kept: set[bytes]
    ) -> dict[str, int]:
        epochs: dict[str, int] = {
            family: self.store.rotate(family) if family in touched else held[-1]
            for family in FAMILIES
            if len(held := self.store.epochs(family)) > 1 or family in touched
        }
        for log, table in self.tables.items():
            if epochs or log in streams:
                told = streams.get(log, ())
                table.destroy(told, lambda keys, records: _doom(keys, records, kept), epochs)
        for family, epoch in epochs.items():
            for log, table in self.tables.items():
                self._rewrap(log, table, family, epoch)
        for family, epoch in epochs.items():
            for older in self.store.epochs(family):
                if older < epoch:
                    self.store.destroy(family, older)
        return epochs

    def _rewrap(self, log: LogName, table: KeyTable, family: str, epoch: int) -> None:
        after: KeyRow | None = None
        while rows := table.older(family, epoch, after, PAGE):
            table.rewrap(self._wrapped_anew(log, rows, epoch))
            after = rows[-1]
        if table.older(family, epoch, None, 1):
            raise LogUnavailable(f"The keys of the {log} log keep changing; do this once more.")

    def _wrapped_anew(self, log: LogName, rows: Sequence[KeyRow], epoch: int) -> list[KeyRow]:
        moved = []
        for old in {row.epoch for row in rows}:
            group = [row for row in rows if row.epoch == old]
            family = group[0].family
            wrapped = [(row.context, row.wrapped or b"") for row in group]
            plain = self.store.unwrap(family, old, wrapped)
            opened = []
            for row, key in zip(group, plain, strict=True):
                if key is None:
                    raise SealBroken(
                        f"the {family} key of {UUID(bytes=row.stream)} in the {log} log was "
                        "changed: nothing more is destroyed before it is mended"
                    )
                opened.append((row.context, key))
            anew = self.store.wrap(family, epoch, opened)
            moved += [
                row._replace(epoch=epoch, wrapped=key) for row, key in zip(group, anew, strict=True)
            ]
        return moved

    def _told(self, log: LogName, streams: set[bytes], kept: set[bytes]) -> Shredded:
        """What the log shows of what is destroyed."""
        table = self.tables[log]
        gone = {row.key_id: row for row in table.select(streams) if row.wrapped is None}
        records = table.records(streams)
        leaves = [one.leaf.hex() for one in records if sealed_under(one.state) in gone]
        epochs = {(row.family, row.epoch) for row in gone.values()}
        return Shredded(
            log,
            tuple(sorted(sha256(one).hexdigest() for one in gone)),
            tuple(leaves),
            tuple(f"{family}/{epoch}" for family, epoch in sorted(epochs)),
        )


def _doomed(rows: Sequence[KeyRow], kept: set[bytes]) -> Iterator[KeyRow]:
    """The live keys that go."""
    newest = {(row.stream, row.family): row.number for row in rows}
    for row in rows:
        stays = row.stream in kept and row.number == newest[row.stream, row.family]
        if row.wrapped is not None and not stays:
            yield row


def _doom(keys: Sequence[KeyRow], records: Sequence[SealedState], kept: set[bytes]) -> Doom:
    """What goes with them. Of a stream whose newest key stays, the commands that wrote what was
    sealed since are kept."""
    going = [(row.stream, row.number) for row in _doomed(keys, kept)]
    places = set(going)
    gone = {row.key_id for row in keys if row.wrapped is None or row[:2] in places}
    commands = {
        record.command
        for record in records
        if record.stream not in kept or sealed_under(record.state) in gone
    }
    return Doom(going, sorted(commands), sorted({row.stream for row in records}))
