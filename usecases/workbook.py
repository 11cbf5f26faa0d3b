"""A table as a workbook that somebody takes along: written down before it is handed over."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from usecases.question import Answer, Question

if TYPE_CHECKING:
    from commands.desk import Desk
    from domain.values import Reader
    from projections.columns import Column, Listed

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
    """The rows as a workbook (xlsx); the export is recorded first. Raises Denied for those whose
    role takes nothing along, LogUnavailable."""
    from commands.governance import export_made

    content = workbook(asked, answer)
    filters = {
        name: str(value) for name, value in msgspec.to_builtins(asked).items() if value is not None
    }
    export_made(
        desk,
        reader,
        form="xlsx",
        sha256=hashlib.sha256(content).hexdigest(),
        ids=[
            UUID(one) for one in dict.fromkeys(_ID.findall(str(msgspec.to_builtins(answer.data))))
        ],
        filters={"question": asked.asked_as.command, **filters},
        recipient=recipient,
        purpose=purpose,
    )
    return content


def workbook(asked: Question, answer: Answer) -> bytes:
    """The table, and a sheet for each further part; what begins like a formula is text."""
    import xlsxwriter

    made = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "remove_timezone": True}
    with xlsxwriter.Workbook(made, options) as book:
        forms = {
            "head": book.add_format({"bold": True}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        _write(book, asked.asked_as.title, asked.columns(), answer.rows, forms)
        for part in answer.parts:
            if part.rows:
                _write(book, part.title, part.rows[0].columns, part.rows, forms)
    return made.getvalue()


def _write(
    book: Any,
    title: str,
    columns: "Sequence[Column]",
    rows: "Sequence[Listed]",
    forms: Mapping[str, Any],
) -> None:
    from projections.columns import cells

    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 0)
    for at, one in enumerate(columns):
        sheet.write_string(0, at, one.label, forms["head"])
    for line, row in enumerate(rows, start=1):
        for at, (one, value) in enumerate(zip(columns, cells(row, columns), strict=True)):
            if value is None:
                continue
            if one.form in ("moment", "day"):
                sheet.write_datetime(line, at, value, forms[one.form])
            elif isinstance(value, int | float):
                sheet.write_number(line, at, value)
            else:
                sheet.write_string(line, at, str(value))
    sheet.autofit()
