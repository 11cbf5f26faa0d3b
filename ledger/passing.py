"""Where does a file lie that is needed for a moment, so that nothing stays of it?

In a directory of its own under `.passing`, for its owner alone, which goes when it is done with.
Its lease is a database that SQLite locks alike on every system, and lets go of when its process
dies: what a killed process left is deleted by whoever comes next.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from ledger.files import closed_directory, closed_file

_ROOM, _SWEEPING, _LEASE = ".passing", "sweeping", ".lease"
_PATIENCE = 30


@contextmanager
def passing(within: Path) -> Iterator[Path]:
    """An empty directory under `within`, as long as it lasts. Raises OSError."""
    room = within / _ROOM
    closed_directory(room)
    name = token_hex(8)
    with _lock(room / _SWEEPING, _PATIENCE):  # nobody sweeps a lease that is not held yet
        _sweep(room)
        lease = closing(_opened(room / (name + _LEASE), 0))
        held = lease.__enter__()
        held.execute("BEGIN EXCLUSIVE")
        closed_directory(room / name)
    try:
        yield room / name
    finally:
        shutil.rmtree(room / name, ignore_errors=True)
        lease.__exit__(None, None, None)
        (room / (name + _LEASE)).unlink(missing_ok=True)


def sweep(within: Path) -> None:
    """Delete what killed processes left. Raises OSError."""
    if (room := within / _ROOM).is_dir():
        with _lock(room / _SWEEPING, _PATIENCE):
            _sweep(room)


def _sweep(room: Path) -> None:
    for lease in room.glob(f"*{_LEASE}"):
        with suppress(OSError), _lock(lease, 0):
            shutil.rmtree(lease.with_suffix(""), ignore_errors=True)
        if not lease.with_suffix("").exists():
            lease.unlink(missing_ok=True)


def _opened(path: Path, patience: float) -> sqlite3.Connection:
    closed_file(path)
    return sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)


@contextmanager
def _lock(path: Path, patience: float) -> Iterator[None]:
    with closing(_opened(path, patience)) as db:
        try:
            db.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise OSError(f"{path} is held by another process") from error
        yield
