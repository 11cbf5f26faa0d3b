"""Check that a zipped workbook is safe to open: unpack every file in it once and count the bytes.

The sizes that a workbook declares may be wrong, so the unpacked bytes are counted and then
discarded. Meanwhile a `Watcher` can read them for facts that the library for sheets does not give.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Protocol

from msgspec import Struct

from domain.forms.patterns import lazy_regex
from ingest.files.problems import BadFile, FilePosition

#: Largest number of bytes to which a workbook may unpack (1 GiB). A sheet with a million rows and
#: ten filled columns unpacks to about half of this.
MOST_UNPACKED = 1 << 30
#: Largest ratio of unpacked to packed size of a file in a workbook: for sheets it is about 20,
#: rarely 50; for zip bombs 1000.
MOST_RATIO = 200
_RATIO_MATTERS_FROM = 16 << 20
_MOST_MEMBERS = 10_000
_CHUNK = 1 << 20
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError),
    # zipfile raises this error for a version of the format that it does not know
    NotImplementedError,
)
_MEDIA = lazy_regex(
    r"(?:.*/)?(?:media|pictures|embeddings|thumbnails|objectreplacements)/[^/]+|.*thumbnail\.[a-z]+"
)


class Watcher(Protocol):
    """Receives the unpacked bytes of a file in an archive, piece by piece."""

    def feed(self, chunk: bytes, *, last: bool = False) -> None: ...


class Contents(Struct, frozen=True):
    """The names of all files in a zipped workbook, and the names of its pictures and sounds
    (`media`)."""

    names: tuple[str, ...]
    media: tuple[str, ...]


def inspect(path: Path, place: FilePosition, watch: Callable[[str], Watcher | None]) -> Contents:
    """Return the contents of an archive after unpacking and counting each file in it. Raises
    BadFile if the archive is a zip bomb, broken or encrypted.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.filename.endswith("/")]
        if not all(member.filename for member in members):
            raise zipfile.BadZipFile("the archive contains a file without a name: pack it again")
        _declared(members, place)
        total = 0
        with path.open("rb") as file:
            for member in members:
                total += _watched(file, member, place, total, watch(member.filename))
    except _DAMAGED as broken:
        raise BadFile(
            place, "the archive is cut short or damaged", "copy or export it again"
        ) from broken
    names = tuple(m.filename for m in members)
    return Contents(names, tuple(n for n in names if _MEDIA.fullmatch(n.lower())))


def _watched(
    file: IO[bytes],
    member: zipfile.ZipInfo,
    place: FilePosition,
    before: int,
    watcher: Watcher | None,
) -> int:
    size = 0
    for chunk in _unpacked(file, member, place):
        size += len(chunk)
        _refuse_bomb(size, before + size, member, place)
        if watcher:
            watcher.feed(chunk)
    if watcher:
        watcher.feed(b"", last=True)
    return size


def _declared(members: list[zipfile.ZipInfo], place: FilePosition) -> None:
    if len(members) > _MOST_MEMBERS:
        raise BadFile(
            place,
            f"the archive contains too many files ({len(members):,})",
            "a workbook has fewer: do not open it",
        )
    if any(m.flag_bits & 1 for m in members):
        raise BadFile(
            place,
            "the archive is encrypted: save it without a password",
            "open it, save it without a password, import that",
        )
    total = 0
    for member in members:
        total += member.file_size
        _refuse_bomb(member.file_size, total, member, place)


def _refuse_bomb(size: int, total: int, member: zipfile.ZipInfo, place: FilePosition) -> None:
    ratio = size / max(member.compress_size, 1)
    if total > MOST_UNPACKED or (size > _RATIO_MATTERS_FROM and ratio > MOST_RATIO):
        raise BadFile(
            place,
            f"the archive unpacks to more than its size allows (file {member.filename!r}): "
            "it is a zip bomb or damaged",
            "do not open it; ask the sender for a csv",
        )


def _unpacked(file: IO[bytes], member: zipfile.ZipInfo, place: FilePosition) -> Iterator[bytes]:
    """Yield the unpacked bytes of a file in an archive. The stream is read to its end, because the
    size in the header may be wrong."""
    file.seek(member.header_offset)
    header = file.read(30)
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    file.seek(name_length + extra_length, 1)
    left = member.compress_size
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        how = "save it again with a spreadsheet, or pack it again"
        raise BadFile(
            place, "the archive uses an unusual compression: save it as an ordinary zip", how
        )
    unpack = zlib.decompressobj(-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
    while left:
        packed = file.read(min(left, 1 << 16))
        if not packed:
            raise EOFError
        left -= len(packed)
        if unpack is None:
            yield packed
            continue
        while packed:
            yield unpack.decompress(packed, _CHUNK)
            packed = unpack.unconsumed_tail
    if unpack is not None:
        yield unpack.flush()
        if not unpack.eof:
            raise EOFError
