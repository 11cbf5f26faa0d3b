"""A table as a workbook that somebody takes along: written down before it is handed over."""

import hashlib
import re
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from usecases.question import Answer, Question, Table

if TYPE_CHECKING:
    from commands.desk import Desk
    from domain.values import Reader
    from projections.columns import Listed

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def taken_along(
    asked: Question,
    answer: Answer,
    desk: "Desk",
    reader: "Reader",
    *,
    recipient: str | None = None,
    purpose: str | None = None,
) -> bytes:
    """The answer as a workbook (xlsx), a sheet a table; the export is recorded first. Raises Denied
    for those whose role takes nothing along, LogUnavailable."""
    from commands.governance import export_made

    content = workbook(asked, answer)
    shown = str(msgspec.to_builtins((answer.tables, answer.more)))
    filters = {
        name: str(value) for name, value in msgspec.to_builtins(asked).items() if value is not None
    }
    export_made(
        desk,
        reader,
        form="xlsx",
        sha256=hashlib.sha256(content).hexdigest(),
        ids=[UUID(one) for one in dict.fromkeys(_ID.findall(shown))],
        filters={"question": asked.asked_as.command, **filters},
        recipient=recipient,
        purpose=purpose,
    )
    return content


def workbook(asked: Question, answer: Answer) -> bytes:
    """The tables; what begins like a formula is text."""
    import xlsxwriter

    made = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "remove_timezone": True}
    with xlsxwriter.Workbook(made, options) as book:
        for table, rows in zip(asked.tables(), answer.tables, strict=True):
            _sheet(book, table, rows)
    return made.getvalue()


def _sheet(book: Any, table: Table, rows: "Sequence[Listed]") -> None:
    from projections.columns import cells

    columns = table.row.columns
    sheet = book.add_worksheet(table.title[:31])
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    shown = {"moment": "yyyy-mm-dd hh:mm", "day": "yyyy-mm-dd"}
    forms = {form: book.add_format({"num_format": one}) for form, one in shown.items()}
    for at, one in enumerate(columns):
        sheet.write_string(0, at, one.label, bold)
    for line, row in enumerate(rows, start=1):
        for at, (one, value) in enumerate(zip(columns, cells(row, columns), strict=True)):
            if value is None:
                continue
            if one.form in forms:
                sheet.write_datetime(line, at, value, forms[one.form])
            elif isinstance(value, int | float):
                sheet.write_number(line, at, value)
            else:
                sheet.write_string(line, at, str(value))
    sheet.autofit()
