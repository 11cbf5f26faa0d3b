"""Hotspots as a schematic picture: by town, as large as many share them, joined where the same
suspects come.

A town is what stands last in a place's name. Nothing is looked up: no place leaves the house to
learn where it lies.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from domain import forms
from network.hotspots import Hotspot
from network.lettering import broken
from network.words import plain

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
class Spot:
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


@dataclass(frozen=True)
class Bond:
    """Two hotspots to which the same suspects come, and how many of them do."""

    one: Spot
    other: Spot
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
    spots: tuple[Spot, ...]
    bonds: tuple[Bond, ...]


def schematic(rows: Sequence[Hotspot]) -> Schematic:
    """The hotspots of most people first, area by area; an area with more of them stands before one
    with fewer, and vehicles stand last."""
    areas: list[Area] = []
    spots: list[Spot] = []
    most = max((row.people for row in rows), default=1)
    left = top = tallest = 0.0
    for town, names in _by_area(rows):
        across = min(len(names), ACROSS)
        wide = across * CELL_WIDE + 2 * EDGE
        high = -(-len(names) // across) * CELL_HIGH + TITLE + EDGE
        if left and left + wide > WIDE:
            left, top, tallest = 0.0, top + tallest + EDGE, 0.0
        areas.append(Area(plain(town, TOWN * across), left, top, wide, high))
        for number, (row, name) in enumerate(names):
            down, aside = divmod(number, across)
            spots.append(
                Spot(
                    row,
                    left + EDGE + (aside + 0.5) * CELL_WIDE,
                    top + TITLE + LARGE + 6 + down * CELL_HIGH,
                    SMALL + (LARGE - SMALL) * (row.people / most) ** 0.5,
                    tuple(broken(name)),
                )
            )
        left, tallest = left + wide + EDGE, max(tallest, high)
    return Schematic(
        max((area.left + area.wide for area in areas), default=0.0),
        top + tallest,
        tuple(areas),
        tuple(spots),
        tuple(_bonds(spots)),
    )


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
    parts = [part.strip() for part in row.label.split(",") if part.strip()]
    while len(parts) > 1 and forms.postcode(parts[-1]):
        parts.pop()
    if len(parts) < 2:
        return NO_TOWN, row.label
    return parts[-1], ", ".join(parts[:-1])


def _bonds(spots: Sequence[Spot]) -> Iterator[Bond]:
    for one, other in combinations(spots, 2):
        if shared := len(set(one.of.suspects) & set(other.of.suspects)):
            yield Bond(one, other, shared)
