"""How are small files read and written, so that neither a crash nor a wrong file goes unnoticed?"""

import os
from pathlib import Path

from domain.envelope import Unprovable

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


def replace_file(path: Path, text: str) -> None:
    """Writes a file whole or not at all, and onto the disk before it returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
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
