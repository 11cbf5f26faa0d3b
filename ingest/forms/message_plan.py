"""Plans to import the chosen conversations of a backup, of a table of messages, or a single
email."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from domain.kernel.values import Origin
from ingest.files.cells import written
from ingest.files.columns import ColumnMap
from ingest.files.media import withheld
from ingest.files.originals import Fingerprint, csv_line
from ingest.files.problems import BadRow, Rejected
from ingest.files.rejects import ID
from ingest.files.rows import FileRow, rows
from ingest.files.tables import Sheet
from ingest.forms import email_file, messages, sms_backup
from ingest.forms.messages import ChatMessage
from ingest.words.context import Context
from ingest.words.drafts import Read
from ingest.words.occurrences import Occurrences


@dataclass(frozen=True)
class PickedPlan:
    """The plan for a file of which the user chooses what to import: `picked` are the conversations,
    authors or numbers."""

    path: Path
    file: Fingerprint
    context: Context
    picked: frozenset[str]
    total: int | None
    notes: tuple[str, ...]

    hidden: tuple[str, ...] = ()

    @property
    def mapping(self) -> dict[str, dict[str, str]]:
        return {}


class _Plan(PickedPlan):
    """The common part of all plans for messages."""

    form = "messages"

    def _drafts(
        self, messages: Iterator[tuple[ChatMessage | Rejected, str | None]]
    ) -> Iterator[Read | Rejected]:
        occurrences = Occurrences()
        for item, carried in messages:
            read = item if isinstance(item, Rejected) else self._read(item, carried)
            occurrence = str(occurrences.count(read.identity))
            yield replace(read, identity=(*read.identity, occurrence))

    def _read(self, message: ChatMessage, carried: str | None) -> Read | Rejected:
        identity = messages.identity(message)
        try:
            fixed = self.context.mapping.fixed
            relation, by = fixed.get("relation"), fixed.get("heard_from")
            draft = messages.draft(message, self.cases, self._case, relation, by)
        except BadRow as bad:
            return Rejected(
                message.place.at(column=bad.column),
                "messages",
                bad.reason,
                identity,
                messages.cells(message),
                carried,
            )
        origin = Origin(
            self.file.sha256,
            "messages",
            message.place.row or 1,
            message.place.sheet,
            self.path.name,
        )
        cells = partial(messages.cells, message)
        return Read(message.place, origin, draft, identity, cells, carried)

    @property
    def _case(self) -> str | None:
        return self.context.case or self.context.mapping.fixed.get("case")

    @property
    def cases(self) -> dict[str, str]:
        return {messages.key(who): case for who, case in self.context.mapping.cases.items()}


def wanted(context: Context) -> Collection[str] | None:
    """Return the conversations that the user chose: those named in the options of the command; or,
    if none are named there, those for which the mapping file names a case. Return None if the user
    chose none."""
    if context.conversations:
        return context.conversations
    return tuple(context.mapping.cases) or None


class BackupPlan(_Plan):
    """The plan to import an SMS backup."""

    def reads(self) -> Iterator[Read | Rejected]:
        """Yield the received messages of the chosen conversations."""
        return self._drafts(
            (message, None)
            for message in sms_backup.messages(self.path)
            if message.key in self.picked and message.incoming
        )

    def stored_parts(self) -> Iterator[bytes]:
        """Yield the bytes of a backup that has only the chosen conversations."""
        return sms_backup.excerpt(self.path, self.picked, self.file.sha256)


@dataclass(frozen=True)
class ChatPlan(_Plan):
    """The plan to import a chat that was exported or downloaded: the messages of the chosen
    authors."""

    messages: tuple[ChatMessage, ...] = ()

    def reads(self) -> Iterator[Read | Rejected]:
        """Yield the messages of the chosen authors."""
        return self._drafts((message, None) for message in self._picked())

    def _picked(self) -> Iterator[ChatMessage]:
        return (message for message in self.messages if message.key in self.picked)

    def stored_parts(self) -> Iterator[bytes]:
        """Yield only the messages of the chosen authors, each with its time."""
        yield f"Excerpt of the file with the SHA-256 {self.file.sha256}\n".encode()
        for message in self._picked():
            line = f"{message.at_words} {message.sender}: {message.words}\n"
            yield line.encode("utf-8", "replace")


@dataclass(frozen=True)
class EmailPlan(_Plan):
    """The plan to import one email."""

    def reads(self) -> Iterator[Read | Rejected]:
        """Yield the message of the email."""
        return self._drafts(iter([(email_file.message(self.path), None)]))

    def stored_parts(self) -> Iterator[bytes]:
        """Yield the text of the email, with a line for each part that is never imported."""
        mail = email_file.message(self.path)
        lines = [f"From: {mail.sender}", f"Date: {mail.at_words}", "", mail.words]
        yield "\n".join(lines).encode("utf-8", "replace")


@dataclass(frozen=True)
class MessageTablePlan(_Plan):
    """The plan to import a table of messages: a csv or a workbook."""

    sheets: tuple[tuple[Sheet, ColumnMap], ...] = ()

    @property
    def mapping(self) -> dict[str, dict[str, str]]:
        return {sheet.place.sheet or "": columns.mapping for sheet, columns in self.sheets}

    def reads(self) -> Iterator[Read | Rejected]:
        """Yield the received messages of the chosen conversations."""
        return self._drafts(self._incoming())

    def _incoming(self) -> Iterator[tuple[ChatMessage | Rejected, str | None]]:
        for row, message_or_fault in table(self.sheets, self.context):
            carried = row.own(ID)
            if isinstance(message_or_fault, BadRow):
                if sender_key(row) in self.picked:
                    place = row.place.at(column=message_or_fault.column)
                    identity = ("messages", "rejected", *row.raw().values())
                    yield (
                        Rejected(
                            place, "messages", message_or_fault.reason, identity, row.raw(), carried
                        ),
                        carried,
                    )
            elif message_or_fault.incoming and message_or_fault.key in self.picked:
                yield message_or_fault, carried

    def stored_parts(self) -> Iterator[bytes]:
        """Yield only the table's rows that belong to the chosen conversations."""
        for sheet, columns in self.sheets:
            yield csv_line(columns.headings)
            for row in rows(sheet, columns):
                if sender_key(row) in self.picked or recipient_key(row) in self.picked:
                    yield csv_line([withheld(written(cell)) for cell in row.cells])


def table(
    sheets: tuple[tuple[Sheet, ColumnMap], ...], context: Context
) -> Iterator[tuple[FileRow, ChatMessage | BadRow]]:
    """Yield the rows of a table, each with its message or with the reason why it is not a
    message."""
    for sheet, columns in sheets:
        for row in rows(sheet, columns):
            try:
                yield row, messages.of_row(row, context.now)
            except BadRow as bad:
                yield row, bad


def sender_key(row: FileRow) -> str:
    """Return the sender of the message in a row, even if another cell of the row cannot be read."""
    return _key(row, "sender")


def recipient_key(row: FileRow) -> str:
    return _key(row, "recipient")


def _key(row: FileRow, name: str) -> str:
    try:
        return messages.key(row.text(name))
    except BadRow:
        return ""
