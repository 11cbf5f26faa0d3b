"""Clean the texts of cells: remove control characters, and refuse texts that are too long.

Unusual text is stored with a flag. A text is refused only if no person can have typed it.
"""

import unicodedata
from datetime import date, datetime, time, timedelta

from domain.forms.patterns import lazy_regex
from domain.kernel.values import QualityCode
from ingest.files.media import withheld
from ingest.files.problems import BadRow

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Flag = tuple[QualityCode, str, str | None]

#: The largest number of characters that Excel permits in one cell.
WORKBOOK_CELL = 32_767
#: The largest number of letters in one cell of a text file, or in one message.
TEXT_CELL = 100_000

_CONTROL = lazy_regex(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: Unicode's directional formatting characters (UAX #9), which can change the order in which words
#: are shown.
_BIDI = lazy_regex(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_RAW_SHOWN = 200


def clean(text: str, column: str, longest: int) -> tuple[str, tuple[Flag, ...]]:
    """Return the text of a cell, with embedded pictures replaced, and flags for anything unusual.

    Control characters are removed and flagged. Characters that change the direction of writing are
    flagged, but not removed. Raises BadRow if the text has a NUL character, which cannot be typed,
    or more than `longest` characters.
    """
    text = withheld(text)
    if len(text) > longest:
        raise BadRow(
            f"the cell has {len(text):,} letters; at most {longest:,} are read. Split its "
            "text over several rows",
            column,
        )
    if text.isascii() and text.isprintable():
        return text.strip(), ()
    if "\0" in text:
        raise BadRow("the cell contains a NUL character: delete it or type the text again", column)
    flags: list[Flag] = []
    if _CONTROL.search(text):
        flags.append(("control-characters", column, make_visible(text)))
        text = _CONTROL.sub("", text)
    if _BIDI.search(text):
        flags.append(("bidi-characters", column, make_visible(text)))
    return text.replace("\r\n", "\n").replace("\r", "\n").strip(), tuple(flags)


def make_visible(text: str) -> str:
    """Return `text` with its hidden characters written out, short enough to show."""
    visible = "".join(
        c
        if c == "\n" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Cn"}
        else f"<U+{ord(c):04X}>"
        for c in text[:_RAW_SHOWN]
    )
    return visible + ("…" if len(text) > _RAW_SHOWN else "")


def written(cell: Cell) -> str:
    """Return a cell as a person would write its value: 3.0 is "3", a date is "2011-02-14"."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime() if cell.time() == time():
            return f"{cell:%Y-%m-%d}"
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}" if not cell.second else f"{cell:%Y-%m-%d %H:%M:%S}"
        case time():
            return f"{cell:%H:%M}"
        case timedelta():
            minutes = round(cell.total_seconds() / 60)
            return f"{minutes // 60:02}:{minutes % 60:02}"
    return str(cell)
