"""Read the data that Snapchat, Instagram and Messenger give to the owner of an account (JSON).

Snapchat's `chat_history.json` lists messages by conversation (in older downloads by received and
sent). The `message_1.json` of Instagram and Messenger has one conversation, whose texts are UTF-8
that was decoded as Latin-1.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from domain.forms.patterns import lazy_regex
from ingest.files import times
from ingest.files.problems import FilePosition
from ingest.forms.messages import Author, Channel, ChatMessage, key
from ingest.forms.whatsapp import Stands

_INSTAGRAM = re.compile(rb'"(?:sender_name|timestamp_ms)"\s*:|\A\s*\{\s*"participants"\s*:\s*\[')
_SNAPCHAT = re.compile(rb'"(?:Media Type|(?:Received|Sent) (?:Saved )?Chat History)"\s*:')
_MEDIA = ("photos", "videos", "audio_files", "gifs", "files")
#: The text that Instagram writes instead of a message that is not text.
_PLACEHOLDER = lazy_regex(r".{1,100} sent an attachment\.|You sent an attachment\.|Liked a message")


@dataclass
class Download:
    """The messages of a downloaded chat; and how many entries were left out of it, by reason."""

    messages: list[ChatMessage] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)


def begins(head: bytes) -> Channel | None:
    """Return the program whose downloads begin with these bytes; None if they are of no known
    program.
    """
    if _SNAPCHAT.search(head):
        return "snapchat"
    return "instagram" if _INSTAGRAM.search(head) else None


def read(
    channel: Channel, document: object, place: FilePosition, now: datetime, stands: Stands
) -> Download:
    """Return the messages in a downloaded chat, which is decoded JSON. Entries that are not
    messages are counted in `left`."""
    download = Download()
    entries = _snapchat(document) if channel == "snapchat" else _instagram(document)
    for number, entry in enumerate(entries, 1):
        made = entry.message(channel, place.at(row=number), now, stands)
        if made is None:
            download.left["deleted messages and such without words"] += 1
        else:
            download.messages.append(made)
    return download


class _Entry(Struct, frozen=True):
    """A message of a downloaded chat: who wrote it, when, and who else is in the conversation."""

    author: str
    at: datetime | None
    at_words: str
    text: str
    media: tuple[tuple[str, str | None], ...]
    others: frozenset[Author]
    group: str | None

    def message(
        self, channel: Channel, place: FilePosition, now: datetime, stands: Stands
    ) -> ChatMessage | None:
        parts = tuple(stands(kind, name) for kind, name in self.media)
        if not self.author or not (self.text or parts):
            return None
        odd = times.instant(self.at, "date", now)[1] if self.at else ()
        message = ChatMessage(
            place=place,
            key=key(self.author),
            name=self.author,
            incoming=True,
            at=self.at,
            at_words=self.at_words,
            text=self.text,
            channel=channel,
            sender=self.author,
            parts=parts,
            flags=odd,
        )
        return message.sent_to(self.others, self.group)


def _instagram(document: object) -> Iterator[_Entry]:
    thread = document if isinstance(document, dict) else {}
    members = [_mended(message.get("name")) for message in _objects(thread.get("participants"))]
    others = frozenset(Author(key(member), member) for member in members if member)
    group = _mended(thread.get("title")) or "a group" if len(others) > 2 else None
    for message in sorted(_objects(thread.get("messages")), key=_milliseconds):
        at = _moment(_milliseconds(message))
        text = "" if message.get("is_unsent") is True else _mended(message.get("content"))
        media = tuple(
            (kind.removesuffix("s").replace("_", " "), _text(item.get("uri")) or None)
            for kind in _MEDIA
            for item in _objects(message.get(kind))
        )
        shared = message.get("share")
        if isinstance(shared, dict):
            link = " ".join(filter(None, map(_mended, map(shared.get, ("share_text", "link")))))
            text = "\n".join(filter(None, ("" if _PLACEHOLDER.fullmatch(text) else text, link)))
        if _PLACEHOLDER.fullmatch(text):
            text = ""
        words = str(_milliseconds(message))
        yield _Entry(_mended(message.get("sender_name")), at, words, text, media, others, group)


def _snapchat(document: object) -> Iterator[_Entry]:
    whole = document if isinstance(document, dict) else {}
    for name, entries in whole.items():
        listed = list(_objects(entries))
        writers = {_text(message.get("From")) or "me" for message in listed}
        is_group = len(writers | {name}) > 2 and name not in writers
        others = frozenset(Author(key(writer), writer) for writer in writers if writer)
        for message in sorted(listed, key=lambda each: _text(each.get("Created"))):
            author = _text(message.get("From")) or "me"
            to = _text(message.get("To")) or (name if message.get("IsSender") is True else "")
            title = _text(message.get("Conversation Title")) or (name if is_group else None)
            ends = others | {Author(key(to), to)} if to and not title else others
            kind = _text(message.get("Media Type"))
            text = _text(message.get("Content")) or _text(message.get("Text"))
            media = () if kind in ("TEXT", "") else ((kind.lower(), None),)
            # a line of kind STATUS states that a message was deleted or that a member left: it has
            # no text of its own
            if kind.startswith("STATUS"):
                text, media = "", ()
            created = _text(message.get("Created"))
            yield _Entry(author, _created(created), created, text, media, ends, title)


def _created(words: str) -> datetime | None:
    try:
        return datetime.fromisoformat(words.removesuffix(" UTC")).replace(tzinfo=UTC)
    except ValueError:
        return None


def _objects(value: object) -> Iterable[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _mended(value: object) -> str:
    """Return the original text if its UTF-8 was wrongly decoded as Latin-1; return any other text
    unchanged.
    """
    text = _text(value)
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _milliseconds(message: Mapping[str, Any]) -> int:
    milliseconds = message.get("timestamp_ms")
    return (
        milliseconds if isinstance(milliseconds, int) and not isinstance(milliseconds, bool) else 0
    )


def _moment(milliseconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds else None
    except (ValueError, OverflowError, OSError):
        return None
