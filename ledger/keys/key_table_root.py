"""The root over a log's key table, by which an audit checks that the data keys are unchanged since
they were signed.

A leaf of the log is computed from encrypted bytes. If a data key is exchanged or overwritten, the
log's root does not change, although the record can no longer be decrypted. Therefore every
checkpoint also signs a root over the key table: a trie like the trie of heads (heads.py). The key
of an entry is SHA-256(origin ‖ stream ‖ number); numbers are 8 bytes, big-endian, signed:

- a leaf is SHA-256(0x04 ‖ 0x01 ‖ key ‖ key id ‖ epoch ‖ SHA-256(family) ‖ SHA-256(wrapped key));
- the leaf of a destroyed key is SHA-256(0x04 ‖ 0x00 ‖ key ‖ key id ‖ epoch ‖ SHA-256(family)).

The root covers the keys of the first `size` records. These keys change only when they are encrypted
again or destroyed; then a fact in the evidence log records the new root. `moved` counts these
facts: a statement with a smaller count is out of date.
"""

import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

import msgspec
from msgspec import Struct

from domain.kernel.envelope import LogName
from ledger.keys.key_table import KeySeal, KeyTableSeen
from ledger.proof.heads import Entry, root

_NUMBER = struct.Struct(">q")


class Sealed(Struct, frozen=True):
    """A statement about a log's key table: after the data keys were encrypted `moved` times with
    new key-encryption keys, the keys of the first `size` records have this root.
    """

    moved: int
    size: int
    root: bytes


class KeyFacts(Struct, frozen=True):
    """The evidence log's facts about the keys of each log under its present origin, and whether the
    keys are being encrypted with new key-encryption keys now.
    """

    tables: Mapping[LogName, Sealed] = msgspec.field(default_factory=dict)
    moving: Callable[[], bool] = lambda: False

    def moved(self, log: LogName) -> int:
        """Return how often the data keys of a log were encrypted with a new key-encryption key."""
        return self.tables[log].moved if log in self.tables else 0


NO_FACTS = KeyFacts()

Uses = Mapping[bytes, tuple[int, bytes]]
"""For each key id, the first record with the key, and the stream of that record."""


def entry(origin: bytes, seal: KeySeal) -> Entry:
    """Return the position of a data key in the trie, and its leaf."""
    key = sha256(origin + seal.stream + _NUMBER.pack(seal.number)).digest()
    family = sha256(seal.family.encode("utf-8", "surrogatepass")).digest()
    encoded = key + seal.key_id + _NUMBER.pack(seal.epoch) + family
    return key, sha256(
        b"\4" + (b"\0" + encoded if seal.sealed is None else b"\1" + encoded + seal.sealed)
    ).digest()


def root_of(origin: str, keys: Iterable[KeySeal]) -> bytes:
    """Return the root over these data keys."""
    name = origin.encode()
    return root(sorted(entry(name, key) for key in keys))


class KeyTableJudgement(NamedTuple):
    """The result of the audit of a key table: the records whose key is missing, the names of the
    statements about the table (facts or checkpoints) that contradict it, and whether any statement
    confirms it.
    """

    lacking: list[tuple[int, bytes]]
    against: list[str]
    borne_out: bool


def judge(
    origin: str,
    table: KeyTableSeen,
    uses: Uses,
    facts: Sealed | None,
    signed: Sequence[tuple[str, Sealed]],
) -> KeyTableJudgement:
    """Return the result of comparing a key table with three other sources: the uses of keys by
    records (`uses`), the last recorded fact about the table (`facts`), and checkpoints (`signed`).
    Checkpoints older than that fact are ignored.
    """
    streams_by_key = {key.key_id: key.stream for key in table.keys}
    lacking = [use for key, use in uses.items() if streams_by_key.get(key) != use[1]]
    name = origin.encode()
    placed = sorted(
        (*entry(name, key), uses[key.key_id][0]) for key in table.keys if key.key_id in uses
    )
    moved = facts.moved if facts else 0
    statements = [("the last rotation", facts)] if facts else []
    statements += [(who, statement) for who, statement in signed if statement.moved == moved]
    against = [
        f"{who} was made after keys moved {statement.moved} times, "
        f"and the evidence log knows of {moved}"
        for who, statement in signed
        if statement.moved > moved
    ]
    roots: dict[int, bytes] = {}
    for who, statement in statements:
        if statement.size not in roots:
            roots[statement.size] = root(
                [(key, leaf) for key, leaf, seq in placed if seq <= statement.size]
            )
        if roots[statement.size] != statement.root:
            against.append(
                f"{who} says otherwise of the keys of the first {statement.size} records"
            )
    return KeyTableJudgement(lacking, against, bool(statements) and not against)


Buckets = dict[int, dict[bytes, bytes]]


@dataclass
class KeyMap:
    """The root over the keys of one log, updated as the log grows: a new key changes one of 65,536
    buckets, one of 256 groups and the root, as in the map of heads."""

    origin: str
    _buckets: Buckets = field(default_factory=lambda: defaultdict(dict))
    _roots: dict[int, bytes] = field(default_factory=dict)
    _groups: dict[int, bytes] = field(default_factory=dict)

    def update(self, keys: Iterable[KeySeal]) -> None:
        """Add new data keys to the root."""
        name, changed = self.origin.encode(), set()
        for seal in keys:
            key, leaf = entry(name, seal)
            prefix = int.from_bytes(key[:2])
            self._buckets[prefix][key] = leaf
            changed.add(prefix)
        for prefix in changed:
            self._roots[prefix] = root(sorted(self._buckets[prefix].items()))
        for group in {prefix >> 8 for prefix in changed}:
            inside = (p for p in range(group << 8, (group + 1) << 8) if p in self._roots)
            self._groups[group] = root([(p.to_bytes(2), self._roots[p]) for p in inside])

    def root(self) -> bytes:
        """Return the root over all data keys so far."""
        return root([(group.to_bytes(1), self._groups[group]) for group in sorted(self._groups)])
