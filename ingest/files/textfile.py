"""Read a CSV file: the encoding is checked before any row is read, the separator is guessed, and
rows are read one by one."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zipfile import Path as Member

from ingest.files.cells import TEXT_CELL
from ingest.files.media import holds_media
from ingest.files.problems import BadFile, FilePosition
from ingest.files.tables import MOST_COLUMNS, MOST_ROWS, Book, Rows, Sheet, column_letters

ENCODINGS = ("utf-8", "cp1252")
_SEPARATORS = ",;\t|"
_SAMPLE = 64 * 1024
#: If a cell is longer than the limit by at most this many letters, only its row is refused; if it
#: is longer still, the whole file is refused.
_LAP = 256
_LONGEST_FIELD = 64 * 1024 * 1024
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read(path: Path | Member, place: FilePosition, encoding: str = "utf-8") -> Book:
    """Return a CSV file as a book with one sheet.

    The encoding is UTF-8, with or without a byte order mark, or UTF-16 with one; `encoding` may be
    cp1252, which cannot be detected. Raises BadFile with the row and column of bytes that are not
    text.
    """
    if encoding not in ENCODINGS:
        raise BadFile(
            place,
            f"the encoding {encoding!r} is not supported: save the file as UTF-8",
            f"use {' or '.join(ENCODINGS)}",
        )
    with path.open("rb") as raw:
        head = raw.read(2)
    codec = "utf-16" if head in _UTF16 else "utf-8-sig" if encoding == "utf-8" else encoding
    pictures, lines, letters = _check(path, place, codec)
    with path.open(encoding=codec, newline="") as file:
        separator = _separator(file.read(_SAMPLE))
        if lines > MOST_ROWS or letters > _LONGEST_FIELD:
            file.seek(0)
            lines = sum(1 for _ in _parsed(file, separator, place))

    def rows() -> Rows:
        with path.open(encoding=codec, newline="") as file:
            for number, cells in _parsed(file, separator, place):
                yield number, list(cells)

    media = ("pictures written into the text",) if pictures else ()
    return Book("csv", (Sheet(place, rows, TEXT_CELL, count=lines),), media=media)


def _parsed(
    file: Iterator[str], separator: str, place: FilePosition
) -> Iterator[tuple[int, list[str]]]:
    # the csv module's own limit of 128 KiB would refuse the whole file; with the larger limit only
    # the row is refused
    csv.field_size_limit(_LONGEST_FIELD)
    parsed = csv.reader(file, delimiter=separator)
    number = 0
    while True:
        try:
            cells = next(parsed, None)
        except csv.Error as problem:
            raise BadFile(
                place.at(row=number + 1),
                f"the file is not a csv ({problem})",
                "export it again as csv",
            ) from problem
        if cells is None:
            return
        number += 1
        if number > MOST_ROWS:
            raise BadFile(
                place, f"the file has more than {MOST_ROWS:,} rows: divide it", "split the file"
            )
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise BadFile(
                place.at(row=number),
                f"the file has more than {MOST_COLUMNS:,} columns: remove some",
                "save only the columns with content",
            )
        yield number, cells


def _check(path: Path | Member, place: FilePosition, codec: str) -> tuple[bool, int, int]:
    """Read a CSV file once to its end, so that bytes that are not text are noticed before anything
    is imported. Return whether pictures are embedded in the file, the number of its lines, and the
    number of its characters."""
    pictures, before, lines, letters = False, "\n", 0, 0
    try:
        with path.open(encoding=codec, newline="") as file:
            while text := file.read(1 << 20):
                pictures = pictures or holds_media(before[-_LAP:] + text)
                before, lines, letters = text, lines + text.count("\n"), letters + len(text)
    except UnicodeError as problem:
        where = _bad_bytes(path, place, codec) if codec != "utf-16" else place
        raise BadFile(
            where,
            "the bytes there are not UTF-8 text: save the file as UTF-8"
            if codec == "utf-8-sig"
            else f"the file is not {codec} text",
            "save it as 'CSV UTF-8', or declare an old Windows file with --encoding cp1252",
        ) from problem
    return pictures, lines + (not before.endswith("\n")), letters


def _bad_bytes(path: Path | Member, place: FilePosition, codec: str) -> FilePosition:
    with path.open(encoding=codec, errors="surrogateescape", newline="") as file:
        separator = _separator(file.read(_SAMPLE))
        file.seek(0)
        headings: list[str] = []
        for number, cells in _parsed(file, separator, place):
            headings = headings or cells
            for index, cell in enumerate(cells):
                if any("\udc80" <= letter <= "\udcff" for letter in cell):
                    has_heading = (
                        index < len(headings) and number > 1 and headings[index].isprintable()
                    )
                    column = headings[index] if has_heading else column_letters(index)
                    return place.at(row=number, column=column)
    return place


def _separator(sample: str) -> str:
    """Return the separator of a CSV file: the character that divides most of the first rows into
    the same number of cells.
    """
    lines = sample.splitlines()[:50]
    best, most = ",", 0
    for separator in _SEPARATORS:
        rows = csv.reader(lines, delimiter=separator)
        widths = Counter(len(cells) for cells in rows if len(cells) > 1)
        if widths:
            width, count = widths.most_common(1)[0]
            if count * (width - 1) > most:
                best, most = separator, count * (width - 1)
    return best
