"""Areas as a schematic picture, not to scale. Each area is a box; areas that vehicles join are next
to each other. In each box are its places, the larger the more independent sources they have. No
outside service is used to locate a place."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct

from domain.forms.local import format_day
from network.picture.areas import AreaPlace, Joined
from network.picture.lettering import broken
from network.picture.schematic import NO_TOWN, Area, boxes, radius, size
from network.query.safe_text import single_line

#: Distance between two areas, with room for a line and its label; and greatest width of the
#: picture.
GAP, BROAD = 56.0, 1_200.0
#: The largest number of vehicles that are named at a line.
NAMED = 2
#: A corner of a line, in pixels from the left and from the top.
Point: TypeAlias = tuple[float, float]
#: Distance between parallel lines, and between a line and its label.
APART, ASIDE = 12.0, 6.0


class AreaSpot(Struct, frozen=True):
    """A place with its centre in the picture. `lines` is its name within its area, with special
    characters escaped for SVG."""

    of: AreaPlace
    x: float
    y: float
    radius: float
    lines: tuple[str, ...]

    @property
    def beside(self) -> str:
        """Return the text that is shown under the name of a place: how many people and vehicles
        were seen there.
        """
        some = [
            _many(self.of.people, "person", "people") if self.of.people else "",
            _many(self.of.vehicles, "vehicle") if self.of.vehicles else "",
        ]
        return ", ".join(filter(None, some))

    @property
    def said(self) -> str:
        """Return the place in words, for readers who cannot see the picture."""
        place = self.of
        parts = [
            f"{single_line(place.label, 60)}: {_many(place.sources, 'independent source')}",
            self.beside,
            f"last seen {format_day(place.last_seen)}" if place.last_seen else "",
            "hotspot" if place.hotspot else "a suspect's address" if place.home else "",
        ]
        return ", ".join(filter(None, parts))


class AreaLine(Struct, frozen=True):
    """The line between two areas that the same vehicles join: its corners, and the middle of its
    label. It crosses no other area."""

    of: Joined
    corners: tuple[Point, ...]
    at: Point

    @property
    def path(self) -> str:
        """Return the line between two areas as the value of an SVG path."""
        return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in self.corners)

    @property
    def called(self) -> str:
        """Return the label of the line between two areas: the vehicles or, if there are many, the
        first ones and the number of others.
        """
        names = [single_line(name, 10) for name in self.of.vehicles]
        more = f" +{len(names) - NAMED}" if len(names) > NAMED else ""
        return ", ".join(names[:NAMED]) + more

    @property
    def said(self) -> str:
        """Return the line in words, for readers who cannot see the picture."""
        cars = ", ".join(single_line(name, 20) for name in self.of.vehicles)
        first_area, second_area = single_line(self.of.one, 40), single_line(self.of.other, 40)
        return f"{first_area} and {second_area}: {cars} seen in both"


class AreaMap(Struct, frozen=True):
    """The picture of areas, in pixels; `told` is the text at the right of each area's name."""

    wide: float
    high: float
    areas: tuple[Area, ...]
    told: tuple[str, ...]
    spots: tuple[AreaSpot, ...]
    bonds: tuple[AreaLine, ...]


def area_map(places: Sequence[AreaPlace], joined: Sequence[Joined]) -> AreaMap:
    """Return a picture of these places in their areas, with a line between two areas that the same
    vehicles join.
    """
    inside: dict[str, list[AreaPlace]] = defaultdict(list)
    for place in places:
        inside[place.area].append(place)
    order = _order_areas(inside, joined)
    sizes = [(one, len(inside[one])) for one in order]
    found = dict(zip(order, boxes(sizes, GAP, BROAD), strict=True))
    most = max([place.sources for place in places] + [1])
    spots = [
        AreaSpot(
            place, *found[one].at(number), radius(place.sources, most), tuple(broken(place.name))
        )
        for one in order
        for number, place in enumerate(inside[one])
    ]
    shown = [pair for pair in joined if pair.one in found and pair.other in found]
    every = list(found.values())
    bonds = [
        _bond(pair, found[pair.one], found[pair.other], every, number)
        for number, pair in enumerate(shown)
    ]
    wide, high = size(every)
    drawn = [corner for bond in bonds for corner in bond.corners]
    return AreaMap(
        max([wide, *(x + APART for x, _ in drawn)]),
        max([high, *(y + APART for _, y in drawn)]),
        tuple(every),
        tuple(_summarise_area(inside[one]) for one in order),
        tuple(spots),
        tuple(bonds),
    )


def _summarise_area(places: Sequence[AreaPlace]) -> str:
    """Return an area's number of places, and the latest day on which one was in use."""
    last = max((place.last_seen for place in places if place.last_seen), default=None)
    return f"{_many(len(places), 'place')}" + (f", last {format_day(last)}" if last else "")


def _order_areas(inside: dict[str, list[AreaPlace]], joined: Sequence[Joined]) -> list[str]:
    """Return the areas in order: after each area comes the area that most vehicles join to it or,
    if no vehicle does, the area with most sources. Places without a town come last.
    """
    ties: dict[frozenset[str], int] = {
        frozenset((pair.one, pair.other)): len(pair.vehicles) for pair in joined
    }
    sources_of = {one: sum(place.sources for place in some) for one, some in inside.items()}
    left, found = set(inside), list[str]()
    while left:
        last = found[-1:]

        def near(one: str, last: Sequence[str] = last) -> tuple[bool, int, int, str]:
            tied = ties.get(frozenset((one, *last)), 0)
            return one == NO_TOWN, -tied, -sources_of[one], one

        found.append(min(left, key=near))
        left.remove(found[-1])
    return found


def _bond(
    pair: Joined, first_area: Area, second_area: Area, every: Sequence[Area], number: int
) -> AreaLine:
    """Return a straight line between two areas if no other area is in between, and otherwise a line
    around the areas in between: below the row of the upper area and above the row of the lower one,
    and past the end of any rows in between.
    """
    (ax, ay), (bx, by) = _centre(first_area), _centre(second_area)
    start, end = _edge(first_area, bx - ax, by - ay), _edge(second_area, ax - bx, ay - by)
    if not any(
        _crosses(start, end, area) for area in every if area not in (first_area, second_area)
    ):
        x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        return AreaLine(pair, (start, end), (x, y - ASIDE))
    upper, lower = sorted((first_area, second_area), key=lambda area: area.top)
    lane = APART * (1 + number % 3)
    under = max(area.top + area.high for area in every if area.top == upper.top) + lane
    (ux, _), (lx, _) = _centre(upper), _centre(lower)
    from_one = (ux, upper.top + upper.high), (ux, under)
    if upper.top == lower.top:
        back = (lx, under), (lx, lower.top + lower.high)
        return AreaLine(pair, (*from_one, *back), ((ux + lx) / 2, under - ASIDE))
    over = lower.top - lane
    if not any(upper.top < area.top < lower.top for area in every):
        over = under
    past = size(every)[0] + APART * (1 + number)
    around = ((past, under), (past, over)) if over != under else ()
    to_other = (lx, over), (lx, lower.top)
    middle = ((ux + (past if around else lx)) / 2, under - ASIDE)
    return AreaLine(pair, (*from_one, *around, *to_other), middle)


def _crosses(start: Point, end: Point, area: Area) -> bool:
    """Return whether a straight line crosses an area (Liang and Barsky's clipping)."""
    (x, y), (aside, down) = start, (end[0] - start[0], end[1] - start[1])
    first, last = 0.0, 1.0
    for step, low, high in (
        (aside, area.left - x, area.left + area.wide - x),
        (down, area.top - y, area.top + area.high - y),
    ):
        if step == 0:
            if low > 0 or high < 0:
                return False
            continue
        near, far = sorted((low / step, high / step))
        first, last = max(first, near), min(last, far)
    return first < last


def _centre(area: Area) -> tuple[float, float]:
    return area.left + area.wide / 2, area.top + area.high / 2


def _edge(area: Area, aside: float, down: float) -> tuple[float, float]:
    """Return the point at which a line from the centre of an area leaves the area's box; `aside`
    and `down` are the direction of the line.
    """
    x, y = _centre(area)
    steps = [
        half / abs(way) for half, way in ((area.wide / 2, aside), (area.high / 2, down)) if way
    ]
    far = min(steps, default=0.0)
    return x + aside * far, y + down * far


def _many(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"
