"""The event-sourcing library's datastore for an SQLite file, with other connections and another way
to wait for locks.

The library's pool is not suitable for a log: it caches only one prepared statement, loses its lock
for writing when a file cannot be opened, and makes a reader wait behind two writers.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from time import monotonic, sleep

from eventsourcing.persistence import ConnectionPoolClosedError, ConnectionUnavailableError
from eventsourcing.sqlite import SQLiteConnection, SQLiteConnectionPool, SQLiteDatastore

from domain.kernel.envelope import LogMissing, LogUnavailable
from ledger.database.durable_files import NOT_THERE

LOCK_TIMEOUT = 10
"""Seconds for which a writer waits for another writer; a batch of a thousand events takes some 20
ms."""
TRIED_AGAIN = 0.002
"""Seconds after which a writer tries again while another process writes to the file."""
CARRIED_HOME = 4000
"""When the write-ahead log has this many pages, a commit copies them into the file, and waits for
the disk three times instead of once. With SQLite's default of a thousand pages, one record in a
hundred would have to wait for this under heavy writing, and so determine the 99th percentile."""

_REMOVED = (
    "was removed while the store was open: nothing is recorded. Stop this process, put the file "
    "back, and run: continuum verify"
)
_REPLACED = (
    "was replaced while the store was open: nothing is recorded. Stop this process, look which "
    "file is the right one, and run: continuum verify"
)
PAGE = 65_536
"""Bytes of the largest page that SQLite writes."""
_READ_ONLY = (
    "is on a read-only disk, but each access and each copy has to be recorded first. Copy the "
    "whole store to another disk and use that; continuum verify reads it where it is"
)
_PLAINLY = {
    "SQLITE_BUSY": "is locked by another program that has been writing for long: try again",
    "SQLITE_FULL": "has no room left: the disk is full. Free some room, then try again",
    "SQLITE_READONLY": "may not be written by this user",
    "SQLITE_CANTOPEN": "cannot be opened; is there a store, and may this user read it?",
    "SQLITE_NOTADB": "is not a database: the file was replaced or damaged",
    "SQLITE_CORRUPT": "is damaged; restore it from a backup",
    "SQLITE_IOERR": "cannot be read or written: the disk reports an error",
}


class _Pool(SQLiteConnectionPool):
    def _create_connection(self) -> SQLiteConnection:
        connection = sqlite3.connect(
            self.db_name,
            uri=True,
            check_same_thread=False,  # the pool gives each connection to one thread at a time
            isolation_level=None,  # each transaction is begun explicitly
            cached_statements=32,
            timeout=self.lock_timeout or LOCK_TIMEOUT,
        )
        try:
            connection.execute("PRAGMA synchronous=FULL")  # an acknowledged record is on the disk
            connection.execute(f"PRAGMA wal_autocheckpoint={CARRIED_HOME}")
            connection.execute("PRAGMA secure_delete=ON")  # a destroyed key is overwritten
            connection.execute("PRAGMA temp_store=MEMORY")
        except sqlite3.Error:
            connection.close()
            raise
        return SQLiteConnection(connection, self.max_age)


class SqliteLogDatastore(SQLiteDatastore):
    """The SQLite file of a log, which must exist. Several objects for one file share the lock
    `writing`.
    """

    def __init__(
        self,
        path: Path,
        lock_timeout: int | None = None,
        *,
        read_only: bool = False,
        # the type is quoted, because `Lock` is not a class before Python 3.13
        writing: "Lock | None" = None,
    ) -> None:
        # mode=rw, so that a mistyped path does not create an empty log
        mode = "rw" if not read_only else "ro&immutable=1" if _is_at_rest(path) else "ro"
        name = f"{path.absolute().as_uri()}?mode={mode}"
        patience = LOCK_TIMEOUT if lock_timeout is None else lock_timeout
        super().__init__(name, lock_timeout=patience)
        self.pool = _Pool(db_name=name, lock_timeout=patience)
        self.path, self.lock_timeout = path, patience
        self._writing = writing or Lock()
        self._file: tuple[int, int] | None = None

    @contextmanager
    def get_connection(self, *, commit: bool) -> Iterator[SQLiteConnection]:
        """Yield a database connection of the pool. With `commit` it is for writing, and only one
        thread of this process has such a connection to a file at a time.

        Writers of this process take turns in the order in which they wait; for other processes
        SQLite waits by sleeping and trying again. Raises `ConnectionUnavailableError`.
        """
        if commit and not self._writing.acquire(timeout=self.lock_timeout):
            raise ConnectionUnavailableError(
                "another thread has been writing to the log for too long: try again"
            )
        try:
            connection = self.pool.get_connection()
            try:
                yield connection
            finally:
                self.pool.put_connection(connection)
        finally:
            if commit:
                self._writing.release()

    @contextmanager
    def cursor(self, *, write: bool = False) -> Iterator[sqlite3.Cursor]:
        """Return the driver's own cursor, in autocommit mode.

        Any exception rolls back an open transaction. Errors of the database become
        `LogUnavailable`, in plain words. `LogUnavailable` is also raised if another file has
        replaced the log's file: it is not read, and data that were just written are not
        acknowledged.
        """
        try:
            with self.get_connection(commit=write) as connection, connection.cursor() as c:
                self._require_same_file()
                try:
                    yield c
                except BaseException:
                    connection.rollback()
                    raise
                if write:
                    self._require_same_file()
        except sqlite3.Error as error:
            gone = "no such table" in str(error) or not self.path.exists()
            kind = LogMissing if gone else LogUnavailable
            raise kind(f"The log file {self.path} {_plainly(error, self.path)}.") from error
        except ConnectionPoolClosedError as error:
            raise LogUnavailable(f"The log file {self.path} was closed.") from error
        except ConnectionUnavailableError as error:
            raise LogUnavailable(f"The log file {self.path} is busy: {error}.") from error

    def _require_same_file(self) -> None:
        """Raise LogUnavailable if the file at the log's path is not the opened file, because an
        older copy replaced it or it was removed.
        """
        try:
            there = self.path.stat()
        except FileNotFoundError:
            raise LogMissing(f"The log file {self.path} {_REMOVED}") from None
        except OSError as error:
            raise LogUnavailable(f"The log file {self.path} cannot be reached: {error}.") from error
        file = there.st_dev, there.st_ino
        if self._file is None:
            self._file = file
        if file != self._file:
            raise LogUnavailable(f"The log file {self.path} {_REPLACED}")


def begin(c: sqlite3.Cursor) -> None:
    """Take the lock of a log's file. SQLite's own way to wait for a lock is not used: after each
    failed attempt it sleeps longer, up to a tenth of a second, so that the process that waited
    longest might get the lock last.
    """
    ((patience,),) = c.execute("PRAGMA busy_timeout").fetchall()
    c.execute("PRAGMA busy_timeout = 0")
    try:
        insist(c, "BEGIN IMMEDIATE", patience / 1000)
    finally:
        c.execute(f"PRAGMA busy_timeout = {patience}")


def insist(c: sqlite3.Cursor, statement: str, patience: float) -> None:
    """Run a statement; while another process has locked the log's file, try again for this many
    seconds. Raises SQLite's errors.
    """
    last = monotonic() + patience
    while True:
        try:
            c.execute(statement)
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or monotonic() > last:
                raise
            sleep(TRIED_AGAIN)
        else:
            return


def _plainly(error: sqlite3.Error, path: Path) -> str:
    if any(sign in str(error) for sign in ("_origin", "8 values", "shreds")):
        return "was made before text was encrypted: make a new store, and import the records"
    if "no such table" in str(error):
        return f"holds no such log; {NOT_THERE}"
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_IOERR") and _is_full(path):
        name = "SQLITE_FULL"
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")) and _is_read_only(path):
        return _READ_ONLY
    for error_prefix, words in _PLAINLY.items():
        if name.startswith(error_prefix):
            return words
    return f"refuses this: {error}"


def _is_at_rest(path: Path) -> bool:
    """Return whether a log's file is on a read-only disk and no process has it open. Such a file is
    opened as immutable, because SQLite cannot create the files beside it that it needs otherwise.
    """
    beside = (path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm"))
    try:
        return _is_read_only(path) and not any(side_file.exists() for side_file in beside)
    except OSError:
        return False


def _is_read_only(path: Path) -> bool:
    """Return whether a file is on a read-only disk."""
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except (OSError, AttributeError):  # the file is missing, or this system has no `statvfs`
        return False


def _is_full(path: Path) -> bool:
    """Return whether the disk of a log's file has no room for another page: SQLite then reports
    some failures as disk errors."""
    try:
        return shutil.disk_usage(path.parent).free < PAGE
    except OSError:
        return False
