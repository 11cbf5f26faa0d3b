"""A sheet's rows, cell by cell and clean, each with its place and its oddities."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from ingest.files.cells import Cell, Flag, clean, written
from ingest.files.columns import REJECTS_OWN, ColumnMap
from ingest.files.media import withheld
from ingest.files.problems import FilePosition
from ingest.files.tables import Sheet, Wrong, column_letters


@dataclass
class FileRow:
    """One row below the headings. Reading a cell raises BadRow where it cannot be words; `wrong` is
    what the reader of its file says of it."""

    place: FilePosition
    number: int
    columns: ColumnMap
    cells: list[Cell]
    longest: int
    flags: list[Flag] = field(default_factory=list)
    wrong: Wrong | None = None

    def cell(self, name: str) -> Cell:
        """The field's cell as the file holds it; None where it is empty or has no column."""
        index = self.columns.fields.get(name)
        found = self.cells[index] if index is not None and index < len(self.cells) else None
        if isinstance(found, str):
            found = self._clean(found, self.heading(name))
        return self.columns.fixed.get(name) if found in (None, "") else found

    def text(self, name: str) -> str:
        """The field's words; empty where there are none."""
        return written(self.cell(name))

    def heading(self, name: str) -> str:
        """How the field's column is headed in this file."""
        index = self.columns.fields.get(name)
        return self.columns.headings[index] if index is not None else name

    def extras(self) -> list[tuple[str, str]]:
        """The filled cells of columns that belong to no field, headings first."""
        found = [
            (heading, self._clean(written(self.cells[index]), heading))
            for heading, index in self.columns.extras.items()
            if index < len(self.cells) and self.cells[index] not in (None, "")
        ]
        beyond = range(len(self.columns.headings), len(self.cells))
        for index in beyond:
            if self.cells[index] not in (None, ""):
                heading = f"Column {column_letters(index)}"
                found.append((heading, self._clean(written(self.cells[index]), heading)))
        return found

    def own(self, heading: str) -> str | None:
        """A cell of the rejects file's own columns; None in any other file."""
        if heading not in self.columns.headings:
            return None
        index = self.columns.headings.index(heading)
        return written(self.cells[index]) or None if index < len(self.cells) else None

    def content(self, without: Collection[str] = ()) -> tuple[str, ...]:
        """All that the row says, in an order that does not depend on the file's columns."""
        fields = [
            f"{name}={self.text(name)}"
            for name in self.columns.fields
            if name not in without and self.text(name)
        ]
        return (*sorted(fields), *sorted(f"{name}={text}" for name, text in self.extras()))

    def raw(self) -> dict[str, str]:
        """The whole row, by heading, for the rejects."""
        headings = [*self.columns.headings]
        headings += [
            f"Column {column_letters(index)}" for index in range(len(headings), len(self.cells))
        ]
        return {
            heading: withheld(written(cell))
            for heading, cell in zip(headings, self.cells, strict=False)
            if heading not in REJECTS_OWN
        }

    def _clean(self, text: str, column: str) -> str:
        words, flags = clean(text, column, self.longest)
        self.flags += [flag for flag in flags if flag not in self.flags]
        return words


def rows(sheet: Sheet, columns: ColumnMap) -> Iterator[FileRow]:
    """The rows below the headings that hold anything."""
    odd = _odd_cells(sheet, columns)
    for number, cells in sheet.rows():
        if number <= columns.row or not any(cell not in (None, "") for cell in cells):
            continue
        row = FileRow(sheet.place.at(row=number), number, columns, list(cells), sheet.longest)
        row.flags += odd.get(number, ())
        row.wrong = sheet.wrong.get(number)
        yield row


def _odd_cells(sheet: Sheet, columns: ColumnMap) -> dict[int, list[Flag]]:
    """Rows that lean on a merged cell or on a formula: what was told there is less sure."""

    def heading(column: int) -> str:
        known = column <= len(columns.headings)
        return columns.headings[column - 1] if known else f"Column {column_letters(column - 1)}"

    found: dict[int, list[Flag]] = {}
    for merge in sheet.merges:
        for row in range(max(merge.first_row, columns.row + 1), merge.last_row + 1):
            words = f"merged cells: the value stands in row {merge.first_row} alone"
            found.setdefault(row, []).append(("other", heading(merge.first_column), words))
    for row, column in sheet.formulas:
        if row > columns.row:
            words = "the result of a formula"
            found.setdefault(row, []).append(("other", heading(column), words))
    return found
