"""Where the files of tests stand: in memory, if there is enough of it."""

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 (directories of their own are made there)
ROOM = 4 << 30
"""Bytes of memory that have to be free for a server's files, or those of all tests, to stand
there."""


def in_memory() -> Path | None:
    """Where a flush takes no time: stores and the server are tried as they are in use, with
    fsync."""
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK)):
        return None
    if os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:  # tests build programs and run them
        return None
    return MEMORY if shutil.disk_usage(MEMORY).free > ROOM else None
