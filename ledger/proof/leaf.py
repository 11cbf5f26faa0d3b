"""The leaf of a record: 32 bytes that a signed root of the log covers, and that change if the
record does.

A leaf is computed from, in this order: the format "EV1", the log's origin, the record's seq
(without gaps), its stream, its version in the stream, its topic, the microsecond at which it was
recorded, and the SHA-256 of its stored state. Before each part is its length (4 bytes, unsigned,
big-endian); numbers are 8 bytes, big-endian, signed; a stream is 16 bytes; texts are UTF-8. The
leaf is the leaf hash of RFC 9162, section 2.1.1: SHA-256 of a zero byte and these parts.

A command id and a blind digest are not part of the leaf: they only serve to look facts up, and an
erasure deletes them.
"""

import struct
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from domain.kernel.envelope import LogName
from ledger.database.batch import LogPosition, RecordBatch

FORMAT = b"EV1"

_LENGTH = struct.Struct(">I")
# The beginning of a leaf: seq, stream, version, length of the topic.
_HEAD = struct.Struct(">IqI16sIqI")
_TAIL = struct.Struct(">IqI")  # The end of a leaf: recorded time, length of the hash of the state.

_INTEGERS = range(-(2**63), 2**63)


def make_origin(store_id: str, log: LogName) -> str:
    """Return a log's globally unique name: the store's random id and the log's own name."""
    return f"continuum/{store_id}/{log}"


def prefix(origin: str) -> bytes:
    """Return the first bytes of every leaf of a log: the zero byte of a leaf, the format, the
    origin."""
    name = origin.encode()
    return b"".join((b"\0", _LENGTH.pack(len(FORMAT)), FORMAT, _LENGTH.pack(len(name)), name))


class SealedRow(NamedTuple):
    """A record as the database has it, with its stored leaf."""

    seq: int
    stream: bytes
    version: int
    topic: str
    state: bytes
    recorded: int
    leaf: bytes

    @property
    def sound(self) -> bool:
        """Return whether every part of the record has the type that a log writes."""
        return (
            all(type(n) is int and n in _INTEGERS for n in (self.seq, self.version, self.recorded))
            and all(type(part) is bytes for part in (self.stream, self.state, self.leaf))
            and len(self.stream) == 16
            and type(self.topic) is str
        )


def leaf_of(prefix: bytes, row: SealedRow, seq: int | None = None) -> bytes:
    """Return the leaf of a valid record, computed for the record's own seq or for another seq, if
    `seq` is given.
    """
    topic = row.topic.encode("utf-8", "surrogatepass")
    at = row.seq if seq is None else seq
    return sha256(
        b"".join(
            (
                prefix,
                _HEAD.pack(8, at, 16, row.stream, 8, row.version, len(topic)),
                topic,
                _TAIL.pack(8, row.recorded, 32),
                sha256(row.state).digest(),
            )
        )
    ).digest()


def leaves(prefix: bytes, batch: RecordBatch, place: LogPosition) -> Iterator[bytes]:
    """Yield the leaves of the records in a batch that is written at `place`."""
    head, tail = _HEAD.pack, _TAIL.pack
    columns = zip(batch.streams, batch.versions, batch.topics, batch.states, strict=True)
    for i, (stream, version, topic, state) in enumerate(columns):
        name = topic.encode()
        yield sha256(
            prefix
            + head(8, place.seq + i, 16, stream, 8, version, len(name))
            + name
            + tail(8, place.recorded + i, 32)
            + sha256(state).digest()
        ).digest()


def as_rows(raw: Sequence[tuple[object, ...]]) -> list[SealedRow]:
    """Return rows of the database as records, with the fields in order."""
    return list(map(SealedRow._make, raw))


_NO_KEY = bytes(16)


def key_of_state(state: bytes) -> bytes:
    """Return the id of the data key of a stored state, read from its position in the state
    (mapper.py, sealing.py); 16 zero bytes if the state is not encrypted, or is damaged."""
    if state[:1] != b"\x02":
        return _NO_KEY
    at = 6 + int.from_bytes(state[1:5])
    key_id = state[at : at + 16]
    return key_id if len(key_id) == 16 else _NO_KEY


_BYTES, _TEXT, _NUMBER, _STREAM = {bytes}, {str}, {int}, {16}


def leaves_of(prefix: bytes, first: int, page: Sequence[SealedRow]) -> list[bytes] | None:
    """Return the leaves of records from seq `first` on.

    Return None if a row is invalid or at another position: then each row has to be checked by
    itself. All rows are checked together, because an auditor reads millions.
    """
    seqs, streams, versions, topics, states, times, written = zip(*page, strict=True)
    if (
        seqs != tuple(range(first, first + len(page)))
        or set(map(type, (*versions, *times))) != _NUMBER
        or set(map(type, (*streams, *states, *written))) != _BYTES
        or set(map(type, topics)) != _TEXT
        or set(map(len, streams)) != _STREAM
    ):
        return None
    head, tail = _HEAD.pack, _TAIL.pack
    names = {topic: topic.encode("utf-8", "surrogatepass") for topic in set(topics)}
    try:
        return [
            sha256(
                prefix
                + head(8, seq, 16, stream, 8, version, len(name := names[topic]))
                + name
                + tail(8, recorded, 32)
                + sha256(state).digest()
            ).digest()
            for seq, stream, version, topic, state, recorded, _ in page
        ]
    except struct.error:  # a number of the row is out of range, so it is not valid
        return None
