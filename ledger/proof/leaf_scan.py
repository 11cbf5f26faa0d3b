"""Examine a log: compute the leaf of each record again, in one pass and with little memory.

Nothing stored is trusted: the stored leaf of a record is compared with the computed one, and roots
that are compared with signatures are made only of computed leaves.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter, lt
from typing import Protocol

from ledger.proof.heads import Collected
from ledger.proof.leaf import SealedRow, leaf_of, leaves_of, prefix
from ledger.proof.merkle import Peaks, Told

BATCH = 1024
KEPT = 200
"""Number of faulty records that are listed in the report; further ones are only counted."""

_FIRST = -(2**63)  # lower than any seq, so that records before the first are read, too
_DAMAGED = bytes(32)


class LeafSource(Protocol):
    """The interface to a log's database that the examination needs."""

    def head(self) -> tuple[int, int]: ...

    def select_sealed(self, first: int, limit: int) -> list[SealedRow]: ...

    def select_loose(self, limit: int) -> list[int]: ...


@dataclass
class Examined:
    """The result of one pass over a log, record by record. The fields hold sequence numbers of
    records (seqs), unless their own descriptions say otherwise."""

    origin: str
    tree: Peaks = field(default_factory=Peaks)
    """The roots of complete subtrees over the computed leaves; without meaning after a gap."""
    last: int = 0
    recorded: int = 0
    head: tuple[int, int] = (0, 0)
    head_before: tuple[int, int] = (0, 0)
    trees: dict[int, Peaks] = field(default_factory=dict)
    """The computed tree, by size; none after a gap."""
    written: dict[int, bytes] = field(default_factory=dict)
    """The root of the stored leaves, by size, if it differs from the computed one."""
    gaps: list[tuple[int, int]] = field(default_factory=list)
    strange: list[SealedRow] = field(default_factory=list)
    """Records before the first one of the log."""
    differing: list[SealedRow] = field(default_factory=list)
    differing_count: int = 0
    back_dated: list[SealedRow] = field(default_factory=list)
    loose: list[int] = field(default_factory=list)
    heads: Collected | None = None
    """Data for the map of heads, if they were requested; None after a gap."""

    @property
    def roots(self) -> dict[int, bytes]:
        """Return the computed roots of the log's tree, by the number of records."""
        return {size: tree.root() for size, tree in self.trees.items()}

    @property
    def has_differences(self) -> bool:
        """Return whether the log has a faulty record, a head that does not fit its records, or
        missing records."""
        return self.faulty or not self.head_fits or self.cut

    @property
    def faulty(self) -> bool:
        """Return whether a record of the log differs from what the program writes."""
        return bool(self.gaps or self.strange or self.differing or self.back_dated or self.loose)

    @property
    def head_fits(self) -> bool:
        """Return whether the log's head covers each record that was read. The head (last number and
        time) of a log in use may already cover later records.
        """
        seq, recorded = self.head
        return seq >= self.last and recorded >= self.recorded

    @property
    def cut(self) -> bool:
        """Return whether records are missing at the end of the log: whether the last record that
        was read is earlier than the last record that the log's head named before the reading began.
        """
        return self.head_before[0] > self.last


def examine(
    store: LeafSource,
    origin: str,
    sizes: Collection[int] = (),
    after: Examined | None = None,
    *,
    until: int | None = None,
    report: Told | None = None,
    heads: bool = False,
) -> Examined:
    """Examine the records of a log. With `after`, the result of an earlier pass without faults,
    only the later records are examined.

    For each number of records in `sizes`, the result includes the Merkle tree over the first
    records. With `until`, the examination ends at the record with this sequence number. `report` is
    called with complete subtrees; with `heads` the heads (last records) of streams are collected.
    Records that are appended during the examination may be included or not.
    """
    examined = Examined(origin, Peaks(report=report))
    if after:
        examined.tree, examined.last, examined.recorded = (
            after.tree.copy(report),
            after.last,
            after.recorded,
        )
    examined.heads = Collected(examined.last) if heads else None
    examined.head_before = store.head()
    reading = _Reading(examined, prefix(origin), set(sizes))
    for page in pages(store, examined.last + 1 if after else _FIRST, until):
        reading.take(page)
    examined.head = store.head()
    if after is None:
        examined.loose = store.select_loose(KEPT)
    return examined


class _Reading:
    """Adds page after page of records to the result of an examination."""

    def __init__(self, examined: Examined, start: bytes, wanted: set[int]) -> None:
        self.found, self.start, self.wanted = examined, start, wanted
        self.written: Peaks | None = None
        """The Merkle tree over the stored leaves; None until a stored leaf differs from the
        computed one."""

    def take(self, page: Sequence[SealedRow]) -> None:
        """Add a page of records: all at once if all are valid, otherwise row by row."""
        examined = self.found
        times = list(map(_RECORDED, page))
        leaves = None
        if not (examined.gaps or self.written or self.wanted & set(map(_SEQ, page))):
            leaves = leaves_of(self.start, examined.last + 1, page)
        if (
            leaves is None
            or leaves != list(map(_LEAF, page))
            or times[0] <= examined.recorded
            or not all(map(lt, times, times[1:]))
        ):
            for row in page:
                self._take(row)
            return
        examined.tree.extend(leaves)
        if examined.heads:
            examined.heads.take(page)
        examined.last, examined.recorded = page[-1].seq, times[-1]

    def _take(self, row: SealedRow) -> None:
        examined = self.found
        if row.seq < 1:
            examined.strange.append(row)
            return
        if row.seq > examined.last + 1:
            examined.gaps.append((examined.last + 1, row.seq - 1))
        examined.last = row.seq
        if examined.gaps or not row.sound:
            examined.heads = None
        elif examined.heads:
            examined.heads.take([row])
        leaf = leaf_of(self.start, row) if row.sound else _DAMAGED
        if leaf != row.leaf:
            self.written = self.written or examined.tree.copy()
            examined.differing_count += 1
            if len(examined.differing) < KEPT:
                examined.differing.append(row)
        else:
            if row.recorded <= examined.recorded and len(examined.back_dated) < KEPT:
                examined.back_dated.append(row)
            examined.recorded = max(examined.recorded, row.recorded)
        examined.tree.add(leaf)
        if self.written:
            self.written.add(row.leaf if type(row.leaf) is bytes else _DAMAGED)
        if row.seq in self.wanted and not examined.gaps:
            examined.trees[row.seq] = examined.tree.copy()
            if self.written:
                examined.written[row.seq] = self.written.root()


_SEQ, _RECORDED, _LEAF = itemgetter(0), itemgetter(5), itemgetter(6)


def rows(store: LeafSource, first: int) -> Iterator[SealedRow]:
    """Yield each record of a log whose number (seq) is `first` or higher."""
    for page in pages(store, first):
        yield from page


def pages(store: LeafSource, first: int, until: int | None = None) -> Iterator[list[SealedRow]]:
    """Yield the records of a log, page by page, from the record with the number (seq) `first` to
    the record with the number `until`; without `until`, to the end of the log.
    """
    while until is None or first <= until:
        limit = BATCH if until is None else min(BATCH, until - first + 1)
        page = store.select_sealed(first, limit)
        if page:
            yield page
        if len(page) < limit:
            break
        first = page[-1].seq + 1
