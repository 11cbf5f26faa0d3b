"""Place the files of tests in memory, if there is enough of it, and remove them reliably.

A directory belongs to the process that claimed it, by a lock that ends with the process however it
ends. The next run removes the directories of killed runs, which no lock protects any more, and ends
servers that still work in them.
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
#: Prefixes of the names of a claimed directory, and of a directory that is about to be claimed.
CLAIMED, NEW = "continuum-run-", "continuum-new-"
#: A shell command that removes a directory in the background: a server's has hundreds of thousands
#: of files, and no test waits for their removal.
REMOVE = 'rm -rf "$1" </dev/null >/dev/null 2>&1 &'
_LOCKS: dict[Path, int] = {}


def in_memory() -> Path | None:
    """Return a directory in memory, where a flush to disk takes no time: tests run with fsync, as
    in real use. None if there is none.
    """
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK)):
        return None
    if os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:  # a test that builds programs has to run them
        return None
    return MEMORY if shutil.disk_usage(MEMORY).free > ROOM else None


def claimed(within: Path | None = None) -> Path:
    """Return a new directory that this process claims until it ends."""
    place = within or in_memory() or Path(tempfile.gettempdir())
    new = Path(tempfile.mkdtemp(prefix=NEW, dir=place))
    lock = os.open(new, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    # the directory is renamed with its lock, so that no other process can claim it
    mine = new.rename(place / new.name.replace(NEW, CLAIMED))
    _LOCKS[mine] = lock
    return mine


def removed(directory: Path) -> None:
    """Remove a directory that this process claimed, or that no process holds."""
    subprocess.run(["sh", "-c", REMOVE, "sh", directory], check=True)
    if lock := _LOCKS.pop(directory, None):
        os.close(lock)


def cleared(*places: Path) -> list[Path]:
    """Remove the directories of killed runs in these places; return them."""
    left = [one for place in places for one in place.glob(f"{CLAIMED}*") if one not in _LOCKS]
    return [one for one in left if _abandoned(one)]


def _abandoned(directory: Path) -> bool:
    """Return whether no process claims the directory, so that it can be removed."""
    try:
        lock = os.open(directory, os.O_RDONLY)
    except OSError:  # another user's directory, or already removed
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
    """End the server that wrote this process-id file, if it still works in the file's directory."""
    with suppress(psutil.Error, OSError, ValueError):
        server = psutil.Process(int(file.read_text("utf-8").split()[0]))
        if str(file.parent) in server.cmdline():
            server.kill()
