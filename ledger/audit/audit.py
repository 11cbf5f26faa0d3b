"""Audit a log: is it unchanged (integrity), and is it complete? There is a verdict on each
question, and a finding for every fault.

Both verdicts are "proven" only for records that a checkpoint of a trusted key signs. They are
"unproven" in case of doubt: no checkpoint, too few witnesses, nothing signed for a long time; each
doubt is described. Two attacks cannot be detected from a log alone: an attacker changed it before
the first checkpoint and computed every leaf again (a receipt would show this); or an attacker
rewrote it and signed it with its own stolen key (an older checkpoint would show this). The file is
long because all checks of an audit are made here, in their order.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

from domain.kernel.envelope import IntegrityFailure, LogName
from ledger.audit.parallel_scan import examine_in_halves
from ledger.audit.report import ExternalNotes, LogReport, What
from ledger.proof.auditor_policy import Pinned
from ledger.proof.checkpoint import BadCheckpoint, Checkpoint, WrongKey, cosigners, parse
from ledger.proof.leaf import SealedRow, leaf_of, prefix
from ledger.proof.leaf_scan import Examined, examine
from ledger.proof.merkle import EMPTY
from ledger.proof.receipt import Receipt, is_unchanged
from ledger.store.recorder import LogRecorder

NO_ANCHORS: Mapping[int, bytes] = MappingProxyType({})
_GONE = frozenset({"missing", "truncated"})


def report_foreign_objects(records: LogRecorder, report: LogReport) -> None:
    """Add a finding for each database object on or next to a log's tables that may change new
    records or prevent the storage of new records. If another release made the log's functions, add
    one doubt instead of the differences from this release.
    """
    for text in records.foreign():
        words = f"{text}: this program did not make it, and it may change or discard new records"
        report.add("foreign", words)
        report.integrity = "broken"
    if not (differing := records.differing()):
        return
    if records.made_by_another():
        report.doubt(
            f"its tables and functions are another release's in {len(differing)} places: run "
            "`continuum init` once as the owner of the store, and verify again"
        )
        return
    for words in differing:
        report.add("foreign", words)
        report.integrity = "broken"


def report_head_time(records: LogRecorder, report: LogReport) -> None:
    """Add a finding if the time in a log's head differs from the time of the log's last record. The
    time in the head matters because the time of the next record is computed from it.
    """
    seq, recorded = records.head()
    last = records.select_sealed(seq, 1) if seq > 0 else []
    if last and last[0].recorded != recorded:
        report.add("edited", "the head of the log has another time than its last record", seq)
        report.integrity = "broken"


def audit(
    store: LogRecorder,
    log: LogName,
    notes: ExternalNotes,
    place: str | Path | None = None,
    anchors: Mapping[int, bytes] = NO_ANCHORS,
) -> LogReport:
    """Audit a log: compare its records with each other and with signed notes (checkpoints) of the
    log that other people have. Raises LogUnavailable, LogMissing.

    `anchors` are the log's roots, by size, that another log of the store recorded. If there are
    many records, a second process opens the same records at `place`.
    """
    report = LogReport(log)
    report.unwitnessed = notes.pinned is not None and notes.pinned.quorum is None
    try:
        report.origin = store.origin()
    except IntegrityFailure as error:
        report.add("edited", str(error))
    if notes.pinned and report.origin not in (None, notes.pinned.origin):
        report.add(
            "forked", f"the origin of the store is {report.origin}, not {notes.pinned.origin}"
        )
    origin = notes.pinned.origin if notes.pinned else report.origin or ""
    signed = list(_signed(report, notes))
    alone = {name for name, note in notes.notes if not _witnessed(notes.pinned, note)}
    sizes = {checkpoint.size for _, checkpoint in signed} | set(anchors)
    examined = (
        examine_in_halves(store, place, log, origin, sizes)
        if place
        else examine(store, origin, sizes, heads=True)
    )
    report.size, report.root, report.trees = examined.last, examined.tree.root(), examined.trees
    report.checkpoints, report.collected = signed, examined.heads
    for name, checkpoint in sorted(signed, key=lambda one: one[1].size):
        _compare_with_checkpoint(report, examined, name, checkpoint, witnessed=name not in alone)
    _compare_with_anchors(report, examined, anchors)
    _report_faults(report, examined)
    _check_receipts(report, store, origin, notes.receipts)
    _doubt(report, notes, signed, alone)
    whats = {finding.what for finding in report.findings}
    report.integrity = "broken" if whats - _GONE else report.integrity
    report.completeness = "broken" if whats & _GONE else report.completeness
    return report


def _signed(report: LogReport, notes: ExternalNotes) -> Iterator[tuple[str, Checkpoint]]:
    """Yield the checkpoints that a trusted key signed, with the name of their source. Without a
    policy all checkpoints count, because then no key is trusted more than another."""
    for name, note in notes.notes:
        try:
            if notes.pinned is None:
                yield name, parse(note)
            else:
                checkpoint = notes.pinned.opened(note)
                cosigners(note, notes.pinned.witnesses)
                yield name, checkpoint
        except BadCheckpoint as error:
            report.add("edited", f"{name}: {error}")
        except WrongKey as error:
            report.add("wrong key", f"{name}: {error}, or it was changed afterwards")


def _doubt(
    report: LogReport,
    notes: ExternalNotes,
    signed: Sequence[tuple[str, Checkpoint]],
    alone: set[str],
) -> None:
    """Add to a log's report the reasons why the signed checkpoints prove less than they could."""
    if notes.expected:
        report.doubt(f"no checkpoint is published, and {notes.expected}")
    if not signed:
        report.doubt("not signed: there is no checkpoint of this log")
    unseen = max(
        (named_checkpoint for named_checkpoint in signed if named_checkpoint[0] in alone),
        key=_size,
        default=None,
    )
    seen = max((checkpoint.size for name, checkpoint in signed if name not in alone), default=-1)
    if notes.pinned and unseen and unseen[1].size > seen:
        report.doubt(
            f"signed but not witnessed: {unseen[0]} signs {unseen[1].size} records, and not "
            f"the {notes.pinned.quorum} of {len(notes.pinned.witnesses)} witnesses that the policy "
            "asks for signed it too"
        )
    if notes.pinned and signed and notes.pinned.quorum == 0:
        report.doubt("signed but not witnessed: the policy asks for a quorum of 0 witnesses")


def _size(entry: tuple[str, Checkpoint]) -> int:
    return entry[1].size


def _witnessed(pinned: Pinned | None, note: str) -> bool:
    """Return whether a checkpoint's note has the signatures of as many witnesses as the auditor's
    policy requires.
    """
    if pinned is None or not pinned.quorum:
        return True
    try:
        return len(cosigners(note, pinned.witnesses)) >= pinned.quorum
    except (BadCheckpoint, WrongKey):
        return False


def _compare_with_checkpoint(
    report: LogReport, examined: Examined, name: str, checkpoint: Checkpoint, *, witnessed: bool
) -> None:
    size = checkpoint.size
    if checkpoint.origin != examined.origin:
        report.add("forked", f"{name} is of {checkpoint.origin}, which is another log")
    elif size > examined.last:
        report.add(
            "truncated",
            f"{name} signs {size} records, and the log has only {examined.last}",
            examined.last + 1,
        )
    elif (examined.roots.get(size) if size else EMPTY) == checkpoint.root:
        if examined.heads and checkpoint.heads not in (
            None,
            examined.heads.root(examined.origin, size),
        ):
            report.add("forked", f"{name} signs other heads than its {size} records have")
        elif witnessed:
            report.signed, report.integrity, report.completeness = size, "proven", "proven"
    elif examined.written.get(size) == checkpoint.root:
        # the root of the stored leaves is the signed one, so no record is missing; but the leaves
        # that are computed from the records give another root, so a record was changed
        if witnessed:
            report.completeness = "proven"
    elif size in examined.roots or not size:
        since = f"after record {report.signed}" if report.signed else "somewhere"
        report.add(
            "forked",
            f"the first {size} records have another root than the one that {name} signs; "
            f"they were rewritten {since}",
        )
    # In all other cases the log has a gap before record `size`, so no root could be computed. The
    # gap is reported as a finding of its own.


def _compare_with_anchors(
    report: LogReport, examined: Examined, anchors: Mapping[int, bytes]
) -> None:
    """Compare a log with its anchors, which are the roots of this log that another log recorded.

    A match alone proves nothing, because an attacker may shorten this log exactly to an anchor.
    """
    who = "the access log" if report.log == "evidence" else "the evidence log"
    if beyond := [size for size in anchors if size > examined.last]:
        words = f"{who} anchored {max(beyond)} records, and this log has only {examined.last}"
        report.add("truncated", words, examined.last + 1)
    for size in sorted(set(anchors) - set(beyond)):
        if size in examined.roots and examined.roots[size] != anchors[size]:
            words = f"the first {size} records have another root than the one that {who} anchored"
            report.add("forked", words)
            return


def _report_faults(report: LogReport, examined: Examined) -> None:
    head = examined.head[0]
    for first, last in examined.gaps:
        if first <= head:
            end = min(last, head)
            which = f"record {first} is" if first == end else f"records {first} to {end} are"
            report.add("missing", f"{which} gone", first)
    for row in examined.strange:
        report.add("inserted", "a record before the first", row.seq, _ref(row))
    if examined.cut and not any(finding.what == "truncated" for finding in report.findings):
        report.add(
            "truncated",
            f"the log gave seq {examined.head_before[0]}, and its records end at {examined.last}",
            examined.last + 1,
        )
    if examined.last > head:
        report.add(
            "inserted",
            f"records go to {examined.last}, but the log's head covers {max(head, 0)}: records "
            "were inserted behind the head, or the head was turned back",
            max(head, 0) + 1,
        )
    elif not examined.head_fits:
        report.add("edited", "the log's clock was turned back below its last record", examined.last)
    moved = set(_report_differing(report, examined))
    for row in examined.back_dated:
        if row.seq not in moved:
            report.add("back-dated", "recorded before the record it follows", row.seq, _ref(row))
    for seq in examined.loose:
        report.add("edited", "its position does not match its command", seq)


def _report_differing(report: LogReport, examined: Examined) -> Iterator[int]:
    """Add a finding for each record that does not match its leaf (its hash in the log's tree).

    Yield the positions of records that were moved.
    """
    moved = dict(_moves(examined))
    permuted = set(moved) == set(moved.values())
    for row in examined.differing:
        was = moved.get(row.seq)
        if was is None:
            words = (
                "the leaf beside it was changed; the record is as signed"
                if row.seq <= report.signed
                else "it is not what was sealed under its leaf"
            )
            report.add("edited", words, row.seq, _ref(row))
            continue
        yield row.seq
        shift = was - row.seq
        if permuted:
            report.add("reordered", f"it was recorded as {was}", row.seq, _ref(row))
        elif moved.get(row.seq - 1) != row.seq - 1 + shift:
            difference: What = "inserted" if shift < 0 else "missing"
            how = "inserted" if shift < 0 else "removed"
            words = f"a record was {how} before this one: the records from here on were renumbered"
            report.add(difference, words, row.seq, _ref(row))
    if more := examined.differing_count - len(examined.differing):
        report.add("edited", f"{more} more records do not match their leaves")


def _moves(examined: Examined) -> Iterator[tuple[int, int]]:
    """Yield the records that are unchanged but at another position of the log, each as a pair: the
    number that it has now, and the number that it had when it was written.
    """
    start = prefix(examined.origin)
    beside = {row.seq: row.leaf for row in examined.differing if row.sound}
    for row in examined.differing:
        if not row.sound:
            continue
        for was in (row.seq - 1, row.seq + 1, *beside):
            leaf = leaf_of(start, row, was)
            if was != row.seq and leaf in (row.leaf, beside.get(was)):
                yield row.seq, was
                break


def _check_receipts(
    report: LogReport, store: LogRecorder, origin: str, receipts: Sequence[Receipt]
) -> None:
    for receipt in receipts:
        row = next(iter(store.select_sealed(receipt.seq, 1)), None)
        if row is None or row.seq != receipt.seq:
            gone: What = "truncated" if receipt.seq > report.size else "missing"
            report.add(
                gone, "a receipt exists for this record, and the record is missing", receipt.seq
            )
        elif not is_unchanged(store, origin, receipt):
            mismatch = (
                "it is not the record"
                if receipt.first == receipt.seq
                else (f"records {receipt.first} to {receipt.seq} are not those")
            )
            report.add("edited", f"{mismatch} that the receipt was given for", row.seq, _ref(row))


def _ref(row: SealedRow) -> str | None:
    return f"{UUID(bytes=row.stream)}:{row.version}" if row.sound else None
