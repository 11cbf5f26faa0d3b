"""The heads of a log (the last record of each stream), under one hash.

A proof of some records does not show that no later ones were left out. So every checkpoint also
signs the root of a map of heads: its key is SHA-256(origin ‖ stream), its value the version and the
seq of the stream's last record. The map is a binary trie without levels of one child:

- a leaf is SHA-256(0x02 ‖ key ‖ version ‖ seq), numbers as 8 bytes, big-endian, signed;
- a node is SHA-256(0x03 ‖ bit ‖ left ‖ right): `bit` (one byte) is the first bit, counted from the
  left, in which keys below it differ; those where it is 0 are below `left`;
- the root of no heads is SHA-256 of nothing.

A node names its bit, so from the root down a key leads to one leaf and no other. `ledger/verify.py`
checks paths with code of its own.
"""

import struct
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from operator import itemgetter

from msgspec import Struct

from ledger.proof.leaf import SealedRow, key_of_state
from ledger.proof.merkle import EMPTY

_VALUE = struct.Struct(">qq")
_SPLIT = [b"\3" + bytes([bit]) for bit in range(256)]

_STREAM, _VERSION, _STATE = itemgetter(1), itemgetter(2), itemgetter(4)

Entry = tuple[bytes, bytes]
"""A key and its hash: the hash of its leaf, or of a subtree in which all keys have the same
beginning."""

Step = tuple[int, bytes]
"""A step of the path from a leaf to the root: the bit of a node, and the hash on the node's other
side."""


class Head(Struct, frozen=True):
    """The head of a stream: the version and the number of its last record."""

    version: int
    seq: int


def key_of(origin: bytes, stream: bytes) -> bytes:
    """Return the key of a stream in the map of the log with this origin."""
    return sha256(origin + stream).digest()


def leaf(key: bytes, head: Head) -> bytes:
    """Return the hash of a stream's head."""
    return sha256(b"\2" + key + _VALUE.pack(head.version, head.seq)).digest()


def root(entries: Sequence[Entry]) -> bytes:
    """Return the root over a map's entries, which are in the order of their keys and without
    duplicates."""
    if not entries:
        return EMPTY
    # the right-most path of the trie: the bit of each node, and the hash of its left subtree
    open_nodes: list[tuple[int, bytes]] = []
    (last, tip), *others = entries
    for key, entry in others:
        split = _first_difference(last, key)
        while open_nodes and open_nodes[-1][0] > split:
            bit, left = open_nodes.pop()
            tip = sha256(_SPLIT[bit] + left + tip).digest()
        open_nodes.append((split, tip))
        last, tip = key, entry
    for bit, left in reversed(open_nodes):
        tip = sha256(_SPLIT[bit] + left + tip).digest()
    return tip


def path(entries: Sequence[Entry], key: bytes) -> list[Step]:
    """Return the path from the entry of `key` to the root over all entries; raises KeyError if
    `key` has no entry.
    """
    keys = [other for other, _ in entries]
    if key not in keys:
        raise KeyError(key.hex())
    steps = []
    low, high, at = 0, len(entries), keys.index(key)
    while high - low > 1:
        bit = _first_difference(keys[low], keys[high - 1])
        middle = next(i for i in range(low, high) if _bit(keys[i], bit))
        if at < middle:
            steps.append((bit, root(entries[middle:high])))
            high = middle
        else:
            steps.append((bit, root(entries[low:middle])))
            low = middle
    return steps[::-1]


def root_from(key: bytes, head: Head, steps: Sequence[Step]) -> bytes:
    """Return the root to which the path `steps` leads from the head (last record) of a stream with
    this key; it has to equal the signed root.
    """
    tip = leaf(key, head)
    for bit, beside in steps:
        tip = sha256(_SPLIT[bit] + (beside + tip if _bit(key, bit) else tip + beside)).digest()
    return tip


def _first_difference(first: bytes, second: bytes) -> int:
    """Return the first bit in which two keys, or equally long beginnings of keys, differ."""
    return 8 * len(first) - (int.from_bytes(first) ^ int.from_bytes(second)).bit_length()


def _bit(key: bytes, bit: int) -> int:
    return key[bit >> 3] >> (7 - (bit & 7)) & 1


@dataclass(slots=True)
class Collected:
    """The stream, the version and the id of the data key of each record of a log, in the order of
    the log; the first `after` records are left out. These data take only 40 bytes for each record,
    because an auditor reads millions of records.
    """

    after: int = 0
    _streams: bytearray = field(default_factory=bytearray)
    _versions: "array[int]" = field(default_factory=lambda: array("q"))
    _keys: bytearray = field(default_factory=bytearray)
    """The ids of the data keys; 16 zero bytes for a record that is not encrypted."""

    def take(self, page: Sequence[SealedRow]) -> None:
        """Add the data of the next records of the log. All of these records have to be valid, and
        none may be missing.
        """
        self._streams += b"".join(map(_STREAM, page))
        self._versions.extend(map(_VERSION, page))
        self._keys += b"".join(map(key_of_state, map(_STATE, page)))

    def followed_by(self, behind: "Collected") -> "Collected":
        """Return the collected data of these records and, after them, of the later records in
        `behind`.
        """
        return Collected(
            self.after,
            self._streams + behind._streams,
            self._versions + behind._versions,
            self._keys + behind._keys,
        )

    def key_uses(self) -> dict[bytes, tuple[int, bytes]]:
        """Return for each data key the first of these records that uses it, and the record's
        stream.
        """
        import numpy as np  # imported here, because most commands do not need it

        ids = np.frombuffer(self._keys, ">u8").reshape(-1, 2)
        sealed = np.flatnonzero(ids.any(axis=1))
        ids = ids[sealed]
        # lexsort is stable, so the first record with a key comes first
        order = np.lexsort((ids[:, 1], ids[:, 0]))
        first = np.ones(len(order), bool)
        first[1:] = (ids[order][1:] != ids[order][:-1]).any(axis=1)
        uses_by_key = {}
        for at in sealed[order[first]].tolist():
            part = slice(16 * at, 16 * at + 16)
            uses_by_key[bytes(self._keys[part])] = self.after + at + 1, bytes(self._streams[part])
        return uses_by_key

    def heads(self, until: int) -> Iterator[tuple[bytes, Head]]:
        """Yield the head (last record) of each stream among the records up to the seq `until`."""
        import numpy as np  # imported here, because most commands do not need it

        count = until - self.after
        halves = np.frombuffer(self._streams, ">u8", 2 * count).reshape(-1, 2)
        # lexsort is stable, so within a stream records stay in the order of the log
        order = np.lexsort((halves[:, 1], halves[:, 0]))
        ordered = halves[order]
        last = np.ones(count, bool)
        last[:-1] = (ordered[1:] != ordered[:-1]).any(axis=1)
        for at in order[last].tolist():
            stream = bytes(self._streams[16 * at : 16 * at + 16])
            yield stream, Head(self._versions[at], self.after + at + 1)

    def root(self, origin: str, until: int) -> bytes:
        """Return the root of the map of heads over the records up to the sequence number `until`.
        This object must have collected all records from the first of the log on.
        """
        return root(self.entries(origin, until))

    def entries(self, origin: str, until: int) -> list[Entry]:
        """Return the leaves of the map of heads, in the order of their keys."""
        name = origin.encode()
        keyed_heads = ((key_of(name, stream), head) for stream, head in self.heads(until))
        return sorted((key, leaf(key, head)) for key, head in keyed_heads)
