"""The three secret keys of a store, for command digests, blind indexes and held sources.

Three random keys of 32 bytes, made by `init`, each in a file of its own for its owner only:

- *command*: HMAC-SHA256 of a command's body. With a hash without a key an attacker could guess the
  body: all UK mobile numbers can be tried in minutes.
- *blind*: HMAC-SHA256 of an identifier such as a plate, a phone number or a source's name. The
  store can look the identifier up by this hash, which does not reveal it.
- *held*: AES-256-GCM over the source of a log entry, which is stored beside the entry while the
  sources log is unavailable.
"""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.kernel.envelope import LogUnavailable

_SIZE = 32
_NONCE, _SALT, _TAG = 12, 16, 16
PROTECTED = b"\x02"
_VERSION = b"\x01"
_OTHERS = 0o077  # permissions of the group and of others


class KeyFault(LogUnavailable):
    """Raised if a key is missing, damaged, or readable by other users, or if a key that the program
    has to make exists already.
    """


class SealBroken(Exception):
    """Raised if encrypted bytes were changed, or if they belong to another place or another key."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The three secret keys of a store.

    They serve for the digests of commands, for blind indexes (keyed hashes to look up plates and
    phones), and for sources that wait until the sources log is available.
    """

    command: bytes
    blind_index: bytes
    held: bytes

    @classmethod
    def create(cls, directory: Path) -> Self:
        """Make new keys for a store in `directory`, which only its owner may enter.

        Raises `KeyFault` if there are keys already: with other keys, commands and blind indexes in
        the store would no longer be recognised.
        """
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            directory.chmod(0o700)
            for name in _FILES:
                write_key(directory / name)
        except FileExistsError as error:
            raise KeyFault(
                f"There are keys in {directory} already: they were not changed."
            ) from error
        except OSError as error:
            raise KeyFault(f"No keys can be made in {directory}: {error.strerror}.") from error
        return cls.load(directory)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Return the keys of a store in `directory`. Raises `KeyFault`."""
        if not directory.is_dir():
            raise KeyFault(
                f"There is no directory of keys at {directory}: make a store with "
                "`continuum init`, or give the directory with --home."
            )
        refuse_open(directory, "700")
        return cls(*(read_key(directory / name) for name in _FILES))

    def digest(self, body: bytes) -> bytes:
        """Return the keyed hash of a command's body, 32 bytes."""
        return hmac.digest(self.command, body, "sha256")

    def blind(self, kind: str, normal: str) -> bytes:
        """Return the keyed hash, 32 bytes, of a text in its normal form `normal`, by which the text
        can be looked up without being readable. The same text with another `kind` (such as a plate
        or a phone number) has a different hash.
        """
        name = kind.encode()
        message = len(name).to_bytes(4, "big") + name + normal.encode()
        return hmac.digest(self.blind_index, message, "sha256")

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """Return `plain` encrypted; `context` is needed to decrypt it."""
        nonce = secrets.token_bytes(_NONCE)
        return _VERSION + nonce + AESGCM(self.held).encrypt(nonce, plain, _VERSION + context)

    def unseal(self, sealed: bytes, context: bytes) -> bytes:
        """Return the text that `seal` encrypted. Raises `SealBroken`."""
        version, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            if version != _VERSION or len(nonce) < _NONCE:
                raise InvalidTag
            return AESGCM(self.held).decrypt(nonce, body, version + context)
        except InvalidTag:
            raise SealBroken("this key cannot decrypt the sealed text") from None


# the files with the three keys, in the order of the fields of `Keys`
_FILES = ("command.key", "blind.key", "held.key")


def write_key(path: Path, passphrase: bytes | None = None) -> None:
    """Write a new random key of 32 bytes to a new file, protected by a passphrase if one is given.
    Raises FileExistsError and other OSErrors."""
    secret = secrets.token_bytes(_SIZE)
    file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with open(file, "wb") as key:  # noqa: PTH123 (a descriptor, opened for its owner alone)
        key.write(_protected(secret, passphrase) if passphrase else secret)
        key.flush()
        os.fsync(key.fileno())


def read_key(path: Path, passphrase: bytes | None = None) -> bytes:
    """Return the secret key in a file; a protected key needs its passphrase. Raises KeyFault."""
    try:
        refuse_open(path, "600")
        key = path.read_bytes()
    except FileNotFoundError:
        raise KeyFault(f"The key {path} is missing: restore it from the backup of keys.") from None
    except OSError as error:
        raise KeyFault(f"The key {path} cannot be read: {error.strerror}.") from error
    if len(key) == 1 + _SALT + _NONCE + _SIZE + _TAG and key[:1] == PROTECTED:
        return _unprotected(path, key, passphrase)
    if len(key) != _SIZE:
        raise KeyFault(f"The key {path} is damaged: restore it from the backup of keys.")
    return key


def _protected(key: bytes, passphrase: bytes) -> bytes:
    """Return a key encrypted under a passphrase: 0x02, a salt, a nonce, and the key under
    AES-256-GCM with the key from `stretched`.
    """
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    return PROTECTED + salt + nonce + stretched(passphrase, salt).encrypt(nonce, key, PROTECTED)


def _unprotected(path: Path, data: bytes, passphrase: bytes | None) -> bytes:
    if passphrase is None:
        raise KeyFault(f"The key {path} has a passphrase: name its file (--passphrase-file).")
    salt, nonce = data[1 : 1 + _SALT], data[1 + _SALT : 1 + _SALT + _NONCE]
    try:
        return stretched(passphrase, salt).decrypt(nonce, data[1 + _SALT + _NONCE :], PROTECTED)
    except InvalidTag:
        raise KeyFault(f"The passphrase does not open {path}, or the file is damaged.") from None


@lru_cache(16)
def stretched(passphrase: bytes, salt: bytes) -> AESGCM:
    """Return the key that scrypt (n=2^15, r=8, p=1) derives from a passphrase; cached per
    process."""
    key = hashlib.scrypt(passphrase, salt=salt, n=2**15, r=8, p=1, maxmem=2**26, dklen=_SIZE)
    return AESGCM(key)


def read_passphrase(path: Path) -> bytes:
    """Return the passphrase in a file that only its owner may read. Raises KeyFault."""
    try:
        refuse_open(path, "600")
        passphrase = path.read_bytes().strip()
    except OSError as error:
        raise KeyFault(f"The passphrase in {path} cannot be read: {error.strerror}.") from error
    if not passphrase:
        raise KeyFault(f"The passphrase file {path} is empty.")
    return passphrase


def refuse_open(path: Path, mode: str) -> None:
    """Raise KeyFault if other users may read a secret, OSError if it is missing. On Windows the
    mode of a file does not say who may read it."""
    if os.name != "nt" and path.stat().st_mode & _OTHERS:
        raise KeyFault(
            f"other users of this machine can read {path}: close it with chmod {mode} {path}"
        )
