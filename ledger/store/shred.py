"""Destruction of keys, which makes records unreadable for ever, in every backup too.

1. Each family of which data keys will be destroyed gets a new key-encryption key, with the next
   number (epoch).
2. The logs are locked for writing, so that no record is added during this step. The caller
   chooses which streams to spare. The data keys of the other streams are destroyed, together with
   their blind indexes and the digests of the commands that wrote to them.
3. Every other live data key is encrypted ("wrapped") with the new key-encryption key, some
   thousand in a transaction, so that no writer waits long; each is read back and decrypted.
4. When no log has a data key that is wrapped with an older key-encryption key, the older ones are
   destroyed.
5. The databases overwrite the deleted data.

If the destruction is interrupted at any point, no live data are lost, and the same call finishes
it. No remaining key decrypts the erased text in an older backup of the database or of the keys.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from hashlib import sha256
from typing import Any
from uuid import UUID

from msgspec import Struct

from domain.kernel.envelope import LogName, LogUnavailable, Shredded
from ledger.database.batch import KeyRow
from ledger.keys.key_table import DestroyedData, KeyTable, SealedState
from ledger.keys.keys import SealBroken
from ledger.keys.keystore import FAMILIES, KeyStore
from ledger.store.mapper import sealed_under

PAGE = 2000
"""Number of keys that are wrapped again in one transaction."""

Spare = Callable[[], Collection[UUID]]
"""A function that returns the streams to spare; the function is called while nothing can be
written."""


def _nothing() -> Collection[UUID]:
    return ()


class FamilyKeys(Struct, frozen=True):
    """The key-encryption keys and data keys of a family in all logs: the numbers (epochs) of its
    key-encryption keys, of which there are several after an interruption; and how many of its data
    keys are live and destroyed.
    """

    family: str
    epochs: tuple[int, ...]
    live: int
    destroyed: int


class Shredder(Struct, frozen=True):
    """The key tables of all logs of a store, and the key store that they share."""

    tables: Mapping[LogName, KeyTable]
    store: KeyStore
    moved: Callable[[], object] = lambda: None
    """A function that records the state of the key tables, before data keys can be encrypted
    again."""

    def shred(
        self,
        doomed: Mapping[LogName, Collection[UUID]],
        keep_newest: Collection[UUID] = (),
        spare: Spare = _nothing,
    ) -> tuple[Shredded, ...]:
        """Destroy the data keys of these streams, except the streams that `spare` returns; return
        what was destroyed in each log.

        For streams in `keep_newest` the newest key of each family stays, because it encrypts what
        was written since the stream was renewed. If a call was interrupted, the same call continues
        it, and returns what the first call would have returned. Raises `LogUnavailable`, and
        `StillHeld` while another session is reading.
        """
        streams = {log: {stream.bytes for stream in items} for log, items in doomed.items()}
        renewed_streams = {stream.bytes for stream in keep_newest}
        with self.store.alone():
            touched = {
                row.family
                for log, log_streams in streams.items()
                for row in _doomed(self.tables[log].select(log_streams), renewed_streams)
            }
            spared = self._move(touched, streams, renewed_streams, spare)[1]
            self.moved()
            for table in {self.tables[log].place: self.tables[log] for log in streams}.values():
                table.purge()
        return tuple(
            self._told(log, log_streams, renewed_streams, spared)
            for log, log_streams in streams.items()
        )

    def rotate(self, families: Collection[str] = FAMILIES) -> dict[str, int]:
        """Encrypt ("wrap") each live data key of these families with a new key-encryption key, and
        destroy the older key-encryption keys; return, for each family, the number (epoch) of the
        new key. Raises `LogUnavailable`.
        """
        with self.store.alone():
            epochs = self._move(set(families), {}, set(), _nothing)[0]
            self.moved()
        return epochs

    def status(self) -> list[FamilyKeys]:
        """Return, for each family of keys (record, subject, source), its epochs and the number of
        its data keys. Raises `LogUnavailable`."""
        counted = [count for table in self.tables.values() for count in table.count()]
        return [
            FamilyKeys(
                family,
                self.store.epochs(family),
                sum(count.live for count in counted if count.family == family),
                sum(count.destroyed for count in counted if count.family == family),
            )
            for family in FAMILIES
        ]

    def _move(
        self,
        touched: set[str],
        streams: Mapping[LogName, set[bytes]],
        remaining: set[bytes],
        spare: Spare,
    ) -> tuple[dict[str, int], set[bytes]]:
        """Encrypt ("wrap") the data keys of the families that an erasure touches, with new
        key-encryption keys. Return the numbers (epochs) of the new keys, and the streams whose data
        keys were spared.
        """
        epochs: dict[str, int] = {
            family: self.store.rotate(family) if family in touched else family_epochs[-1]
            for family in FAMILIES
            if len(family_epochs := self.store.epochs(family)) > 1 or family in touched
        }
        spared: set[bytes] = set()
        with ExitStack() as held_up:
            alone: dict[Hashable, Any] = {}
            for table in self.tables.values():
                if table.place not in alone:
                    alone[table.place] = held_up.enter_context(table.alone())
            if streams:
                streams_to_spare = {item.bytes for item in spare()}
                for log, log_streams in streams.items():
                    rows = self.tables[log].select(log_streams & streams_to_spare)
                    live = {row.stream for row in _doomed(rows, remaining)}
                    gone = {row.stream for row in rows if row.wrapped is None} - live
                    # a stream whose keys were destroyed earlier cannot be spared any more
                    spared |= (log_streams & streams_to_spare) - gone
            for log, table in self.tables.items():
                if epochs or log in streams:
                    going = streams.get(log, set()) - spared
                    table.destroy(
                        alone[table.place],
                        going,
                        lambda keys, records: _doom(keys, records, remaining),
                        epochs,
                    )
        for family, epoch in epochs.items():
            for log, table in self.tables.items():
                self._rewrap(log, table, family, epoch)
        for family, epoch in epochs.items():
            for older in self.store.epochs(family):
                if older < epoch:
                    self.store.destroy(family, older)
        return epochs, spared

    def _rewrap(self, log: LogName, table: KeyTable, family: str, epoch: int) -> None:
        after: KeyRow | None = None
        while rows := table.older(family, epoch, after, PAGE):
            moved, opened = self._wrapped_again(log, rows, epoch)
            table.rewrap(moved)
            self._prove(log, family, epoch, opened)
            after = rows[-1]
        if table.older(family, epoch, None, 1):
            raise LogUnavailable(f"The keys of the {log} log keep changing: repeat this.")

    def _prove(
        self, log: LogName, family: str, epoch: int, opened: Mapping[tuple[bytes, int], bytes]
    ) -> None:
        """Check that data keys that were encrypted again can be decrypted as they are stored now.
        This has to be certain before the key of the old epoch is destroyed. Raises SealBroken.
        """
        rows = [
            row
            for row in self.tables[log].select({stream for stream, _ in opened})
            if row[:2] in opened and row.epoch == epoch and row.wrapped is not None
        ]
        plain = self.store.unwrap(
            family, epoch, [(row.context, row.wrapped or b"") for row in rows]
        )
        keys_by_place = {row[:2]: key for row, key in zip(rows, plain, strict=True)}
        if lost := [place for place, key in opened.items() if keys_by_place.get(place) != key]:
            raise SealBroken(
                f"the {family} key of {UUID(bytes=lost[0][0])} in the {log} log does not "
                "open after it was encrypted again: the older key-encryption keys stay, "
                "and nothing more is destroyed before this is repaired"
            )

    def _wrapped_again(
        self, log: LogName, rows: Sequence[KeyRow], epoch: int
    ) -> tuple[list[KeyRow], dict[tuple[bytes, int], bytes]]:
        """Return the data keys in these rows, encrypted ("wrapped") with the key of the epoch
        `epoch`, and their secrets. Raises SealBroken if a key was changed.
        """
        moved, secrets_by_place = [], {}
        for old in {row.epoch for row in rows}:
            group = [row for row in rows if row.epoch == old]
            family = group[0].family
            wrapped = [(row.context, row.wrapped or b"") for row in group]
            plain = self.store.unwrap(family, old, wrapped)
            opened = []
            for row, key in zip(group, plain, strict=True):
                if key is None:
                    raise SealBroken(
                        f"the {family} key of {UUID(bytes=row.stream)} in the {log} log "
                        "was changed: nothing more is destroyed before this is repaired"
                    )
                opened.append((row.context, key))
                secrets_by_place[row.stream, row.number] = key
            renewed = self.store.wrap(family, epoch, opened)
            moved += [
                row._replace(epoch=epoch, wrapped=key)
                for row, key in zip(group, renewed, strict=True)
            ]
        return moved, secrets_by_place

    def _told(
        self, log: LogName, requested: set[bytes], remaining: set[bytes], spared: set[bytes]
    ) -> Shredded:
        """Return what the log shows about the destroyed keys: the hashes of their ids, their epochs
        (numbers of the key-encryption keys), and the leaves of the records that they encrypted; and
        the streams that were spared. An erasure certificate lists these data.
        """
        table, streams = self.tables[log], requested - spared
        rows = {row.key_id: row for row in table.select(streams) if row.wrapped is None}
        records = table.records(streams)
        leaves = [record.leaf.hex() for record in records if sealed_under(record.state) in rows]
        epochs = {(row.family, row.epoch) for row in rows.values()}
        return Shredded(
            log,
            tuple(sorted(sha256(row).hexdigest() for row in rows)),
            tuple(leaves),
            tuple(f"{family}/{epoch}" for family, epoch in sorted(epochs)),
            tuple(UUID(bytes=stream) for stream in sorted(requested & spared)),
        )


def _doomed(rows: Sequence[KeyRow], remaining: set[bytes]) -> Iterator[KeyRow]:
    """Yield those of the data keys in `rows` that have to be destroyed: each live key, except the
    newest key of a stream in `remaining`.
    """
    newest = {(row.stream, row.family): row.number for row in rows}
    for row in rows:
        stays = row.stream in remaining and row.number == newest[row.stream, row.family]
        if row.wrapped is not None and not stays:
            yield row


def _doom(
    keys: Sequence[KeyRow], records: Sequence[SealedState], remaining: set[bytes]
) -> DestroyedData:
    """Return the data that an erasure destroys: the keys, the blind indexes of their streams, and
    the digests of the commands that wrote the records. For a stream in `remaining` the newest key
    stays, and so do the digests of the commands that wrote with it.
    """
    going = [(row.stream, row.number) for row in _doomed(keys, remaining)]
    places = set(going)
    gone = {row.key_id for row in keys if row.wrapped is None or row[:2] in places}
    commands = {
        record.command
        for record in records
        if record.stream not in remaining or sealed_under(record.state) in gone
    }
    return DestroyedData(going, sorted(commands), sorted({row.stream for row in records}))
