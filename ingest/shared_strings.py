"""How much text a workbook's cells hold when each has its own copy.

A workbook keeps a text once and lets cells point to it (ECMA-376 part 1, 18.4); the library that
reads sheets copies it for each. One long text behind a million cells would fill the memory.
"""

import re
from array import array

from ingest.problems import BadFile, Place

#: All texts of a sheet with a million rows, each of a thousand letters.
MOST_TEXT = 1 << 30

_STRING = re.compile(rb"<si\b")
_USE = re.compile(rb'<c\b[^>]*\bt="s"[^>]*>\s*<v>(\d{1,9})</v>')
_HELD_BACK = 4 << 20


class Lengths:
    """The part that keeps the texts: how long each is, in bytes of XML."""

    def __init__(self) -> None:
        self.of = array("Q")
        self._place, self._open = 0, -1

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        # A tag cut in two by the chunks is missed: its text then counts to the one before.
        for match in _STRING.finditer(chunk):
            self._close(self._place + match.start())
            self._open = self._place + match.start()
        self._place += len(chunk)
        if last:
            self._close(self._place)

    def _close(self, at: int) -> None:
        if self._open >= 0:
            self.of.append(at - self._open)


class Uses:
    """A worksheet part: the bytes of all texts to which its cells point."""

    def __init__(self, lengths: Lengths, place: Place) -> None:
        self._lengths, self._place = lengths.of, place
        self._rest, self.total = b"", 0

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        data = self._rest + chunk
        cut = len(data) if last or len(data) > _HELD_BACK else max(data.rfind(b"<c "), 0)
        ready, self._rest = data[:cut], data[cut:]
        known = len(self._lengths)
        for index in map(int, _USE.findall(ready)):
            # One that was missed is taken for the longest a cell may be.
            self.total += self._lengths[index] if index < known else 1 << 15
        if self.total > MOST_TEXT:
            raise too_much_text(self._place)


def too_much_text(place: Place) -> BadFile:
    """What is said of a workbook whose cells would hold more than a gigabyte of text."""
    return BadFile(
        place,
        "its cells repeat a long text so often that it unpacks to more than its size allows: "
        "this is a zip bomb or a damaged file",
        "do not open it; ask the sender for a csv",
    )
