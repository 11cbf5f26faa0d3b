"""Encryption of an event's body, so that the body can be decrypted only to one text, at its own
record, and with one key.

    1 byte    version: 0x01
    16 bytes  id of the data key, random
    32 bytes  salt, random for each event
    32 bytes  commitment
    rest      AES-256-GCM ciphertext and tag

HKDF-SHA256 (RFC 5869) derives 64 bytes from the data key and the salt: the event's own key and the
commitment. The nonce is zero, because the event's key encrypts nothing else. AES-GCM alone does not
bind a ciphertext to one key: somebody can build a ciphertext that two keys decrypt to two different
texts. So the commitment is compared first.

The associated data is the record's stream (16 bytes), its version (8 bytes, big-endian), SHA-256 of
the clear part, and the topic: so a body that was moved to another record cannot be decrypted.
"""

import hmac
import struct
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger.keys.keys import SealBroken

VERSION = 1
INFO = b"continuum/envelope/1"
SALT = 32
OVERHEAD = 1 + 16 + SALT + 32 + 16
"""Number of bytes that an envelope has in addition to its content."""

_HEAD = struct.Struct(">B16s32s32s")
_PLACE = struct.Struct(">16sq32s")
_NONCE = bytes(12)
_FIRST, _SECOND = INFO + b"\x01", INFO + b"\x02"


class DataKey(NamedTuple):
    """The data key of a stream and family: a random id of 16 bytes, and a secret of 32 bytes."""

    id: bytes
    secret: bytes


def place(stream: bytes, version: int, topic: str, clear: bytes) -> bytes:
    """Return the associated data for encrypting a record's body: the record's place in the log."""
    return _PLACE.pack(stream, version, sha256(clear).digest()) + topic.encode()


def seal(key: DataKey, salt: bytes, place: bytes, body: bytes) -> bytes:
    """Return the body encrypted as an envelope; `salt` are 32 random bytes that are used only
    once."""
    own = hmac.digest(salt, key.secret, "sha256")
    first = hmac.digest(own, _FIRST, "sha256")
    commitment = hmac.digest(own, first + _SECOND, "sha256")
    sealed = AESGCM(first).encrypt(_NONCE, body, place)
    return _HEAD.pack(VERSION, key.id, salt, commitment) + sealed


def key_id(envelope: bytes) -> bytes:
    """Return the id of the data key with which an envelope was made. Raises SealBroken for an
    invalid envelope."""
    if len(envelope) < OVERHEAD or envelope[0] != VERSION:
        raise SealBroken(
            "the text of this record is not sealed in the form that this release reads"
        )
    return envelope[1:17]


def event_secret(secret: bytes, envelope: bytes) -> bytes:
    """Return 32 bytes that decrypt only this envelope, derived from the secret of its data key (the
    pseudo-random key of HKDF). These bytes can be published with a proof."""
    return hmac.digest(envelope[17 : 17 + SALT], secret, "sha256")


def unseal(secret: bytes, place: bytes, envelope: bytes) -> bytes:
    """Return the body of an event from its envelope. Raises SealBroken if the envelope was changed
    or moved, or was made with another key."""
    return opened(event_secret(secret, envelope), place, envelope)


def opened(own: bytes, place: bytes, envelope: bytes) -> bytes:
    """Return the body of an event, decrypted with the secret `own`, which decrypts only this
    envelope.
    """
    key_id(envelope)  # this call raises an error if the text is not an envelope
    commitment = _HEAD.unpack_from(envelope)[-1]
    first = hmac.digest(own, _FIRST, "sha256")
    if not hmac.compare_digest(hmac.digest(own, first + _SECOND, "sha256"), commitment):
        raise SealBroken("the text of this record was sealed with another key")
    try:
        return AESGCM(first).decrypt(_NONCE, envelope[_HEAD.size :], place)
    except InvalidTag:
        raise SealBroken(
            "the text of this record was changed, or belongs to another record"
        ) from None
