"""How do many leaves become one hash, and how is one of them shown to be under it?

The tree of RFC 9162, section 2.1. Positions in the tree count from 0: the record with seq n is
leaf n - 1.
"""

from collections.abc import Iterable
from hashlib import sha256

EMPTY = sha256(b"").digest()
"""The root of a tree without leaves."""

SIZE = 32


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry."""
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\1" + left + right).digest()


class Peaks:
    """A growing tree of which only the roots of its complete subtrees are kept, largest first.

    Memory grows with the logarithm of `size`: enough to give a root at any moment of reading.
    """

    __slots__ = ("_peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size, self._peaks = size, list(peaks)

    def add(self, leaf: bytes) -> None:
        """The next leaf's hash."""
        self.size += 1
        full, peaks = self.size, self._peaks
        while full % 2 == 0:
            leaf = node_hash(peaks.pop(), leaf)
            full >>= 1
        peaks.append(leaf)

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._peaks:
            return EMPTY
        *others, root = self._peaks
        for peak in reversed(others):
            root = node_hash(peak, root)
        return root

    def copy(self) -> "Peaks":
        """The same tree, to be grown another way."""
        return Peaks(self.size, self._peaks)


class Tree:
    """A whole tree in memory, 64 bytes a leaf, for proofs.

    Each level is one run of bytes that holds the hashes of its complete nodes.
    """

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels = [bytearray()]
        for leaf in leaves:
            self.add(leaf)

    @property
    def size(self) -> int:
        return len(self._levels[0]) // SIZE

    def add(self, leaf: bytes) -> None:
        """The next leaf's hash."""
        node, level = leaf, 0
        self._levels[0] += leaf
        while len(self._levels[level]) // SIZE % 2 == 0:
            node = sha256(b"\1" + self._levels[level][-2 * SIZE :]).digest()
            level += 1
            if level == len(self._levels):
                self._levels.append(bytearray())
            self._levels[level] += node

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves. Raises IndexError if there are not so many."""
        size = self.size if size is None else size
        self._check(size)
        return self._hash(0, size) if size else EMPTY

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The path from leaf `index` to the root over `size` leaves (RFC 9162, 2.1.3.1)."""
        self._check(size)
        if not 0 <= index < size:
            raise IndexError(f"there is no leaf {index} among {size}")
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
        """The proof that the tree of `second` leaves begins with that of `first` (2.1.4.1)."""
        self._check(second)
        if not 0 < first <= second:
            raise IndexError(f"a tree of {second} cannot be held against one of {first}")
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
        # What remains is a subtree of the first tree; its hash is known if it is all of it.
        if start:
            path.append(self._hash(start, end))
        return path[::-1]

    def _hash(self, start: int, end: int) -> bytes:
        """Of the leaves from `start` to before `end`, a range as the tree divides it."""
        size = end - start
        if size & (size - 1) == 0:
            level = size.bit_length() - 1
            at = (start >> level) * SIZE
            return bytes(self._levels[level][at : at + SIZE])
        middle = start + _split(size)
        return node_hash(self._hash(start, middle), self._hash(middle, end))

    def _check(self, size: int) -> None:
        if not 0 <= size <= self.size:
            raise IndexError(f"this tree has {self.size} leaves, not {size}")


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
