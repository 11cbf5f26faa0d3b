"""Areas as boxes next to each other, with room for the circles of their places.

The town of a place is the last part of its name. No outside service is used to locate a place.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import Struct
from msgspec.structs import replace

from domain import forms
from network.query.safe_text import single_line

#: In pixels: the width of the picture, the width and height of the space for one place, and the
#: heights of an area's border and title.
WIDE, CELL_WIDE, CELL_HIGH = 940.0, 170.0, 138.0
EDGE, TITLE = 10.0, 26.0
#: Number of places beside each other in an area.
ACROSS = 3
#: The width in pixels that each letter of a town's name needs.
TOWN = 20
#: The radius of the smallest and the largest circle.
SMALL, LARGE = 18.0, 36.0
NO_TOWN = "No town named"


class Area(Struct, frozen=True):
    """The rectangle of a town in the picture."""

    name: str
    left: float
    top: float
    wide: float
    high: float

    def at(self, number: int) -> tuple[float, float]:
        """Return the centre of circle `number` (from 0) in the area; circles fill it row by row."""
        down, aside = divmod(number, round((self.wide - 2 * EDGE) / CELL_WIDE))
        x = self.left + EDGE + (aside + 0.5) * CELL_WIDE
        return x, self.top + TITLE + LARGE + 6 + down * CELL_HIGH


def boxes(areas: Sequence[tuple[str, int]], gap: float = EDGE, broad: float = WIDE) -> list[Area]:
    """Return a rectangle for each area, no wider than the circles of its places need; each
    rectangle is in the first row of the picture that has room for it.
    """
    rows: list[_Row] = []
    found: list[tuple[_Row, Area]] = []
    for name, many in areas:
        down = -(-max(many, 1) // ACROSS)
        across = -(-max(many, 1) // down)
        wide, high = across * CELL_WIDE + 2 * EDGE, down * CELL_HIGH + TITLE + EDGE
        row = next((one for one in rows if one.filled + wide <= broad), None)
        if row is None:
            row = _Row()
            rows.append(row)
        found.append((row, Area(single_line(name, TOWN * across), row.filled, 0.0, wide, high)))
        row.filled += wide + gap
        row.high = max(row.high, high)
    top = 0.0
    for row in rows:
        row.top, top = top, top + row.high + gap
    return [replace(area, top=row.top) for row, area in found]


@dataclass
class _Row:
    """A row of areas: its width so far, its top edge, and the height of its highest area."""

    filled: float = 0.0
    top: float = 0.0
    high: float = 0.0


def size(areas: Sequence[Area]) -> tuple[float, float]:
    """Return the width and the height of a picture of these areas."""
    wide = max((area.left + area.wide for area in areas), default=0.0)
    return wide, max((area.top + area.high for area in areas), default=0.0)


def radius(value: int, most: int) -> float:
    """Return the radius of a circle that shows the number `value`; `most` is the largest number
    that occurs.
    """
    return SMALL + (LARGE - SMALL) * math.sqrt(value / most)


def placed(label: str) -> tuple[str | None, str]:
    """Return the town at the end of a place's name (None if there is none), and the rest of the
    name."""
    parts = [part.strip() for part in label.split(",") if part.strip()]
    while len(parts) > 1 and forms.postcode(parts[-1]):
        parts.pop()
    return (parts[-1], ", ".join(parts[:-1])) if len(parts) > 1 else (None, label)
