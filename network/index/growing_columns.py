"""The arrays of the index: columns of equal length that grow, and numbers for ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]
#: The type of an id: sixteen bytes, which NumPy sorts in the order of the ids.
ID = "S16"


class Columns:
    """Columns of equal length, to which rows are added. The space for rows grows by a factor
    whenever it is full, so that adding single rows costs little.
    """

    def __init__(self, **kinds: str) -> None:
        self.size = 0
        self._held: dict[str, Array] = {name: np.empty(0, kind) for name, kind in kinds.items()}

    def __getitem__(self, name: str) -> Array:
        return self._held[name][: self.size]

    @property
    def nbytes(self) -> int:
        """Return the number of bytes that the rows use, without unused space."""
        return sum(self[name].nbytes for name in self._held)

    def add(self, columns: Mapping[str, Array | Sequence[Any]]) -> None:
        """Append rows to the columns; `columns` has the new values of each column, by its name."""
        more = len(next(iter(columns.values())))
        end = self.size + more
        for name, array in self._held.items():
            if end > len(array):
                grown = np.empty(max(end, self.size * 5 // 4), array.dtype)
                grown[: self.size] = array[: self.size]
                self._held[name] = grown
            self._held[name][self.size : end] = columns[name]
        self.size = end


class Numbers:
    """The numbers that the index of the network gives to ids. Most ids are in one sorted array:
    bisection finds an id there, and the number of each is its position in the array. Ids that were
    added later are in a dictionary, with higher numbers.
    """

    def __init__(self, ids: Array | None = None) -> None:
        self.sorted: Array = np.empty(0, ID) if ids is None else np.unique(ids)
        self._later: dict[bytes, int] = {}
        high = _high(self.sorted)
        #: The first half of each id as a number, by which an id is looked up ten times as fast;
        #: None if two ids have the same first half.
        self._high = high if np.all(high[1:] != high[:-1]) else None

    def __len__(self) -> int:
        return len(self.sorted) + len(self._later)

    def numbers_of(self, ids: Array, *, new: bool = False) -> Ints:
        """Return for each id the number that the index has given to it. An id without a number gets
        -1 or, with `new`, the next free number.
        """
        if self._high is None:
            places = np.searchsorted(self.sorted, ids)
        else:
            places = np.searchsorted(self._high, _high(ids))
        array = np.full(len(ids), -1, np.int64)
        if len(self.sorted):
            at = np.minimum(places, len(self.sorted) - 1)
            met = self.sorted[at] == ids
            array[met] = at[met]
        if self._later or new:
            for place in np.flatnonzero(array < 0).tolist():
                id_bytes = bytes(ids[place])
                number = self._later.get(id_bytes, -1)
                if number < 0 and new:
                    number = self._later[id_bytes] = len(self)
                array[place] = number
        return array

    def number_of(self, item: UUID) -> int:
        """Return the number of this id, or -1 if it has none."""
        return int(self.numbers_of(packed([item]))[0])

    def ids(self, numbers: Array) -> list[UUID]:
        """Return the ids with these numbers."""
        return uuids(self.bytes_of(numbers))

    @property
    def in_order(self) -> bool:
        """Return whether the numbers of the index are in the order of the ids."""
        return not self._later

    def bytes_of(self, numbers: Array) -> Array:
        """Return the ids with these numbers as sixteen bytes each."""
        if not self._later:
            return self.sorted[numbers]
        behind = np.array(list(self._later), ID)
        return np.concatenate((self.sorted, behind))[numbers]


def packed(ids: Iterable[UUID]) -> Array:
    """Return ids as an array."""
    return _viewed(b"".join(item.bytes for item in ids))


def from_hex(texts: Iterable[str]) -> Array:
    """Return an array of ids that a database returned as 32 hexadecimal digits each."""
    return _viewed(bytes.fromhex("".join(texts)))


def _viewed(data: bytes) -> Array:
    return np.frombuffer(data, ID) if data else np.empty(0, ID)


def _high(ids: Array) -> Array:
    """Return the first eight bytes of each id as a number."""
    halves = np.ascontiguousarray(ids).view(">u8").reshape(-1, 2)
    return halves[:, 0].astype(np.uint64)


def uuids(ids: Array) -> list[UUID]:
    """Return the ids in an array."""
    data = np.ascontiguousarray(ids).tobytes()
    return [UUID(bytes=data[at : at + 16]) for at in range(0, len(data), 16)]
