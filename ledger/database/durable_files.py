"""Small files, written durably and read with clear errors."""

import os
from contextlib import suppress
from pathlib import Path

from domain.kernel.envelope import Unprovable

#: The message for a log that is not in its place. Making a new log would hide that the old log is
#: gone.
NOT_THERE = (
    "if this store was used before, the log was removed: change nothing, run continuum verify and "
    "tell the auditor; a new store is made by continuum init"
)


def read_file(path: Path) -> str:
    """Return the text of a file that a user named. Raises Unprovable if it cannot be read."""
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise Unprovable(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Unprovable(f"{path} cannot be read: the file is not text in UTF-8") from None


PUBLIC = 0o644
"""The mode of published files: readable by all, writable by their owner."""


def closed_directory(path: Path) -> None:
    """Make a directory that only its owner may enter, whatever the umask; if it exists and belongs
    to another user it is not changed. Raises OSError."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(PermissionError):
        path.chmod(0o700)


def closed_file(path: Path) -> None:
    """Create a file that only its owner may read, if it is missing. Raises OSError."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def replace_file(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a text file completely or not at all, and durably."""
    replace_bytes(path, text.encode(), mode)


def replace_bytes(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a binary file completely or not at all, and durably."""
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    opened = os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(opened, "wb") as file:
        beside.chmod(mode)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def sync_directory(directory: Path) -> None:
    """Write the names in a directory to the disk, after a file was made, renamed or deleted."""
    if os.name == "nt":
        return  # Windows cannot open a directory, and writes a file's name together with the file
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
