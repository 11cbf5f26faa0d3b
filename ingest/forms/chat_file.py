"""Read a chat that was exported or downloaded: one file, or an archive with pictures.

A chat is recognised by its content. Pictures are never read: each is replaced by a line with its
type, size and hash.
"""

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath

import msgspec
from msgspec import Struct

from ingest.files import archive
from ingest.files.media import describe_pieces
from ingest.files.problems import BadFile, FilePosition
from ingest.forms import downloads, whatsapp
from ingest.forms.messages import Channel, ChatMessage, not_in_export
from ingest.words.context import Context

_HEAD, _CHUNK = 1 << 16, 1 << 20
#: Largest text that is read at once, in bytes; ten years of chats take a tenth of this.
_LARGEST = 256 << 20
_ZIP = b"PK"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)
_NAMES: dict[Channel, str] = {
    "whatsapp": "a WhatsApp chat",
    "instagram": "a download of messages from Instagram or Messenger",
    "snapchat": "a download of chats from Snapchat",
}


class ChatFile(Struct, frozen=True):
    """The messages of a chat file, in order; and notes for the user about the kind of file and
    about parts of the file that are not read.
    """

    messages: tuple[ChatMessage, ...]
    notes: tuple[str, ...]


def begins(path: Path) -> bool:
    """Return whether the file contains a chat that can be read."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.startswith(_ZIP):
        return channel_of(head) is not None
    try:
        with zipfile.ZipFile(path) as opened:
            return any(True for _ in _chats(opened))
    except (*_DAMAGED, ValueError):
        return False


def channel_of(head: bytes) -> Channel | None:
    """Return the program that wrote a chat which begins with these bytes; None if no known program
    does."""
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if bare.startswith(b"{"):
        return downloads.begins(bare)
    codec = "utf-16" if head.startswith(_UTF16) else "utf-8"
    return "whatsapp" if whatsapp.begins(bare[:4096].decode(codec, "ignore")) else None


def _chats(opened: zipfile.ZipFile) -> Iterator[tuple[str, Channel]]:
    """Yield the files in an archive that are chats; none for a workbook, although it is an
    archive."""
    names = [
        member_name for member_name in opened.namelist() if not member_name.startswith("__MACOSX/")
    ]
    if {"[Content_Types].xml", "content.xml"} & set(names):
        return
    for name in sorted(names):
        if name.lower().endswith((".txt", ".json")):
            with opened.open(name) as file:
                if channel := channel_of(file.read(_HEAD)):
                    yield name, channel


def read(path: Path, context: Context) -> ChatFile:
    """Return the messages of the chats in a file that a user exported or downloaded.

    Raises BadFile if the file is damaged or too large, and Unanswered if the order of day and month
    in its dates is not clear and the user has to state it.
    """
    place = FilePosition(path.name)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.startswith(_ZIP):
        if path.stat().st_size > _LARGEST:
            raise _too_large(place)
        channel = channel_of(head) or "whatsapp"
        return _Reading(place, context).read([(channel, path.read_bytes(), place)])
    archive.inspect(path, place, lambda name: None)
    try:
        with zipfile.ZipFile(path) as opened:
            return _Reading(place, context, opened).read(_members(opened, place))
    except _DAMAGED as broken:
        raise _damaged(place) from broken


def _members(
    opened: zipfile.ZipFile, place: FilePosition
) -> Iterator[tuple[Channel, bytes, FilePosition]]:
    for name, channel in _chats(opened):
        if opened.getinfo(name).file_size > _LARGEST:
            raise _too_large(place)
        yield channel, opened.read(name), FilePosition(place.file, name)


class _Reading(Struct, frozen=True):
    """A chat file that is being read: its place, the user's settings, and the archive that contains
    it, if any."""

    place: FilePosition
    context: Context
    opened: zipfile.ZipFile | None = None

    def read(self, chats: Iterable[tuple[Channel, bytes, FilePosition]]) -> ChatFile:
        messages: list[ChatMessage] = []
        kinds: Counter[str] = Counter()
        left: Counter[str] = Counter()
        for channel, content, place in chats:
            if channel == "whatsapp":
                chat = self._whatsapp(content, place)
                clock = "12-hour" if chat.twelve_hours else "24-hour"
                order = chat.order.replace("-", " ")
                kinds[f"{_NAMES[channel]}, dates {order}, {clock} clock"] += 1
                found_messages, out = chat.messages, chat.left
            else:
                decoded = _decoded(content, place)
                download = downloads.read(channel, decoded, place, self.context.now, self.stands)
                kinds[_NAMES[channel]] += 1
                found_messages, out = download.messages, download.left
            messages += found_messages
            left.update(out)
        if not messages:
            raise BadFile(self.place, "the chat file contains no messages", "export the chat again")
        notes = [
            f"recognised as {kind}" + (f" ({number} files)" if number > 1 else "")
            for kind, number in kinds.items()
        ]
        notes += [
            f"not read: {_counted(count, kind_left)}" for kind_left, count in sorted(left.items())
        ]
        return ChatFile(tuple(messages), tuple(notes))

    def _whatsapp(self, content: bytes, place: FilePosition) -> whatsapp.WhatsAppChat:
        codec = "utf-16" if content.startswith(_UTF16) else "utf-8-sig"
        try:
            text = content.decode(codec).replace("\r\n", "\n")
        except UnicodeError as problem:
            row = content[: getattr(problem, "start", 0)].count(b"\n") + 1
            raise BadFile(
                place.at(row=row),
                "the bytes there are not UTF-8 text: save the file as UTF-8",
                "export the chat again",
            ) from problem
        return whatsapp.read(text, place, self.context.now, self.context.dates, self.stands)

    def stands(self, kind: str, name: str | None) -> str:
        """Return the line that replaces an attached file in a chat. The line includes the hash of
        the attached file if the exported archive contains that file."""
        member = self._beside(name) if name else None
        if self.opened is None or member is None:
            return not_in_export(kind, name)
        with self.opened.open(member) as part:
            suffix = PurePosixPath(member).suffix.lstrip(".") or "unknown type"
            return describe_pieces(suffix, iter(partial(part.read, _CHUNK), b""))

    def _beside(self, name: str) -> str | None:
        """Return the path, inside the exported archive, of the file with this name, in any folder.
        Return None if there is no archive, or if it does not contain the file."""
        names = self.opened.namelist() if self.opened else []
        return next(
            (
                member_name
                for member_name in names
                if member_name == name or member_name.endswith(f"/{name}")
            ),
            None,
        )


def _counted(count: int, what: str) -> str:
    """Return a text such as "2 messages without words" for this number and this plural; for 1, the
    singular is used.
    """
    if count != 1:
        return f"{count} {what}"
    return f"1 {what}".replace("lines", "line", 1).replace("messages", "message", 1)


def _decoded(content: bytes, place: FilePosition) -> object:
    try:
        return msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as broken:
        raise _damaged(place) from broken


def _damaged(place: FilePosition) -> BadFile:
    return BadFile(place, "it is cut short or damaged", "copy or export it again")


def _too_large(place: FilePosition) -> BadFile:
    return BadFile(
        place, f"its text is larger than {_LARGEST >> 20} MB", "export one conversation at a time"
    )
