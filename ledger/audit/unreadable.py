"""Find records that cannot be read because their key was destroyed, and check whether an erasure
explains this.

A leaf is computed from encrypted bytes, so it does not show that a key was destroyed. A person
could suppress a report by destroying its key without an erasure, and every proof would still hold.
The check needs no key: a destroyed key leaves a row in the key table, and erasures record which
keys they destroyed.
"""

from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID

from domain.kernel.envelope import Explained, LogName
from ledger.audit.report import AuditFinding
from ledger.proof.leaf_scan import KEPT, rows
from ledger.store.mapper import sealed_under
from ledger.store.recorder import LogRecorder

DESTROYED = "its text was destroyed, and no erasure in the log explains this"
KEYLESS = "the key of its text is missing; restore it from the newest backup of keys"


def lost_words(records: LogRecorder, log: LogName, explained: Explained) -> Iterator[AuditFinding]:
    """Yield a finding for each record whose text cannot be decrypted, because its key was destroyed
    and no recorded erasure explains the destruction. Raises LogUnavailable.
    """
    astray: set[bytes] = set()
    for stream, key in records.keys.destroyed():
        if sha256(key).hexdigest() in explained.keys or (log, stream) in explained.streams:
            continue
        sealed = [row for row in records.select_stream(stream) if sealed_under(row[4]) == key]
        for row in sealed:
            yield _finding(log, row[0], stream, row[2], DESTROYED)
        if not sealed:
            astray.add(key)
    if astray:  # records that were moved to other streams are searched for in the whole log
        for record in rows(records, 1):
            if sealed_under(record.state) in astray:
                yield _finding(
                    log, record.seq, UUID(bytes=record.stream), record.version, DESTROYED
                )
    for seq, stream, version in records.keys.keyless(KEPT):
        yield _finding(log, seq, stream, version, KEYLESS)


def _finding(log: LogName, seq: int, stream: UUID, version: int, words: str) -> AuditFinding:
    return AuditFinding(log, seq, f"{stream}:{version}", "missing", words)
