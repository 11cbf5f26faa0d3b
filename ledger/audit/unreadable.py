"""Whose words can nobody read any more, and does the log say why?

A leaf commits to sealed bytes, so that an erasure leaves every proof as it was. For the same reason
no leaf tells when somebody destroys a key and no erasure stands behind it: the record is there, and
says nothing. This is how a report is suppressed in a sealed log, so it is asked for by itself. It
needs no key: a destroyed one leaves its row, and erasures write down which they destroyed.
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
    """A finding for each record whose words are gone without a reason. Raises LogUnavailable."""
    astray: set[bytes] = set()
    for stream, key in records.keys.destroyed():
        if sha256(key).hexdigest() in explained.keys or (log, stream) in explained.streams:
            continue
        sealed = [row for row in records.select_stream(stream) if sealed_under(row[4]) == key]
        for row in sealed:
            yield _finding(log, row[0], stream, row[2], DESTROYED)
        if not sealed:
            astray.add(key)
    if astray:  # a row that was put beside another stream
        for one in rows(records, 1):
            if sealed_under(one.state) in astray:
                yield _finding(log, one.seq, UUID(bytes=one.stream), one.version, DESTROYED)
    for seq, stream, version in records.keys.keyless(KEPT):
        yield _finding(log, seq, stream, version, KEYLESS)


def _finding(log: LogName, seq: int, stream: UUID, version: int, words: str) -> AuditFinding:
    return AuditFinding(log, seq, f"{stream}:{version}", "missing", words)
