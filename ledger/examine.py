"""What stands in a log now? Every record's leaf computed anew, in one pass and little memory.

Nothing is taken on trust: the leaf that was written beside a record is compared, never used for
the roots that are held against signatures.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from ledger.leaf import SealedRow, leaf_of, prefix
from ledger.merkle import Peaks

BATCH = 1000
KEPT = 200
"""Odd records that are kept for the report; the others are counted."""

_FIRST = -(2**63)  # nobody's seq; a record that stands before the first is found all the same
_DAMAGED = bytes(32)


class Store(Protocol):
    """What is needed of a log's database."""

    def head(self) -> tuple[int, int]: ...

    def select_sealed(self, first: int, limit: int) -> list[SealedRow]: ...

    def select_loose(self, limit: int) -> list[int]: ...


@dataclass
class Examined:
    """What one pass over a log found. Seqs, unless a field says otherwise."""

    origin: str
    tree: Peaks = field(default_factory=Peaks)
    """Over the leaves as computed; without meaning behind a gap."""
    last: int = 0
    recorded: int = 0
    head: tuple[int, int] = (0, 0)
    head_before: tuple[int, int] = (0, 0)
    roots: dict[int, bytes] = field(default_factory=dict)
    """By size: the root as computed; none is given behind a gap."""
    written: dict[int, bytes] = field(default_factory=dict)
    """By size: the root of the leaves that stand in the log, where it is another."""
    gaps: list[tuple[int, int]] = field(default_factory=list)
    strange: list[SealedRow] = field(default_factory=list)
    """Records before the first."""
    differing: list[SealedRow] = field(default_factory=list)
    differing_count: int = 0
    back_dated: list[SealedRow] = field(default_factory=list)
    loose: list[int] = field(default_factory=list)

    @property
    def odd(self) -> bool:
        """Whether anything is not as a log writes it."""
        return bool(
            self.gaps
            or self.strange
            or self.differing
            or self.back_dated
            or self.loose
            or not self.head_fits
            or self.cut
        )

    @property
    def head_fits(self) -> bool:
        """Whether the head knows every record; a live log's may have moved on since."""
        seq, recorded = self.head
        return seq >= self.last and recorded >= self.recorded

    @property
    def cut(self) -> bool:
        """Whether records are gone that the head knew before they were read."""
        return self.head_before[0] > self.last


def examine(
    store: Store, origin: str, sizes: Collection[int] = (), after: Examined | None = None
) -> Examined:
    """Reads the whole log, or what follows `after`, an earlier pass that found nothing odd.

    `sizes` are those at which a root is wanted. Records that are appended meanwhile are read or
    not; a record that is neither in the log's head nor new is odd.
    """
    found = Examined(origin)
    if after:
        found.tree, found.last, found.recorded = after.tree.copy(), after.last, after.recorded
    found.head_before = store.head()
    written: Peaks | None = None
    start = prefix(origin)
    wanted = set(sizes)
    for row in rows(store, found.last + 1 if after else _FIRST):
        if row.seq < 1:
            found.strange.append(row)
            continue
        if row.seq > found.last + 1:
            found.gaps.append((found.last + 1, row.seq - 1))
        found.last = row.seq
        leaf = leaf_of(start, row) if row.sound else _DAMAGED
        if leaf != row.leaf:
            written = written or found.tree.copy()
            found.differing_count += 1
            if len(found.differing) < KEPT:
                found.differing.append(row)
        else:
            if row.recorded <= found.recorded and len(found.back_dated) < KEPT:
                found.back_dated.append(row)
            found.recorded = max(found.recorded, row.recorded)
        found.tree.add(leaf)
        if written:
            written.add(row.leaf if type(row.leaf) is bytes else _DAMAGED)
        if row.seq in wanted and not found.gaps:
            found.roots[row.seq] = found.tree.root()
            if written:
                found.written[row.seq] = written.root()
    found.head = store.head()
    if after is None:
        found.loose = store.select_loose(KEPT)
    return found


def rows(store: Store, first: int) -> Iterator[SealedRow]:
    """Every record from a seq on."""
    while page := store.select_sealed(first, BATCH):
        yield from page
        if len(page) < BATCH:
            break
        first = page[-1].seq + 1
