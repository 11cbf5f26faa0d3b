"""Which keys does a store hold, and what is each for?

Three random keys of 32 bytes, made by `init`, each in a file of its own for its owner alone:

- *command*: HMAC-SHA256 of a command's body. A bare hash would tell a guesser what was entered:
  all UK mobile numbers can be tried in minutes.
- *blind*: HMAC-SHA256 of a plate, a phone number or a knower's name, so that the same one is
  found again without being readable.
- *held*: AES-256-GCM over who told us, kept beside the words until the sources log is back.
"""

import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.envelope import LogUnavailable

_SIZE = 32
_NONCE = 12
_VERSION = b"\x01"
_OTHERS = 0o077  # what group and others may do


class KeyFault(LogUnavailable):
    """A key is missing, damaged, already there, or open to others."""


class SealBroken(Exception):
    """Sealed bytes were changed, moved to another context, or sealed under another key."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The keys of one store. They are never printed and never logged."""

    command: bytes
    blind_index: bytes
    held: bytes

    @classmethod
    def create(cls, directory: Path) -> Self:
        """New keys in `directory`, which only its owner may enter.

        Raises `KeyFault` if there are keys already: replacing them would make every command id
        and blind index of the store unrecognisable.
        """
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            directory.chmod(0o700)
            for name in _FILES:
                write_key(directory / name)
        except FileExistsError as error:
            raise KeyFault(f"There are keys in {directory} already; they are kept.") from error
        except OSError as error:
            raise KeyFault(f"No keys can be made in {directory}: {error.strerror}.") from error
        return cls.load(directory)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """The keys in `directory`. Raises `KeyFault`."""
        if not directory.is_dir():
            raise KeyFault(
                f"There is no directory of keys at {directory}; make a store with "
                "`continuum init`, or say where it is with --home."
            )
        refuse_open(directory, "700")
        return cls(*(read_key(directory / name) for name in _FILES))

    def digest(self, body: bytes) -> bytes:
        """The keyed hash of a command's body, 32 bytes."""
        return hmac.digest(self.command, body, "sha256")

    def blind(self, kind: str, normal: str) -> bytes:
        """The keyed index, 32 bytes, of a normal form; the same text of another kind differs."""
        name = kind.encode()
        message = len(name).to_bytes(4, "big") + name + normal.encode()
        return hmac.digest(self.blind_index, message, "sha256")

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """`plain` encrypted, bound to `context` (what it belongs to), which opens it."""
        nonce = secrets.token_bytes(_NONCE)
        return _VERSION + nonce + AESGCM(self.held).encrypt(nonce, plain, _VERSION + context)

    def unseal(self, sealed: bytes, context: bytes) -> bytes:
        """What `seal` was given. Raises `SealBroken`."""
        version, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            if version != _VERSION or len(nonce) < _NONCE:
                raise InvalidTag
            return AESGCM(self.held).decrypt(nonce, body, version + context)
        except InvalidTag:
            raise SealBroken("what was sealed here cannot be opened with this key") from None


_FILES = ("command.key", "blind.key", "held.key")  # in the order of the fields


def write_key(path: Path) -> None:
    """A new random key of 32 bytes in a new file. Raises FileExistsError and other OSErrors."""
    file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with open(file, "wb") as key:  # noqa: PTH123 (a descriptor, opened for its owner alone)
        key.write(secrets.token_bytes(_SIZE))
        key.flush()
        os.fsync(key.fileno())


def read_key(path: Path) -> bytes:
    """The key in a file. Raises KeyFault."""
    try:
        refuse_open(path, "600")
        key = path.read_bytes()
    except FileNotFoundError:
        raise KeyFault(f"The key {path} is missing; restore it from the backup of keys.") from None
    except OSError as error:
        raise KeyFault(f"The key {path} cannot be read: {error.strerror}.") from error
    if len(key) != _SIZE:
        raise KeyFault(f"The key {path} is damaged; restore it from the backup of keys.")
    return key


def refuse_open(path: Path, mode: str) -> None:
    """Raises KeyFault for a secret that others may read, OSError where it is not there. On Windows
    a mode says nothing about who may read."""
    if os.name != "nt" and path.stat().st_mode & _OTHERS:
        raise KeyFault(f"{path} is open to others; close it with: chmod {mode} {path}")
