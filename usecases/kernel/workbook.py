"""Export of an answer as a workbook, recorded before it is handed over."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import msgspec

from commands.data_protection import exporting
from domain.forms.local import day_of
from projections.information import queue
from projections.kernel import columns as view_columns
from usecases.kernel import csv_tables
from usecases.kernel.fields import fields_of
from usecases.kernel.question import Answer, Question, Table

if TYPE_CHECKING:
    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from projections.kernel.columns import Listed

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Characters not allowed in the name of a sheet.
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
#: A table contains only the beginning of an entry: this many characters, in a column with this
#: title.
BEGINS, FIRST_WORDS = 120, "first words"
#: The most characters at the top of a printed page.
_HEADER = 250
#: How many entries to read at once.
_AT_ONCE = 500


def export_workbook(
    question: Question,
    answer: Answer,
    desk: "Desk",
    reader: "Reader",
    *,
    form: Literal["xlsx", "csv"] = "xlsx",
    recipient: str | None = None,
    purpose: str | None = None,
) -> bytes:
    """Return the answer as a workbook with a sheet for each table, or as CSV. The export is
    recorded first. Raises Denied if the reader's role may not export, and LogUnavailable if the
    export cannot be recorded.
    """
    if form == "csv":
        content = csv_tables.csv_tables(question, answer)
    else:
        content = workbook(question, answer, first_words(desk, reader, question, answer))
    shown = str(msgspec.to_builtins((answer.tables, answer.more)))
    exporting.record_export(
        desk,
        reader,
        form=form,
        sha256=hashlib.sha256(content).hexdigest(),
        ids=[UUID(item_text) for item_text in dict.fromkeys(_ID.findall(shown))],
        filters=describe_question(question),
        recipient=recipient,
        purpose=purpose,
    )
    return content


def describe_question(question: Question) -> dict[str, str]:
    """Return the parameters of the question that were given, for the record of the export. Values
    that the access log must not contain are left out."""
    values = msgspec.to_builtins(question)
    open_fields = [field.name for field in fields_of(type(question)) if not field.ask.sealed]
    filters = {name: str(values[name]) for name in open_fields if values[name] is not None}
    return {"question": question.named.command, **filters}


def first_words(
    desk: "Desk", reader: "Reader", question: Question, answer: Answer
) -> Mapping[UUID, str]:
    """Return, by log entry, the first words of the entries that the rows of an answer are about, as
    far as the reader may read them. Tables that already have a column with the text are left out.
    """
    about = {
        item
        for table, rows in zip(question.tables(), answer.tables, strict=True)
        if (column := _about(table))
        for row in rows
        if isinstance(item := getattr(row, column), UUID)
    }
    words_by_entry: dict[UUID, str] = {}
    wanted = sorted(about)
    with desk.asking() as db:
        for start in range(0, len(wanted), _AT_ONCE):
            for row in queue.of(db, reader, wanted[start : start + _AT_ONCE]):
                if row.words != queue.NOT_SHOWN:
                    words_by_entry[row.observation] = " ".join(row.words.split())[:BEGINS]
    return words_by_entry


def _about(table: Table) -> str | None:
    """Return the name of the column that has the id of each row's item; None if the table already
    has a column with the item's text."""
    columns = table.row.columns
    if any(column.name == "words" for column in columns):
        return None
    return next((column.name for column in columns if column.form == "id"), None)


def workbook(question: Question, answer: Answer, words: Mapping[UUID, str]) -> bytes:
    """Return a workbook with a sheet for each table. Rows about log entries also have the entry's
    first words. If the answer can be exported as CSV too, its notes are on a sheet of their own.
    Text that begins like a formula remains text.
    """
    import xlsxwriter

    made = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "remove_timezone": True}
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties({"created": datetime(1980, 1, 1)})  # noqa: DTZ001 (the same bytes again)
        for table, rows in zip(question.tables(), answer.tables, strict=True):
            _sheet(book, table, rows, words, answer.marking)
        if question.named.csv and answer.notes:
            _notes(book, answer)
    return made.getvalue()


def _notes(book: Any, answer: Answer) -> None:
    """Add a sheet to the workbook with the notes of the answer."""
    sheet = book.add_worksheet("Notes")
    _mark(sheet, answer.marking)
    for line, note in enumerate(answer.notes):
        sheet.write_string(line, 0, note)


def _mark(sheet: Any, marking: str) -> None:
    if marking:
        sheet.set_header("&C" + marking.replace("&", "&&")[:_HEADER])


def _sheet(
    book: Any, table: Table, rows: "Sequence[Listed]", words: Mapping[UUID, str], marking: str
) -> None:
    columns, about = table.row.columns, _about(table)
    begun = [words.get(getattr(row, about)) if about else None for row in rows]
    sheet = book.add_worksheet(_NOT_IN_A_NAME.sub(" ", table.title)[:31])
    sheet.freeze_panes(1, 0)
    _mark(sheet, marking)
    bold = book.add_format({"bold": True})
    shown = {"moment": "yyyy-mm-dd hh:mm", "day": "yyyy-mm-dd"}
    forms = {
        form: book.add_format({"num_format": number_format})
        for form, number_format in shown.items()
    }
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column.label, bold)
    if any(begun):
        sheet.write_string(0, len(columns), FIRST_WORDS, bold)
    for line, row in enumerate(rows, start=1):
        for at, (column, value) in enumerate(
            zip(columns, view_columns.cells(row, columns), strict=True)
        ):
            if value is None:
                continue
            if column.form in forms:
                time = day_of(value) if column.form == "day" else value
                sheet.write_datetime(line, at, time, forms[column.form])
            elif isinstance(value, int | float):
                sheet.write_number(line, at, value)
            else:
                sheet.write_string(line, at, str(value))
        if text := begun[line - 1]:
            sheet.write_string(line, len(columns), text)
    sheet.autofit()
