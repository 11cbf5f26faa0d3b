"""Read an SMS backup: the XML of "SMS Backup & Restore" and similar programs.

`<sms address date type body contact_name>` with date in milliseconds since 1970 and type 1 for
received; `<mms msg_box>` with `<part ct text data>` and `<addr type>`, where type 137 is the
sender.
"""

import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import quoteattr

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from ingest.files.media import describe_part, from_base64, is_text
from ingest.files.problems import BadFile, FilePosition
from ingest.forms.messages import ChatMessage, key

_RECEIVED = "1"
_SENDER = "137"
_LAYOUT = "application/smil"
_CHUNK = 1 << 16
_LONGEST_REFERENCE = 12
_REFERENCES = re.compile(rb"(?:&#(?:x[0-9A-Fa-f]{1,8}|[0-9]{1,8});)+")
_LAST_REFERENCE = re.compile(rb"&#(?:x[0-9A-Fa-f]{1,8}|[0-9]{1,8});$")
#: Control characters, which XML forbids, are replaced by private-use characters from this one on
#: until the text is read.
_PARKED = 0xE000
_UNPARK = {_PARKED + code: code for code in range(32)}
_NO_CHARACTER = 0xFFFD


class _ValidXml:
    """A file object that reads an SMS backup and turns it into valid XML. This is needed because
    phones write an emoji as two character references, and write control characters.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._rest = file, b""

    def read(self, size: int = _CHUNK) -> bytes:
        new = self._file.read(max(size, _CHUNK))
        data = self._rest + new
        cut = _before_references(data) if new else len(data)
        ready, self._rest = data[:cut], data[cut:]
        if not ready and new:
            return self.read(size)
        return _REFERENCES.sub(_allowed, ready)


def _before_references(data: bytes) -> int:
    """Return the position at which the character references at the end of `data` begin. They are
    not converted yet, because the next bytes of the file may belong to them."""
    cut = data.rfind(b"&", max(len(data) - _LONGEST_REFERENCE, 0))
    if cut < 0:
        return len(data)
    while before := _LAST_REFERENCE.search(data, max(cut - _LONGEST_REFERENCE, 0), cut):
        cut = before.start()
    return cut


def _allowed(references: re.Match[bytes]) -> bytes:
    """Return matched character references as valid XML.

    Two references to the halves of one character (surrogates) are joined. A control character that
    XML forbids is replaced by a private-use character, and restored when the text is read.
    """
    codes: list[int] = []
    for reference in references[0].removeprefix(b"&#").removesuffix(b";").split(b";&#"):
        code = int(reference[1:], 16) if reference[:1] == b"x" else int(reference)
        if codes and 0xD800 <= codes[-1] <= 0xDBFF and 0xDC00 <= code <= 0xDFFF:
            code = 0x10000 + ((codes.pop() - 0xD800) << 10) + code - 0xDC00
        codes.append(code)
    return b"".join(b"&#%d;" % _parked(code) for code in codes)


def _parked(code: int) -> int:
    if code < 32 and code not in (9, 10, 13):
        return _PARKED + code
    forbidden = 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF) or code > 0x10FFFF
    return _NO_CHARACTER if forbidden else code


def messages(path: Path) -> Iterator[ChatMessage]:
    """Yield the messages of an SMS backup, one at a time. Raises BadFile if it is cut short or not
    XML.
    """
    for element, place in elements(path, ("sms", "mms"), "messages"):
        yield (_sms if element.tag == "sms" else _mms)(element, place)


def elements(path: Path, tags: Collection[str], noun: str) -> Iterator[tuple[Any, FilePosition]]:
    """Yield the XML elements with these tags, each with its number, one at a time.

    Raises BadFile if the file is incomplete, is not XML, or has no such element; if it has no such
    element, the error says that the file has no `noun`, such as "messages".
    """
    place, number = FilePosition(path.name), 0
    try:
        with path.open("rb") as file:
            root: Any = None
            for event, element in iterparse(_ValidXml(file), events=("start", "end")):
                if event == "start":
                    root = element if root is None else root
                elif element.tag in tags:
                    number += 1
                    yield element, place.at(row=number)
                    root.clear()
    except DefusedXmlException as trick:
        raise BadFile(
            place,
            "the backup defines XML entities, which no backup of messages does",
            "do not open it; make a new backup",
        ) from trick
    except ParseError as broken:
        raise BadFile(
            place.at(row=number + 1),
            f"the backup is cut short or damaged there (line {broken.position[0]})",
            "copy it from the phone again",
        ) from broken
    if number == 0:
        raise BadFile(
            place, f"the backup contains no {noun}", f"make the backup again, with {noun}"
        )


def attribute(element: Any, name: str) -> str:
    """Return an attribute of an XML element; "" if its text means a missing value."""
    value = (element.get(name) or "").translate(_UNPARK)
    return "" if value in ("null", "(Unknown)") else value


def moment(element: object) -> tuple[datetime | None, str]:
    """Return the time of a message's XML element, as a moment and as text. The moment is None if
    the element has no valid time."""
    text = attribute(element, "date")
    try:
        return datetime.fromtimestamp(int(text) / 1000, UTC), text
    except (ValueError, OverflowError, OSError):
        return None, attribute(element, "readable_date") or text


def _sms(element: object, place: FilePosition) -> ChatMessage:
    at, time_text = moment(element)
    address = attribute(element, "address")
    return ChatMessage(
        place=place,
        key=key(address),
        name=attribute(element, "contact_name") or None,
        incoming=attribute(element, "type") == _RECEIVED,
        at=at,
        at_words=time_text,
        text=attribute(element, "body"),
        sender=address,
    )


def _mms(element: Any, place: FilePosition) -> ChatMessage:
    at, time_text = moment(element)
    address = attribute(element, "address")
    sender = next(
        (
            attribute(address_element, "address")
            for address_element in element.iter("addr")
            if address_element.get("type") == _SENDER
        ),
        "",
    )
    words, withheld = [], []
    for part in element.iter("part"):
        kind = attribute(part, "ct")
        content = from_base64(part.get("data") or "")
        if kind == _LAYOUT:
            continue
        if is_text(kind, content) and not content:
            words.append(attribute(part, "text"))
        else:
            part_text = attribute(part, "text") if not content else ""
            withheld.append(describe_part(kind or "unknown type", content or part_text.encode()))
    return ChatMessage(
        place=place,
        key=key(address),
        name=attribute(element, "contact_name") or None,
        incoming=attribute(element, "msg_box") == _RECEIVED,
        at=at,
        at_words=time_text,
        text="\n".join(word for word in words if word),
        sender=sender if "@" in sender or any(c.isdigit() for c in sender) else address,
        parts=tuple(withheld),
    )


def excerpt(path: Path, picked: Collection[str], whole: str) -> Iterator[bytes]:
    """Yield the bytes of a backup that has only the chosen conversations; `whole` is the SHA-256 of
    the complete backup. Pictures and other parts that are never imported are replaced by lines of
    text."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"<smses excerpt-of={quoteattr(whole)}>\n".encode()
    for message in messages(path):
        if message.key in picked:
            values_by_name = {
                "address": message.sender or message.key,
                "conversation": message.key,
                "date": message.at_words,
                "type": _RECEIVED if message.incoming else "2",
                "body": message.words,
                "contact_name": message.name or "",
            }
            attributes = " ".join(
                f"{name}={quoteattr(words)}" for name, words in values_by_name.items()
            )
            yield f"  <sms {attributes}/>\n".encode("utf-8", "replace")
    yield b"</smses>\n"
