"""Lays rows of text out in aligned columns."""

import sys
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from shutil import get_terminal_size
from textwrap import wrap

#: The smallest width of a column in letters.
NARROW = 16


def table(head: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> list[str]:
    """Return the lines of a table with aligned columns, or the text `empty` if it has no rows. At a
    terminal, the table fits the window, and long cells have several lines."""
    cells = [[("-" if c is None else " ".join(str(c).splitlines())) for c in row] for row in rows]
    if not cells:
        return [empty]
    widths = _fitting_widths([max(map(len, column)) for column in zip(head, *cells, strict=True)])
    lines = [list(head), ["-" * width for width in widths], *cells]
    return [
        "  ".join(c.ljust(w) for c, w in zip(parts, widths, strict=True)).rstrip()
        for row in lines
        for parts in _wrapped_lines(row, widths)
    ]


def _fitting_widths(widths: list[int]) -> list[int]:
    """Return the widths of the columns that fit this terminal. The widest columns shrink first, but
    none below `NARROW` letters."""
    if not sys.stdout.isatty():
        return widths
    room = get_terminal_size().columns - 2 * (len(widths) - 1)
    while sum(widths) > room and (widest := max(widths)) > NARROW:
        second = max((width for width in widths if width < widest), default=NARROW)
        many = widths.count(widest)
        less = max(NARROW, second, widest - -(-(sum(widths) - room) // many))
        widths = [less if width == widest else width for width in widths]
    return widths


def _wrapped_lines(row: Sequence[str], widths: Sequence[int]) -> Iterable[Sequence[str]]:
    """Return the lines into which a table row is wrapped, at least one line."""
    if all(len(cell) <= width for cell, width in zip(row, widths, strict=True)):
        return [row]
    parts = [wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
    return zip_longest(*parts, fillvalue="")
