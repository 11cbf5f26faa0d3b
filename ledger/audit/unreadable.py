"""Finds records that are unreadable because their key was destroyed, and whether an erasure
accounts for that.

A leaf commits to encrypted bytes, so that an erasure changes no proof. For the same reason no leaf
reveals a key that was destroyed without an erasure: the record is there, and unreadable. A report
could be suppressed in this way, so it is checked separately. The check needs no key: a destroyed
key leaves its row, and erasures record which keys they destroyed.
"""

from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID

from domain.kernel.envelope import Explained, LogName
from ledger.audit.report import AuditFinding
from ledger.proof.leaf_scan import KEPT, rows
from ledger.store.mapper import sealed_under
from ledger.store.recorder import LogRecorder

DESTROYED = "its words were destroyed, and no erasure in the log accounts for it"
KEYLESS = "the key of its words is gone; bring it back with the newest backup of keys"


def lost_words(records: LogRecorder, log: LogName, explained: Explained) -> Iterator[AuditFinding]:
    """Yield a finding for each record whose text is gone although no erasure accounts for it.
    Raises LogUnavailable.
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
    if astray:  # a record was moved to another stream
        for one in rows(records, 1):
            if sealed_under(one.state) in astray:
                yield _finding(log, one.seq, UUID(bytes=one.stream), one.version, DESTROYED)
    for seq, stream, version in records.keys.keyless(KEPT):
        yield _finding(log, seq, stream, version, KEYLESS)


def _finding(log: LogName, seq: int, stream: UUID, version: int, words: str) -> AuditFinding:
    return AuditFinding(log, seq, f"{stream}:{version}", "missing", words)
