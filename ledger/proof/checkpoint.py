"""A checkpoint: a signer's statement about a log, with its number of records and their root.

The text is C2SP tlog-checkpoint (origin, size, root), with two extension lines: `heads` and the
root of the map of heads (heads.py); and `keys`, how often the log's data keys were encrypted with
new key-encryption keys, and the root of the key table (key_table_root.py). The line `keys` is left
out while data keys are encrypted again. Anyone who reads the log can compute both lines. The text
is signed as a C2SP signed note with Ed25519 (signature type 1). A note is refused if a signature of
a known key is wrong, or if a line is not in the only correct form, no matter who signed it.
A verifier key is written `name+hash+key`, as signed notes have it; the name of a log's key is its
origin. Witnesses add their lines as C2SP tlog-cosignature has it (`cosignature/v1`, type 4, with
the second at which they signed).
"""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

_ED25519 = b"\1"
WITNESS = b"\4"
_MARK = "\N{EM DASH} "
_LEAST = 5
"""The fewest bytes of a signature, including the four bytes that identify its key."""
_LINE = re.compile(
    f"{_MARK}([^+\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+) "
    "((?:[A-Za-z0-9+/]{4})+|(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=))"
)
_HEADS = "heads "
_KEYS = re.compile(r"keys (0|[1-9][0-9]{0,18}) ([A-Za-z0-9+/=]+)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class BadCheckpoint(ValueError):
    """Raised for a text that is not a checkpoint; the message gives the reason."""


class WrongKey(ValueError):
    """Raised for a checkpoint that no trusted key signed, or that was changed after it was
    signed."""


class Checkpoint(Struct, frozen=True):
    """The content of a checkpoint: the origin of the log, its number of records, and their root;
    the root of the heads of its streams; and the root of its key table. A checkpoint of a release
    before 0.2 has no root of heads. A checkpoint that was made while data keys were encrypted again
    has no root of keys.
    """

    origin: str
    size: int
    root: bytes
    heads: bytes | None = None
    keys: tuple[int, bytes] | None = None
    """How often the data keys were encrypted with new key-encryption keys, and the root of the key
    table at that time. The root may change while the log does not grow."""

    def text(self) -> str:
        """Return the text of the checkpoint, which is signed."""
        text = f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"
        if self.heads is not None:
            text += f"{_HEADS}{b64encode(self.heads).decode()}\n"
        if self.keys is not None:
            text += f"keys {self.keys[0]} {b64encode(self.keys[1]).decode()}\n"
        return text

    def agrees(self, other: "Checkpoint") -> bool:
        """Return whether two checkpoints of the same log and size can both be true."""
        unsaid = self.heads is None or other.heads is None
        return self.root == other.root and (unsaid or self.heads == other.heads)


class VerifierKey(Struct, frozen=True):
    """A public key that checks signatures, with the name of the signer."""

    name: str
    public: bytes
    kind: bytes = _ED25519

    @property
    def hash(self) -> bytes:
        """Return the four bytes that identify signatures of this key in a note."""
        return sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{b64encode(self.kind + self.public).decode()}"

    @classmethod
    def parse(cls, text: str, kind: bytes = _ED25519) -> Self:
        """Return the verifier key written in a text. Raises ValueError for any other text, or
        another kind of key."""
        name, _, rest = text.strip().partition("+")
        key_hash, _, body = rest.partition("+")
        try:
            raw = b64decode(body, validate=True)
        except binascii.Error:
            raw = b""
        key = cls(name, raw[1:], kind)
        if not name or len(raw) != 33 or raw[:1] != kind or key.hash.hex() != key_hash:
            raise ValueError(f"{text!r} is not a verifier key (name+hash+key)")
        return key


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """Return a checkpoint as a note signed with this key."""
    text = checkpoint.text()
    name = VerifierKey(checkpoint.origin, key.public_key().public_bytes_raw())
    signature = b64encode(name.hash + key.sign(text.encode())).decode()
    return f"{text}\n{_MARK}{checkpoint.origin} {signature}\n"


def parse(note: str) -> Checkpoint:
    """Return the content of a checkpoint's note, without checking who signed it. Raises
    BadCheckpoint."""
    text, _, signatures = note.partition("\n\n")
    lines = text.split("\n")
    try:
        origin, size, root, *more = lines
        keys = _KEYS.fullmatch(more.pop()) if more and more[-1].startswith("keys ") else None
        heads = [b64decode(line.removeprefix(_HEADS), validate=True) for line in more]
        checkpoint = Checkpoint(
            origin,
            int(size),
            b64decode(root, validate=True),
            heads[0] if heads else None,
            (int(keys[1]), b64decode(keys[2], validate=True)) if keys else None,
        )
    except ValueError:
        raise BadCheckpoint(
            "this text is not a checkpoint (origin, size, root, signatures)"
        ) from None
    sound = all(part is None or len(part) == 32 for part in _hashes(checkpoint))
    if _CONTROL.search(note):
        raise BadCheckpoint("the checkpoint contains a control character")
    if checkpoint.text() != text + "\n" or checkpoint.size < 0 or not sound or not signatures:
        raise BadCheckpoint("the checkpoint is not written in the only allowed form")
    signature_lines(note)
    return checkpoint


def _hashes(checkpoint: Checkpoint) -> tuple[bytes | None, ...]:
    return checkpoint.root, checkpoint.heads, checkpoint.keys[1] if checkpoint.keys else None


def opened(note: str, keys: Sequence[VerifierKey]) -> Checkpoint:
    """Return the content of a checkpoint's note if one of `keys` signed it and no signature of
    `keys` is wrong. Raises BadCheckpoint or WrongKey."""
    checkpoint = parse(note)
    message = checkpoint.text().encode()
    signers = set()
    for key, signature in _signatures(note, keys):
        _check(key, message, signature)
        signers.add(key.name)
    if checkpoint.origin not in signers:
        raise WrongKey("no pinned key signed this text")
    return checkpoint


def signers_of(note: str, keys: Sequence[VerifierKey]) -> list[VerifierKey]:
    """Return those of `keys` that signed a checkpoint's note; a signature of any other text does
    not count.
    """
    message = (note.partition("\n\n")[0] + "\n").encode()
    found_keys = []
    for key, signature in _signatures(note, keys):
        with suppress(WrongKey):
            _check(key, message, signature)
            found_keys.append(key)
    return found_keys


def cosignature(note: str, name: str, key: Ed25519PrivateKey, second: int) -> str:
    """Return the line with a witness's signature for a checkpoint's note."""
    public = VerifierKey(name, key.public_key().public_bytes_raw(), WITNESS)
    time = second.to_bytes(8, "big")
    signature = key.sign(_witnessed(parse(note), time))
    return f"{_MARK}{name} {b64encode(public.hash + time + signature).decode()}\n"


def cosigners(note: str, witnesses: Sequence[VerifierKey]) -> set[str]:
    """Return the names of the witnesses who signed the checkpoint's note. Raises BadCheckpoint, and
    WrongKey if a line in the name of a witness was not signed by that witness."""
    return set(cosigned_at(note, witnesses))


def cosigned_at(note: str, witnesses: Sequence[VerifierKey]) -> dict[str, int]:
    """Return, by name, the time in seconds at which each of these witnesses last signed the
    checkpoint's note. Raises BadCheckpoint, and WrongKey if a line in the name of a witness was not
    signed by that witness.
    """
    checkpoint = parse(note)
    times: dict[str, int] = {}
    for key, signature in _signatures(note, witnesses):
        _check(key, _witnessed(checkpoint, signature[:8]), signature[8:])
        second = int.from_bytes(signature[:8], "big")
        times[key.name] = max(second, times.get(key.name, 0))
    return times


def _witnessed(checkpoint: Checkpoint, time: bytes) -> bytes:
    second = int.from_bytes(time, "big")
    return f"cosignature/v1\ntime {second}\n{checkpoint.text()}".encode()


def _check(key: VerifierKey, message: bytes, signature: bytes) -> None:
    """Check a signature of a message by this key. Raises WrongKey."""
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature:
        raise WrongKey(f"the signature of {key.name} belongs to another text") from None


def signature_lines(note: str) -> list[tuple[str, bytes]]:
    """Return each signature line of a note as the name and the signature, whose first four bytes
    identify the key; lines of unknown keys are included. Raises BadCheckpoint if a line does not
    have the form of a signature line.
    """
    _, _, signatures = note.partition("\n\n")
    named_signatures = []
    *lines, last = signatures.split("\n")
    for line in lines:
        match = _LINE.fullmatch(line)
        raw = b64decode(match[2]) if match else b""
        if match is None or len(raw) < _LEAST or b64encode(raw).decode() != match[2]:
            raise BadCheckpoint(
                "a line below the checkpoint is not a signature in the only allowed form"
            )
        named_signatures.append((match[1], raw))
    if last:
        raise BadCheckpoint("the last line of the checkpoint does not end with a line break")
    return named_signatures


def _signatures(note: str, keys: Sequence[VerifierKey]) -> Iterator[tuple[VerifierKey, bytes]]:
    """Yield the signatures of a note that claim to be made with one of `keys`, each with its key;
    the four bytes that identify the key are removed from the signature.
    """
    for name, raw in signature_lines(note):
        for key in keys:
            if key.name == name and key.hash == raw[:4]:
                yield key, raw[4:]
