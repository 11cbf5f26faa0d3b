"""Where does a file lie that is needed for a moment, so that nothing stays of it?

In a directory of its own, for its owner alone, which goes when it is done with. Its lease lies in
the home, under `.passing`, and says where it is: a database that SQLite locks alike on every system
and lets go of when its process dies. What a killed process left is deleted at the next start.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from ledger.files import closed_directory, closed_file

_ROOM, _SWEEPING, _LEASE, _PASSING = ".passing", "sweeping", ".lease", "continuum-passing-"
_PATIENCE = 30


@contextmanager
def passing(home: Path, within: Path | None = None) -> Iterator[Path]:
    """An empty directory as long as it lasts: in `home`, or `within` another directory. Raises
    OSError."""
    room, name = home / _ROOM, token_hex(8)
    closed_directory(room)
    place = (within or room).absolute() / f"{_PASSING}{name}"
    with closing(_opened(room / f"{name}{_LEASE}", 0)) as held:
        with _lock(room / _SWEEPING, _PATIENCE):  # nobody sweeps a lease that is not held yet
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


def sweep(home: Path) -> None:
    """Delete what killed processes left. Raises OSError."""
    if (room := home / _ROOM).is_dir():
        with _lock(room / _SWEEPING, _PATIENCE):
            _sweep(room)


def _sweep(room: Path, besides: str = "") -> None:
    for lease in room.glob(f"*{_LEASE}"):
        if lease.stem != besides:
            with suppress(OSError, sqlite3.DatabaseError):
                _swept(lease)


def _swept(lease: Path) -> None:
    with _lock(lease, 0) as held:
        found = held.execute("SELECT path FROM place").fetchone()
        if found and Path(found[0]).name == f"{_PASSING}{lease.stem}":
            shutil.rmtree(found[0], ignore_errors=True)
    lease.unlink(missing_ok=True)


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
