"""Pictures, films and sounds are never imported: each is replaced by a line with its type, size and
hash.

They may be indecent images of a child, which must not be copied (Protection of Children Act 1978
s.1, Criminal Justice Act 1988 s.160). The device on which they are is evidence, and an investigator
examines it.
"""

import base64
import binascii
import codecs
import hashlib
from collections.abc import Iterable

from domain.forms.patterns import lazy_regex

WARNING = "Do not open or forward. Keep the device and call the investigator."

# Base64 on one line or on several. Each further line has at least 60 letters; only the last line,
# which ends with "=", may be shorter.
_DATA = r"[A-Za-z0-9+/]{16,}(?:\s[A-Za-z0-9+/]{60,})*(?:\s[A-Za-z0-9+/]{1,59}(?==))?={0,2}"
#: A pattern of a picture that is embedded in a text as a data URL (RFC 2397).
_DATA_URL = lazy_regex(
    rf"data:(?P<type>[\w.+-]+/[\w.+-]+)(?:;[\w=.+-]+)*?;base64,\s?(?P<data>{_DATA})"
)
#: A pattern of a picture in base64 that is not in a data URL, as in damaged emails: the data begin
#: like a JPEG, PNG, GIF, RIFF or MP4 file.
_BARE = lazy_regex(
    rf"(?<![A-Za-z0-9+/])(?=(?:/9j/|iVBORw0KGgo|R0lGOD|UklGR|AAAA[A-Za-z0-9+/]{{2,4}}Z0eX)"
    rf"[A-Za-z0-9+/]{{48}})(?P<data>{_DATA})"
)
_SIGNATURES = (
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"RIFF",
    b"OggS",
    b"ID3",
    b"\x1aE\xdf\xa3",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"#!AMR",
    b"\xff\xfb",
    b"\xff\xf1",
)
_SHORTEST = 32
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
#: `_HEAD`: the type of a file is recognised by this number of first bytes. `_LAP`: this number of
#: letters at the end of a piece is searched again with the next piece, because a picture may begin
#: there.
_HEAD, _LAP = 512, 256
_TEXT = ("text/plain", "text/html")


def describe_part(kind: str, content: bytes) -> str:
    """Return the line that replaces a picture, film or sound: its type, its size in bytes, its
    SHA-256, and what to do about it."""
    return describe_pieces(kind, (content,))


def describe_pieces(kind: str, content: Iterable[bytes]) -> str:
    """Return the line that replaces a picture, film or sound whose bytes come in pieces."""
    digest, size = hashlib.sha256(), 0
    for piece in content:
        digest.update(piece)
        size += len(piece)
    return f"[{kind}, {size:,} bytes, SHA-256 {digest.hexdigest()}] {WARNING}"


def is_text(kind: str, content: bytes) -> bool:
    """Return whether a part of an email or an archive is text. The first bytes are checked in
    addition to the declared type, because this type may be wrong."""
    return (
        kind.lower() in _TEXT
        and not content.startswith(_SIGNATURES)
        and content[4:8] != b"ftyp"
        and b"\0" not in content[:_HEAD]
    )


def from_base64(data: str) -> bytes:
    """Return the bytes that a part in base64 encodes; of a damaged part, as many as can be
    decoded."""
    try:
        return base64.b64decode(data, validate=False)
    except (binascii.Error, ValueError):
        return data.encode("utf-8", "replace")


def withheld(text: str) -> str:
    """Return a text with its embedded pictures replaced by lines about them."""
    if len(text) < _SHORTEST:
        return text
    text = _DATA_URL.sub(lambda m: describe_part(m["type"], from_base64(m["data"])), text)
    return _BARE.sub(lambda m: describe_part("unknown type", from_base64(m["data"])), text)


def holds_media(text: str) -> bool:
    """Return whether a picture is embedded in a text."""
    return _DATA_URL.search(text) is not None or _BARE.search(text) is not None


class MediaCheck:
    """Checks a file, piece by piece, for pictures. `found` becomes True if the file is not text, or
    if its text contains a picture in base64, with or without the escaped slashes of JSON.
    """

    def __init__(self) -> None:
        self.found = False
        self._begun, self._before = b"", ""
        self._decoder: codecs.IncrementalDecoder | None = None

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        """Search the next piece of the bytes for pictures."""
        if self._decoder is None:
            self._begun += chunk
            if len(self._begun) < _HEAD and not last:
                return
            chunk, wide = self._begun, self._begun.startswith(_UTF16)
            self._decoder = codecs.getincrementaldecoder("utf-16" if wide else "latin-1")("replace")
            self.found = not wide and not is_text("text/plain", chunk)
        if not self.found:
            text = self._before + self._decoder.decode(chunk, last)
            self.found, self._before = holds_media(text.replace("\\/", "/")), text[-_LAP:]
