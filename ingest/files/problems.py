"""Problems of imported files: the error, its place, and what to do."""

from msgspec import Struct, field, structs

from domain.kernel.values import Refused


class FilePosition(Struct, frozen=True):
    """A place in a file: the file's name, the sheet, the row (from 1) and the column."""

    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def at(self, *, row: int | None = None, column: str | None = None) -> "FilePosition":
        """Return a copy of this position, narrowed to a row or a column."""
        return structs.replace(self, row=row or self.row, column=column or self.column)

    def __str__(self) -> str:
        words = [self.file]
        if self.sheet:
            words.append(f"sheet {self.sheet!r}")
        if self.row:
            words.append(f"row {self.row}")
        if self.column:
            words.append(f"column {self.column!r}")
        return ", ".join(words)


class BadFile(Refused):
    """Raised if a whole file cannot be imported: none of it is stored."""

    def __init__(self, where: FilePosition, wrong: str, remedy: str) -> None:
        super().__init__(f"{where}: {wrong}. {remedy[:1].upper()}{remedy[1:]}.")
        self.where = where


class Unanswered(BadFile):
    """Raised if a file lacks information that only the user can give, such as the order of day and
    month. `question` is the name of the import setting for this information."""

    def __init__(self, where: FilePosition, wrong: str, remedy: str, question: str) -> None:
        super().__init__(where, wrong, remedy)
        self.wrong, self.question = wrong, question


class BadRow(Exception):
    """Raised if a row cannot be imported. The row is written to the rejects file, from which it can
    be imported again after a correction."""

    def __init__(self, reason: str, column: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.column = reason, column


class Rejected(Struct, frozen=True):
    """A row that was not imported: the reason, and its cells to correct."""

    place: FilePosition
    form: str
    reason: str
    identity: tuple[str, ...]
    cells: dict[str, str] = field(default_factory=dict)
    carried_id: str | None = None
