"""Hotspots as a schematic picture: by town, sized by the number of people, joined if the same
suspects come to both.

A town is the last part of a place's name. No outside service is asked where a place is.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from domain import forms
from network.picture.lettering import broken
from network.query.hotspots import Hotspot
from network.query.safe_text import single_line

#: Pixels: the width of the picture, the space of one hotspot, the border and the title of an area.
WIDE, CELL_WIDE, CELL_HIGH = 940.0, 170.0, 138.0
EDGE, TITLE = 10.0, 26.0
#: Hotspots beside each other in an area.
ACROSS = 3
#: Letters of a town's name for each of them.
TOWN = 20
#: The smallest and the largest circle.
SMALL, LARGE = 18.0, 36.0
VEHICLES, NO_TOWN = "Vehicles", "No town named"


@dataclass(frozen=True)
class HotspotMark:
    """A hotspot around its centre; `lines` is its name within its area, escaped for display."""

    of: Hotspot
    x: float
    y: float
    radius: float
    lines: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return its full name, with the town."""
        return single_line(self.of.label, 60)


@dataclass(frozen=True)
class Area:
    """The rectangle of a town, or of all vehicles."""

    name: str
    left: float
    top: float
    wide: float
    high: float

    def at(self, number: int) -> tuple[float, float]:
        """Return the centre of the circle with this number in the area, from 0 on, row by row."""
        down, aside = divmod(number, round((self.wide - 2 * EDGE) / CELL_WIDE))
        x = self.left + EDGE + (aside + 0.5) * CELL_WIDE
        return x, self.top + TITLE + LARGE + 6 + down * CELL_HIGH


@dataclass(frozen=True)
class HotspotLink:
    """Two hotspots to which the same suspects come, and the number of those."""

    one: HotspotMark
    other: HotspotMark
    shared: int

    @property
    def path(self) -> str:
        """Return an arc from one to the other that avoids hotspots between them in a row."""
        aside, down = self.other.x - self.one.x, self.other.y - self.one.y
        x = (self.one.x + self.other.x) / 2 - down * 0.2
        y = (self.one.y + self.other.y) / 2 + aside * 0.2
        return (
            f"M{self.one.x:.0f} {self.one.y:.0f}Q{x:.0f} {y:.0f} {self.other.x:.0f} "
            f"{self.other.y:.0f}"
        )


@dataclass(frozen=True)
class Schematic:
    """The picture, in pixels."""

    wide: float
    high: float
    areas: tuple[Area, ...]
    spots: tuple[HotspotMark, ...]
    bonds: tuple[HotspotLink, ...]


def schematic(rows: Sequence[Hotspot]) -> Schematic:
    """Return the hotspots, those with most people first, by area; areas with more people come
    first, and vehicles last."""
    found = _by_area(rows)
    areas = boxes([(town, len(names)) for town, names in found])
    most = max((row.people for row in rows), default=1)
    spots = [
        HotspotMark(row, *area.at(number), radius(row.people, most), tuple(broken(name)))
        for area, (_, names) in zip(areas, found, strict=True)
        for number, (row, name) in enumerate(names)
    ]
    return Schematic(*size(areas), tuple(areas), tuple(spots), tuple(_bonds(spots)))


def boxes(areas: Sequence[tuple[str, int]], gap: float = EDGE, broad: float = WIDE) -> list[Area]:
    """Return a rectangle for each area, no wider than its rows need; each is in the first row of
    the picture that has room for it.
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
    """A row of areas: how far it is filled, its top, the height of its highest area."""

    filled: float = 0.0
    top: float = 0.0
    high: float = 0.0


def size(areas: Sequence[Area]) -> tuple[float, float]:
    """Return the width and the height of a picture of these areas."""
    wide = max((area.left + area.wide for area in areas), default=0.0)
    return wide, max((area.top + area.high for area in areas), default=0.0)


def radius(value: int, most: int) -> float:
    """Return the radius of the circle for this value; the largest value is `most`."""
    return SMALL + (LARGE - SMALL) * math.sqrt(value / most)


def _by_area(rows: Sequence[Hotspot]) -> list[tuple[str, list[tuple[Hotspot, str]]]]:
    """Return each area with its hotspots, and the name of each within it."""
    found: dict[str, tuple[str, list[tuple[Hotspot, str]]]] = {}
    for row in rows:
        town, name = _placed(row)
        found.setdefault(town.casefold(), (town, []))[1].append((row, name))
    return sorted(
        found.values(),
        key=lambda area: (area[0] == VEHICLES, -sum(row.people for row, _ in area[1]), area[0]),
    )


def _placed(row: Hotspot) -> tuple[str, str]:
    """Return the area of a hotspot, and the rest of its name."""
    if row.kind == "vehicle":
        return VEHICLES, row.label
    town, name = placed(row.label)
    return town or NO_TOWN, name


def placed(label: str) -> tuple[str | None, str]:
    """Return the town at the end of a place's name, and the rest of the name; None if it names no
    town."""
    parts = [part.strip() for part in label.split(",") if part.strip()]
    while len(parts) > 1 and forms.postcode(parts[-1]):
        parts.pop()
    return (parts[-1], ", ".join(parts[:-1])) if len(parts) > 1 else (None, label)


def _bonds(spots: Sequence[HotspotMark]) -> Iterator[HotspotLink]:
    for one, other in combinations(spots, 2):
        if shared := len(set(one.of.suspects) & set(other.of.suspects)):
            yield HotspotLink(one, other, shared)
