"""The typeface of all pages, maps and pictures: Arimo. It is as wide as Arial, and is installed
with Continuum.

Labels are placed by the widths computed here, so that they do not overlap. So the same letters have
to be drawn on every machine, whatever typefaces it has. Arimo is under the SIL Open Font License
(fonts/LICENSE); `make assets` reduces the font files to the letters of names in Latin script,
digits and signs.
"""

import base64
import struct
import unicodedata
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
FAMILY = "Arimo"
#: The typefaces of pages and pictures: Arimo, then typefaces for letters that Arimo lacks and for
#: programs that ignore embedded fonts.
FONT = f"{FAMILY}, Arial, Helvetica, sans-serif"
WEIGHTS = {False: 400, True: 700}


def width(words: str, size: float, *, bold: bool = False) -> float:
    """Return the width of the text, in pixels, if its letters have a size of `size` pixels. For a
    letter of a script that the typeface lacks, an upper bound is used, because the machine's own
    typeface draws it.
    """
    advance_of = advances(bold)
    return size * sum(advance_of.get(word) or _foreign(word) for word in words)


def _foreign(character: str) -> float:
    if unicodedata.category(character) in {"Mn", "Me", "Cf", "Cc"}:
        return 0.0  # the character is drawn over the one before it, or is invisible
    return 1.15


@cache
def advances(bold: bool) -> dict[str, float]:
    """Return the width of each letter as a share of the letters' size, read from the font file
    (OpenType 1.9: head, hhea, hmtx, and cmap in format 4)."""
    data = (FOLDER / f"arimo-{WEIGHTS[bold]}.ttf").read_bytes()
    tables = {
        data[at : at + 4]: int.from_bytes(data[at + 8 : at + 12])
        for at in range(12, 12 + 16 * _short(data, 4), 16)
    }
    em = _short(data, tables[b"head"] + 18)
    last = _short(data, tables[b"hhea"] + 34) - 1
    return {
        chr(code): _short(data, tables[b"hmtx"] + 4 * min(glyph, last)) / em
        for code, glyph in _glyphs(data, tables[b"cmap"]).items()
    }


def _glyphs(data: bytes, cmap: int) -> dict[int, int]:
    """Return the number of the glyph for each character in this table of the font."""
    starts = [
        cmap + int.from_bytes(data[at + 4 : at + 8])
        for at in range(cmap + 4, cmap + 4 + 8 * _short(data, cmap + 2), 8)
    ]
    table = next(at for at in starts if _short(data, at) == 4)
    count = _short(data, table + 6) // 2
    ends, begins, deltas, ranges = (
        struct.unpack_from(f">{count}H", data, table + 14 + 2 * (count * part + (part > 0)))
        for part in range(4)
    )
    glyph_by_code = {}
    for number in range(count - 1):  # the last segment of the table only marks the table's end
        for code in range(begins[number], ends[number] + 1):
            glyph = code
            if ranges[number]:
                at = table + 16 + 6 * count + 2 * number + ranges[number]
                glyph = _short(data, at + 2 * (code - begins[number]))
            glyph_by_code[code] = (glyph + deltas[number]) % 0x10000
    return glyph_by_code


def _short(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2])


@cache
def embed_fonts() -> str:
    """Return both weights of the typeface as a style sheet that can be embedded in a picture."""
    return "".join(
        f"@font-face{{font-family:{FAMILY};font-weight:{weight};src:url(data:font/woff2;base64,"
        f"{base64.b64encode((FOLDER / f'arimo-{weight}.woff2').read_bytes()).decode()})}}"
        for weight in WEIGHTS.values()
    )
