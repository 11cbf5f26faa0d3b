"""Put the files of tests into memory, if there is enough, and remove them even if the tests are
killed.

A directory belongs to the process that claimed it, by a lock that ends with the process in any
case. The next run removes the directories of killed runs, which no lock protects any more, and ends
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

MEMORY = Path("/dev/shm")  # noqa: S108 (each run makes its own directory there)
ROOM = 4 << 30
"""The bytes of memory that must be free so that a server's files, or the files of all tests, are
put into memory.
"""
#: Prefixes of the names of directories that a process has claimed, and of new directories that a
#: process is about to claim.
CLAIMED, NEW = "continuum-run-", "continuum-new-"
#: A shell command that removes a directory in the background. A server's directory has hundreds of
#: thousands of files, and no test should wait for their removal.
REMOVE = 'rm -rf "$1" </dev/null >/dev/null 2>&1 &'
_LOCKS: dict[Path, int] = {}


def in_memory() -> Path | None:
    """Return a directory in memory, where a flush to disk takes no time although tests run with
    fsync, as in real use. Return None if the machine has no such directory.
    """
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK)):
        return None
    # a test that builds programs must be able to run them there
    if os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return None
    return MEMORY if shutil.disk_usage(MEMORY).free > ROOM else None


def claimed(within: Path | None = None) -> Path:
    """Return a new directory, which belongs to this process until it ends."""
    place = within or in_memory() or Path(tempfile.gettempdir())
    new = Path(tempfile.mkdtemp(prefix=NEW, dir=place))
    lock = os.open(new, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    # the directory is renamed with its lock, so that no other process can claim it
    mine = new.rename(place / new.name.replace(NEW, CLAIMED))
    _LOCKS[mine] = lock
    return mine


def removed(directory: Path) -> None:
    """Remove a directory that this process has claimed or that no process claims."""
    subprocess.run(["sh", "-c", REMOVE, "sh", directory], check=True)
    if lock := _LOCKS.pop(directory, None):
        os.close(lock)


def cleared(*places: Path) -> list[Path]:
    """Remove the directories of killed runs in these places; return the removed directories."""
    left = [one for place in places for one in place.glob(f"{CLAIMED}*") if one not in _LOCKS]
    return [one for one in left if _abandoned(one)]


def _abandoned(directory: Path) -> bool:
    """If no process claims the directory, end the database servers in it and remove it; return
    whether it was removed."""
    try:
        lock = os.open(directory, os.O_RDONLY)
    except OSError:  # the directory belongs to another user, or was already removed
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
    """End the server that wrote this file with its process id, if the server still works in the
    file's directory.
    """
    with suppress(psutil.Error, OSError, ValueError):
        server = psutil.Process(int(file.read_text("utf-8").split()[0]))
        if str(file.parent) in server.cmdline():
            server.kill()
