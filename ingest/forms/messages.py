"""Messages of parents, by conversation: the user chooses some conversations, and nothing of the
other conversations is stored.

A received message becomes an observation in the sender's own words. The worker's replies are stored
only with the original file. The file is long because it has the columns of a table of messages, and
also chooses and identifies messages.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from domain import forms
from domain.forms.patterns import lazy_regex
from domain.kernel.values import When
from ingest.files import times
from ingest.files.cells import TEXT_CELL, Flag, clean
from ingest.files.columns import FormField, ImportForm
from ingest.files.media import WARNING, withheld
from ingest.files.problems import BadFile, BadRow, FilePosition
from ingest.files.rows import FileRow
from ingest.words.drafts import ObservationDraft

FORM = ImportForm(
    "messages",
    (
        FormField(
            "at",
            (
                "date",
                "Date and time",
                "Sent",
                "Received",
                "Timestamp",
                "Date sent",
                "Date received",
                "readable_date",
                "Message date",
            ),
        ),
        FormField("time", ("time",)),
        FormField(
            "sender",
            (
                "from",
                "Sender",
                "Number",
                "Address",
                "Phone",
                "From number",
                "Phone number",
                "Mobile",
                "Sender ID",
            ),
        ),
        FormField("recipient", ("to", "Recipient", "To number", "Chat session")),
        FormField("text", ("text", "Message", "Body", "Content", "Message text")),
        FormField("name", ("Name", "contact_name", "Contact", "Contact name", "Sender name")),
        FormField(
            "relation", ("Relation", "Relation to child", "Relationship to child", "Who they are")
        ),
        FormField("direction", ("Direction", "Type", "Incoming or outgoing", "In / out")),
        FormField("attachment", ("Attachment", "Attachments"), rare=True),
        FormField("edited", ("Edited date", "Edited"), rare=True),
    ),
    required=(("text",), ("sender",), ("at",)),
)

#: The word with which a user chooses every conversation of a file.
ALL = "all"
_OUTGOING = frozenset({"sent", "outgoing", "out", "2", "me", "outbox", "to"})
#: Kinds of lines that a chat program writes itself, for example about a new name of a group.
_NOTICES = frozenset({"notification", "system"})
EDITED = "[The sender edited this message.]"
#: The text that is recorded for a deleted message.
DELETED = "[This message was deleted.]"
_ME = frozenset({"", "me", "myself", "self", "you"})
#: The character that an iPhone writes where an attachment was.
_OBJECT = "\ufffc"
_ADDRESS = lazy_regex(r"<([^<>\s]+@[^<>\s]+)>")

Channel = Literal["sms", "email", "whatsapp", "instagram", "snapchat"]
#: Chat programs that export messages with or without their attached files.
_CHATS = frozenset({"whatsapp", "instagram", "snapchat"})


class Author(NamedTuple):
    """A person who wrote messages in a chat: `key` is the person's name in normal form, and `name`
    is the name as it is in the file."""

    key: str
    name: str


class ChatMessage(Struct, frozen=True):
    """One message of a conversation. `key` is the person or group with whom the owner of the phone
    or account has the conversation, in normal form. `parts` are lines that replace the pictures and
    other parts of the message that are never imported. `relation` is the sender's relation to the
    child. `to` are the other recipients of the message, if the file names them. `beside` are lines
    like those in `parts`, but from separate columns of a table; they are ignored when two messages
    are compared."""

    place: FilePosition
    key: str
    name: str | None
    incoming: bool
    at: datetime | None
    at_words: str
    text: str
    channel: Channel = "sms"
    sender: str | None = None
    relation: str | None = None
    parts: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    to: str | None = None
    beside: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return "\n".join(filter(None, (withheld(self.text), *self.parts, *self.beside)))

    def sent_to(self, authors: Collection[Author], group: str | None) -> "ChatMessage":
        """Return the message with its recipient added: the group `group` or, if there is none and
        the chat has two authors, the author who did not write the message.
        """
        others = [author.name for author in authors if author.key != self.key]
        return replace(self, to=group or (others[0] if len(others) == 1 else None))


class Conversation(Struct, frozen=True):
    """A conversation that the user can choose to import: the person with whom the owner of the
    phone has it, the number of its messages, and the times of its first and last message (UTC)."""

    key: str
    name: str | None
    count: int
    first: datetime | None
    last: datetime | None


def key(address: str) -> str:
    """Return the address of a sender or a group in normal form: a phone number in international
    form (E.164); an e-mail address, or any other text, in small letters. The addresses of a group
    are joined by "~"."""
    bare = address.strip()
    if inside := _ADDRESS.search(bare):
        bare = inside[1]
    if "@" in bare:
        return bare.casefold()
    parts = sorted(
        phone.e164 if (phone := forms.phone(part)) else forms.fold(part).strip()
        for part in bare.split("~")
    )
    return "~".join(parts)


def conversations(messages: Iterable[ChatMessage]) -> list[Conversation]:
    """Return the conversations of a file; those with the most messages come first."""
    found_conversations: dict[str, Conversation] = {}
    for message in messages:
        seen = found_conversations.get(message.key) or Conversation(
            message.key, None, 0, None, None
        )
        times_of = [t for t in (seen.first, seen.last, message.at) if t is not None]
        found_conversations[message.key] = Conversation(
            message.key,
            seen.name or message.name,
            seen.count + 1,
            min(times_of, default=None),
            max(times_of, default=None),
        )
    return sorted(found_conversations.values(), key=lambda each: (-each.count, each.key))


def picked(
    place: FilePosition,
    known_conversations: Iterable[Conversation],
    wanted: Collection[str] | None,
    noun: str = "messages",
) -> frozenset[str]:
    """Return the keys of the conversations that the user chose by phone number, e-mail address or
    name. A key is the address of a conversation in normal form.

    If a file has a single conversation, the user need not choose it. Raises BadFile if no
    conversation was chosen, or if a chosen conversation is not in the file; the error lists the
    conversations in the file.
    """
    known_conversations = list(known_conversations)
    if not wanted and len(known_conversations) <= 1:
        return frozenset(conversation.key for conversation in known_conversations)
    if wanted and ALL in wanted:
        return frozenset(conversation.key for conversation in known_conversations)
    chosen_keys = {
        conversation.key
        for conversation in known_conversations
        for want in wanted or ()
        if _is(conversation, want)
    }
    if chosen_keys:
        return frozenset(chosen_keys)
    listed = "; ".join(
        f"{conversation.key} ({conversation.name}, {conversation.count} {noun})"
        if conversation.name
        else f"{conversation.key} ({conversation.count} {noun})"
        for conversation in known_conversations
    )
    wrong = (
        "none of the picked conversations is in it"
        if wanted
        else f"it contains several people's {noun}"
    )
    raise BadFile(
        place,
        f"{wrong}: {listed}",
        "choose the conversations to import with --conversation NUMBER, once for each: "
        "the others are not stored",
    )


def missed(
    known_conversations: Iterable[Conversation], wanted: Collection[str] | None
) -> list[str]:
    """Return the conversations that the user chose, but that are not in the file."""
    known_conversations = list(known_conversations)
    choices = [want for want in wanted or () if want != ALL]
    return [
        want
        for want in choices
        if not any(_is(conversation, want) for conversation in known_conversations)
    ]


def _is(conversation: Conversation, want: str) -> bool:
    named = conversation.name is not None and forms.name(want) == forms.name(conversation.name)
    return named or key(want) == conversation.key


def of_row(row: FileRow, now: datetime) -> ChatMessage:
    """Return a row of a table of messages as a message. Raises BadRow if a cell cannot be text."""
    sender, recipient = row.text("sender"), row.text("recipient")
    direction = row.text("direction").casefold()
    outgoing = direction in _OUTGOING or (not direction and sender.casefold() in _ME)
    other = recipient if outgoing and recipient else sender
    if not other:
        raise BadRow("the row names no sender: fill in the sender", row.heading("sender"))
    day, hour = row.cell("at"), row.cell("time")
    if hour not in (None, ""):
        when, odd = times.happened(day, hour, row.heading("at"), now)
        at = when.start if when else None
    else:
        at, odd = times.instant(day, row.heading("at"), now)
    row.flags += odd
    return ChatMessage(
        place=row.place,
        key=key(other),
        name=row.text("name") or None,
        incoming=not outgoing and direction not in _NOTICES,
        at=at,
        at_words=" ".join(part for part in (row.text("at"), row.text("time")) if part),
        text=row.text("text").replace(_OBJECT, "").strip(),
        channel="email" if "@" in sender else "sms",
        sender=sender or None,
        relation=row.text("relation") or None,
        flags=tuple(row.flags),
        beside=_attachment_lines(row),
    )


def _attachment_lines(row: FileRow) -> tuple[str, ...]:
    """Return a line for each file that was attached to the message in this row, and a further line
    if the message was edited."""
    names = (name.strip() for name in row.text("attachment").split(";"))
    files = [not_in_export("file", name) for name in names if name]
    return (*files, *([EDITED] if row.text("edited") else []))


def not_in_export(kind: str, name: str | None) -> str:
    """Return the line that replaces an attached file which the export only names."""
    return f"[{' '.join(filter(None, (kind, name)))}, not in this export] {WARNING}"


def draft(
    message: ChatMessage,
    cases: Mapping[str, str],
    case: str | None,
    relation: str | None = None,
    handed_in_by: str | None = None,
) -> ObservationDraft:
    """Return a message as the draft of a log entry. `cases` maps senders to cases; `relation` is
    the sender's relation to the child, if the message does not say it.

    `handed_in_by` is the person who gave the file to the worker. That person is then the source of
    every message; for a message that another person wrote, the writer is recorded as the source's
    own source. Raises BadRow if the message has no text, has characters that cannot be text, or is
    too long.
    """
    text, odd = clean(message.text, "text", TEXT_CELL)
    words = replace(message, text=text).words
    if not words:
        raise BadRow("the message has no text", "text")
    sender = key(message.sender or message.key)
    called = (sender, message.key, key(message.name or ""))
    observation_draft = ObservationDraft(
        words=words,
        case=next((cases[who] for who in called if who in cases), case),
        heard_from=message.name or sender,
        relation=message.relation or relation,
        told=message.at,
        channel=message.channel,
        flags=(*message.flags, *odd),
    )
    if handed_in_by is None:
        return observation_draft
    at, minute = message.at, timedelta(minutes=1)
    names = {*called, forms.name(message.name or "")}
    is_own = not names.isdisjoint({key(handed_in_by), forms.name(handed_in_by)})
    return replace(
        observation_draft,
        words=f"{words}\nSent to: {message.to}" if message.to else words,
        heard_from=handed_in_by,
        relation=relation,
        told_by=() if is_own else (message.name or sender,),
        told=None,
        happened=When(message.at_words, at, at + minute, "minute") if at else None,
        names=tuple(filter(None, (message.name, message.to))),
    )


def identity(message: ChatMessage) -> tuple[str, ...]:
    """Return the identity of a message: its sender, time and text. The same message has the same
    identity in every backup.

    In a chat program such as WhatsApp, two messages in different conversations with the same
    sender, time and text count as one. Only the number of attached files is part of the identity,
    because a chat can be exported with or without the files.
    """
    at = message.at.astimezone(UTC).isoformat() if message.at else message.at_words
    sender = key(message.sender or message.key)
    if message.channel in _CHATS:
        files = str(len(message.parts))
        return ("message", message.channel, sender, at, withheld(message.text), files)
    words = replace(message, beside=()).words
    return ("message", message.channel, message.key, sender, at, words)


def cells(message: ChatMessage) -> dict[str, str]:
    """Return the message as cells of a row that a user can correct and import again."""
    return {
        "date": message.at.astimezone(UTC).isoformat() if message.at else message.at_words,
        "from": message.sender or message.key,
        "name": message.name or "",
        "text": message.words,
    }
