"""Where secrets of signing in are kept: a file of its own, apart from every log.

Nothing in it is an event: a password that was changed, a session that ended leaves nothing. It
belongs to the installation and goes into no backup, from which a stolen session or a used code
would come back.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import RLock
from typing import Any, Protocol

from domain.envelope import LogUnavailable
from domain.values import Denied

_TABLES = """
CREATE TABLE IF NOT EXISTS people (
    user TEXT PRIMARY KEY, password TEXT NOT NULL, totp BLOB NOT NULL,
    step INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS codes (
    user TEXT PRIMARY KEY, code BLOB NOT NULL, until INTEGER NOT NULL,
    totp BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS attempts (
    what TEXT NOT NULL, whose BLOB NOT NULL, failed INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (what, whose)) STRICT;
CREATE TABLE IF NOT EXISTS sessions (
    token BLOB PRIMARY KEY, user TEXT NOT NULL, kind TEXT NOT NULL, device TEXT NOT NULL,
    opened INTEGER NOT NULL, seen INTEGER NOT NULL, proved INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS sessions_user ON sessions (user);
CREATE TABLE IF NOT EXISTS passkeys (
    id BLOB PRIMARY KEY, user TEXT NOT NULL, key BLOB NOT NULL, count INTEGER NOT NULL,
    name TEXT NOT NULL, added INTEGER NOT NULL, used INTEGER) STRICT;
CREATE INDEX IF NOT EXISTS passkeys_user ON passkeys (user);
CREATE TABLE IF NOT EXISTS challenges (
    handle BLOB PRIMARY KEY, challenge BLOB NOT NULL, user TEXT, until INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS outboxes (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, device TEXT NOT NULL, seen INTEGER NOT NULL,
    waiting INTEGER NOT NULL, oldest INTEGER, wish TEXT, lost INTEGER) STRICT;
"""


class NotRight(Denied):
    """A name, password or code is not right; which of them is never told."""

    def __init__(self) -> None:
        super().__init__("that name, password or code is not right")


class TooMany(Denied):
    """Too many attempts failed; `wait` is how long nothing more is tried."""

    def __init__(self, wait: timedelta) -> None:
        minutes = -(-int(wait.total_seconds()) // 60)
        super().__init__(f"too many attempts failed: try again in {max(1, minutes)} minutes")
        self.wait = wait


class Keys(Protocol):
    """What is needed of the store's keys, so that a copied file opens nothing."""

    def seal(self, plain: bytes, context: bytes) -> bytes: ...

    def unseal(self, sealed: bytes, context: bytes) -> bytes: ...

    def digest(self, body: bytes) -> bytes: ...


class Vault:
    """The file, and what all of its keepers need: the clock, the keys, and which accounts live.

    Raises LogUnavailable where the file cannot be made, or is open to others.
    """

    def __init__(
        self,
        path: Path,
        keys: Keys,
        clock: Callable[[], datetime],
        live: Callable[[str], bool],
    ) -> None:
        self.keys, self.clock, self.live = keys, clock, live
        self._lock = RLock()
        try:
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
            if os.name != "nt" and path.stat().st_mode & 0o077:
                raise LogUnavailable(f"{path} is open to others; close it with: chmod 600 {path}")
            self._db = sqlite3.connect(
                path, timeout=30, isolation_level=None, check_same_thread=False
            )
            self._db.row_factory = sqlite3.Row
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
                self._db.execute(f"PRAGMA {pragma}")
            self._db.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            raise LogUnavailable(f"who may sign in cannot be looked up: {error}") from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction. Raises LogUnavailable."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield self._db
                except BaseException:
                    self._db.execute("ROLLBACK")
                    raise
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                raise LogUnavailable(f"who may sign in cannot be kept: {error}") from error

    def rows(self, question: str, *given: Any) -> list[sqlite3.Row]:
        """Raises LogUnavailable."""
        with self._lock:
            try:
                return self._db.execute(question, given).fetchall()
            except sqlite3.Error as error:
                raise LogUnavailable(f"who may sign in cannot be looked up: {error}") from error

    def row(self, question: str, *given: Any) -> sqlite3.Row | None:
        """The first row. Raises LogUnavailable."""
        return next(iter(self.rows(question, *given)), None)

    @property
    def now(self) -> int:
        """Seconds since 1970."""
        return int(self.clock().timestamp())

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()


def hashed(secret: str) -> bytes:
    """What is kept of a random secret: a copy of the file opens nothing with it."""
    return sha256(secret.encode()).digest()
