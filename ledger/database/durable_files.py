"""How are small files read and written, so that neither a crash nor a wrong file goes unnoticed?"""

import os
from contextlib import suppress
from pathlib import Path

from domain.kernel.envelope import Unprovable

#: What is said of a log that is not where it is looked for: to make it would hide that it is gone.
NOT_THERE = (
    "if this store was ever used, somebody took it away: change nothing, run continuum verify and "
    "tell the auditor; a new store is made by continuum init"
)


def read_file(path: Path) -> str:
    """A text that somebody brought along. Raises Unprovable if it cannot be read."""
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise Unprovable(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Unprovable(f"{path} cannot be read: it is no text (UTF-8)") from None


PUBLIC = 0o644
"""The mode of what is published, to be read by all and written by its owner."""


def closed_directory(path: Path) -> None:
    """A directory for its owner alone, whatever the umask; one that somebody else made for us stays
    as it is. Raises OSError."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(PermissionError):
        path.chmod(0o700)


def closed_file(path: Path) -> None:
    """A file for its owner alone, made if it is missing, else not touched. Raises OSError."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def replace_file(path: Path, text: str, mode: int = 0o600) -> None:
    """Writes a file whole or not at all, and onto the disk before it returns."""
    replace_bytes(path, text.encode(), mode)


def replace_bytes(path: Path, held: bytes, mode: int = 0o600) -> None:
    """The same of what is no text."""
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    opened = os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(opened, "wb") as file:
        beside.chmod(mode)
        file.write(held)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def sync_directory(directory: Path) -> None:
    """Makes the names in a directory last: a file that is new, renamed or gone."""
    if os.name == "nt":
        return  # Windows opens no directories; its names are durable with the file
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
