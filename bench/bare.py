"""Encode and encrypt events as a log does, but in plain loops without the log, for comparison.

Plain loops convert fields to JSON, build the envelope and the leaf, wrap the data keys, and then do
the reverse. They have no command ids, heads, clock, checks, allow-list, size limit or event
objects.
"""

import os
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from domain.kernel.envelope import Event, Submission
from ledger.database.batch import KeyRow
from ledger.keys.sealing import DataKey, key_id, place, seal, unseal
from ledger.proof.leaf import SealedRow, leaf_of
from ledger.store.mapper import StoredDocument, parts
from tests.ledger.known_keys import KnownKeys

FAMILY, EPOCH = "record", 1
_encode = msgspec.json.Encoder().encode

Row = tuple[int, bytes, int, str, bytes, int, bytes, bytes]
"""The columns of a row in the table of events."""


class Bare:
    """Plain loops that do what a log does with the events of a catalogue: encode, encrypt and
    decrypt them. `start` is the prefix of each leaf of the hash tree."""

    def __init__(self, events: Sequence[type[Event]], start: bytes) -> None:
        self._start, self._keys = start, KnownKeys()
        self._writers = {event: _writer(event) for event in events}
        documents: dict[str, Any] = {
            event.stored.topic: StoredDocument[event]  # type: ignore[valid-type]
            for event in events
        }
        self._decode = {
            topic: msgspec.json.Decoder(document).decode for topic, document in documents.items()
        }
        self._secrets: dict[bytes, bytes] = {}

    def rows(self, submissions: Sequence[Submission], seq: int) -> tuple[list[Row], list[KeyRow]]:
        """Encrypt the events of these commands, numbered from `seq`. Return the events' rows with
        their leaf hashes, and a wrapped data key for each stream."""
        rows: list[Row] = []
        made: list[KeyRow] = []
        prefix, written = b"", None
        for s in submissions:
            stream = s.facts[0].originator_id.bytes
            key = DataKey(os.urandom(16), os.urandom(32))
            made.append(KeyRow(stream, 1, FAMILY, key.id, EPOCH, key.secret))
            for fact in s.facts:
                if fact.header is not written:
                    written, prefix = fact.header, _encode(fact.header)[:-1] + b',"event":{'
                topic, (clear, sealed) = fact.event.stored.topic, self._writers[type(fact.event)]
                clear_part = prefix + clear(fact.event)
                body = b"," + sealed(fact.event) + b"}}"
                where = place(stream, fact.originator_version, topic, clear_part)
                envelope = seal(key, os.urandom(32), where, body)
                state = b"\x02" + len(clear_part).to_bytes(4, "big") + clear_part + envelope
                row = SealedRow(seq, stream, fact.originator_version, topic, state, seq, b"")
                rows.append((*row[:6], s.command_id.bytes, leaf_of(self._start, row)))
                seq += 1
        wrapped = self._keys.wrap(
            FAMILY, EPOCH, [(key.context, key.wrapped or b"") for key in made]
        )
        return rows, [KeyRow(*key[:5], w) for key, w in zip(made, wrapped, strict=True)]

    def open(self, keys: Sequence[KeyRow]) -> None:
        """Decrypt these wrapped data keys, and save them in memory for the decryption of events."""
        wrapped = [(key.context, key.wrapped or b"") for key in keys]
        opened = self._keys.unwrap(FAMILY, EPOCH, wrapped)
        for key, secret in zip(keys, opened, strict=True):
            self._secrets[key.key_id] = secret or b""

    def told(self, rows: Sequence[Row]) -> list[StoredDocument[Event]]:
        """Return the decrypted events in these rows of the log."""
        decode, secrets = self._decode, self._secrets
        events: list[StoredDocument[Event]] = []
        for _, stream, version, topic, state, *_ in rows:
            clear, envelope = parts(state)
            where = place(stream, version, topic, clear)
            body = unseal(secrets[key_id(envelope)], where, envelope)
            events.append(decode[topic](clear + body))
        return events


def _writer(event: type[Event]) -> tuple[Callable[[Event], bytes], Callable[[Event], bytes]]:
    sealed = event.stored.sealed
    clear = [name for name in event.__struct_fields__ if name not in sealed]
    return _members(clear), _members(sealed)


def _members(names: Sequence[str]) -> Callable[[Event], bytes]:
    part = msgspec.defstruct("Part", [(name, Any) for name in names], frozen=True, gc=False)
    return lambda event: _encode(part(*[getattr(event, name) for name in names]))[1:-1]
