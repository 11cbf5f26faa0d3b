"""Storage of imported files, each encrypted under a key of its own, so that destroying the key
erases the file.

    21 bytes  b"continuum-original/1\n"
    32 bytes  commitment
    rest      the file in parts of 1 MiB, each AES-256-GCM ciphertext and tag

A file has a random secret, which is in the encrypted part of the event that records its receipt.
Only a reader who may decrypt that event can decrypt the file, and when the event's key is destroyed
every copy of the file is unreadable. Key, commitment and digest are derived from the secret by
HMAC-SHA256. The nonce of a part is its number and whether it is the last part, so that no part can
be moved, left out or cut off. Names are random, because a name made from the hash would confirm a
guess at the file.
"""

import hmac
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes, token_hex

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from ledger.database.durable_files import closed_directory, sync_directory
from ledger.keys.keys import SealBroken

_MAGIC = b"continuum-original/1\n"
_PART, _TAG, _NAME = 1 << 20, 16, 16


@dataclass
class SealedFile:
    """An imported file that is being stored: its name, and the secret that opens it."""

    directory: Path
    name: str = field(default_factory=lambda: token_hex(_NAME))
    secret: bytes = field(default_factory=lambda: token_bytes(32), repr=False)

    def keep(self, chunks: Iterable[bytes]) -> str:
        """Encrypt and store these bytes, completely or not at all; return their SHA-256. Raises
        OSError."""
        closed_directory(self.directory)
        beside = self.directory / f".receiving-{self.name}"
        digest = sha256()
        try:
            opened = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(opened, "wb") as file:
                file.write(_MAGIC + _derived(self.secret, b"commitment"))
                for part in _sealed(_derived(self.secret, b"key"), _pass_on(chunks, digest.update)):
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
            beside.rename(self.directory / self.name)
            sync_directory(self.directory)
        finally:
            beside.unlink(missing_ok=True)
        return digest.hexdigest()

    def digest(self, plain: str) -> str:
        """Return a keyed digest (hex) of the SHA-256 `plain`; the key comes from the file's secret.
        Equal digests show that a file is the same; once the secret is destroyed, a digest cannot be
        used to check a guess at the file.
        """
        return hmac.digest(_derived(self.secret, b"digest"), bytes.fromhex(plain), "sha256").hex()

    def drop(self) -> None:
        """Delete this file, because the store has the same file already."""
        (self.directory / self.name).unlink(missing_ok=True)


class Originals(Struct, frozen=True):
    """The stored original files of a store."""

    directory: Path

    def sealing(self) -> SealedFile:
        """Return a new file in which an original is stored encrypted."""
        return SealedFile(self.directory)

    def read(self, name: str, secret: bytes) -> Iterator[bytes]:
        """Yield the content of an original file, part by part. Raises SealBroken, OSError."""
        with (self.directory / name).open("rb") as file:
            head = file.read(len(_MAGIC) + 32)
            if not hmac.compare_digest(head, _MAGIC + _derived(secret, b"commitment")):
                raise SealBroken(f"the original {name} does not open with the key of its file")
            yield from _opened(_derived(secret, b"key"), file.read, name)

    def clear(self, name: str) -> Iterator[bytes]:
        """Yield the content of an unencrypted original of an older release."""
        with (self.directory / name).open("rb") as file:
            while part := file.read(_PART):
                yield part

    def in_clear(self) -> list[str]:
        """Return the names of unencrypted files of an older release; a name is the file's
        SHA-256."""
        if not self.directory.is_dir():
            return []
        hexadecimal = len(sha256().hexdigest())
        names = sorted(path.name for path in self.directory.iterdir())
        return [name for name in names if len(name) == hexadecimal]

    def delete(self, name: str) -> None:
        """Delete an original file. Raises OSError."""
        (self.directory / name).unlink(missing_ok=True)


def _derived(secret: bytes, label: bytes) -> bytes:
    return hmac.digest(secret, b"continuum/original/1/" + label, "sha256")


def _pass_on(chunks: Iterable[bytes], tell: Callable[[bytes], object]) -> Iterator[bytes]:
    for chunk in chunks:
        tell(chunk)
        yield chunk


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])


def _sealed(key: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
    buffer, number, cipher = bytearray(), 0, AESGCM(key)
    for chunk in chunks:
        buffer += chunk
        while len(buffer) > _PART:
            yield cipher.encrypt(_nonce(number, last=False), bytes(buffer[:_PART]), None)
            del buffer[:_PART]
            number += 1
    yield cipher.encrypt(_nonce(number, last=True), bytes(buffer), None)


def _opened(key: bytes, read: Callable[[int], bytes], name: str) -> Iterator[bytes]:
    cipher, number, part = AESGCM(key), 0, read(_PART + _TAG)
    while True:
        following = read(_PART + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), part, None)
        except InvalidTag:
            raise SealBroken(f"the original {name} was changed") from None
        if not following:
            return
        number, part = number + 1, following
