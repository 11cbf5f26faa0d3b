"""Recognise the format of a network file by its first bytes, and read it."""

import re
from pathlib import Path

from msgspec.structs import replace

from ingest.files.media import MediaCheck
from ingest.files.problems import BadFile, FilePosition
from ingest.files.tables import Book
from ingest.networks import chart, graph, lines, zipped

#: The beginning of a network in XML, after the declaration and comments.
_GRAPH = re.compile(rb"<(?:[\w.-]+:)?(?:graphml|gexf)[\s/>]")
_CHART = re.compile(rb"<(?:[\w.-]+:)?Chart[\s/>]")
#: The beginning of a JSON object, or of a JSON list of objects. A list cannot be imported: it is
#: recognised so that the error message can say what to do.
_OBJECT = re.compile(rb"\{\s*[\"}]|\[\s*\{")
#: First bytes of network files in formats that cannot be read, by the name of the format.
_NOT_READ = {
    "GML": re.compile(
        rb"(?:\s*(?:#[^\n]*|Creator[^\n]*|Version[^\n]*)\n)*\s*graph\s*\[", re.IGNORECASE
    ),
    "Pajek's format": re.compile(rb"\*(?:vertices|network)\b", re.IGNORECASE),
}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ZIP = b"PK"
_CHUNK = 1 << 20


def begins(head: bytes, path: Path) -> bool:
    """Return whether a file that begins with these bytes is a network, even in a format that this
    program cannot read."""
    if head.startswith(_ZIP):
        return zipped.is_network(path)
    head = _bare(head)
    marked = head.startswith(b"<") and (_GRAPH.search(head) or _CHART.search(head))
    return bool(marked or _OBJECT.match(head) or _not_read(head))


def _not_read(head: bytes) -> str | None:
    """Return the name of the network format of a file with these first bytes, if it is a format
    that this program cannot read; otherwise None.
    """
    return next((name for name, begins in _NOT_READ.items() if begins.match(head)), None)


def _bare(head: bytes) -> bytes:
    if head.startswith(_UTF16):
        head = head.decode("utf-16", "ignore").encode()
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")


def read(head: bytes, path: Path, place: FilePosition, encoding: str) -> Book:
    """Return the links of a network file as a book. Raises BadFile if the file is broken, declares
    a document type, has an unsupported encoding, has more rows than a sheet can have, or has an id
    twice."""
    if head.startswith(_ZIP):
        return zipped.read(path, place, encoding)
    bare = _bare(head)
    book = _read_text(bare, path, place)
    pictures = ("pictures written into the text",) if _holds_pictures(path) else ()
    return replace(book, media=pictures)


def _holds_pictures(path: Path) -> bool:
    look = MediaCheck()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            look.feed(chunk)
    look.feed(b"", last=True)
    return look.found


def _read_text(bare: bytes, path: Path, place: FilePosition) -> Book:
    if name := _not_read(bare):
        why = f"it is a network in {name}, which is not read"
        raise BadFile(
            place,
            why,
            "export the network as GraphML or GEXF, which Gephi, networkx and igraph can write",
        )
    if bare.startswith(b"["):
        why = "it is one JSON list, and a network has an object on each line"
        raise BadFile(place, why, "write each entity on its own line (jq -c '.[]')")
    if bare.startswith(b"{"):
        return lines.read(path, place)
    return graph.read(path, place) if _GRAPH.search(bare) else chart.read(path, place)
