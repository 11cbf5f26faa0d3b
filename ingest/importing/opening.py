"""Recognise the type of a file by its first bytes, never by its name."""

import re
from pathlib import Path
from typing import Literal

from ingest.files import textfile, workbook
from ingest.files.problems import BadFile, FilePosition
from ingest.files.tables import Book
from ingest.forms import chat_file
from ingest.networks import files as networks
from ingest.networks import zipped

Content = Literal["table", "sms-backup", "calls", "chat", "email"]

_BACKUP = re.compile(rb"<(?:smses|allsms)\b")
_CALLS = re.compile(rb"<calls\b")
#: The first line of an email, which is a header field (RFC 5322 section 2.2).
_EMAIL = re.compile(
    rb"(?:(?:From|To|Subject|Date|Received|Return-Path|Delivered-To|Message-ID|MIME-Version"
    rb"|X-[A-Za-z-]+|DKIM-Signature|Authentication-Results|Reply-To|Sender|Content-Type)"
    rb":\s|From \S+@)",
    re.IGNORECASE,
)
_HEAD = 4096


def content(path: Path) -> Content:
    """Return the type of a file's content. Raises BadFile if it is missing, empty or of a type that
    cannot be imported."""
    head = first_bytes(path)
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head.startswith(workbook.OLE) and chat_file.begins(path):
        return "chat"
    if head.startswith((workbook.ZIP, workbook.OLE)) or networks.begins(head, path):
        return "table"
    if _CALLS.search(head) and bare.startswith(b"<"):
        return "calls"
    if bare.startswith(b"<"):
        if _BACKUP.search(head) or path.suffix.lower() == ".xml":
            return "sms-backup"
        raise BadFile(
            FilePosition(path.name),
            "the file is a web page or an unknown kind of XML",
            "save the table as csv or xlsx, a network as csv, GraphML, GEXF or ANX",
        )
    if _EMAIL.match(bare) and (path.suffix.lower() == ".eml" or b"\n" in bare):
        return "email"
    if _is_binary(head):
        raise BadFile(
            FilePosition(path.name),
            "the file is not a workbook, csv, message backup, chat or email",
            "save the table as xlsx, xls, ods or csv",
        )
    return "table"


def is_messages(path: Path) -> bool:
    """Return whether the file contains messages or calls in a format of their own, and not as a
    table."""
    try:
        return content(path) != "table"
    except BadFile:
        return False


def _is_binary(head: bytes) -> bool:
    """Return whether a file has so many control bytes that it is no text but, for example, a
    picture, a program or a database. If the first line of the file has plain headings, return
    False: the control bytes are then only in some cells, and only the rows of these cells are
    rejected.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    first, _, rest = head.partition(b"\n")
    headings = not _odd(first) and any(mark in first for mark in b",;\t|")
    return not (headings and rest) and _odd(head) * 20 > len(head)


def _odd(data: bytes) -> int:
    return sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in data)


def first_bytes(path: Path) -> bytes:
    """Return the first bytes of a file. Raises BadFile if the file is missing or empty."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as problem:
        raise BadFile(
            FilePosition(path.name),
            f"the file cannot be read ({problem.strerror})",
            "check the name and the permissions",
        ) from problem
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        raise BadFile(
            FilePosition(path.name), "the file is empty", "export it again and check its size"
        )
    return head


def open_book(path: Path, encoding: str = "utf-8") -> Book:
    """Return a workbook, a CSV file or a network as sheets. Raises BadFile if the file is of
    another kind, is damaged or encrypted, or is a zip bomb.
    """
    head = first_bytes(path)
    place = FilePosition(path.name)
    if networks.begins(head, path):
        return networks.read(head, path, place, encoding)
    if head.startswith(workbook.ZIP):
        zipped.refuse_archive(path, place)
    if head.startswith((workbook.ZIP, workbook.OLE)):
        return workbook.read(path, place)
    book = textfile.read(path, place, encoding)
    zipped.refuse_part(book, place)
    return book
