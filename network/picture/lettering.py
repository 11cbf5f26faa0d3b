"""Draws text in a picture: breaks it into lines and escapes special characters."""

from collections.abc import Sequence
from html import escape

from network.picture.symbols import INK, PAPER
from network.query.safe_text import single_line


def broken(words: str, longest: int = 18) -> list[str]:
    """Return the text as one line, or as two of similar length; a longer text is cut and ends in
    "…"."""
    shown = single_line(words)
    parts = shown.split()
    if len(shown) <= longest or len(parts) == 1:
        return [single_line(shown, longest + 4)]
    splits = [(" ".join(parts[:at]), " ".join(parts[at:])) for at in range(1, len(parts))]
    fitting = [split for split in splits if len(split[0]) <= longest + 4]
    best = min(fitting or splits[:1], key=lambda split: max(map(len, split)))
    return [single_line(line, longest + 4) for line in best]


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
    """Return one line of text as SVG; `halo` makes it readable on top of lines."""
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
    """Return a text from the record as XML: on one line, without control characters, with special
    characters escaped."""
    return escape(single_line(words), quote=True)


def stacked(x: float, y: float, lines: Sequence[str], size: float, *, bold: bool) -> str:
    """Return several lines of text as SVG, one below the other, each centred."""
    return "".join(
        text(x, y + number * size * 1.18, line, size, anchor="middle", bold=bold, halo=True)
        for number, line in enumerate(lines)
    )
