"""The manifest of a backup: the file `manifest.json`, which is written last and lists every file
and log.

It contains no personal data, only hashes, sizes, and the logs' origins and roots. A backup
directory without a manifest belongs to an interrupted backup.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

import msgspec

from domain.kernel.decoding import decoder
from domain.kernel.envelope import IntegrityFailure, LogName, Unprovable
from ledger.database.durable_files import read_file, replace_file, sync_directory

FORMAT = "continuum-backup/1"
NAME = "manifest.json"
_CHUNK = 1 << 20


class HeldFile(msgspec.Struct, frozen=True):
    """A file of a backup: its name within the backup (with `/`), its size in bytes, its SHA-256 in
    hex.
    """

    name: str
    size: int
    sha256: str


class HeldLog(msgspec.Struct, frozen=True):
    """A log of a backup: its origin, its number of records, and their root in hexadecimal."""

    origin: str
    size: int
    root: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of a backup, its time, and the release that made it; a backup of keys has no
    logs."""

    format: str
    kind: Literal["store", "keys"]
    made: datetime
    product: str
    synthetic: bool
    logs: dict[LogName, HeldLog]
    files: tuple[HeldFile, ...]


def write(directory: Path, manifest: Manifest) -> None:
    """Write the manifest of a backup, which completes it."""
    for folder in sorted({directory, *((directory / f.name).parent for f in manifest.files)}):
        sync_directory(folder)
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2).decode()
    replace_file(directory / NAME, text + "\n")
    sync_directory(directory)


def read(directory: Path, kind: Literal["store", "keys"]) -> Manifest:
    """Return the manifest of a complete backup, after checking every file.

    Raises Unprovable if the directory is not a backup of the given `kind` (of the store or of the
    keys), IntegrityFailure if a file is missing or changed.
    """
    if not (directory / NAME).is_file():
        raise Unprovable(
            f"{directory} contains no {NAME}: it is not a backup, or the backup was interrupted"
        )
    try:
        manifest = decoder(Manifest)(read_file(directory / NAME))
    except msgspec.MsgspecError as error:
        raise Unprovable(f"{directory / NAME} is not a manifest of a backup: {error}") from None
    if manifest.format != FORMAT:
        raise Unprovable(
            f"{directory / NAME} has the format {manifest.format!r}, "
            f"and this release reads {FORMAT!r}"
        )
    if manifest.kind != kind:
        raise Unprovable(f"{directory} is a backup of the {manifest.kind}, not of the {kind}")
    for file in manifest.files:
        _check(directory, file)
    return manifest


def _check(directory: Path, file: HeldFile) -> None:
    path, relative_path = directory / file.name, Path(file.name)
    if relative_path.is_absolute() or ".." in relative_path.parts:
        raise IntegrityFailure(f"the manifest names {file.name}, which is outside the backup")
    if not path.is_file():
        raise IntegrityFailure(f"{path} is missing in the backup: use another backup")
    if fingerprint(path, file.name) != file:
        raise IntegrityFailure(f"{path} was changed after the backup was made: use another backup")


def fingerprint(path: Path, name: str) -> HeldFile:
    """Return the entry of a file in the manifest of a backup."""
    digest, size = sha256(), 0
    for chunk in _chunks(path):
        digest.update(chunk)
        size += len(chunk)
    return HeldFile(name, size, digest.hexdigest())


def copy_file(source: Path, target: Path, name: str) -> HeldFile:
    """Copy a file into a backup durably, with access for its owner only; return its manifest
    entry."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = sha256(), 0
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with open(handle, "wb") as file:  # noqa: PTH123 (a descriptor, opened for its owner alone)
        for chunk in _chunks(source):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return HeldFile(name, size, digest.hexdigest())


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
