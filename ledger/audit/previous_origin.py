"""Compare a log that was copied to a new origin with the log from which it was copied.

Most records are unchanged. For the rewritten ones, their earlier leaves (hashes) are recorded, so
that the root of the log under its old origin can be computed here.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from domain.kernel.envelope import LogName
from ledger.audit.report import FormerLog
from ledger.proof.checkpoint import BadCheckpoint, Checkpoint, parse
from ledger.proof.leaf import SealedRow, leaf_of, prefix
from ledger.proof.leaf_scan import BATCH
from ledger.proof.merkle import Peaks
from ledger.store.recorder import LogRecorder

if TYPE_CHECKING:
    from ledger.audit.report import LogReport


def roots(
    select: Callable[[int, int], list[SealedRow]], former: FormerLog, at: int
) -> tuple[bytes, bytes | None]:
    """Return two roots of the log under its old origin, computed from the present records: the root
    of all its records, and the root of its first `at` records. The second is None if there are
    fewer valid records than `at`.
    """
    start, tree = prefix(former.origin), Peaks()
    partial = tree.root() if not at else None
    while tree.size < former.size:
        page = select(tree.size + 1, min(BATCH, former.size - tree.size))
        if not page or not all(row.sound for row in page):
            break
        for row in page:
            tree.add(former.leaves.get(row.seq) or leaf_of(start, row))
            if tree.size == at:
                partial = tree.root()
    return tree.root(), partial


class Origins(Struct, frozen=True):
    """Facts in the evidence log about copies of the record: from which log each log of this store
    was copied, and to which store the record was copied, if any."""

    former: Mapping[LogName, FormerLog] = field(default_factory=dict)
    store: str | None = None


def compare_with_former(store: LogRecorder, report: "LogReport", former: FormerLog) -> None:
    """Add a finding if a copied log does not begin with the records that the log under its former
    origin had, or if the last checkpoint under that origin signs other records.
    """
    signed: Checkpoint | None = None
    if former.checkpoint:
        try:
            signed = parse(former.checkpoint)
        except BadCheckpoint as error:
            report.add("wrong key", f"the checkpoint of its former origin: {error}")
    root, partial = roots(store.select_sealed, former, signed.size if signed else 0)
    if root != former.root:
        report.add(
            "forked",
            f"the first {former.size} records are not those of {former.origin}, from which it says "
            "that it was copied",
        )
    elif signed and (signed.origin != former.origin or signed.root != partial):
        report.add("forked", f"the last checkpoint of {former.origin} signs other records")
