"""Encrypt backups so that only the holder of a private key can open them.

A finished backup becomes one file, encrypted to a public key: the machine that makes backups at
night has no key that decrypts them. The backups of the store and of the keys are encrypted to two
different people, so that neither person can read anything alone.

The file is `continuum-sealed/1`, then a random key, encrypted by HPKE (RFC 9180: X25519,
HKDF-SHA256, AES-256-GCM), then a tar stream in chunks, encrypted with that key (AES-256-GCM). The
nonce of a chunk is its number and whether it is the last chunk, so a file that was cut, or whose
chunks were repeated or reordered, cannot be decrypted.
"""

import os
import shutil
import tarfile
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.kernel.envelope import IntegrityFailure, Unprovable
from ledger.database.durable_files import closed_directory, sync_directory

NAME = "backup.sealed"
_FORMAT = b"continuum-sealed/1\n"
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_CHUNK, _TAG, _LENGTH = 1 << 20, 16, 4


def make_pair(private: Path, public: Path, passphrase: str) -> str:
    """Make the pair of keys for encrypted backups: the private key is protected by a passphrase and
    readable by its owner only. Return the public key's fingerprint. Raises FileExistsError,
    OSError.
    """
    key = X25519PrivateKey.generate()
    _write(
        private,
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(passphrase.encode()),
        ),
        0o600,
    )
    _write(
        public,
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
        0o644,
    )
    return fingerprint(public)


def _write(path: Path, content: bytes, mode: int) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    with open(handle, "wb") as file:  # noqa: PTH123 (a descriptor)
        file.write(content)


def fingerprint(public: Path) -> str:
    """Return the SHA-256 (hex) of the public key for backups in a file. Raises Unprovable if the
    file has no such key."""
    return sha256(_public(public).public_bytes_raw()).hexdigest()


def proven(private: Path, passphrase: str) -> str:
    """Return the fingerprint of the public key that belongs to the private key in a file. Raises
    Unprovable, also if the passphrase does not open the file."""
    return sha256(_private(private, passphrase).public_key().public_bytes_raw()).hexdigest()


def _public(path: Path) -> X25519PublicKey:
    """Return the public key for backups in a file. Raises Unprovable if the file has no
    such key.
    """
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise Unprovable(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        key = None
    if not isinstance(key, X25519PublicKey):
        raise Unprovable(f"{path} contains no public key: make a key pair with continuum keys pair")
    return key


def _private(path: Path, passphrase: str) -> X25519PrivateKey:
    """Return the private key for backups in a file. Raises Unprovable if the file has no such key,
    or if the passphrase is wrong.
    """
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), passphrase.encode())
    except OSError as error:
        raise Unprovable(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, X25519PrivateKey):
        raise Unprovable(
            f"this passphrase does not open {path}, or the file contains no private key"
        )
    return key


def seal(directory: Path, into: Path, public: Path) -> Path:
    """Write a directory's files as one encrypted file into a new directory; return its path. Raises
    Unprovable, OSError."""
    return _sealed(directory, into, _public(public))


def _sealed(directory: Path, into: Path, key: X25519PublicKey) -> Path:
    closed_directory(into)
    target, beside = into / NAME, into / f".{NAME}.new"
    try:
        _seal(directory, beside, key)
        beside.rename(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_directory(into)
    return target


def _seal(directory: Path, target: Path, public: X25519PublicKey) -> None:
    key = os.urandom(32)
    wrapped = _SUITE.encrypt(key, public, info=_FORMAT)
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with open(handle, "wb") as file:  # noqa: PTH123 (a descriptor, opened for its owner alone)
        header = _FORMAT + len(wrapped).to_bytes(_LENGTH) + wrapped
        file.write(header)
        writer = _Writer(file, AESGCM(key), sha256(header).digest())
        # tarfile calls only `write` of this object
        with tarfile.open(fileobj=cast("BinaryIO", writer), mode="w|") as tar:
            for path in sorted(directory.rglob("*")):
                tar.add(path, path.relative_to(directory).as_posix(), recursive=False)
        writer.finish()
        file.flush()
        os.fsync(file.fileno())


@dataclass(frozen=True)
class MemoryKeyPair:
    """A pair of keys that exist only in memory, for a copy that one process encrypts and
    decrypts."""

    key: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate, repr=False)

    def seal(self, directory: Path, into: Path) -> Path:
        """Encrypt a directory's files as one file into a new directory; return its path."""
        return _sealed(directory, into, self.key.public_key())

    def open(self, sealed: Path, into: Path) -> None:
        """Extract an encrypted copy into a new directory."""
        _open(sealed, self.key, "this process", into)


def open_sealed(sealed: Path, private: Path, passphrase: str, into: Path) -> None:
    """Extract an encrypted backup into a new directory. Raises Unprovable if the file is no
    encrypted backup or is encrypted to another public key; IntegrityFailure if the backup is
    changed or incomplete; OSError.
    """
    _open(sealed, _private(private, passphrase), str(private), into)


def _open(sealed: Path, key: X25519PrivateKey, whose: str, into: Path) -> None:
    sealed = sealed / NAME if sealed.is_dir() else sealed
    with sealed.open("rb") as file:
        if file.read(len(_FORMAT)) != _FORMAT:
            raise Unprovable(f"{sealed} is not a sealed backup")
        length = file.read(_LENGTH)
        wrapped = file.read(min(int.from_bytes(length), 1000))
        try:
            content = _SUITE.decrypt(wrapped, key, info=_FORMAT)
        except (InvalidTag, ValueError):
            raise Unprovable(
                f"{sealed} was encrypted for another key than {whose}, or was changed"
            ) from None
        closed_directory(into)
        header = _FORMAT + length + wrapped
        reader = _Reader(file, AESGCM(content), sha256(header).digest(), sealed)
        try:
            # tarfile calls only `read` of this object
            with tarfile.open(fileobj=cast("BinaryIO", reader), mode="r|") as tar:
                tar.extractall(into, filter="data")
            reader.finish()
        except tarfile.TarError as error:
            shutil.rmtree(into, ignore_errors=True)
            raise IntegrityFailure(f"{sealed} is damaged: {error}") from None
        except BaseException:
            shutil.rmtree(into, ignore_errors=True)
            raise


class _Writer:
    """A file object that encrypts the bytes written to it, chunk by chunk."""

    def __init__(self, file: BinaryIO, cipher: AESGCM, context: bytes) -> None:
        self._file, self._cipher, self._context = file, cipher, context
        self._waiting, self._number = bytearray(), 0

    def write(self, content: bytes) -> int:
        self._waiting += content
        while len(self._waiting) > _CHUNK:
            self._put(bytes(self._waiting[:_CHUNK]), last=False)
            del self._waiting[:_CHUNK]
        return len(content)

    def finish(self) -> None:
        """Write the content that has not been written yet, as the last chunk."""
        self._put(bytes(self._waiting), last=True)

    def _put(self, chunk: bytes, *, last: bool) -> None:
        nonce = _nonce(self._number, last=last)
        self._file.write(self._cipher.encrypt(nonce, chunk, self._context))
        self._number += 1


class _Reader:
    """A file object that decrypts the chunks of an encrypted backup. Raises IntegrityFailure for a
    chunk that cannot be decrypted."""

    def __init__(self, file: BinaryIO, cipher: AESGCM, context: bytes, path: Path) -> None:
        self._file, self._cipher, self._context, self._path = file, cipher, context, path
        self._waiting, self._number, self._ended = bytearray(), 0, False
        self._next = file.read(_CHUNK + _TAG)

    def read(self, size: int) -> bytes:
        while len(self._waiting) < size and not self._ended:
            chunk, self._next = self._next, self._file.read(_CHUNK + _TAG)
            self._ended = not self._next
            try:
                nonce = _nonce(self._number, last=self._ended)
                self._waiting += self._cipher.decrypt(nonce, chunk, self._context)
            except (InvalidTag, ValueError):
                raise IntegrityFailure(
                    f"{self._path} was changed or cut short: use another backup"
                ) from None
            self._number += 1
        content = bytes(self._waiting[:size])
        del self._waiting[:size]
        return content

    def finish(self) -> None:
        """Read to the end of the backup, so that a backup that was cut after the last file is
        noticed."""
        while self.read(_CHUNK):
            pass


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])
