"""Where does a file lie that is needed for a moment, so that nothing stays of it?

In a directory of its own, for its owner alone, which goes when it is done with. Its lease lies in
the home, under `.passing`, and says where it is: a database that SQLite locks alike on every system
and lets go of when its process dies. What a killed process left is deleted at the next start; long
work that is to go on from where it was broken off has an hour for that (`staying`).
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from ledger.database.durable_files import closed_directory, closed_file

_ROOM, _SWEEPING, _LEASE, _PASSING = ".passing", "sweeping", ".lease", "continuum-passing-"
_PATIENCE = 30
#: Before the name of a directory that stays until its work is done, and so many seconds at most
#: after it was broken off.
_STAYING, _STAYS = "staying-", 3600


@contextmanager
def passing(home: Path, within: Path | None = None) -> Iterator[Path]:
    """An empty directory as long as it lasts: in `home`, or `within` another directory. Raises
    OSError."""
    room, name = home / _ROOM, token_hex(8)
    closed_directory(room)
    place = (within or room).absolute() / f"{_PASSING}{name}"
    with closing(_opened(room / f"{name}{_LEASE}", 0)) as held:
        with _lock(room / _SWEEPING, _PATIENCE):  # a lease that is not held yet would be swept
            _sweep(room, besides=name)
            held.execute("CREATE TABLE place (path TEXT)")
            held.execute("INSERT INTO place VALUES (?)", (str(place),))
            held.execute("BEGIN EXCLUSIVE")
        try:
            closed_directory(place)
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)
    (room / f"{name}{_LEASE}").unlink(missing_ok=True)


@dataclass(frozen=True)
class LeasedDirectory:
    """The directory of a long work, and the lease that keeps it."""

    place: Path
    lease: Path

    def goes_on(self) -> None:
        """The work goes on: the hour begins again. Raises OSError."""
        os.utime(self.lease)


@contextmanager
def staying(home: Path, work: str, within: Path | None = None) -> Iterator[LeasedDirectory]:
    """The directory of a long work: as it was left, if it was broken off less than an hour ago and
    nothing was erased since. It goes once the work is done. Raises OSError, also while another
    process is at the same work."""
    room, name = home / _ROOM, f"{_STAYING}{work}"
    closed_directory(room)
    beside, lease = (within or room).absolute(), room / f"{name}{_LEASE}"
    with _lock(room / _SWEEPING, _PATIENCE):
        _sweep(room)  # this one too, where its hour is over
        held = _opened(lease, 0)
        try:
            held.execute("CREATE TABLE IF NOT EXISTS place (path TEXT)")
            was = [Path(path) for (path,) in held.execute("SELECT path FROM place")]
            # drawn: others may have a store, or write, in the same directory
            new = beside / f"{_PASSING}{name}-{token_hex(8)}"
            place = next((path for path in was if path.parent == beside), new)
            held.execute("DELETE FROM place")
            held.execute("INSERT INTO place VALUES (?)", (str(place),))
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            held.close()
            raise OSError(f"another process is at the same work ({lease})") from error
    with closing(held):
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
    """Delete what killed processes left. Raises OSError."""
    if (room := home / _ROOM).is_dir():
        with _lock(room / _SWEEPING, _PATIENCE):
            _sweep(room)


def clear(home: Path) -> None:
    """Delete what long work has laid down, also while it goes on: something of it was erased.
    Raises OSError."""
    for lease in (home / _ROOM).glob(f"{_STAYING}*{_LEASE}"):
        found = None
        with suppress(sqlite3.DatabaseError), closing(_unlocked(lease)) as told:
            found = told.execute("SELECT path FROM place").fetchone()
        if found and _is_of(lease, found[0]):
            shutil.rmtree(found[0], ignore_errors=True)
            if Path(found[0]).exists():
                raise OSError(f"{found[0]} cannot be deleted")


def _sweep(room: Path, besides: str = "") -> None:
    sweeping = room / _SWEEPING
    os.utime(sweeping)
    now = sweeping.stat().st_mtime  # by the clock that told when the work last went on
    for lease in room.glob(f"*{_LEASE}"):
        with suppress(OSError, sqlite3.DatabaseError):
            young = now - lease.stat().st_mtime < _STAYS
            if lease.stem != besides and not (young and lease.name.startswith(_STAYING)):
                _swept(lease)


def _swept(lease: Path) -> None:
    with _lock(lease, 0) as held:
        found = held.execute("SELECT path FROM place").fetchone()
        if found and _is_of(lease, found[0]):
            shutil.rmtree(found[0], ignore_errors=True)
    lease.unlink(missing_ok=True)


def _is_of(lease: Path, path: str) -> bool:
    """Whether this path is one that a lease keeps, by its name."""
    return Path(path).name.startswith(f"{_PASSING}{lease.stem}")


def _unlocked(lease: Path) -> sqlite3.Connection:
    """A lease as it stands, also while somebody holds it."""
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
            raise OSError(f"{path} is held by another process") from error
        yield db
