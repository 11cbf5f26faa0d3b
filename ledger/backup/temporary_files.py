"""Make temporary directories that leave nothing behind, even after a crash.

Only the owner may enter a temporary directory, which is deleted after use. Its path is in a lease:
a file under `.passing` in the store's home. The lease is an SQLite database, because SQLite locks a
file in the same way on every system and releases the lock when the process ends. The next start of
the program deletes the directories of killed processes. The directory of a long job stays for one
hour, so that the job can be continued (`staying`).
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from msgspec import Struct

from ledger.database.durable_files import closed_directory, closed_file

_ROOM, _SWEEPING, _LEASE, _PASSING = ".passing", "sweeping", ".lease", "continuum-passing-"
_PATIENCE = 30
#: Beginning of the name of a long job's directory; seconds for which the directory stays after an
#: interruption.
_STAYING, _STAYS = "staying-", 3600


@contextmanager
def passing(home: Path, within: Path | None = None) -> Iterator[Path]:
    """Yield an empty temporary directory, in `home` or in `within`, which is deleted at the end of
    the context. Raises OSError."""
    room, name = home / _ROOM, token_hex(8)
    closed_directory(room)
    place = (within or room).absolute() / f"{_PASSING}{name}"
    with closing(_opened(room / f"{name}{_LEASE}", 0)) as connection:
        # with this lock no other process runs `_sweep`, which would delete a directory whose lease
        # is not locked yet
        with _lock(room / _SWEEPING, _PATIENCE):
            _sweep(room, besides=name)
            connection.execute("CREATE TABLE place (path TEXT)")
            connection.execute("INSERT INTO place VALUES (?)", (str(place),))
            connection.execute("BEGIN EXCLUSIVE")
        try:
            closed_directory(place)
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)
    (room / f"{name}{_LEASE}").unlink(missing_ok=True)


class LeasedDirectory(Struct, frozen=True):
    """The temporary directory of a long job, with the lease that protects it from `sweep`."""

    place: Path
    lease: Path

    def goes_on(self) -> None:
        """Renew the lease of the directory, so that an interrupted job can be continued for one
        hour from now on. Raises OSError.
        """
        os.utime(self.lease)


@contextmanager
def staying(home: Path, work: str, within: Path | None = None) -> Iterator[LeasedDirectory]:
    """Yield the directory of a long job: as it was, if the job was interrupted less than an hour
    ago and nothing was erased since; otherwise empty. The directory is deleted when the job is
    done. Raises OSError, also while another process runs the same job."""
    room, name = home / _ROOM, f"{_STAYING}{work}"
    closed_directory(room)
    beside, lease = (within or room).absolute(), room / f"{name}{_LEASE}"
    with _lock(room / _SWEEPING, _PATIENCE):
        _sweep(room)  # this also deletes the directory of this job, if its hour is over
        connection = _opened(lease, 0)
        try:
            connection.execute("CREATE TABLE IF NOT EXISTS place (path TEXT)")
            was = [Path(path) for (path,) in connection.execute("SELECT path FROM place")]
            # a random name, because other stores or processes may use the same directory
            new = beside / f"{_PASSING}{name}-{token_hex(8)}"
            place = next((path for path in was if path.parent == beside), new)
            connection.execute("DELETE FROM place")
            connection.execute("INSERT INTO place VALUES (?)", (str(place),))
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            connection.close()
            raise OSError(
                f"another process is doing the same work ({lease}): wait until that process has "
                "ended"
            ) from error
    with closing(connection):
        for path in was:
            if path != place:
                shutil.rmtree(path, ignore_errors=True)
        stay = LeasedDirectory(place, lease)
        stay.goes_on()
        closed_directory(place)
        yield stay
        shutil.rmtree(place, ignore_errors=True)
    lease.unlink(missing_ok=True)


def sweep(home: Path) -> None:
    """Delete the temporary directories of killed processes. Raises OSError."""
    if (room := home / _ROOM).is_dir():
        with _lock(room / _SWEEPING, _PATIENCE):
            _sweep(room)


def clear(home: Path) -> None:
    """Delete the temporary directories of all long jobs, even of running ones, because some of the
    data in them were erased. Raises OSError."""
    for lease in (home / _ROOM).glob(f"{_STAYING}*{_LEASE}"):
        row = None
        with suppress(sqlite3.DatabaseError), closing(_unlocked(lease)) as connection:
            row = connection.execute("SELECT path FROM place").fetchone()
        if row and _is_of(lease, row[0]):
            shutil.rmtree(row[0], ignore_errors=True)
            if Path(row[0]).exists():
                raise OSError(f"the temporary file {row[0]} cannot be deleted")


def _sweep(room: Path, besides: str = "") -> None:
    sweeping = room / _SWEEPING
    os.utime(sweeping)
    # the present time by the clock of the file system, which also dates the leases
    now = sweeping.stat().st_mtime
    for lease in room.glob(f"*{_LEASE}"):
        with suppress(OSError, sqlite3.DatabaseError):
            young = now - lease.stat().st_mtime < _STAYS
            if lease.stem != besides and not (young and lease.name.startswith(_STAYING)):
                _swept(lease)


def _swept(lease: Path) -> None:
    with _lock(lease, 0) as connection:
        row = connection.execute("SELECT path FROM place").fetchone()
        if row and _is_of(lease, row[0]):
            shutil.rmtree(row[0], ignore_errors=True)
    lease.unlink(missing_ok=True)


def _is_of(lease: Path, path: str) -> bool:
    """Return whether the directory `path` is the one that a lease protects, by comparing it with
    the lease's name.
    """
    return Path(path).name.startswith(f"{_PASSING}{lease.stem}")


def _unlocked(lease: Path) -> sqlite3.Connection:
    """Return a database connection that reads the present content of a lease, even while another
    process has locked the lease.
    """
    return sqlite3.connect(f"{lease.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _opened(path: Path, patience: float) -> sqlite3.Connection:
    closed_file(path)
    return sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)


@contextmanager
def _lock(path: Path, patience: float) -> Iterator[sqlite3.Connection]:
    with closing(_opened(path, patience)) as db:
        try:
            db.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise OSError(
                f"another process is using {path}: wait until that process has ended"
            ) from error
        yield db
