"""Audit the data keys of a log: compare the key table with the records and the checkpoints.

Another process may encrypt the data keys again during the audit. So the recorded facts about keys
are read first, then the table; if facts and table differ, both are read again.
"""

from collections.abc import Callable, Collection, Iterator
from uuid import UUID

from ledger.audit.report import LogReport
from ledger.database.batch import KeyRow
from ledger.keys.key_table import KeyTable
from ledger.keys.key_table_root import KeyFacts, Sealed, judge
from ledger.keys.keystore import KeyStore
from ledger.proof.leaf_scan import KEPT
from ledger.store.mapper import sealed_under
from ledger.store.recorder import LogRecorder

_TRIES = 3

LACKING = "the key that it names is not in the key table: that row was changed"
AGAINST = (
    "the key table is not the one that was signed: {}. A key was exchanged or overwritten, or "
    "another id, family or epoch was given to it, and no rotation or erasure explains this"
)


def check_keys(records: LogRecorder, report: LogReport, facts: Callable[[], KeyFacts]) -> None:
    """Add findings and doubts about a log's key table to the report. Raises LogUnavailable."""
    if report.collected is None or report.origin is None:
        return  # missing or invalid records were reported as findings before
    uses = report.collected.key_uses()
    signed = [
        (name, Sealed(checkpoint.keys[0], checkpoint.size, checkpoint.keys[1]))
        for name, checkpoint in report.checkpoints
        if checkpoint.keys and checkpoint.origin == report.origin and checkpoint.size <= report.size
    ]
    for _ in range(_TRIES):
        key_facts = facts()
        judged = judge(
            report.origin, records.keys.seals(), uses, key_facts.tables.get(report.log), signed
        )
        if not (judged.lacking or judged.against):
            break
    reported_seqs = {finding.seq for finding in report.findings}
    for seq, stream in sorted(judged.lacking)[:KEPT]:
        if seq not in reported_seqs:
            report.add("edited", LACKING, seq, str(UUID(bytes=stream)))
            report.integrity = "broken"
    if judged.against and key_facts.moving():
        report.doubt("keys are being moved: see whether a rotation or an erasure was interrupted")
    elif judged.against and not any(finding.what == "missing" for finding in report.findings):
        report.add("edited", AGAINST.format("; ".join(judged.against)))
        report.integrity = "broken"
    elif uses and not judged.borne_out:
        report.doubt("the data keys are not under a checkpoint: let the signer run once")


_PAGE = 500
"""Number of streams whose keys are decrypted at a time."""


def open_all(records: LogRecorder, report: LogReport, store: KeyStore) -> None:
    """Add a finding for each live key of a log that the key store cannot decrypt. Raises
    LogUnavailable."""
    uses = report.collected.key_uses() if report.collected else {}
    table = records.keys
    for row in _closed(table, store, {key.stream for key in table.seals().keys}):
        seq, _ = uses.get(row.key_id, (None, b""))
        where = f"stream {UUID(bytes=row.stream)}, key {row.number}"
        report.add("edited", f"the {row.family} key of its text cannot be decrypted ({where})", seq)
        report.integrity = "broken"


def unopened(table: KeyTable, store: KeyStore, streams: Collection[bytes]) -> set[bytes]:
    """Return the streams that have a live key which the key store cannot decrypt, or a record whose
    key is not in the table. (`check_keys` compares the keys with the signed ones.) Raises
    LogUnavailable, KeyFault.
    """
    faulty = {row.stream for row in _closed(table, store, streams)}
    for page in _pages(streams):
        there = {(row.stream, row.key_id) for row in table.select(page)}
        for record in table.records(page):
            key = sealed_under(record.state)
            if key is not None and (record.stream, key) not in there:
                faulty.add(record.stream)
    return faulty


def _closed(table: KeyTable, store: KeyStore, streams: Collection[bytes]) -> Iterator[KeyRow]:
    """Yield the live keys of these streams that the key store cannot decrypt. Before a key is
    yielded, it is read again, because it may have been encrypted again during the check.
    """
    for page in _pages(streams):
        if shut := _shut(table, store, page):
            store.refresh()
            yield from _shut(table, store, sorted({row.stream for row in shut}))


def _shut(table: KeyTable, store: KeyStore, streams: Collection[bytes]) -> list[KeyRow]:
    groups: dict[tuple[str, int], list[KeyRow]] = {}
    for row in table.select(streams):
        if row.wrapped is not None:
            groups.setdefault((row.family, row.epoch), []).append(row)
    shut: list[KeyRow] = []
    for (family, epoch), rows in groups.items():
        if epoch not in store.epochs(family):
            shut += rows
            continue
        opened = store.unwrap(family, epoch, [(row.context, row.wrapped or b"") for row in rows])
        shut += (row for row, key in zip(rows, opened, strict=True) if key is None)
    return shut


def _pages(streams: Collection[bytes]) -> Iterator[list[bytes]]:
    whole = sorted(streams)
    return (whole[at : at + _PAGE] for at in range(0, len(whole), _PAGE))
