"""Scan the XML of a sheet and find its formulas, its merged cells, and the size of the area that
its cells cover.

The library that reads sheets allocates the whole area between the first and the last cell, so that
a single cell in the last corner could fill the memory. The scan detects such a sheet before it is
opened.
"""

import re
from dataclasses import dataclass, field
from xml.sax.saxutils import unescape

from ingest.files.problems import BadFile, FilePosition
from ingest.files.tables import Merge, column_letters

#: Largest number of cells in the area of a sheet. Each cell takes about 32 bytes of memory, so a
#: sheet takes at most one gigabyte.
MOST_AREA = 32_000_000
_MOST_FORMULAS = 100_000
_HELD_BACK = 4 << 20

_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>/]*>')
_FORMULA = re.compile(rb"<f[ >/]")


@dataclass
class Scanned:
    """The result of scanning one sheet; `formulas` has the places of formulas as (row, column),
    counted from 1.
    """

    formulas: list[tuple[int, int]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    rows: int = 0
    columns: int = 0

    def reach(self, row: int, column: int, place: FilePosition) -> None:
        """Extend the area of the sheet to this cell. Raises BadFile if it becomes too large to
        read."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        if self.rows * max(self.columns, 26) > MOST_AREA:
            raise BadFile(
                place,
                "the cells of the sheet extend to column "
                f"{column_letters(self.columns - 1)}, row {self.rows:,}, which is too "
                "large to read",
                "delete the stray cells beyond the table, or save the sheet as csv",
            )

    def formula(self, row: int, column: int) -> None:
        if len(self.formulas) < _MOST_FORMULAS:
            self.formulas.append((row, column))


class ExcelScan:
    """Scans a worksheet part of an xlsx (ECMA-376 part 1, 18.3.1)."""

    def __init__(self, place: FilePosition) -> None:
        self.place, self.found = place, Scanned()
        self._rest = b""

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        data = self._rest + chunk
        # data after the beginning of the last cell wait for the next piece, so that the cell's tag
        # and its formula are scanned together
        cut = len(data) if last or len(data) > _HELD_BACK else max(data.rfind(b"<c "), 0)
        ready, self._rest = data[:cut], data[cut:]
        row, column = 0, 0
        for letters, digits in _CELL.findall(ready):
            row = max(row, int(digits))
            if len(letters) > 1:
                column = max(column, _number(letters))
        self.found.reach(row, column, self.place)
        for formula in _FORMULA.finditer(ready):
            before = list(_CELL.finditer(ready, max(0, formula.start() - 200), formula.start()))
            if before:
                self.found.formula(int(before[-1][2]), _number(before[-1][1]))


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


_TAG = re.compile(
    rb"<(?P<end>/?)table:(?P<what>table|table-row|table-cell|covered-table-cell)"
    rb"(?P<attributes>(?:\s[^>]*?)?)(?P<closed>/?)>"
)
_QUOTES = {"&quot;": '"', "&apos;": "'"}
_ATTRIBUTE = re.compile(rb'table:([a-z-]+)="([^"]*)"')


class OpenDocumentScan:
    """Scans the content part of an ods (OASIS OpenDocument 1.3 part 3, chapter 9)."""

    def __init__(self, place: FilePosition) -> None:
        self.place = place
        self.sheets: dict[str, Scanned] = {}
        self._rest = b""
        self._sheet = Scanned()
        self._row, self._row_repeat, self._column = 1, 1, 1

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        data = self._rest + chunk
        cut = len(data) if last or len(data) > _HELD_BACK else max(data.rfind(b"<"), 0)
        ready, self._rest = data[:cut], data[cut:]
        for tag in _TAG.finditer(ready):
            self._tag(tag)

    def _tag(self, tag: re.Match[bytes]) -> None:
        tag_name = tag["what"]
        attributes = dict(_ATTRIBUTE.findall(tag["attributes"]))
        if tag_name == b"table":
            if not tag["end"]:
                name = attributes.get(b"name", b"").decode("utf-8", "replace")
                self._sheet = self.sheets.setdefault(unescape(name, _QUOTES), Scanned())
                self._row, self._row_repeat = 1, 1
        elif tag_name == b"table-row":
            if tag["end"] or tag["closed"]:
                self._row += (
                    self._row_repeat if tag["end"] else _count(attributes, b"rows-repeated")
                )
            else:
                self._row_repeat, self._column = _count(attributes, b"rows-repeated"), 1
        elif not tag["end"]:
            self._cell(attributes, tag["closed"] == b"")

    def _cell(self, attributes: dict[bytes, bytes], filled: bool) -> None:
        repeat = _count(attributes, b"columns-repeated")
        row, column = self._row, self._column
        if filled:
            last_row = row + self._row_repeat - 1
            self._sheet.reach(last_row, column + repeat - 1, self.place)
        if b"formula" in attributes:
            self._sheet.formula(row, column)
        wide, high = _spanned(attributes, b"columns"), _spanned(attributes, b"rows")
        if wide > 1 or high > 1:
            self._sheet.merges.append(Merge(row, column, row + high - 1, column + wide - 1))
        self._column += repeat


def _count(attributes: dict[bytes, bytes], name: bytes) -> int:
    return int(attributes.get(b"number-" + name, b"1") or 1)


def _spanned(attributes: dict[bytes, bytes], name: bytes) -> int:
    return int(attributes.get(b"number-" + name + b"-spanned", b"1") or 1)
