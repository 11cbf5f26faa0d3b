"""The rows of a sheet with cleaned cells, each with its place in the file and its flags."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from ingest.files.cells import Cell, Flag, clean, written
from ingest.files.columns import REJECTS_OWN, ColumnMap
from ingest.files.media import withheld
from ingest.files.problems import FilePosition
from ingest.files.tables import RowFault, Sheet, column_letters


@dataclass
class FileRow:
    """One row below the headings of a sheet.

    Reading a cell raises BadRow if its content cannot be text. `wrong` is a fault in the row that
    was noticed when the file was read.
    """

    place: FilePosition
    number: int
    columns: ColumnMap
    cells: list[Cell]
    longest: int
    flags: list[Flag] = field(default_factory=list)
    wrong: RowFault | None = None
    _cleaned: dict[str, Cell] = field(default_factory=dict)
    _extras: list[tuple[str, str]] | None = None

    def cell(self, name: str) -> Cell:
        """Return the cleaned value of a field in this row. If the cell is empty or missing, return
        the value that the mapping sets for every row, or None."""
        if name in self._cleaned:
            return self._cleaned[name]
        index = self.columns.fields.get(name)
        cell_value = self.cells[index] if index is not None and index < len(self.cells) else None
        if isinstance(cell_value, str):
            cell_value = self._clean(cell_value, self.heading(name))
        if cell_value in (None, ""):
            cell_value = self.columns.fixed.get(name)
        self._cleaned[name] = cell_value
        return cell_value

    def text(self, name: str) -> str:
        """Return the value of a field in this row as text; "" if there is none."""
        columns = self.columns
        if name not in columns.fields and name not in columns.fixed:
            return ""
        return written(self.cell(name))

    def heading(self, name: str) -> str:
        """Return the heading of the field's column in this file; the field's name if it has no
        column."""
        index = self.columns.fields.get(name)
        return self.columns.headings[index] if index is not None else name

    def extras(self) -> list[tuple[str, str]]:
        """Return the cells of the row in columns that belong to no field, unless they are empty,
        each with its heading."""
        if self._extras is None:
            self._extras = self._read_extras()
        return self._extras

    def _read_extras(self) -> list[tuple[str, str]]:
        extras = [
            (heading, self._clean(written(self.cells[index]), heading))
            for heading, index in self.columns.extras.items()
            if index < len(self.cells) and self.cells[index] not in (None, "")
        ]
        beyond = range(len(self.columns.headings), len(self.cells))
        for index in beyond:
            if self.cells[index] not in (None, ""):
                heading = f"Column {column_letters(index)}"
                extras.append((heading, self._clean(written(self.cells[index]), heading)))
        return extras

    def own(self, heading: str) -> str | None:
        """Return the cell of this row under `heading`, which is one of the headings that only
        rejects files have. Return None if the file has no such column, or if the cell is empty."""
        if heading not in self.columns.headings:
            return None
        index = self.columns.headings.index(heading)
        return written(self.cells[index]) or None if index < len(self.cells) else None

    def content(self, without: Collection[str] = ()) -> tuple[str, ...]:
        """Return the contents of the row, except the fields in `without`, in an order that does not
        depend on the file's columns."""
        fields = [
            f"{name}={text}"
            for name in self.columns.fields
            if name not in without and (text := self.text(name))
        ]
        return (*sorted(fields), *sorted(f"{name}={text}" for name, text in self.extras()))

    def raw(self) -> dict[str, str]:
        """Return the cells of the whole row by heading, for the rejects file. Pictures in them are
        replaced."""
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
    """Yield the rows of a sheet below its headings, without empty rows."""
    odd = _odd_cells(sheet, columns)
    for number, cells in sheet.rows():
        if number <= columns.row or not any(cell not in (None, "") for cell in cells):
            continue
        row = FileRow(sheet.place.at(row=number), number, columns, list(cells), sheet.longest)
        row.flags += odd.get(number, ())
        row.wrong = sheet.wrong.get(number)
        yield row


def _odd_cells(sheet: Sheet, columns: ColumnMap) -> dict[int, list[Flag]]:
    """Return flags, by row number, for the rows with a merged cell or a formula: the values of such
    cells are less certain."""

    def heading(column: int) -> str:
        has_heading = column <= len(columns.headings)
        return (
            columns.headings[column - 1] if has_heading else f"Column {column_letters(column - 1)}"
        )

    flags: dict[int, list[Flag]] = {}
    for merge in sheet.merges:
        for row in range(max(merge.first_row, columns.row + 1), merge.last_row + 1):
            words = f"merged cells: the value is in row {merge.first_row} only"
            flags.setdefault(row, []).append(("other", heading(merge.first_column), words))
    for row, column in sheet.formulas:
        if row > columns.row:
            words = "the result of a formula"
            flags.setdefault(row, []).append(("other", heading(column), words))
    return flags
