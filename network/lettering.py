"""Words in a picture: how wide they are about, how they break, and how they stay harmless."""

import unicodedata
from collections.abc import Sequence
from html import escape

from network.symbols import INK, PAPER
from network.words import plain

FONT = "'DejaVu Sans', Verdana, Arial, Helvetica, sans-serif"
_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()[] -"), frozenset("mwMW@%")


def width(words: str, size: float) -> float:
    """About how wide the words are, in pixels, in a font of `size` pixels."""
    return size * sum(map(_share, words))


def _share(one: str) -> float:
    if one in _NARROW:
        return 0.4
    if one in _WIDE or unicodedata.east_asian_width(one) in {"W", "F"}:
        return 1.0
    return 0.73 if one.isupper() else 0.62


def broken(words: str, longest: int = 18) -> list[str]:
    """The words in one line, or in two about as long as each other; what is too long ends in …"""
    said = plain(words)
    parts = said.split()
    if len(said) <= longest or len(parts) == 1:
        return [plain(said, longest + 4)]
    splits = [(" ".join(parts[:at]), " ".join(parts[at:])) for at in range(1, len(parts))]
    fitting = [split for split in splits if len(split[0]) <= longest + 4]
    best = min(fitting or splits[:1], key=lambda split: max(map(len, split)))
    return [plain(line, longest + 4) for line in best]


def text(
    x: float,
    y: float,
    words: str,
    size: float,
    *,
    anchor: str = "start",
    colour: str = INK,
    bold: bool = False,
    halo: bool = False,
) -> str:
    """One line of text; `halo` keeps it readable on top of lines."""
    weight = ' font-weight="bold"' if bold else ""
    around = (
        f' stroke="{PAPER}" stroke-width="{size / 3.5:.1f}" stroke-linejoin="round"'
        ' paint-order="stroke"'
        if halo
        else ""
    )
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}" '
        f'fill="{colour}"{weight}{around}>{safe(words)}</text>'
    )


def safe(words: str) -> str:
    """Words of others as XML: on one line, without controls, escaped."""
    return escape(plain(words), quote=True)


def stacked(x: float, y: float, lines: Sequence[str], size: float, *, bold: bool) -> str:
    """Lines under each other, each centred."""
    return "".join(
        text(x, y + number * size * 1.18, line, size, anchor="middle", bold=bold, halo=True)
        for number, line in enumerate(lines)
    )
