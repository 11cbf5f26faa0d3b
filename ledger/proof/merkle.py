"""The Merkle tree of RFC 9162, section 2.1: one hash over many leaves, and proofs of single leaves.

Positions in the tree count from 0: the record with seq n is leaf n - 1. The node (level, index) is
the root over the 2**level leaves from index * 2**level on.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

from msgspec import Struct

EMPTY = sha256(b"").digest()
"""The root of a tree without leaves."""

SIZE = 32
HEIGHT = 8
"""Number of levels in one tile (C2SP tlog-tiles), which has 256 hashes."""

BUNDLE = 1 << HEIGHT

Told = Callable[[int, bytes], None]
"""A function that is called with leaves (level 0), and with complete subtrees of 256, 65,536 … of
them (1, 2 …): their hashes, joined."""


def leaf_hash(data: bytes) -> bytes:
    """Return the Merkle hash of one leaf's data."""
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the Merkle hash of an inner node."""
    return sha256(b"\1" + left + right).digest()


def subtree(nodes: Sequence[bytes]) -> bytes:
    """Return the root over neighbouring nodes of one level, whose number is a power of two."""
    while len(nodes) > 1:
        pairs = iter(nodes)
        nodes = [sha256(b"\1" + a + b).digest() for a, b in zip(pairs, pairs, strict=True)]
    return nodes[0]


class Peaks:
    """A growing Merkle tree that stores only the roots of its complete subtrees, largest first.

    Memory grows with the logarithm of `size`, and the root can be computed at any time.
    """

    __slots__ = ("_peaks", "_told", "size")

    def __init__(
        self, size: int = 0, peaks: Iterable[bytes] = (), report: Told | None = None
    ) -> None:
        self.size, self._peaks, self._told = size, list(peaks), report

    def add(self, node: bytes, level: int = 0) -> None:
        """Add the hash of the next leaf to the tree, or the root over the next 2**level leaves,
        which must begin at a multiple of 2**level.
        """
        full, peaks, report = self.size >> level, self._peaks, self._told
        self.size += 1 << level
        while True:
            if report and not level % HEIGHT:
                report(level // HEIGHT, node)
            if not full & 1:
                break
            node = node_hash(peaks.pop(), node)
            full >>= 1
            level += 1
        peaks.append(node)

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add the hashes of the next leaves to the tree."""
        start = min(-self.size % BUNDLE, len(leaves))
        end = start + (len(leaves) - start) // BUNDLE * BUNDLE
        for leaf in leaves[:start]:
            self.add(leaf)
        for at in range(start, end, BUNDLE):
            bundle = leaves[at : at + BUNDLE]
            if self._told:
                self._told(0, b"".join(bundle))
            self.add(subtree(bundle), HEIGHT)
        for leaf in leaves[end:]:
            self.add(leaf)

    def peaks(self) -> Iterator[tuple[int, bytes]]:
        """Return the complete subtrees of the tree, largest first: level and root."""
        levels = (
            level for level in range(self.size.bit_length(), -1, -1) if self.size >> level & 1
        )
        return zip(levels, self._peaks, strict=True)

    def root(self) -> bytes:
        """Return the root of the tree over all leaves so far."""
        if not self._peaks:
            return EMPTY
        *others, root = self._peaks
        for peak in reversed(others):
            root = node_hash(peak, root)
        return root

    def copy(self, report: Told | None = None) -> "Peaks":
        """Return a copy of the tree, to which leaves can be added without changing this tree."""
        return Peaks(self.size, self._peaks, report)


class Tree(Struct, frozen=True):
    """A Merkle tree whose complete nodes can be read: `node(level, index)`."""

    node: Callable[[int, int], bytes]

    def root(self, size: int) -> bytes:
        """Return the root over the first `size` leaves."""
        return self._hash(0, size) if size else EMPTY

    def peaks(self, size: int) -> Peaks:
        """Return the tree over the first `size` leaves, in a form to which leaves can be added."""
        nodes, start = [], 0
        for level in range(size.bit_length() - 1, -1, -1):
            if size >> level & 1:
                nodes.append(self.node(level, start >> level))
                start += 1 << level
        return Peaks(size, nodes)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the path from leaf `index` to the root over `size` leaves (RFC 9162, 2.1.3.1)."""
        if not 0 <= index < size:
            raise IndexError(f"the tree of {size} leaves has no leaf {index}")
        path: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, first: int, second: int) -> list[bytes]:
        """Return the proof that the tree of `second` leaves begins with the tree of `first` leaves
        (RFC 9162, 2.1.4.1).
        """
        if not 0 < first <= second:
            raise IndexError(f"a tree of {second} leaves cannot be compared with one of {first}")
        path: list[bytes] = []
        start, end = 0, second
        while end > first:
            middle = start + _split(end - start)
            if first <= middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(start, middle))
                start = middle
        # the proof also needs the hash of the remaining leaves, except if they are the whole first
        # tree, whose hash the verifier has
        if start:
            path.append(self._hash(start, end))
        return path[::-1]

    def around(self, first: int, last: int, size: int) -> list[bytes]:
        """Return the hashes to the left and right of the leaves `first` to `last`, from left to
        right. Together with these leaves they give the root over `size` leaves.
        """
        if not 0 <= first <= last < size:
            raise IndexError(f"the tree of {size} leaves has no leaves {first} to {last}")
        return list(self._beside(0, size, first, last))

    def _beside(self, start: int, end: int, first: int, last: int) -> Iterator[bytes]:
        if last < start or end <= first:
            yield self._hash(start, end)
        elif end - start > 1 and not (first <= start and end <= last + 1):
            middle = start + _split(end - start)
            yield from self._beside(start, middle, first, last)
            yield from self._beside(middle, end, first, last)

    def _hash(self, start: int, end: int) -> bytes:
        """Return the Merkle hash of the leaves from `start` to before `end`; the range must be one
        that the tree has as a node."""
        size = end - start
        if size & (size - 1) == 0:
            level = size.bit_length() - 1
            return self.node(level, start >> level)
        middle = start + _split(size)
        return node_hash(self._hash(start, middle), self._hash(middle, end))


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
