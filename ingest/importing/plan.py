"""Plans for reading each file; all plans are checked before anything is stored.

The file is long because each kind of file is planned and checked in the same order.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from ingest.files import originals, rejects
from ingest.files.cells import written
from ingest.files.columns import ColumnMap, ImportForm, explain, find, refuse_duplicates
from ingest.files.originals import Fingerprint
from ingest.files.problems import BadFile, BadRow, FilePosition, Rejected
from ingest.files.tables import Book, Rows, Sheet
from ingest.forms import (
    call_log,
    chat_file,
    email_file,
    links_form,
    log_headings,
    messages,
    sms_backup,
)
from ingest.forms.call_log import CallLogPlan
from ingest.forms.message_plan import (
    BackupPlan,
    ChatPlan,
    EmailPlan,
    MessageTablePlan,
    table,
    wanted,
)
from ingest.forms.table_plan import TABLES, SheetPlan, TablePlan
from ingest.importing import opening
from ingest.words.context import Context
from ingest.words.drafts import Read

FORMS: dict[str, ImportForm] = {
    form.name: form for form in (messages.FORM, log_headings.FORM, *(form for form, _ in TABLES))
}
#: The names of all fields that a mapping file may contain.
FIELDS = tuple(dict.fromkeys(field.name for form in FORMS.values() for field in form.fields))
_NOTED = 5


class ImportPlan(Protocol):
    """The plan to import a file, or that part of it that has one form."""

    @property
    def path(self) -> Path: ...
    @property
    def file(self) -> Fingerprint: ...
    @property
    def form(self) -> str: ...
    @property
    def mapping(self) -> dict[str, dict[str, str]]: ...
    @property
    def hidden(self) -> tuple[str, ...]: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    @property
    def total(self) -> int | None: ...

    def reads(self) -> Iterator[Read | Rejected]:
        """Yield the rows or messages of the file, as drafts or as rejects."""
        ...

    def stored_parts(self) -> Iterator[bytes] | None:
        """Yield the parts of the original file that may be stored; None if no part may be
        stored."""
        ...


def plans(path: Path, context: Context) -> list[ImportPlan]:
    """Return the plans to import a file. Raises BadFile, which says what is wrong and
    what to do.
    """
    if context.form not in ("auto", *FORMS):
        raise BadFile(
            FilePosition(path.name),
            f"{context.form!r} is not a form of import file",
            f"the forms are {', '.join(FORMS)}",
        )
    kind = opening.content(path)
    if kind != "table":
        holds = "calls" if kind == "calls" else "messages"
        if context.form not in ("auto", holds):
            raise BadFile(
                FilePosition(path.name),
                f"the file contains {holds}, not {context.form}",
                f"use --form {holds}",
            )
        return [_messages(path, kind, context)]
    book = opening.open_book(path, context.encoding)
    if book.network and context.form not in ("auto", links_form.FORM.name):
        raise BadFile(
            FilePosition(path.name),
            f"the file contains links (a network), not {context.form}",
            "use --form links",
        )
    file = originals.fingerprint(path)
    chosen, notes = _chosen(book, context, FilePosition(path.name))
    found_plans: list[ImportPlan] = []
    for form, sheets in chosen.items():
        if form == "messages":
            found_plans.append(_message_table(path, file, tuple(sheets), context, notes))
        else:
            parts = tuple(SheetPlan(*sheet) for sheet in sheets)
            found_plans.append(TablePlan(path, book, file, form, parts, context, notes))
    return found_plans


def conversations(path: Path, context: Context) -> list[messages.Conversation]:
    """Return the conversations in a file of messages, for the user to choose from. Raises
    BadFile."""
    kind = opening.content(path)
    if kind != "table":
        return messages.conversations(_contained(path, kind, context))
    book = opening.open_book(path, context.encoding)
    messages_context = replace(context, form="messages")
    chosen, _ = _chosen(book, messages_context, FilePosition(path.name))
    return _conversations_in(tuple(chosen["messages"]), context)


def _conversations_in(
    sheets: tuple[tuple[Sheet, ColumnMap], ...], context: Context
) -> list[messages.Conversation]:
    chat_messages = (
        message for _, message in table(sheets, context) if not isinstance(message, BadRow)
    )
    return messages.conversations(chat_messages)


def _contained(
    path: Path, kind: opening.Content, context: Context
) -> Iterable[messages.ChatMessage]:
    """Return the messages in a file that is not a table; calls are returned as messages without
    text."""
    match kind:
        case "email":
            return [email_file.message(path)]
        case "chat":
            return chat_file.read(path, context).messages
        case "calls":
            return (call.as_message() for call in call_log.calls(path))
    return sms_backup.messages(path)


def _messages(path: Path, kind: opening.Content, context: Context) -> ImportPlan:
    file, place = originals.fingerprint(path), FilePosition(path.name)
    if kind == "email":
        mail = email_file.message(path)
        return EmailPlan(path, file, context, frozenset({mail.key}), 1, ())
    chat = chat_file.read(path, context) if kind == "chat" else None
    known_conversations = messages.conversations(
        chat.messages if chat else _contained(path, kind, context)
    )
    noun = "calls" if kind == "calls" else "messages"
    keys = messages.picked(place, known_conversations, wanted(context), noun)
    total = sum(
        conversation.count for conversation in known_conversations if conversation.key in keys
    )
    notes = _notes_on_left_out(known_conversations, keys, context)
    if chat:
        notes = (*chat.notes, *notes)
        return ChatPlan(path, file, context, keys, total, notes, messages=chat.messages)
    if kind == "calls":
        call_log.own_number(path, context)
        notes = ("recognised as the calls of a phone (SMS Backup & Restore)", *notes)
        return CallLogPlan(path, file, context, keys, total, notes)
    return BackupPlan(path, file, context, keys, total, notes)


def _notes_on_left_out(
    known_conversations: list[messages.Conversation], keys: frozenset[str], context: Context
) -> tuple[str, ...]:
    others = len(known_conversations) - len(keys)
    many = "conversation is" if others == 1 else "conversations are"
    notes = [f"{others} other {many} neither read nor stored"] if others else []
    absent = messages.missed(known_conversations, context.conversations)
    return (*notes, *(f"it contains no conversation with {who!r}" for who in absent))


def _message_table(
    path: Path,
    file: Fingerprint,
    sheets: tuple[tuple[Sheet, ColumnMap], ...],
    context: Context,
    notes: tuple[str, ...],
) -> ImportPlan:
    known_conversations = _conversations_in(sheets, context)
    mended = any(rejects.ID in columns.headings for _, columns in sheets)
    keys = messages.picked(
        FilePosition(path.name), known_conversations, (messages.ALL,) if mended else wanted(context)
    )
    total = sum(
        conversation.count for conversation in known_conversations if conversation.key in keys
    )
    left = _notes_on_left_out(known_conversations, keys, context)
    return MessageTablePlan(path, file, context, keys, total, (*notes, *left), sheets=sheets)


def _chosen(
    book: Book, context: Context, place: FilePosition
) -> tuple[dict[str, list[tuple[Sheet, ColumnMap]]], tuple[str, ...]]:
    """Return the sheets of a file that can be imported, grouped by the form that fits them, each
    with the fields that its columns fill; and notes about the sheets that are not imported.
    """
    chosen: dict[str, list[tuple[Sheet, ColumnMap]]] = defaultdict(list)
    unfit: list[tuple[Sheet, ColumnMap]] = []
    doubtful: list[tuple[Sheet, ColumnMap]] = []
    notes: list[str] = [*book.notes]
    for whole in book.sheets:
        for sheet, form in _by_form(whole, context.form):
            columns = _best(sheet, form, context)
            if columns is None:
                notes.append(f"{sheet.place}: it is empty")
            elif columns.missing:
                unfit.append((sheet, columns))
            elif (
                form == "auto" and not context.mapping.columns and log_headings.is_doubtful(columns)
            ):
                doubtful.append((sheet, columns))
            else:
                refuse_duplicates(sheet.place.at(row=columns.row), columns.headings)
                chosen[columns.form.name].append((sheet, columns))
                notes += _notes(sheet, columns)
    if not chosen and doubtful:
        raise log_headings.ask(*doubtful[0])
    if not chosen and unfit:
        raise explain(*unfit[0])
    if not chosen:
        hidden = f"; its hidden sheets ({', '.join(book.hidden)}) are not read"
        raise BadFile(
            place,
            "the file is empty" + (hidden if book.hidden else ""),
            "show the sheet with the table, or export it again",
        )
    notes += [
        f"{sheet.place}: not read, because its headings fit no form"
        for sheet, _ in (*unfit, *doubtful)
    ]
    return chosen, tuple(notes)


def _best(sheet: Sheet, form: str, context: Context) -> ColumnMap | None:
    wanted_forms = FORMS.values() if form == "auto" else (FORMS[form],)
    mapping = context.mapping
    column_maps = [
        find(sheet, wanted_form, mapping.columns, mapping.fixed) for wanted_form in wanted_forms
    ]
    matches = [columns for columns in column_maps if columns is not None]
    return max(matches, key=lambda each: (not each.missing, _fit(each)), default=None)


def _fit(columns: ColumnMap) -> float:
    """Return how well a form fits the columns of a sheet. Many sheets have a name and a birth date,
    so the forms of people and incidents often fit by chance: any other form that fits is preferred
    to them, unless one of them fits far better.
    """
    return columns.score - (150.0 if columns.form.name in ("people", "incidents") else 0.0)


def _by_form(sheet: Sheet, form: str) -> Iterator[tuple[Sheet, str]]:
    """Yield a sheet with its form.

    A rejects file may have rows of several forms: yield the sheet once for each form, with only the
    rows of that form.
    """
    headings = next((cells for _, cells in sheet.rows()), [])
    if rejects.FORM not in headings or rejects.ID not in headings:
        yield sheet, form
        return
    index = headings.index(rejects.FORM)
    named = {written(cells[index]) for _, cells in sheet.rows() if len(cells) > index}
    for name in sorted(named & FORMS.keys()):
        yield replace(sheet, rows=_FormRows(sheet, index, name)), name


class _FormRows:
    """The rows of one form in a rejects file. A rejects file puts a quote before a text that a
    spreadsheet could read as a formula; here the texts are without this quote."""

    def __init__(self, sheet: Sheet, index: int, form: str) -> None:
        self._sheet, self._index, self._form = sheet, index, form

    def __call__(self) -> Rows:
        for number, cells in self._sheet.rows():
            heading = number == 1
            if heading or (len(cells) > self._index and cells[self._index] == self._form):
                yield (
                    number,
                    [rejects.mended(cell) if isinstance(cell, str) else cell for cell in cells],
                )


def _notes(sheet: Sheet, columns: ColumnMap) -> Iterator[str]:
    """Yield notes about parts of a sheet that are not read, or that are read otherwise than they
    look.
    """
    for words in columns.skipped:
        yield f"{sheet.place}: above the headings and not read: {words[:80]!r}"
    others = (
        []
        if columns.form.stores_extras
        else [repr(extra_heading) for extra_heading in columns.extras if extra_heading]
    )
    if others:
        more = f" and {len(others) - _NOTED} more" if len(others) > _NOTED else ""
        noun = "column" if len(others) == 1 else "columns"
        yield f"{sheet.place}: not read: the {noun} {', '.join(others[:_NOTED])}{more}"
    for merge in sheet.merges[:_NOTED]:
        place = sheet.place.at(row=merge.first_row)
        yield (
            f"{place}: merged with rows to {merge.last_row} and columns to {merge.last_column}; "
            "its value counts for the first cell only"
        )
    for row, column in sheet.formulas[:_NOTED]:
        heading = columns.headings[column - 1] if column <= len(columns.headings) else ""
        place = sheet.place.at(row=row, column=heading or None)
        yield f"{place}: a formula; its last result is used"
