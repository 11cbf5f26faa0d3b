"""Find the connections of two areas: vehicles, phones, accounts and people seen in both; and things
that a person seen in one shares with a person seen in the other.

Homes of children and their families are left out, as in `network.picture.areas`. A child is never
named here, and does not count as a connection.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.values import EntityKind, Grade, Reader, Refused
from network.index.growing_columns import Ints, uuids
from network.index.index import of
from network.picture.areas import NO_TOWN, PlacesSeen, places_seen
from network.query.evidence import DEFAULT
from network.query.frontier import ShownLinks
from network.query.graph_builder import GRADED, HUB, Gathering
from network.query.link_pairs import LinkPair, best_grade, derived_grade, independent, last_true
from network.query.view import NetworkAnswer, picture
from projections.intelligence.links import LinkFilter, LinkRow
from projections.kernel.columns import Column
from projections.kernel.database import Db

How = Literal["seen in both", "shared by people seen in each"]
#: Kinds of entity that connect two people if both have links with the same entity. A shared place
#: or incident does not connect them.
_SHARED: frozenset[EntityKind] = frozenset({"vehicle", "phone", "handle"})


@dataclass(frozen=True)
class Connection:
    """A thing or person that connects two areas.

    `in_one` and `in_other` list, for the first and the second area, the places where it was seen,
    or the people seen in that area who share it; each with its grade. `grade` is the best grade of
    the area with the weaker links, or None if the links of one area are ungraded. `sources` is the
    number of independent sources for both areas; `links` are the links on which the connection is
    based.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "connection"),
        Column("kind", "kind"),
        Column("how", "how it connects"),
        Column("in_one", "seen in the first area"),
        Column("in_other", "seen in the second area"),
        Column("grade", "grade"),
        Column("sources", "independent sources"),
        Column("last_seen", "last seen", "day"),
        Column("id", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("rank",)
    id: UUID
    label: str
    kind: EntityKind
    how: How
    in_one: tuple[str, ...]
    in_other: tuple[str, ...]
    grade: str | None
    sources: int
    last_seen: datetime | None
    links: tuple[UUID, ...]

    @property
    def rank(self) -> tuple[bool, bool, Grade, int, UUID]:
        """Return the key for sorting: things seen in both areas first, then the best grade, then
        most sources."""
        grade = Grade.parse(self.grade or "3E")
        return self.how != "seen in both", self.grade is None, grade, -self.sources, self.id


class Connections(Struct, frozen=True):
    """The connections of two areas, best first; and how many links to places the minimum grade
    excluded, because they have no grade (`ungraded`) or a weaker one (`weaker`). `unknown` are
    the names in the query that are not the name of an area visible to the reader; `areas` are the
    names of all areas visible to the reader.
    """

    rows: tuple[Connection, ...]
    ungraded: int
    weaker: int
    unknown: tuple[str, ...]
    areas: tuple[str, ...]


#: The links of a thing or person with one area, by the place or person at the other end.
_Side = Mapping[UUID, list[LinkPair]]


def connections(
    db: Db, reader: Reader, first_name: str, second_name: str, *, link_filter: LinkFilter = GRADED
) -> Connections:
    """Return the connections between the areas of these names. Raises Refused for the same area
    twice.
    """
    index = of(db)
    with index.lock:
        seen_places = places_seen(db, reader, index, link_filter)
        by_name = {
            area.casefold(): area for area, _ in seen_places.where.values() if area != NO_TOWN
        }
        areas = tuple(sorted(by_name.values()))
        areas_by_name = {
            name: by_name.get(" ".join(name.split()).casefold())
            for name in (first_name, second_name)
        }
        first, second = areas_by_name[first_name], areas_by_name[second_name]
        if first is None or second is None:
            unknown = tuple(name for name, area in areas_by_name.items() if area is None)
            return Connections((), seen_places.ungraded, seen_places.weaker, unknown, areas)
        if first == second:
            raise Refused(f"{first} is given twice: name two areas", field="other_area")
        chosen = _chosen(db, reader, seen_places, link_filter, first, second)
    rows = list(_connections(seen_places.gathering, chosen))
    rows.sort(key=lambda row: row.rank)
    return Connections(tuple(rows), seen_places.ungraded, seen_places.weaker, (), areas)


class _Chosen(Struct, frozen=True):
    """The links from which the connections of two areas are made. `both` are the things and people
    seen in both areas. `ends` has two sets, one for each area: its places, and the people seen in
    this area but not in the other.
    """

    links: list[UUID]
    both: frozenset[UUID]
    ends: tuple[frozenset[UUID], frozenset[UUID]]


def _chosen(
    db: Db, reader: Reader, found: PlacesSeen, link_filter: LinkFilter, first: str, second: str
) -> _Chosen:
    """Return the links on which the connections of two areas are based."""
    index, who = found.index, found.who
    places = [
        np.array([place for place, (area, _) in found.where.items() if area == one], np.int64)
        for one in (first, second)
    ]
    shown = ~(found.protected | who.cleared)[found.a]
    seen = [np.unique(found.a[shown & np.isin(found.b, there)]) for there in places]
    both = np.intersect1d(seen[0], seen[1])
    rows = found.rows[np.isin(found.a, both) & np.isin(found.b, np.concatenate(places))]
    people = [one[who.person[one] & ~np.isin(one, both)] for one in seen]
    shared = _shared(db, reader, found, link_filter, people, both)
    ids = [
        frozenset(index.ids.ids(np.concatenate(ends))) for ends in zip(places, people, strict=True)
    ]
    links = uuids(index.links["link"][np.concatenate((rows, shared))])
    return _Chosen(links, frozenset(index.ids.ids(both)), (ids[0], ids[1]))


def _shared(
    db: Db,
    reader: Reader,
    found: PlacesSeen,
    link_filter: LinkFilter,
    people: Sequence[Ints],
    both: Ints,
) -> Ints:
    """Return the rows of the links between people who were seen in only one of the two areas, and
    things that such a person shares with a person seen only in the other area.
    """
    index, leader = found.index, found.who.leader
    records = np.flatnonzero(np.isin(leader, np.concatenate(people)))
    rows = index.visible_rows(
        db, reader, replace(link_filter, min_rank=None), index.touching(records)
    )
    rows = rows[index.passing(rows, link_filter.min_rank)[0]]
    a, b = (leader[index.links[end][rows]] for end in ("a", "b"))
    turned = found.who.person[b]
    shared_item, person = np.where(turned, a, b), np.where(turned, b, a)
    things = found.of_kinds(*_SHARED)
    things[both] = things[found.never] = False
    listed = things[shared_item]
    rows, shared_item, person = rows[listed], shared_item[listed], person[listed]
    kinds = index.links["kind"][rows]
    pairs = np.unique(np.column_stack((shared_item, person, kinds)), axis=0)[:, 0]
    things &= np.bincount(pairs, minlength=len(things)) <= HUB
    for side in people:
        near = np.zeros(len(things), bool)
        near[shared_item[np.isin(person, side)]] = True
        things &= near
    shared: Ints = rows[things[shared_item]]
    return shared


def _connections(gathering: Gathering, chosen: _Chosen) -> Iterator[Connection]:
    """Yield the connections that the chosen links make."""
    gathering.adopt(ShownLinks(chosen.links, set(), set(), {}, {}))
    whole = picture(gathering, [], DEFAULT)
    rows = {row.link: row for *_, row in gathering.edges()}
    roots = gathering.roots(rows.values())
    for item in whole.graph:
        sides: list[_Side] = []
        for ends in chosen.ends:
            side: dict[UUID, list[LinkPair]] = defaultdict(list)
            for pair in whole.at[item]:
                if pair.other(item) in ends:
                    side[pair.other(item)].append(pair)
            sides.append(side)
        if item in chosen.both or (whole.entity(item).kind in _SHARED and all(sides)):
            how: How = "seen in both" if item in chosen.both else "shared by people seen in each"
            yield _connection(whole, rows, roots, item, how, *sides)


def _connection(
    whole: NetworkAnswer,
    rows_by_link: Mapping[UUID, LinkRow],
    roots: Mapping[UUID, UUID],
    item: UUID,
    how: How,
    here: _Side,
    there: _Side,
) -> Connection:
    pairs = [pair for side in (here, there) for side_pairs in side.values() for pair in side_pairs]
    links = tuple(dict.fromkeys(link for pair in pairs for link in pair.links))
    rows = [rows_by_link[link] for link in links]
    sides = [
        [pair for side_pairs in side.values() for pair in side_pairs] for side in (here, there)
    ]
    return Connection(
        id=item,
        label=whole.entity(item).label,
        kind=whole.entity(item).kind,
        how=how,
        in_one=tuple(_named(whole, here)),
        in_other=tuple(_named(whole, there)),
        grade=derived_grade(sides),
        sources=len(independent(rows, roots)),
        last_seen=last_true(rows),
        links=links,
    )


def _named(whole: NetworkAnswer, side: _Side) -> Iterator[str]:
    """Yield the name of each place or person through which a thing is connected with one of the two
    areas, with the best grade of the links.
    """
    for end_id, pairs in sorted(
        side.items(), key=lambda item: (whole.entity(item[0]).label, item[0])
    ):
        yield f"{whole.entity(end_id).label} ({best_grade(pairs) or 'ungraded'})"
