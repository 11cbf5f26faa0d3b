"""An answer as CSV: a file for an answer with one table; for several tables, a ZIP archive with a
file for each table that has rows, and the notes. The same answer gives the same bytes.
"""

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from projections.kernel import columns as view_columns
from usecases.kernel.question import Answer, Question, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.kernel.columns import Listed

#: The time of each file in an archive: the earliest that the format has.
_TIME = (1980, 1, 1, 0, 0, 0)


def csv_tables(question: Question, answer: Answer) -> bytes:
    """Return the tables of an answer as CSV."""
    tables = list(zip(question.tables(), answer.tables, strict=True))
    if len(tables) == 1:
        return _table(*tables[0], answer.marking)
    files = {
        f"{table.name}.csv": _table(table, rows, answer.marking) for table, rows in tables if rows
    }
    files["notes.txt"] = "\n".join((*answer.notes, "")).encode()
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def ending(question: type[Question]) -> str:
    """Return the ending of the file to which the question's answer is exported: "csv" or "zip"."""
    return "csv" if len(question.tables()) == 1 else "zip"


def _table(table: Table, rows: "Sequence[Listed]", marking: str) -> bytes:
    from network.export.sheets import sheet

    columns = table.row.columns
    beside = ["marking"] if marking else []
    lines = (
        ["" if cell is None else str(cell) for cell in view_columns.cells(row, columns)]
        + ([marking] if marking else [])
        for row in rows
    )
    return sheet([*(column.label for column in columns), *beside], lines)
