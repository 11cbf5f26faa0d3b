"""Columns of one length that grow, and ids that are numbered: what the index is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]
#: Sixteen bytes of an id; NumPy orders them as ids are ordered.
ID = "S16"


class Columns:
    """Arrays of one length. What is added is added to all; the room for it doubles, so that adding
    row by row costs no more than once."""

    def __init__(self, **kinds: str) -> None:
        self.size = 0
        self._held: dict[str, Array] = {name: np.empty(0, kind) for name, kind in kinds.items()}

    def __getitem__(self, name: str) -> Array:
        return self._held[name][: self.size]

    @property
    def nbytes(self) -> int:
        """How many bytes the rows take, without the room for more."""
        return sum(self[name].nbytes for name in self._held)

    def add(self, columns: Mapping[str, Array | Sequence[Any]]) -> None:
        """Put rows behind those that are there."""
        more = len(next(iter(columns.values())))
        end = self.size + more
        for name, held in self._held.items():
            if end > len(held):
                grown = np.empty(max(end, self.size * 5 // 4), held.dtype)
                grown[: self.size] = held[: self.size]
                self._held[name] = grown
            self._held[name][self.size : end] = columns[name]
        self.size = end


class Numbers:
    """Ids and their numbers. Most are found by bisection in one sorted array, and so numbered in
    their order; those that came later stand in a dictionary, and behind them."""

    def __init__(self, ids: Array | None = None) -> None:
        self.sorted: Array = np.empty(0, ID) if ids is None else np.unique(ids)
        self._later: dict[bytes, int] = {}
        high = _high(self.sorted)
        #: The first half of each, where that tells them apart: it is found ten times as fast.
        self._high = high if np.all(high[1:] != high[:-1]) else None

    def __len__(self) -> int:
        return len(self.sorted) + len(self._later)

    def of(self, ids: Array, *, new: bool = False) -> Ints:
        """The number of each; -1 of one that is not known, unless it gets one as `new`."""
        if self._high is None:
            places = np.searchsorted(self.sorted, ids)
        else:
            places = np.searchsorted(self._high, _high(ids))
        found = np.full(len(ids), -1, np.int64)
        if len(self.sorted):
            at = np.minimum(places, len(self.sorted) - 1)
            met = self.sorted[at] == ids
            found[met] = at[met]
        if self._later or new:
            for place in np.flatnonzero(found < 0).tolist():
                one = bytes(ids[place])
                number = self._later.get(one, -1)
                if number < 0 and new:
                    number = self._later[one] = len(self)
                found[place] = number
        return found

    def one(self, one: UUID) -> int:
        """The number of this id, or -1."""
        return int(self.of(packed([one]))[0])

    def ids(self, numbers: Array) -> list[UUID]:
        """The ids that have these numbers."""
        return uuids(self.bytes_of(numbers))

    @property
    def in_order(self) -> bool:
        """Whether numbers are in the order of the ids."""
        return not self._later

    def bytes_of(self, numbers: Array) -> Array:
        """The same as sixteen bytes each."""
        if not self._later:
            return self.sorted[numbers]
        behind = np.array(list(self._later), ID)
        return np.concatenate((self.sorted, behind))[numbers]


def packed(ids: Iterable[UUID]) -> Array:
    """Ids as an array."""
    return _viewed(b"".join(one.bytes for one in ids))


def from_hex(texts: Iterable[str]) -> Array:
    """Ids that a database tells as 32 digits each."""
    return _viewed(bytes.fromhex("".join(texts)))


def _viewed(told: bytes) -> Array:
    return np.frombuffer(told, ID) if told else np.empty(0, ID)


def _high(ids: Array) -> Array:
    """The first eight bytes of each, as a number."""
    halves = np.ascontiguousarray(ids).view(">u8").reshape(-1, 2)
    return halves[:, 0].astype(np.uint64)


def uuids(ids: Array) -> list[UUID]:
    """An array of ids as ids."""
    told = np.ascontiguousarray(ids).tobytes()
    return [UUID(bytes=told[at : at + 16]) for at in range(0, len(told), 16)]
