"""The key store: the keys that encrypt ("wrap") the data keys, by default in files, in production
in an HSM (a hardware module).

Each family of data keys (record, subject, source) has a key-encryption key. An erasure makes a new
one with the next number (epoch), wraps every live data key with it, and destroys the old one. A
backup of the database still has the wrapped keys of erased text, but no key decrypts them.

The file is long because each kind of key store implements one protocol.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.kernel.envelope import KeyOwner
from ledger.database.durable_files import closed_file, replace_bytes, sync_directory
from ledger.keys.keys import PROTECTED, KeyFault, read_passphrase, refuse_open, stretched

FAMILIES: tuple[KeyOwner, ...] = ("record", "subject", "source")
"""The families of data keys: all key owners except "none"."""

Bound = tuple[bytes, bytes]
"""The context of a data key (the associated data of its encryption), and the key, plain or
wrapped."""

_SIZE, _NONCE, _SALT, _TAG = 32, 12, 16, 16
_ENDING = ".kek"
#: Name of the lock file for a change of key-encryption keys; seconds for which another process
#: waits for this lock.
_ALONE, _PATIENCE = ".moving", 60.0


class KeyStore(Protocol):
    """A store of key-encryption keys, each with the family of data keys that it encrypts and its
    number (epoch). An HSM or a KMS implements these eight methods; each raises `LogUnavailable` if
    the keys cannot be reached.
    """

    def epochs(self, family: str) -> tuple[int, ...]:
        """Return the numbers (epochs) of a family's existing key-encryption keys, oldest first.

        A family has one such key, or several after an interrupted change to a new key.
        """

    def wrap(self, family: str, epoch: int, keys: Sequence[Bound]) -> list[bytes]:
        """Return these data keys, each wrapped for its family, epoch and context."""

    def unwrap(self, family: str, epoch: int, keys: Sequence[Bound]) -> list[bytes | None]:
        """Return the data keys that `wrap` encrypted; None for a key that was changed, or that
        belongs elsewhere."""

    def rotate(self, family: str) -> int:
        """Make the key of the next epoch and return its number; it is stored durably before this
        returns.
        """

    def destroy(self, family: str, epoch: int) -> None:
        """Destroy the key of an epoch for ever. If it was destroyed before, that is no error."""

    def refresh(self) -> None:
        """Delete the cached keys from memory, because another process may have made or destroyed
        keys in the key store.
        """

    def require(self, family: str, epoch: int) -> None:
        """Raise `KeyFault` if a key differs from the one read before, and `MissingEpoch` if it was
        destroyed: text encrypted with it could not be decrypted again."""

    def alone(self) -> AbstractContextManager[None]:
        """Return a lock that a change of epochs (numbers of key-encryption keys) has to hold. It
        prevents a second change at the same time, in this process or another: otherwise each change
        would treat the new epoch of the other as an old one.
        """


class FileKeyStore:
    """A store of key-encryption keys as files in `directory`, FAMILY.EPOCH.kek, which only their
    owner may read.

    A file has the 32 bytes of the key. If a passphrase protects the key, the file has 0x02, a salt
    of 16 bytes, a nonce of 12 bytes, and the key encrypted by AES-256-GCM with a key that scrypt
    (n=2^15, r=8, p=1) derives from the passphrase.
    """

    def __init__(self, directory: Path, passphrase_file: Path | None = None) -> None:
        """Make a key store in `directory`. Raises `KeyFault` for a passphrase file that is missing,
        empty or readable by other users."""
        self._directory = directory
        self._passphrase = read_passphrase(passphrase_file) if passphrase_file else None
        self._open: dict[tuple[str, int], AESGCM] = {}
        self._known: dict[tuple[str, int], bytes] = {}
        """SHA-256 of each key that was read: the hash is cached for as long as this process
        lives."""
        self._files: dict[tuple[str, int], tuple[int, ...]] = {}
        self._stretched: dict[bytes, AESGCM] = {}

    def epochs(self, family: str) -> tuple[int, ...]:
        paths = self._directory.glob(f"{family}.*{_ENDING}")
        numbers = (path.name.removeprefix(f"{family}.").removesuffix(_ENDING) for path in paths)
        return tuple(sorted(int(number) for number in numbers if number.isdecimal()))

    def wrap(self, family: str, epoch: int, keys: Sequence[Bound]) -> list[bytes]:
        encrypt, bound = self._key(family, epoch).encrypt, _bound(family, epoch)
        nonces = os.urandom(_NONCE * len(keys))
        wrapped = []
        for at, (context, key) in enumerate(keys):
            nonce = nonces[at * _NONCE : at * _NONCE + _NONCE]
            wrapped.append(nonce + encrypt(nonce, key, bound + context))
        return wrapped

    def unwrap(self, family: str, epoch: int, keys: Sequence[Bound]) -> list[bytes | None]:
        decrypt, bound = self._key(family, epoch).decrypt, _bound(family, epoch)
        plain: list[bytes | None] = []
        for context, wrapped in keys:
            try:
                plain.append(decrypt(wrapped[:_NONCE], wrapped[_NONCE:], bound + context))
            except (InvalidTag, ValueError):
                plain.append(None)
        return plain

    def rotate(self, family: str) -> int:
        epoch = max(self.epochs(family), default=0) + 1
        path = self._path(family, epoch)
        key = secrets.token_bytes(_SIZE)
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside = path.with_name(path.name + ".new")
            beside.unlink(missing_ok=True)
            file = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with open(file, "wb") as out:  # noqa: PTH123 (a descriptor, for its owner alone)
                out.write(self._protect(family, epoch, key) if self._passphrase else key)
                out.flush()
                os.fsync(out.fileno())
            beside.rename(path)  # so that after a crash the file is either complete or missing
            sync_directory(self._directory)
        except OSError as error:
            raise KeyFault(f"The key {path} cannot be made: {error.strerror}.") from error
        return epoch

    def destroy(self, family: str, epoch: int) -> None:
        path = self._path(family, epoch)
        self._open.pop((family, epoch), None)
        try:
            with suppress(FileNotFoundError):
                with path.open("r+b") as file:
                    file.write(os.urandom(path.stat().st_size))
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink()
            sync_directory(self._directory)
        except OSError as error:
            raise KeyFault(f"The key {path} cannot be destroyed: {error.strerror}.") from error

    def refresh(self) -> None:
        self._open.clear()

    def require(self, family: str, epoch: int) -> None:
        path = self._path(family, epoch)
        try:
            there = path.stat()
        except OSError:
            self._open.pop((family, epoch), None)
            self._read(family, epoch)  # reading raises the error that says why
            return
        file = there.st_dev, there.st_ino, there.st_size, there.st_mtime_ns
        if self._files.get((family, epoch)) != file:
            self._recognise(family, epoch, self._read(family, epoch))
            self._files[family, epoch] = file

    def _recognise(self, family: str, epoch: int, key: bytes) -> None:
        digest = sha256(key).digest()
        if self._known.setdefault((family, epoch), digest) != digest:
            raise KeyFault(
                f"The key {self._path(family, epoch)} was replaced while the store was "
                "open, so nothing is recorded. Stop this process, restore the store's "
                "own keys, and run: continuum verify --open"
            )

    @contextmanager
    def alone(self) -> Iterator[None]:
        place = self._directory / _ALONE
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            closed_file(place)
            connection = sqlite3.connect(place, timeout=_PATIENCE, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise KeyFault(f"The lock on the keys in {place} cannot be taken: {error}.") from error
        # the lock is a database, because a database's lock ends with the process on every system
        with closing(connection):
            try:
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.Error as error:
                raise KeyFault(
                    "Another process is changing the keys: wait, then repeat this."
                ) from error
            yield

    def _path(self, family: str, epoch: int) -> Path:
        return self._directory / f"{family}.{epoch}{_ENDING}"

    def _key(self, family: str, epoch: int) -> AESGCM:
        aesgcm = self._open.get((family, epoch))
        if aesgcm is None:
            key = self._read(family, epoch)
            self._recognise(family, epoch, key)
            aesgcm = self._open[family, epoch] = AESGCM(key)
        return aesgcm

    def _read(self, family: str, epoch: int) -> bytes:
        path = self._path(family, epoch)
        try:
            refuse_open(path, "600")
            content = path.read_bytes()
        except FileNotFoundError:
            epochs = self.epochs(family)
            if epochs and (epoch < 1 or epoch > epochs[-1]):
                raise MissingEpoch(
                    f"The log needs the {family} key {epoch}, and {path.parent} contains "
                    f"the keys {epochs[0]} to {epochs[-1]}. Run continuum verify, because "
                    "the log may have been changed. If that finds no fault, these keys "
                    "are too old: restore the newest backup of keys."
                ) from None
            raise MissingEpoch(
                f"The key {path} is missing, so the text that it protects cannot be read. "
                "Restore the key from the backup of keys, or give the directory of the "
                "keys with --home."
            ) from None
        except OSError as error:
            raise KeyFault(f"The key {path} cannot be read: {error.strerror}.") from error
        if len(content) == _SIZE:
            return content
        if content[:1] != PROTECTED or len(content) != 1 + _SALT + _NONCE + _SIZE + _TAG:
            raise KeyFault(f"The key {path} is damaged: restore it from the backup of keys.")
        if self._passphrase is None:
            raise KeyFault(f"The key {path} has a passphrase: name its file (key_passphrase_file).")
        salt, nonce = content[1 : 1 + _SALT], content[1 + _SALT : 1 + _SALT + _NONCE]
        try:
            sealed = content[1 + _SALT + _NONCE :]
            return self._stretch(salt).decrypt(nonce, sealed, _bound(family, epoch))
        except InvalidTag:
            raise KeyFault(
                f"The passphrase does not open {path}, or the file is damaged."
            ) from None

    def _protect(self, family: str, epoch: int, key: bytes) -> bytes:
        salt = next(iter(self._stretched), None) or secrets.token_bytes(_SALT)
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._stretch(salt).encrypt(nonce, key, _bound(family, epoch))
        return PROTECTED + salt + nonce + sealed

    def _stretch(self, salt: bytes) -> AESGCM:
        """Return the key derived from the passphrase with this salt. A store has a single salt, so
        that a process derives the key only once."""
        if salt not in self._stretched:
            self._stretched[salt] = stretched(self._passphrase or b"", salt)
        return self._stretched[salt]


class TwinKeyStore(FileKeyStore):
    """A store of key-encryption keys as files in two directories, the second at another site.

    A key is made and destroyed at the other site first. While that site cannot be reached, keys are
    not replaced and nothing is erased. Reading needs only the first directory.
    """

    def __init__(self, directory: Path, second: Path, passphrase_file: Path | None = None) -> None:
        """Make a key store in two directories. Raises `KeyFault` if the passphrase file is missing,
        empty or readable by other users.
        """
        super().__init__(directory, passphrase_file)
        self._second = FileKeyStore(second, passphrase_file)

    def rotate(self, family: str) -> int:
        """Make the key of the next epoch, at the other site first: an epoch whose key exists only
        at the other site is ignored.
        """
        self._refuse_absence()
        for epoch in set(self.epochs(family)) - set(self._second.epochs(family)):
            _copy(family, epoch, self, self._second)
        epoch = self._second.rotate(family)
        _copy(family, epoch, self._second, self)
        return epoch

    def destroy(self, family: str, epoch: int) -> None:
        self._refuse_absence()
        self._second.destroy(family, epoch)
        super().destroy(family, epoch)

    def _refuse_absence(self) -> None:
        """Raise KeyFault if the second directory is missing, or has none of the keys of the first
        directory: the directory is empty if the disk of the second site is not mounted.
        """
        if not self._second._directory.is_dir():
            raise KeyFault(
                f"The second site's keys in {self._second._directory} cannot be reached: "
                "no key is changed or erased until they can be reached again "
                "(second_keys)."
            )
        own_files = _files(self._directory)
        if own_files and own_files.isdisjoint(_files(self._second._directory)):
            raise KeyFault(
                f"{self._second._directory} contains none of this store's keys "
                "(second_keys): mount the directory of the second site there, with a "
                "copy of the keys of this site."
            )


def _files(directory: Path) -> set[str]:
    return {path.name for path in directory.glob(f"*{_ENDING}")}


def _copy(family: str, epoch: int, here: FileKeyStore, there: FileKeyStore) -> None:
    path = there._path(family, epoch)
    try:
        there._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_bytes(path, here._path(family, epoch).read_bytes())
        sync_directory(there._directory)
    except OSError as error:
        raise KeyFault(f"The key {path} cannot be written: {error.strerror}.") from error


def newest(store: KeyStore, family: str) -> int:
    """Return the epoch whose key wraps new data keys of a family. Raises `KeyFault` if the family
    has none."""
    epochs = store.epochs(family)
    if not epochs:
        raise KeyFault(
            f"There is no {family} key with which text can be sealed. Restore the keys "
            "from their backup. A store that was made before text was sealed has none: "
            "make a new store with `continuum init` and import the records into it."
        )
    return epochs[-1]


class MissingEpoch(KeyFault):
    """Raised if a key-encryption key is missing."""


def _bound(family: str, epoch: int) -> bytes:
    return family.encode() + b"\0" + epoch.to_bytes(4, "big")
