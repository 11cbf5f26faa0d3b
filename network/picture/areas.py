"""Places where suspects, children and vehicles were seen, by town, with the number of independent
sources of each place; and vehicles that join two towns.

A place is in the area recorded for it, otherwise in the town at the end of its name; no outside
service is used. Children and other people are counted and never named. Homes of children and their
families, placements and refuges are left out; addresses where only suspects live are included
(`network.query.homes.unlisted_places`). The file is long because places, towns and the vehicles
between them are counted in one pass.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import combinations
from typing import ClassVar
from uuid import UUID

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from domain import forms
from domain.kernel.values import (
    ENTITY_KINDS,
    HOME_LINKS,
    LINK_KINDS,
    EntityKind,
    LinkKind,
    Reader,
)
from network.index.growing_columns import Array, Ints, packed
from network.index.identities import (
    RANKED,
    UNGRADED,
    IdentityLeaders,
    identities_as_at,
    root_leaders,
)
from network.index.index import KINDS, Index, of
from network.index.view_reader import EVER, NEVER
from network.query.graph_builder import GRADED, HUB, Gathering
from network.query.homes import homes, unlisted_places
from projections.intelligence.links import LinkFilter
from projections.intelligence.people import Entity
from projections.kernel.column_types import EPOCH, MICROSECOND
from projections.kernel.columns import Column
from projections.kernel.database import Db

#: Kinds of links that say that a person or thing was at a place.
_AT: frozenset[LinkKind] = frozenset(
    kind
    for kind, shape in LINK_KINDS.items()
    if "place" in shape.target and "person" in shape.source and shape.directed
)
#: The name of a place that is known only by its town, and of the area of places without a town.
NO_NEARER, NO_TOWN = "somewhere in it", "No town recorded"


class AreaPlace(Struct, frozen=True):
    """A place in its area.

    `sources` is the number of independent sources of what the reader may see about the place (an
    unknown source is not counted). `people` is the number of distinct suspects, children and
    victims there who were not cleared. `hotspot` means that several of these people share the
    place, and that no link says that a person lives there; `home` means that a suspect lives there.
    `name` is the place's name without the name of the area.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "place"),
        Column("area", "area"),
        Column("sources", "independent sources"),
        Column("ties", "links"),
        Column("people", "people"),
        Column("vehicles", "vehicles"),
        Column("grade", "best grade"),
        Column("last_seen", "last seen", "day"),
        Column("hotspot", "hotspot", "mark"),
        Column("home", "suspect's address", "mark"),
        Column("id", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    id: UUID
    label: str
    area: str
    name: str
    sources: int
    ties: int
    people: int
    vehicles: int
    grade: str | None
    last_seen: datetime | None
    hotspot: bool
    home: bool

    @property
    def place(self) -> tuple[int, int, UUID]:
        """Return the key by which places are sorted: most sources first."""
        return -self.sources, -self.ties, self.id


class Joined(Struct, frozen=True):
    """Two areas in which the same vehicles were seen; with the vehicles' names, and their ids in
    the same order."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("one", "first area"),
        Column("other", "second area"),
        Column("vehicles", "vehicles seen in both"),
    )
    order: ClassVar[tuple[str, ...]] = ("one", "other")
    one: str
    other: str
    vehicles: tuple[str, ...]
    shown: tuple[UUID, ...] = ()


class Areas(Struct, frozen=True):
    """The places, sorted by number of sources, most first; the vehicles that connect areas; and the
    number of links to such places that the minimum grade excluded (`ungraded`, `weaker`).
    """

    places: tuple[AreaPlace, ...]
    joined: tuple[Joined, ...]
    ungraded: int
    weaker: int


class PlacesSeen(Struct, frozen=True):
    """Links of people and things to places, in the arrays of the index: `rows` are the links' rows,
    `a` and `b` the numbers that identify their ends after merges; `b` is the place.

    `where` has, for the number of each place, the name of its area and its own name within the
    area. `gathering` is the object that has read the merges. `never` are the numbers of places that
    are never listed. `ungraded` and `weaker` count the links to other places that the minimum grade
    excluded, because they have no grade or a weaker one.
    """

    index: Index
    who: IdentityLeaders
    gathering: Gathering
    rows: Ints
    a: Ints
    b: Ints
    where: Mapping[int, tuple[str, str]]
    never: Ints
    ungraded: int
    weaker: int

    @property
    def protected(self) -> Array:
        """Return for each number whether it is a child or a victim."""
        return self.who.person & (self.who.child | self.who.victim)

    def of_kinds(self, *kinds: EntityKind) -> Array:
        """Return for each number whether it is a thing of these kinds."""
        codes = [ENTITY_KINDS.index(kind) for kind in kinds]
        return np.isin(self.index.things["kind"], codes) & ~self.who.person


def places_seen(db: Db, reader: Reader, index: Index, link_filter: LinkFilter) -> PlacesSeen:
    """Return the links to all places where a person or thing was seen, except places that are never
    listed. The caller has to hold the lock of the index.
    """
    gathering = Gathering(db, reader, link_filter, "all")
    gathering.know_all()
    who = identities_as_at(db, reader, index, link_filter)
    unlisted = index.ids.numbers_of(packed(unlisted_places(db, reader, link_filter.as_known)))
    never = who.leader[unlisted[unlisted >= 0]]
    kinds = _AT & (link_filter.kinds or _AT)
    rows = index.visible_rows(db, reader, replace(link_filter, min_rank=None, kinds=kinds))
    rows = rows[index.things["kind"][index.links["b"][rows]] == ENTITY_KINDS.index("place")]
    rows = rows[~np.isin(who.leader[index.links["b"][rows]], never)]
    passes, bare = index.passing(rows, link_filter.min_rank)
    shown = rows[passes]
    a, b = (who.leader[index.links[end][shown]] for end in ("a", "b"))
    lies = _lies_in(db, reader, index, who, link_filter.as_known, b, never)
    places = np.unique(b).tolist()
    read = entities_by_number(gathering, index, [*places, *lies.values()])
    where = _where(
        {place: read[place].label for place in places},
        {place: read[area].label for place, area in lies.items()},
    )
    ungraded, weaker = int(bare.sum()), int((~passes & ~bare).sum())
    return PlacesSeen(index, who, gathering, shown, a, b, where, never, ungraded, weaker)


def entities_by_number(
    gathering: Gathering, index: Index, numbers: Collection[int]
) -> dict[int, Entity]:
    """Return the people and things that have these numbers in the index."""
    ids = index.ids.ids(np.array(numbers, np.int64))
    gathering.meet(ids)
    return {number: gathering.entities[item] for number, item in zip(numbers, ids, strict=True)}


def areas(db: Db, reader: Reader, *, link_filter: LinkFilter = GRADED) -> Areas:
    """Return every place where a person or thing was seen, by area, and the vehicles that join two
    areas."""
    index = of(db)
    with index.lock:
        seen = places_seen(db, reader, index, link_filter)
        places = _places(db, reader, seen, link_filter)
        joined = _joined(seen)
    return Areas(tuple(places), tuple(joined), seen.ungraded, seen.weaker)


def _places(db: Db, reader: Reader, seen: PlacesSeen, link_filter: LinkFilter) -> list[AreaPlace]:
    """Return the places with their figures, the place with most sources first."""
    index, who, held = seen.index, seen.who, seen.index.links
    numbers, at = np.unique(seen.b, return_inverse=True)
    entities = entities_by_number(seen.gathering, index, numbers.tolist())
    items = [entity.id for entity in entities.values()]
    lived_in = homes(db, reader, link_filter, None if len(items) > HUB else items)

    def distinct(ends: Array, which: Array) -> Ints:
        """Return for each place the number of different `ends` of those of its links that `which`
        selects."""
        span = int(ends.max(initial=0)) + 1
        pairs = np.unique(at[which] * span + ends[which])
        return np.bincount(pairs // span, minlength=len(numbers))

    person = (seen.protected | who.person & who.offender) & ~who.cleared
    root = root_leaders(db, reader, index, link_filter)[held["root"][seen.rows]].astype(np.int64)
    rank = held["rank"][seen.rows]
    best = np.full(len(numbers), UNGRADED)
    np.minimum.at(best, at, np.where(rank < 0, UNGRADED, rank))
    start, end = held["valid_from"][seen.rows], held["valid_to"][seen.rows]
    last = np.full(len(numbers), EVER)
    np.maximum.at(last, at, np.where(end == NEVER, start, end))
    home = np.isin(held["kind"][seen.rows], [KINDS.index(kind) for kind in HOME_LINKS])
    figures = (
        distinct(root, root >= 0),
        np.bincount(at, minlength=len(numbers)),
        distinct(seen.a, person[seen.a]),
        distinct(seen.a, seen.of_kinds("vehicle")[seen.a]),
        np.bincount(at[home], minlength=len(numbers)),
        best,
        last,
    )
    found = [
        AreaPlace(
            id=item,
            label=entities[number].label,
            area=seen.where[number][0],
            name=seen.where[number][1],
            sources=sources,
            ties=ties,
            people=people,
            vehicles=vehicles,
            grade=None if grade == UNGRADED else RANKED[grade],
            last_seen=None if micros == EVER else EPOCH + MICROSECOND * micros,
            hotspot=people > 1 and item not in lived_in,
            home=lived > 0,
        )
        for number, item, sources, ties, people, vehicles, lived, grade, micros in zip(
            numbers.tolist(), items, *(figure.tolist() for figure in figures), strict=True
        )
    ]
    return sorted(found, key=lambda place: place.place)


def _joined(seen: PlacesSeen) -> list[Joined]:
    """Return the pairs of areas in which the same vehicles were seen, each pair with these
    vehicles.
    """
    at: dict[int, set[str]] = defaultdict(set)
    vehicle = seen.of_kinds("vehicle")[seen.a]
    for car, place in zip(seen.a[vehicle].tolist(), seen.b[vehicle].tolist(), strict=True):
        at[car].add(seen.where[place][0])
    joining: dict[tuple[str, str], list[int]] = defaultdict(list)
    for car, towns in at.items():
        for pair in combinations(sorted(towns - {NO_TOWN}), 2):
            joining[pair].append(car)
    every = {car for some in joining.values() for car in some}
    entities = entities_by_number(seen.gathering, seen.index, sorted(every))
    joined_areas = []
    for (first_town, second_town), some in sorted(joining.items()):
        cars = sorted((entities[car].label, entities[car].id) for car in some)
        labels, ids = zip(*cars, strict=True)
        joined_areas.append(Joined(first_town, second_town, labels, ids))
    return joined_areas


def _lies_in(
    db: Db,
    reader: Reader,
    index: Index,
    who: IdentityLeaders,
    as_known: datetime | None,
    places: Ints,
    never: Ints,
) -> dict[int, int]:
    """Return the recorded area of each of these places that has one. Links of any grade count,
    because they state geography. The areas in `never`, which are not shown, are left out.
    """
    ground = LinkFilter(as_known=as_known, min_rank=None, kinds=frozenset({"lies-in"}))
    rows = index.visible_rows(db, reader, ground)
    rows = rows[np.lexsort((index.links["link"][rows], index.links["known_from"][rows]))]
    a, b = (who.leader[index.links[end][rows]] for end in ("a", "b"))
    listed = np.isin(a, places) & ~np.isin(b, never) & (a != b)
    return dict(zip(a[listed].tolist(), b[listed].tolist(), strict=True))


def _where(places: Mapping[int, str], lies: Mapping[int, str]) -> dict[int, tuple[str, str]]:
    """Return for each place the name of its area, and the place's name within the area. `places`
    has the names of the places, `lies` the names of their recorded areas. Areas of the same name
    are one area; a place that is itself an area is listed in that area.
    """
    towns = {place: lies.get(place, placed(label)[0]) for place, label in places.items()}
    called: dict[str, str] = {}
    for name in sorted(town for town in towns.values() if town):
        called.setdefault(name.casefold(), name)
    areas_by_place: dict[int, tuple[str, str]] = {}
    for item, town in towns.items():
        label = places[item]
        if item not in lies and label.casefold() in called:
            areas_by_place[item] = called[label.casefold()], NO_NEARER
        else:
            areas_by_place[item] = called[town.casefold()] if town else NO_TOWN, placed(label)[1]
    return areas_by_place


def placed(label: str) -> tuple[str | None, str]:
    """Return the town at the end of a place's name (None if there is none), and the rest of the
    name."""
    parts = [part.strip() for part in label.split(",") if part.strip()]
    while len(parts) > 1 and forms.postcode(parts[-1]):
        parts.pop()
    return (parts[-1], ", ".join(parts[:-1])) if len(parts) > 1 else (None, label)
