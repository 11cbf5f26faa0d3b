"""Places where suspects, children and vehicles were seen, by town, with their number of independent
sources; and vehicles that join two towns.

A place is in the area recorded for it, otherwise in the town at the end of its name; no outside
service is used. Children and other people are counted and never named. Homes of children and their
families, placements and refuges are left out; addresses where only suspects live are included
(`network.query.homes.unlisted_places`).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.values import HOME_LINKS, LINK_KINDS, LinkKind, Reader
from network.picture.schematic import NO_TOWN, placed
from network.query.child_protection import is_protected
from network.query.evidence import DEFAULT
from network.query.graph_builder import GRADED, HUB, Gathering
from network.query.homes import homes, unlisted_places
from network.query.layers import is_offender
from network.query.link_pairs import best_grade, independent, last_true
from network.query.view import NetworkAnswer, picture
from projections.intelligence import links as link_rows
from projections.intelligence import people
from projections.intelligence.links import LinkFilter, LinkRow
from projections.intelligence.people import Entity
from projections.kernel.columns import Column
from projections.kernel.database import Db

#: Kinds of links that say that a person or thing was at a place.
_AT: frozenset[LinkKind] = frozenset(
    kind
    for kind, shape in LINK_KINDS.items()
    if "place" in shape.target and "person" in shape.source and shape.directed
)
#: The name of a place that is known only by its town.
NO_NEARER = "somewhere in it"


class AreaPlace(Struct, frozen=True):
    """A place in its area.

    `sources` is the number of independent accounts of it that the reader may see (an unknown source
    adds none). `people` are distinct suspects, children and victims who were not cleared. `hotspot`
    means that several of these people share the place, and that no link says that a person lives
    there; `home` means that a suspect lives there. `name` is the place's name without the name of
    the area.
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
    """Links of people and things to places: the links of each place, and the network of all of them
    (`whole`). `where` has each place's area and its name within the area; `never` are places that
    no list may show.
    """

    gathering: Gathering
    rows_at: Mapping[UUID, Sequence[LinkRow]]
    whole: NetworkAnswer
    where: Mapping[UUID, tuple[str, str]]
    never: frozenset[UUID]


def places_seen(db: Db, reader: Reader, link_filter: LinkFilter) -> PlacesSeen:
    """Return every place where a person or thing was seen, except places that are never listed."""
    gathering = Gathering(
        db, reader, replace(link_filter, kinds=_AT & (link_filter.kinds or _AT)), "all"
    )
    gathering.know_all()
    never = {gathering.lead(item) for item in unlisted_places(db, reader, link_filter.as_known)}
    at = link_rows.leading_to(db, reader, gathering.unfiltered, people.of_kind("place"))
    gathering.take(row for row in at if gathering.lead(row.b) not in never)
    rows_at: dict[UUID, list[LinkRow]] = defaultdict(list)
    for _, place, row in gathering.edges():
        rows_at[place].append(row)
    lies = _lies_in(db, reader, link_filter, rows_at, never)
    whole = picture(gathering, [], DEFAULT)
    where = _where({item: whole.entity(item) for item in rows_at}, lies)
    return PlacesSeen(gathering, rows_at, whole, where, frozenset(never))


def areas(db: Db, reader: Reader, *, asked: LinkFilter = GRADED) -> Areas:
    """Return every place where a person or thing was seen, by area, and the vehicles that join two
    areas."""
    found = places_seen(db, reader, asked)
    seen, rows_at, whole, where = found.gathering, found.rows_at, found.whole, found.where
    roots = seen.roots([row for *_, row in seen.edges()])
    lived_in = homes(db, reader, asked, None if len(rows_at) > HUB else rows_at)
    places = [
        _place(
            whole,
            item,
            *where[item],
            sources=len(independent(rows, roots)),
            last_seen=last_true(rows),
            lived_in=item in lived_in,
        )
        for item, rows in rows_at.items()
    ]
    return Areas(
        tuple(sorted(places, key=lambda row: row.place)),
        tuple(_joined(whole, where)),
        len(seen.ungraded),
        len(seen.weaker),
    )


def _lies_in(
    db: Db,
    reader: Reader,
    link_filter: LinkFilter,
    places: Collection[UUID],
    never: Collection[UUID],
) -> dict[UUID, Entity]:
    """Return for each of these places its recorded area, if it has one.

    Links of any grade count, because they are geography and no intelligence. The areas in `never`,
    which are not shown, are left out.
    """
    ground = LinkFilter(as_known=link_filter.as_known, min_rank=None, kinds=frozenset({"lies-in"}))
    gathering = Gathering(db, reader, ground, "all")
    gathering.around(places)
    return {
        a: gathering.entities[b] for a, b, _ in gathering.edges() if a in places and b not in never
    }


def _where(
    places: Mapping[UUID, Entity], lies: Mapping[UUID, Entity]
) -> dict[UUID, tuple[str, str]]:
    """Return for each place its area, and its name within the area. Areas of the same name are one
    area; a place that is itself an area is listed in that area."""
    towns = {
        one: lies[one].label if one in lies else placed(place.label)[0]
        for one, place in places.items()
    }
    called: dict[str, str] = {}
    for name in sorted(town for town in towns.values() if town):
        called.setdefault(name.casefold(), name)
    found: dict[UUID, tuple[str, str]] = {}
    for item, town in towns.items():
        label = places[item].label
        if item not in lies and label.casefold() in called:
            found[item] = called[label.casefold()], NO_NEARER
        else:
            found[item] = called[town.casefold()] if town else NO_TOWN, placed(label)[1]
    return found


def _place(
    answer: NetworkAnswer,
    item: UUID,
    area: str,
    name: str,
    *,
    sources: int,
    last_seen: datetime | None,
    lived_in: bool,
) -> AreaPlace:
    pairs = answer.at[item]
    there = [answer.entity(other) for other in {pair.other(item) for pair in pairs}]
    people = [who for who in there if (is_offender(who) or is_protected(who)) and not who.cleared]
    return AreaPlace(
        id=item,
        label=answer.entity(item).label,
        area=area,
        name=name,
        sources=sources,
        ties=sum(len(pair.links) for pair in pairs),
        people=len(people),
        vehicles=sum(entity.kind == "vehicle" for entity in there),
        grade=best_grade(pairs),
        last_seen=last_seen,
        hotspot=len(people) > 1 and not lived_in,
        home=any(pair.kind in HOME_LINKS for pair in pairs),
    )


def _joined(answer: NetworkAnswer, where: Mapping[UUID, tuple[str, str]]) -> list[Joined]:
    """Return the pairs of areas in which the same vehicles were seen, each pair with these
    vehicles.
    """
    at: dict[UUID, set[str]] = defaultdict(set)
    for pair in answer.pairs:
        if answer.entity(pair.source).kind == "vehicle" and pair.target in where:
            at[pair.source].add(where[pair.target][0])
    joining: dict[tuple[str, str], list[tuple[str, UUID]]] = defaultdict(list)
    for vehicle, towns in at.items():
        for first_town, second_town in combinations(sorted(towns - {NO_TOWN}), 2):
            joining[first_town, second_town].append((answer.entity(vehicle).label, vehicle))
    found = []
    for areas, cars in sorted(joining.items()):
        labels, ids = zip(*sorted(cars), strict=True)
        found.append(Joined(*areas, labels, ids))
    return found
