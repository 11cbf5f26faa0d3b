"""Store the original files of imports, encrypted. A file is stored completely or, if that fails,
not at all.

Pictures are removed from a file before it is stored. If a file has messages, only the conversations
that the user chose are stored.
"""

import csv
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from ingest.files.cells import written
from ingest.files.media import describe_pieces, withheld
from ingest.files.tables import Sheet

_CHUNK = 1 << 20


class Fingerprint(Struct, frozen=True):
    """A file's SHA-256 and its size in bytes."""

    sha256: str
    size: int


def fingerprint(path: Path) -> Fingerprint:
    """Return the SHA-256 and the size of a file's complete content."""
    digest, size = hashlib.sha256(), 0
    for chunk in read_whole(path):
        digest.update(chunk)
        size += len(chunk)
    return Fingerprint(digest.hexdigest(), size)


class IncomingOriginal(Protocol):
    """An original file while it is being stored. `secret` decrypts the file stored under `name`."""

    name: str
    secret: bytes

    def keep(self, chunks: Iterable[bytes]) -> str:
        """Encrypt and store these bytes, completely or not at all; return their SHA-256. Raises
        OSError."""
        ...

    def digest(self, plain: str) -> str:
        """Return a keyed digest, in hexadecimal digits, of a file's SHA-256 `plain`. The key is
        the file's secret."""
        ...

    def drop(self) -> None:
        """Discard this new encrypted copy of an original file, because the store already has the
        file."""
        ...


class OriginalStore(Protocol):
    """The interface of the store of original files."""

    def sealing(self) -> IncomingOriginal:
        """Begin to store an original file."""
        ...


def read_whole(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a whole file."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def without_media(path: Path, media: Collection[str]) -> Iterator[bytes]:
    """Yield a zipped workbook with every picture replaced by its hash, size and type."""
    with tempfile.SpooledTemporaryFile(max_size=64 * _CHUNK) as file:
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(file, "w") as new:
            for member in old.infolist():
                # a fixed date, so that the same workbook always gives the same stored file
                entry = zipfile.ZipInfo(member.filename)
                entry.compress_type = zipfile.ZIP_DEFLATED
                with old.open(member) as part, new.open(entry, "w") as copy_file:
                    pieces = iter(partial(part.read, _CHUNK), b"")
                    if member.filename in media:
                        kind = Path(member.filename).suffix.lstrip(".") or "unknown type"
                        pieces = iter([describe_pieces(kind, pieces).encode()])
                    copy_file.writelines(pieces)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def table_without_media(sheet: Sheet) -> Iterator[bytes]:
    """Yield a sheet as CSV, with every picture in a cell replaced."""
    for _, cells in sheet.rows():
        yield csv_line([withheld(written(cell)) for cell in cells])


def csv_line(cells: Collection[str]) -> bytes:
    """Return these cells as one line of CSV in UTF-8."""
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode("utf-8", "replace")
