"""Generations (sets) of a store's views on files: each is a file `views-N.db`, and the file
`views.current` holds the N of the current one.

A new generation becomes current when the small file with the number is replaced, in one step; an
open database is never replaced.

A reader protects its generation by a shared lock on `views-N.lease`. That file is a database,
because SQLite locks in the same way on every system and the lock ends with the process. A process
that gets the exclusive lock of a generation that is not current deletes the generation. The file
`views.db` of an older release is generation 0.

The file is long because it is one implementation of the protocol `Generations`.
"""

import os
import re
import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

from access.database import reading, within
from domain.kernel.envelope import LogUnavailable
from projections.kernel import runner
from projections.kernel.database import Db
from projections.kernel.schema import Position, SetAside, View

POINTER, OLDEST, MAKING, TAKING = "views.current", "views.db", "views.making", "views.taking"
RENEWING = "views.renewing"
FOLLOWER = "views.follower"
_LEASE = """
CREATE TABLE IF NOT EXISTS follower (
    one INTEGER PRIMARY KEY CHECK (one = 1), holder TEXT NOT NULL, until REAL NOT NULL
)
"""
_NOW = "(julianday('now') * 86400.0)"
_TAKE = f"""
INSERT INTO follower VALUES (1, ?, {_NOW} + ?) ON CONFLICT (one) DO UPDATE
SET holder = excluded.holder, until = excluded.until
WHERE follower.holder = excluded.holder OR follower.until < {_NOW} RETURNING one
"""  # noqa: S608 (no value of anybody's)
_LEASED = f"SELECT 1 FROM follower WHERE until > {_NOW}"  # noqa: S608
_ESCALATOR = """
CREATE TABLE IF NOT EXISTS escalator (
    one INTEGER PRIMARY KEY CHECK (one = 1), holder TEXT NOT NULL, until REAL NOT NULL, beat REAL
)
"""
_LEAD = f"""
INSERT INTO escalator VALUES (1, ?, {_NOW} + ?, NULL) ON CONFLICT (one) DO UPDATE
SET holder = excluded.holder, until = excluded.until
WHERE escalator.holder = excluded.holder OR escalator.until < {_NOW} RETURNING one
"""  # noqa: S608
_BEAT = f"UPDATE escalator SET beat = {_NOW} WHERE holder = ?"  # noqa: S608
_SINCE = f"SELECT {_NOW} - beat FROM escalator"  # noqa: S608
_NUMBERED = re.compile(r"views-(\d+)\.db")
_PARTS = ("", "-wal", "-shm", "-journal")


class Busy(Exception):
    """Raised if another process is making a generation."""


class FileGenerations:
    """The generations of views in a directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._leases: dict[int, deque[sqlite3.Connection]] = {}

    def path(self, number: int) -> Path:
        """Return the path of the file of a generation."""
        return self._directory / (f"views-{number}.db" if number else OLDEST)

    def current(self) -> int | None:
        """Return the number of the current generation, or None. Raise OSError."""
        try:
            return int((self._directory / POINTER).read_text("ascii"))
        except (FileNotFoundError, ValueError):
            return 0 if self.path(0).is_file() else None

    def engine(self, number: int) -> sa.Engine:
        """Return the engine that writes to a generation."""
        return runner.open_views(self.path(number))

    def unfinished(self, number: int) -> sa.Engine:
        """Return the engine that writes to a generation while that generation is made. Only `flush`
        and `point` write to the disk.
        """
        return runner.open_views(self.path(number), whole=False)

    def picture(self, number: int, statements: Sequence[str]) -> sa.Engine:
        """Return the engine that reads a generation through temporary SQL views, which these
        statements create."""
        engine = runner.open_views(self.path(number))

        def prepare(connection: sqlite3.Connection, record: object) -> None:
            for statement in statements:
                connection.execute(statement)

        sa.event.listen(engine, "connect", prepare)
        return within(engine, "temp").execution_options(writes="main")

    # --- reading --------------------------------------------------------------------------------

    @contextmanager
    def reading(self, number: int, engine: sa.Engine) -> Iterator[Db | None]:
        """Yield a connection to a generation, which is not deleted while the connection is used;
        None if another generation is current.
        """
        with self._lease(number):
            if self.current() != number:
                yield None
                return
            with reading(engine) as db:
                yield db

    @contextmanager
    def _lease(self, number: int) -> Iterator[None]:
        idle = self._leases.setdefault(number, deque())
        try:
            lease = idle.pop()
        except IndexError:
            lease = self._locking(f"views-{number}.lease", 5)
        lease.execute("BEGIN")
        # with this query, SQLite takes the shared lock
        lease.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        try:
            yield
        finally:
            lease.execute("COMMIT")
            idle.append(lease)

    def _locking(self, name: str, patience: float) -> sqlite3.Connection:
        path = self._directory / name
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        return sqlite3.connect(
            path, timeout=patience, isolation_level=None, check_same_thread=False
        )

    def sweep(self) -> bool:
        """Delete the generations that are neither current nor being read; return True if none is
        left."""
        current = self.current() or 0
        older = [number for number in self._there() if number < current]
        # a list and not a generator, because `all` would stop at the first file that cannot be
        # deleted
        deleted = [self._deleted(number) for number in older]
        return all(deleted)

    def _deleted(self, number: int) -> bool:
        with closing(self._locking(f"views-{number}.lease", 0)) as lease:
            try:
                lease.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                return False
            try:
                for part in _PARTS:
                    self.path(number).with_name(self.path(number).name + part).unlink(
                        missing_ok=True
                    )
            except PermissionError:  # some systems cannot delete an open file
                return False
        for idle in self._leases.pop(number, ()):
            idle.close()
        with suppress(OSError):
            (self._directory / f"views-{number}.lease").unlink(missing_ok=True)
        return True

    def _there(self) -> list[int]:
        names = (_NUMBERED.fullmatch(path.name) for path in self._directory.glob("views-*.db"))
        numbers = [int(name[1]) for name in names if name]
        return [0, *numbers] if self.path(0).is_file() else numbers

    # --- making ---------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Do nothing: files need no preparation."""

    def making(self) -> AbstractContextManager[None]:
        """Hold the lock under which a generation is made; it ends with the process at the latest.
        Raise Busy.
        """
        return self._alone(MAKING)

    def renewing(self) -> AbstractContextManager[None]:
        """Hold the lock under which erasures are completed; it ends with the process at the latest.
        Raise Busy.
        """
        return self._alone(RENEWING)

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        with closing(self._locking(name, 0)) as lock:
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                raise Busy from error
            yield

    @contextmanager
    def taking(self, seconds: float) -> Iterator[None]:
        """Hold the lock under which erased items are removed; if another process holds it for
        longer than `seconds`, continue without it."""
        with closing(self._locking(TAKING, seconds)) as lock:
            with suppress(sqlite3.OperationalError):
                lock.execute("BEGIN EXCLUSIVE")
            yield

    def half_made(self) -> int | None:
        """Return the number of the generation that is being made, or None."""
        current = self.current()
        later = [number for number in self._there() if current is None or number > current]
        return max(later, default=None)

    def begin(self) -> int:
        """Return the number of a new, empty generation, after deleting unfinished generations.
        Raise OSError.
        """
        current, there = self.current(), self._there()
        for number in there:
            if number != current:
                self._deleted(number)
        return max([0, current or 0, *there]) + 1

    def copy(self, old: int, new: int, view: View) -> None:
        """Copy the rows of a view, and its positions in the logs, from the generation `old` to the
        generation `new`.
        """
        with closing(sqlite3.connect(self.path(new), isolation_level=None)) as db:
            # an incomplete file is useless, so its writes need not wait for the disk
            db.execute("PRAGMA synchronous=OFF")
            db.execute("ATTACH ? AS old", (f"{self.path(old).absolute()}",))
            db.execute("BEGIN IMMEDIATE")
            for statement in copying(view, "main", "old"):
                db.execute(statement)
            db.execute("COMMIT")

    def flush(self, number: int) -> bool:
        """Write to the disk the part of a generation's file that exists so far; return True if the
        whole file is on the disk.

        This is called repeatedly while the generation is made, because a single write at the end
        would block recording for long.

        Only SQLite opens the file: if Python closed a handle of its own, SQLite would lose its
        locks (POSIX). SQLite syncs the file only when it copies pages into it; therefore a page is
        changed last, by storing the generation's number.
        """
        with closing(sqlite3.connect(self.path(number), isolation_level=None)) as db:
            db.execute("PRAGMA synchronous=OFF")
            # empties the write-ahead log, so that the log need not be flushed to the disk
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            db.execute("PRAGMA synchronous=FULL")
            db.execute(f"PRAGMA user_version={number}")
            busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def point(self, number: int) -> None:
        """Make a generation the current one, after its whole file is on the disk. Raise
        LogUnavailable if another process is using the file, and OSError if a file cannot be
        written.
        """
        if not self.flush(number):
            raise LogUnavailable("another process holds the file of the new views: try again")
        beside = self._directory / f".{POINTER}.new"
        beside.unlink(missing_ok=True)
        opened = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(opened, "w", encoding="ascii") as file:
            file.write(f"{number}\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._directory / POINTER)

    # --- following -------------------------------------------------------------------------------

    def take_parts(self, holder: str, seconds: float, parts: int) -> frozenset[int]:
        """Take or renew, for `seconds`, the lease by which the process `holder` updates the views.
        Return all parts of the views; or none if another process has the lease, because only one
        process at a time writes to a file.
        """
        with self._follower() as db:
            db.execute(_LEASE)
            taken = db.execute(_TAKE, (holder, seconds)).fetchone()
        return frozenset(range(parts)) if taken else frozenset()

    def leased(self) -> bool:
        """Return whether a process has the lease for updating the views now."""
        if not (self._directory / FOLLOWER).exists():
            return False
        with closing(self._locking(FOLLOWER, 5)) as db:
            try:
                return db.execute(_LEASED).fetchone() is not None
            except sqlite3.OperationalError:  # another process has not made the table yet
                return False

    def release_parts(self, holder: str) -> None:
        """End the lease by which the process `holder` updates the views, so that another process
        can take it before it expires.
        """
        with self._follower() as db:
            db.execute(_LEASE)
            db.execute("DELETE FROM follower WHERE holder = ?", (holder,))

    # --- escalating ------------------------------------------------------------------------------

    def lead(self, holder: str, seconds: float) -> bool:
        """Take or renew the lease for escalating, for `seconds`; return whether this holder has it.
        Only one process can have it.
        """
        with self._follower() as db:
            db.execute(_ESCALATOR)
            return db.execute(_LEAD, (holder, seconds)).fetchone() is not None

    def beat(self, holder: str) -> None:
        """Store that the escalating process is alive and has made all escalations that were due."""
        with self._follower() as db:
            db.execute(_BEAT, (holder,))

    def stop_leading(self, holder: str) -> None:
        """Give up the lease for escalating."""
        with self._follower() as db:
            db.execute(_ESCALATOR)
            db.execute("UPDATE escalator SET until = 0 WHERE holder = ?", (holder,))

    def since_beat(self) -> float | None:
        """Return the seconds since the escalating process was last stored as alive; None if it
        never was."""
        if not (self._directory / FOLLOWER).exists():
            return None
        with closing(self._locking(FOLLOWER, 5)) as db:
            try:
                row = db.execute(_SINCE).fetchone()
            except sqlite3.OperationalError:  # no process has been stored as alive yet
                return None
        return row[0] if row else None

    @contextmanager
    def _follower(self) -> Iterator[sqlite3.Connection]:
        with closing(self._locking(FOLLOWER, 5)) as db:
            # if a crash loses a lease, the lease expires anyway before the store is opened again
            db.execute("PRAGMA synchronous=OFF")
            yield db

    def close(self) -> None:
        """Give up all leases of this process."""
        for idle in self._leases.values():
            for lease in idle:
                lease.close()
        self._leases.clear()


def copying(view: View, new: str, old: str) -> Iterator[str]:
    """Yield the statements that copy the rows of a view from one schema to another."""
    for row in view.rows:
        table: sa.Table = row.table  # type: ignore[attr-defined]
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        into = f'INSERT INTO {new}."{table.name}" ({names})'
        yield f'{into} SELECT {names} FROM {old}."{table.name}"'  # noqa: S608
    for own in (Position.table, SetAside.table):
        names = ", ".join(column.name for column in own.columns)
        yield (
            f"INSERT INTO {new}.{own.name} ({names}) "  # noqa: S608
            f"SELECT {names} FROM {old}.{own.name} WHERE view = '{view.name}'"
        )
