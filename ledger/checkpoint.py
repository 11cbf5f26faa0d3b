"""What does a signer say of a log? A checkpoint: so many records, under this root.

The text is C2SP tlog-checkpoint (origin, size, root), signed as a C2SP signed note with Ed25519
(signature type 1). A verifier key is written `name+hash+key`, as signed notes have it; the name of
a log's key is its origin. Witnesses add their lines as C2SP tlog-cosignature has it
(`cosignature/v1`, type 4, with the second at which they signed).
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\1"
WITNESS = b"\4"
_MARK = "\N{EM DASH} "


class BadCheckpoint(ValueError):
    """A text that is no checkpoint; the message says why."""


class WrongKey(ValueError):
    """A checkpoint that none of the pinned keys signed, or that was changed afterwards."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first `size` records of the log called `origin` have this root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name under which it signs."""

    name: str
    public: bytes
    kind: bytes = _ED25519

    @property
    def hash(self) -> bytes:
        """Four bytes that tell a note's signatures apart."""
        return sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{b64encode(self.kind + self.public).decode()}"

    @classmethod
    def parse(cls, text: str, kind: bytes = _ED25519) -> Self:
        """Raises ValueError for what is no verifier key of this kind."""
        name, _, rest = text.strip().partition("+")
        told, _, body = rest.partition("+")
        try:
            raw = b64decode(body, validate=True)
        except binascii.Error:
            raw = b""
        key = cls(name, raw[1:], kind)
        if not name or len(raw) != 33 or raw[:1] != kind or key.hash.hex() != told:
            raise ValueError(f"{text!r} is no verifier key (name+hash+key)")
        return key


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The signed note."""
    text = checkpoint.text()
    name = VerifierKey(checkpoint.origin, key.public_key().public_bytes_raw())
    signature = b64encode(name.hash + key.sign(text.encode())).decode()
    return f"{text}\n{_MARK}{checkpoint.origin} {signature}\n"


def parse(note: str) -> Checkpoint:
    """What a note says, whoever signed it. Raises BadCheckpoint."""
    text, _, signatures = note.partition("\n\n")
    lines = text.split("\n")
    try:
        origin, size, root = lines
        found = Checkpoint(origin, int(size), b64decode(root, validate=True))
    except ValueError:
        raise BadCheckpoint("it is no checkpoint (origin, size, root, signatures)") from None
    if found.text() != text + "\n" or found.size < 0 or len(found.root) != 32 or not signatures:
        raise BadCheckpoint("it is no checkpoint in its one right form")
    return found


def opened(note: str, keys: Sequence[VerifierKey]) -> Checkpoint:
    """What a note says, if one of `keys` signed it. Raises BadCheckpoint or WrongKey."""
    found = parse(note)
    message = found.text().encode()
    for key, signature in _signatures(note, keys):
        if key.name == found.origin and _signed(key, message, signature):
            return found
    raise WrongKey("no pinned key signed this text")


def cosign(note: str, name: str, key: Ed25519PrivateKey, second: int) -> str:
    """The note with a witness's line."""
    public = VerifierKey(name, key.public_key().public_bytes_raw(), WITNESS)
    time = second.to_bytes(8, "big")
    signature = key.sign(_witnessed(parse(note), time))
    return f"{note}{_MARK}{name} {b64encode(public.hash + time + signature).decode()}\n"


def cosigners(note: str, witnesses: Sequence[VerifierKey]) -> set[str]:
    """The names of those witnesses who signed the note."""
    found = parse(note)
    return {
        key.name
        for key, signature in _signatures(note, witnesses)
        if _signed(key, _witnessed(found, signature[:8]), signature[8:])
    }


def _witnessed(checkpoint: Checkpoint, time: bytes) -> bytes:
    second = int.from_bytes(time, "big")
    return f"cosignature/v1\ntime {second}\n{checkpoint.text()}".encode()


def _signed(key: VerifierKey, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _signatures(note: str, keys: Sequence[VerifierKey]) -> Iterator[tuple[VerifierKey, bytes]]:
    """The signatures that claim to be of one of the keys, without the four bytes that say so."""
    _, _, signatures = note.partition("\n\n")
    for line in signatures.split("\n"):
        name, _, encoded = line.removeprefix(_MARK).rpartition(" ")
        try:
            raw = b64decode(encoded, validate=True)
        except ValueError:
            continue
        for key in keys:
            if line.startswith(_MARK) and key.name == name and key.hash == raw[:4]:
                yield key, raw[4:]
