"""Reads one email, as mail programs save it (.eml, RFC 5322)."""

import re
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from html.parser import HTMLParser
from pathlib import Path

from domain.forms.local import moments
from ingest.files.media import describe_part, is_text
from ingest.files.problems import BadFile, FilePosition
from ingest.forms.messages import ChatMessage, key

_BLOCKS = frozenset({"p", "br", "div", "tr", "li", "h1", "h2", "h3", "blockquote"})
_SILENT = frozenset({"script", "style", "head"})


def message(path: Path) -> ChatMessage:
    """Return the email in a file. Raises BadFile if the file is not an email."""
    place = FilePosition(path.name)
    try:
        with path.open("rb") as file:
            mail = BytesParser(policy=policy.default).parse(file)
        sender = _header(mail, "From")
    except (MessageError, ValueError, LookupError) as broken:
        raise BadFile(
            place, "the file is not a readable email", "save it as .eml again"
        ) from broken
    if not sender:
        raise BadFile(
            place, "the file is not an email, because it names no sender", "save it as .eml again"
        )
    at = _at(mail)
    words, withheld = _parts(mail)
    subject = _header(mail, "Subject")
    return ChatMessage(
        place=place.at(row=1),
        key=key(sender),
        name=re.sub(r"\s*<[^<>]*>", "", sender).strip(' "') or None,
        incoming=True,
        at=at,
        at_words=_header(mail, "Date"),
        text="\n\n".join(part for part in (subject and f"Subject: {subject}", words) if part),
        channel="email",
        sender=sender,
        parts=withheld,
    )


def _header(mail: EmailMessage, name: str) -> str:
    try:
        return str(mail[name] or "").strip()
    except (MessageError, ValueError, IndexError, AttributeError):
        # the parser fails on some malformed headers; the email is imported without this header
        return ""


def _at(mail: EmailMessage) -> datetime | None:
    try:
        mail_date = mail["Date"].datetime
    except (AttributeError, ValueError, TypeError, IndexError):
        return None
    if mail_date is None:
        return None
    return moments(mail_date)[0]


def _parts(mail: EmailMessage) -> tuple[str, tuple[str, ...]]:
    """Return the text of an email, and a line for each part of it that is not text, such as a
    picture. The text comes from the plain parts or, if there are none, from the HTML parts.
    """
    plain, pages, withheld = [], [], []
    for part in mail.walk():
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        if not is_text(kind, content) or _names_media(part):
            withheld.append(describe_part(kind, content))
        elif kind == "text/plain":
            plain.append(_decoded(part, content))
        else:
            pages.append(_without_tags(_decoded(part, content)))
    return "\n".join(plain or pages).strip(), tuple(withheld)


def _names_media(part: EmailMessage) -> bool:
    """Return whether the file name of a part of an email shows that the part is not text. The name
    is checked because the declared type of the part may be wrong.
    """
    name = (part.get_filename() or "").lower()
    return "." in name and not name.endswith((".txt", ".htm", ".html", ".eml"))


def _decoded(part: EmailMessage, content: bytes) -> str:
    charset = part.get_content_charset() or "utf-8"
    try:
        return content.decode(charset, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


class _PageText(HTMLParser):
    """Extract the words of a web page, without its attributes, which may contain pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        if tag in _BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT and self._silent > 0

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def _without_tags(page: str) -> str:
    reader = _PageText()
    reader.feed(page)
    reader.close()
    lines = ("".join(reader.words)).replace("\xa0", " ").splitlines()
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)
