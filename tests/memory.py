"""Place the files of tests in memory, if there is enough of it, and remove them reliably.

A directory belongs to the process that claimed it, by a lock that ends with the process however it
ends. No lock protects what a killed run has left: the next run removes it, and ends a server that
still works in it.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

MEMORY = Path("/dev/shm")  # noqa: S108 (directories of their own are made there)
ROOM = 4 << 30
"""Bytes of memory that have to be free for a server's files, or those of all tests, to stand
there."""
#: How a directory is called that is claimed, and one that is about to be.
CLAIMED, NEW = "continuum-run-", "continuum-new-"
#: A server has hundreds of thousands of files: no test waits for their removal.
REMOVE = 'rm -rf "$1" </dev/null >/dev/null 2>&1 &'
_LOCKS: dict[Path, int] = {}


def in_memory() -> Path | None:
    """Return a directory in memory, where a flush takes no time: stores and the server are tested
    with fsync, as in use.
    """
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK)):
        return None
    if os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:  # tests build programs and run them
        return None
    return MEMORY if shutil.disk_usage(MEMORY).free > ROOM else None


def claimed(within: Path | None = None) -> Path:
    """Return a new directory, which belongs to this process until it ends."""
    place = within or in_memory() or Path(tempfile.gettempdir())
    new = Path(tempfile.mkdtemp(prefix=NEW, dir=place))
    lock = os.open(new, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    # with its lock: no other process takes it
    mine = new.rename(place / new.name.replace(NEW, CLAIMED))
    _LOCKS[mine] = lock
    return mine


def removed(directory: Path) -> None:
    """Remove a directory that this process claimed, or that no process holds."""
    subprocess.run(["sh", "-c", REMOVE, "sh", directory], check=True)
    if lock := _LOCKS.pop(directory, None):
        os.close(lock)


def cleared(*places: Path) -> list[Path]:
    """Remove what killed runs have left in these places; which directories that were."""
    left = [one for place in places for one in place.glob(f"{CLAIMED}*") if one not in _LOCKS]
    return [one for one in left if _abandoned(one)]


def _abandoned(directory: Path) -> bool:
    """Return whether no process has claimed it, so that it can be removed now."""
    try:
        lock = os.open(directory, os.O_RDONLY)
    except OSError:  # somebody else's, or gone
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for depth in ("*", "*/*"):
            for file in directory.glob(f"{depth}/postmaster.pid"):
                _end(file)
        removed(directory)
    except OSError:
        return False
    finally:
        os.close(lock)
    return True


def _end(file: Path) -> None:
    """End the server that wrote this file, and works in its directory still."""
    with suppress(psutil.Error, OSError, ValueError):
        server = psutil.Process(int(file.read_text("utf-8").split()[0]))
        if str(file.parent) in server.cmdline():
            server.kill()
