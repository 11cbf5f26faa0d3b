"""Hotspots as a schematic picture: by town, as large as many share them, joined where the same
suspects come.

A town is what stands last in a place's name. Nothing is looked up: no place leaves the house to
learn where it lies.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from domain import forms
from network.picture.lettering import broken
from network.query.hotspots import Hotspot
from network.query.safe_text import plain

#: Pixels: how wide the picture becomes, the room of one hotspot, and of an area around all of its.
WIDE, CELL_WIDE, CELL_HIGH = 940.0, 170.0, 138.0
EDGE, TITLE = 10.0, 26.0
#: How many stand beside each other in an area.
ACROSS = 3
#: Letters of a town's name over each of them.
TOWN = 20
#: The smallest and the largest circle.
SMALL, LARGE = 18.0, 36.0
VEHICLES, NO_TOWN = "Vehicles", "No town named"


@dataclass(frozen=True)
class HotspotMark:
    """A hotspot around its centre; `lines` is what it is called within its area. All words are
    safe to show as they are."""

    of: Hotspot
    x: float
    y: float
    radius: float
    lines: tuple[str, ...]

    @property
    def name(self) -> str:
        """All of its name, town and all."""
        return plain(self.of.label, 60)


@dataclass(frozen=True)
class Area:
    """A town, or all vehicles: its rectangle."""

    name: str
    left: float
    top: float
    wide: float
    high: float

    def at(self, number: int) -> tuple[float, float]:
        """The centre of the circle of this one in it, from 0 on, row by row."""
        down, aside = divmod(number, round((self.wide - 2 * EDGE) / CELL_WIDE))
        x = self.left + EDGE + (aside + 0.5) * CELL_WIDE
        return x, self.top + TITLE + LARGE + 6 + down * CELL_HIGH


@dataclass(frozen=True)
class HotspotLink:
    """Two hotspots to which the same suspects come, and how many of them do."""

    one: HotspotMark
    other: HotspotMark
    shared: int

    @property
    def path(self) -> str:
        """An arc from one to the other, clear of what stands between them in a row."""
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
    """The hotspots of most people first, area by area; an area with more of them stands before one
    with fewer, and vehicles stand last."""
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
    """A rectangle for each area with as much room as so many need, no wider than it has to be for
    its rows: each in the first row of the picture that still has room for it."""
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
        found.append((row, Area(plain(name, TOWN * across), row.filled, 0.0, wide, high)))
        row.filled += wide + gap
        row.high = max(row.high, high)
    top = 0.0
    for row in rows:
        row.top, top = top, top + row.high + gap
    return [replace(area, top=row.top) for row, area in found]


@dataclass
class _Row:
    """A row of areas: how far it is filled, where it stands, how high its highest area is."""

    filled: float = 0.0
    top: float = 0.0
    high: float = 0.0


def size(areas: Sequence[Area]) -> tuple[float, float]:
    """How wide and how high a picture of these is."""
    wide = max((area.left + area.wide for area in areas), default=0.0)
    return wide, max((area.top + area.high for area in areas), default=0.0)


def radius(value: int, most: int) -> float:
    """How large the circle of this is, beside the largest one."""
    return SMALL + (LARGE - SMALL) * math.sqrt(value / most)


def _by_area(rows: Sequence[Hotspot]) -> list[tuple[str, list[tuple[Hotspot, str]]]]:
    """Each area with its hotspots, and what each is called there."""
    found: dict[str, tuple[str, list[tuple[Hotspot, str]]]] = {}
    for row in rows:
        town, name = _placed(row)
        found.setdefault(town.casefold(), (town, []))[1].append((row, name))
    return sorted(
        found.values(),
        key=lambda area: (area[0] == VEHICLES, -sum(row.people for row, _ in area[1]), area[0]),
    )


def _placed(row: Hotspot) -> tuple[str, str]:
    """In which area it stands, and what is left of its name."""
    if row.kind == "vehicle":
        return VEHICLES, row.label
    town, name = placed(row.label)
    return town or NO_TOWN, name


def placed(label: str) -> tuple[str | None, str]:
    """The town that stands last in a place's name, and what is left of it; None where it names
    none."""
    parts = [part.strip() for part in label.split(",") if part.strip()]
    while len(parts) > 1 and forms.postcode(parts[-1]):
        parts.pop()
    return (parts[-1], ", ".join(parts[:-1])) if len(parts) > 1 else (None, label)


def _bonds(spots: Sequence[HotspotMark]) -> Iterator[HotspotLink]:
    for one, other in combinations(spots, 2):
        if shared := len(set(one.of.suspects) & set(other.of.suspects)):
            yield HotspotLink(one, other, shared)
