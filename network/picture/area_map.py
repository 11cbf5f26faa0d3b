"""Areas as boxes with their places, and with the vehicles that were also seen in other areas. No
outside service is used to locate a place."""

import math
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from network.picture.areas import NO_TOWN, AreaPlace, Joined

#: The largest number of areas, of places in an area, and of other areas joined to it.
AREAS, PLACES, OTHERS = 12, 6, 4
#: If more vehicles than these join two areas, they are only counted.
NAMED = 2
#: The largest of the sizes from 0 in which a place is drawn.
LARGEST = 4


class AreaJoin(Struct, frozen=True):
    """Another area in which vehicles of an area were also seen: its name, the number of these
    vehicles, and the names and ids of a few of them. If they are many, none is named.
    """

    area: str
    number: int
    vehicles: tuple[str, ...]
    ids: tuple[UUID, ...]


class AreaBox(Struct, frozen=True):
    """An area of the map. `places` are the places to draw, each with its size; `number` counts all
    places of the area, and `last_seen` is when one of them was last in use. `joined` are the other
    areas with which the area shares the most vehicles.
    """

    name: str
    places: tuple[tuple[AreaPlace, int], ...]
    number: int
    last_seen: datetime | None
    joined: tuple[AreaJoin, ...]


def area_boxes(places: Sequence[AreaPlace], joined: Sequence[Joined]) -> list[AreaBox]:
    """Return the areas of these places, at most `AREAS`, in the order of their first places; places
    without a town come last. The more independent sources a place has, the larger it is drawn.
    """
    names = sorted(dict.fromkeys(place.area for place in places), key=lambda name: name == NO_TOWN)
    most = max([place.sources for place in places] + [1])
    found = []
    for name in names[:AREAS]:
        inside = [place for place in places if place.area == name]
        pairs = [pair for pair in joined if name in (pair.one, pair.other)]
        pairs.sort(key=lambda pair: -len(pair.vehicles))
        found.append(
            AreaBox(
                name,
                tuple(
                    (place, round(LARGEST * math.sqrt(place.sources / most)))
                    for place in inside[:PLACES]
                ),
                len(inside),
                max((place.last_seen for place in inside if place.last_seen), default=None),
                tuple(_join(pair, name) for pair in pairs[:OTHERS]),
            )
        )
    return found


def _join(pair: Joined, name: str) -> AreaJoin:
    number = len(pair.vehicles)
    named = number if number <= NAMED else 0
    other = pair.other if pair.one == name else pair.one
    return AreaJoin(other, number, pair.vehicles[:named], pair.shown[:named])
