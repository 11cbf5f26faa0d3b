"""Examine millions of records of a log in two processes, each half of the log.

The boundary is at the end of a subtree of 65,536 leaves, so that the second process returns the
roots of its subtrees and the first adds them to its own (compact ranges). If either half has a
fault, a single process examines the whole log again and reports the fault.
"""

from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from msgspec import Struct

from domain.kernel.envelope import LogName
from ledger.proof.leaf_scan import Examined, examine
from ledger.proof.merkle import HEIGHT, Peaks
from ledger.store.recorder import LogRecorder
from ledger.store.setup import open_records

LARGE = 250_000
"""From this many records on, a second process saves more time than its start takes (half a
second)."""

_FLOOR = 2
_LEVEL = _FLOOR * HEIGHT
_CHUNK = 1 << _LEVEL

_SHARE = 0.4
"""Share of the records for the process that also compares records with commands."""


def examine_in_halves(
    store: LogRecorder, place: str | Path, log: LogName, origin: str, sizes: Collection[int]
) -> Examined:
    """Examine the records of a log, and collect the heads (last records) of its streams. A large
    log is examined in two processes. `place` is where the second process opens the same records.
    """
    middle = round(store.head()[0] * _SHARE / _CHUNK) * _CHUNK
    if store.head()[0] < LARGE or not middle:
        return examine(store, origin, sizes, heads=True)
    later = [size for size in sizes if size > middle]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        behind = executor.submit(_examine_second_half, place, log, origin, middle, later)
        before = examine(store, origin, set(sizes) - set(later), until=middle, heads=True)
        try:
            half = behind.result()
        # the second process was killed, or had no memory: so this process examines all records
        except BrokenProcessPool:
            return examine(store, origin, sizes, heads=True)
    if before.last == middle and not (before.faulty or half.examined.faulty):
        joined = half.behind(before)
        if not joined.has_differences:
            return joined
    return examine(store, origin, sizes, heads=True)


class _Half(Struct, frozen=True):
    """The second process's results about the second half of a log; the sizes in its Merkle trees
    count from the beginning of that half.
    """

    examined: Examined
    chunks: list[bytes]

    def behind(self, before: Examined) -> Examined:
        """Return the results for the whole log: the results of the first half in `before`, followed
        by these results of the second half.
        """
        examined = self.examined
        trees = {size: self._on(before.tree, tree) for size, tree in examined.trees.items()}
        return Examined(
            examined.origin,
            self._on(before.tree, examined.tree),
            examined.last,
            examined.recorded,
            examined.head,
            before.head_before,
            before.trees | trees,
            heads=before.heads and examined.heads and before.heads.followed_by(examined.heads),
        )

    def _on(self, before: Peaks, tree: Peaks) -> Peaks:
        joined = before.copy()
        for chunk in self.chunks[: tree.size >> _LEVEL]:
            joined.add(chunk, _LEVEL)
        for level, peak in tree.peaks():
            if level < _LEVEL:
                joined.add(peak, level)
        return joined


def _examine_second_half(
    place: str | Path, log: LogName, origin: str, middle: int, sizes: Collection[int]
) -> _Half:
    """Examine the records after `middle`, in a process of its own."""
    chunks: list[bytes] = []

    def keep(floor: int, node: bytes) -> None:
        if floor == _FLOOR:
            chunks.append(node)

    records = open_records(place)
    try:
        recorded = max((row.recorded for row in records[log].select_sealed(middle, 1)), default=0)
        before = Examined(origin, last=middle, recorded=recorded)
        examined = examine(records[log], origin, sizes, before, report=keep, heads=True)
    finally:
        for recorder in records.values():
            recorder.close()
    # the tree is copied without its callback, which cannot be passed to another process
    examined.tree = examined.tree.copy()
    return _Half(examined, chunks)
