"""The data keys of one log, which are looked up once and then cached.

A stream has one live data key for each family ("record", "subject" or "source") of its encrypted
data. A key is made with the first text that needs it. After a key of a stream is destroyed, the
stream gets no new key unless a command renews it.
"""

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from msgspec import Struct

from domain.kernel.envelope import Erased, Fact, LogName
from ledger.database.batch import KeyRow
from ledger.keys.key_table import KeyTable
from ledger.keys.keys import KeyFault, SealBroken
from ledger.keys.keystore import Bound, KeyStore, MissingEpoch
from ledger.keys.sealing import DataKey

AT_HAND = 50_000
"""Number of cached keys; they take some 15 MB."""

Pair = tuple[bytes, str]
"""A stream and a key family."""

_BROKEN = b""
_TRIED = 8
"""Number of keys that are tried before a key-encryption key counts as wrong, because a single data
key may be damaged."""


@dataclass(slots=True)
class _CachedKeys:
    """The cached data keys of a log; they are valid while the log's counter of destructions
    (`shreds`) has this value."""

    shreds: int
    epochs: Mapping[str, int] = field(default_factory=dict)
    live: dict[Pair, DataKey] = field(default_factory=dict)
    proven: set[str] = field(default_factory=set)
    secrets: dict[bytes, bytes | None] = field(default_factory=dict)

    def keep(self, keys: Mapping[bytes, bytes | None]) -> None:
        if len(self.secrets) > AT_HAND:
            self.secrets = {}
        self.secrets |= keys

    def keep_live(self, keys: Mapping[Pair, DataKey]) -> None:
        if len(self.live) > AT_HAND:
            self.live = {}
        self.live |= keys


class BatchKeys(Struct, frozen=True):
    """The data keys with which a batch is encrypted, and which of them are new. `shreds` is how
    often keys of the log had been destroyed or encrypted again when these keys were looked up; None
    if the batch has nothing to encrypt.
    """

    shreds: int | None
    keys: Mapping[Pair, DataKey]
    made: Sequence[KeyRow]


NOTHING = BatchKeys(None, {}, ())


class DataKeys:
    """The data keys of one log, from its key table and the key store."""

    def __init__(self, log: LogName, table: KeyTable, store: KeyStore) -> None:
        self._log, self._table, self._store = log, table, store
        self._hand: _CachedKeys | None = None

    # --- decrypting -------------------------------------------------------------------------

    def opening(
        self, shreds: int | None, streams: Callable[[], Collection[bytes]]
    ) -> Callable[[bytes], bytes | None]:
        """Return a function from the id of a data key to its secret, or None for a destroyed key.

        `shreds` is the log's counter of destructions of keys, at the time when the records were
        read. `streams` returns the streams of these records; it is called once, if a key is not
        cached. The returned function raises SealBroken for a key that is missing or cannot be
        decrypted, and `LogUnavailable` if the key store lacks the key-encryption key.
        """
        hand = self._hand
        if hand is None or hand.shreds != shreds:
            hand = self._hand = self._new_hand()
        at_hand, loaded = hand.secrets, False

        def secret_of(key_id: bytes) -> bytes | None:
            nonlocal at_hand, loaded
            if key_id not in at_hand and not loaded:
                at_hand, loaded = self._secrets(self._table.select(streams())), True
                hand.keep(at_hand)
            if key_id not in at_hand:
                raise SealBroken("the data key of this record is not in the log")
            secret = at_hand[key_id]
            if secret == _BROKEN:
                raise SealBroken(
                    "the data key of this record was changed, or encrypted with other keys"
                )
            return secret

        return secret_of

    def _new_hand(self) -> _CachedKeys:
        self._store.refresh()
        return _CachedKeys(*self._table.state())

    def _secrets(self, rows: Sequence[KeyRow]) -> dict[bytes, bytes | None]:
        """Return the decrypted secrets of the data keys in these rows. If a data key was encrypted
        again after its row was read, the key-encryption key of the row no longer exists; then the
        rows are read again.
        """
        try:
            return self._unwrapped(rows)
        except MissingEpoch:
            self._store.refresh()
            return self._unwrapped(self._table.select({row.stream for row in rows}))

    def _unwrapped(self, rows: Sequence[KeyRow]) -> dict[bytes, bytes | None]:
        secrets_by_key: dict[bytes, bytes | None] = {}
        groups: dict[tuple[str, int], list[tuple[bytes, bytes]]] = {}
        ids: dict[tuple[str, int], list[bytes]] = {}
        for row in rows:
            if row.wrapped is None:
                secrets_by_key[row.key_id] = None
                continue
            group = row.family, row.epoch
            groups.setdefault(group, []).append((row.context, row.wrapped))
            ids.setdefault(group, []).append(row.key_id)
        for group, wrapped in groups.items():
            opened = self._store.unwrap(*group, wrapped)
            for key_id, secret in zip(ids[group], opened, strict=True):
                secrets_by_key[key_id] = _BROKEN if secret is None else secret
        return secrets_by_key

    def require(self) -> None:
        """Raise `KeyFault` if a key-encryption key for new text is missing, or is not the key that
        this process read before. Raise `LogUnavailable` if the keys cannot be reached.
        """
        for family, epoch in self._table.state()[1].items():
            self._store.require(family, epoch)

    # --- encrypting -------------------------------------------------------------------------

    def writing(self, facts: Sequence[Fact], renewed: Collection[UUID], *, sure: bool) -> BatchKeys:
        """Return the data keys with which these facts are encrypted.

        With `sure`, all keys are read from the database, also those of a stream that seems to be
        new. Raises `Erased` for text in an erased stream, `LogUnavailable`.
        """
        wanted: dict[Pair, None] = {}
        begun: set[bytes] = set()
        for fact in facts:
            stored = fact.event.stored
            if stored.sealed:
                stream = fact.originator_id.bytes
                wanted[stream, stored.key] = None
                if fact.originator_version == 1 and not sure:
                    begun.add(stream)
        if not wanted:
            return NOTHING
        hand = self._hand
        if hand is None or sure:
            hand = self._hand = self._new_hand()
        fresh = {stream.bytes for stream in renewed}
        keys = {
            pair: hand.live[pair] for pair in wanted if pair in hand.live and pair[0] not in fresh
        }
        lacking = [pair for pair in wanted if pair not in keys]
        numbers = dict.fromkeys(begun, 0)
        if look := {stream for stream, _ in lacking if stream not in begun or stream in fresh}:
            keys |= self._looked_up(hand, look, fresh, numbers)
            lacking = [pair for pair in lacking if pair not in keys]
        try:
            for family in {family for _, family in wanted}:
                self._store.require(family, hand.epochs.get(family, 0))
            made = self._made(hand, lacking, numbers, keys)
        except MissingEpoch:
            if sure:
                raise
            # the key-encryption key was destroyed just now
            return self.writing(facts, renewed, sure=True)
        return BatchKeys(hand.shreds, keys, made)

    def _looked_up(
        self, hand: _CachedKeys, streams: set[bytes], fresh: set[bytes], numbers: dict[bytes, int]
    ) -> dict[Pair, DataKey]:
        """Return the live data keys of these streams. Streams in `fresh`, which get a new key, are
        left out; the number of each stream's newest key is stored in `numbers`. Raises `Erased` for
        a stream whose newest key was destroyed.
        """
        rows = self._table.select(streams)
        newest = {row.stream: row for row in rows}
        by_pair = {(row.stream, row.family): row for row in rows}
        for stream in streams:
            last = newest.get(stream)
            numbers[stream] = last.number if last else 0
            if last and last.wrapped is None and stream not in fresh:
                raise Erased(
                    f"the item {UUID(bytes=stream)} was erased: record new information as a new "
                    "item"
                )
        usable = [
            row for row in by_pair.values() if row.wrapped is not None and row.stream not in fresh
        ]
        secrets = self._secrets(usable)
        hand.keep(secrets)
        keys = {}
        for row in usable:
            secret = secrets.get(row.key_id)
            if not secret:
                raise SealBroken(
                    f"the {row.family} key of {UUID(bytes=row.stream)} was changed, or "
                    "encrypted with other keys: run continuum verify"
                )
            keys[row.stream, row.family] = DataKey(row.key_id, secret)
        hand.keep_live(keys)
        return keys

    def _made(
        self,
        hand: _CachedKeys,
        lacking: Sequence[Pair],
        numbers: dict[bytes, int],
        keys: dict[Pair, DataKey],
    ) -> list[KeyRow]:
        """Make the data keys for the pairs of stream and family in `lacking`, add them to `keys`,
        and return their rows for the key table.
        """
        random = os.urandom(48 * len(lacking))
        by_family: dict[str, list[KeyRow]] = {}
        for at, (stream, family) in enumerate(lacking):
            random_part = random[48 * at : 48 * at + 48]
            key = keys[stream, family] = DataKey(random_part[:16], random_part[16:])
            number = numbers[stream] = numbers.get(stream, 0) + 1
            epoch = hand.epochs.get(family, 0)
            row = KeyRow(stream, number, family, key.id, epoch, key.secret)
            by_family.setdefault(family, []).append(row)
        for family in by_family:
            self._prove(hand, family, hand.epochs.get(family, 0))
        return [row for family, rows in by_family.items() for row in self._wrapped(family, rows)]

    def _prove(self, hand: _CachedKeys, family: str, epoch: int) -> None:
        """Check that the key store decrypts existing data keys of this family, before it encrypts
        new ones: text whose data key is encrypted with the keys of another store would be lost.
        Raises `KeyFault`.
        """
        if family in hand.proven:
            return
        there = self._table.older(family, epoch + 1, None, _TRIED)
        opened = [self._store.unwrap(family, row.epoch, [_bound(row)])[0] for row in there]
        if there and not any(opened):
            raise KeyFault(
                f"The {family} key opens no record of the {self._log} log, because it "
                "belongs to another store. Nothing was recorded. Restore the right keys "
                "from their backup, or give their directory with --home."
            )
        hand.proven.add(family)

    def _wrapped(self, family: str, rows: Sequence[KeyRow]) -> list[KeyRow]:
        wrapped = self._store.wrap(family, rows[0].epoch, list(map(_bound, rows)))
        return [KeyRow(*row[:5], key) for row, key in zip(rows, wrapped, strict=True)]

    def written(self, writing: BatchKeys) -> None:
        """Cache the new data keys of a batch, after the batch was written to the log."""
        hand = self._hand
        if writing.made and hand is not None and hand.shreds == writing.shreds:
            made = {row.key_id for row in writing.made}
            new = {pair: key for pair, key in writing.keys.items() if key.id in made}
            hand.keep_live(new)
            hand.keep({key.id: key.secret for key in new.values()})


def _bound(row: KeyRow) -> Bound:
    return row.context, row.wrapped or _BROKEN
