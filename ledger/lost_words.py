"""Whose words can nobody read any more, and does the log say why?

A leaf commits to sealed bytes, so that an erasure leaves every proof as it was. For the same reason
no leaf tells when somebody destroys a key and no erasure stands behind it: the record is there, and
says nothing. This is how a report is suppressed in a sealed log, so it is asked for by itself. It
needs no key: a destroyed one leaves its row, and erasures write down which they destroyed.
"""

from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID

from domain.envelope import Explained, LogName
from ledger.audit import Finding
from ledger.batch import RawRow
from ledger.envelope import key_id
from ledger.examine import KEPT
from ledger.keys import SealBroken
from ledger.mapper import SEALED, Unreadable, parts
from ledger.recorder import LogRecorder

DESTROYED = "its words were destroyed, and no erasure in the log accounts for it"
KEYLESS = "the key of its words is gone; bring it back with the newest backup of keys"


def lost_words(records: LogRecorder, log: LogName, explained: Explained) -> Iterator[Finding]:
    """A finding for each record whose words are gone without a reason. Raises LogUnavailable."""
    told = 0
    for stream, key in records.keys.destroyed():
        if sha256(key).hexdigest() in explained.keys or (log, stream) in explained.streams:
            continue
        for row in records.select_stream(stream):
            if _key_of(row) == key:
                yield _finding(log, row[0], stream, row[2], DESTROYED)
                told += 1
        if told > KEPT:
            return
    for seq, stream, version in records.keys.keyless(KEPT):
        yield _finding(log, seq, stream, version, KEYLESS)


def _finding(log: LogName, seq: int, stream: UUID, version: int, words: str) -> Finding:
    return Finding(log, seq, f"{stream}:{version}", "missing", words)


def _key_of(row: RawRow) -> bytes | None:
    """The id of the data key of a record; None if it is not sealed, or is damaged."""
    state: bytes = row[4]
    try:
        return key_id(parts(state)[1]) if state[:1] == bytes([SEALED]) else None
    except (Unreadable, SealBroken):
        return None
