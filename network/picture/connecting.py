"""Find the connections of two areas: vehicles, phones, accounts and people seen in both; and things
that a person seen in one shares with a person seen in the other.

Homes of children and their families are left out, as in `network.picture.areas`. A child is never
named here, and does not count as a connection.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from msgspec import Struct

from domain.kernel.values import EntityKind, Grade, Reader, Refused
from network.picture.areas import PlacesSeen, places_seen
from network.picture.schematic import NO_TOWN
from network.query.child_protection import is_protected
from network.query.evidence import DEFAULT
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

    `in_one` and `in_other` are, for each area, the places where it was seen, or the people seen
    there who share it; each with its grade. `grade` is the best grade of the weaker side, or None
    if a side is ungraded. `sources` is the number of independent sources of both sides; `links` are
    the links on which the connection is based.
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
    """The connections, best first; and how many links to places the minimum grade excluded
    (`ungraded`, `weaker`). `unknown` are requested names that are not the name of an area which the
    reader sees; `areas` are the areas that the reader sees.
    """

    rows: tuple[Connection, ...]
    ungraded: int
    weaker: int
    unknown: tuple[str, ...]
    areas: tuple[str, ...]


#: The links of a thing or person with one area, by the place or person at the other end.
_Side = Mapping[UUID, list[LinkPair]]


def connections(
    db: Db, reader: Reader, first_name: str, second_name: str, *, asked: LinkFilter = GRADED
) -> Connections:
    """Return the connections between the areas of these names. Raises Refused for the same area
    twice.
    """
    found = places_seen(db, reader, asked)
    by_name = {area.casefold(): area for area, _ in found.where.values() if area != NO_TOWN}
    areas = tuple(sorted(by_name.values()))
    given = {
        name: by_name.get(" ".join(name.split()).casefold()) for name in (first_name, second_name)
    }
    first, second = given[first_name], given[second_name]
    left_out = len(found.gathering.ungraded), len(found.gathering.weaker)
    if first is None or second is None:
        unknown = tuple(name for name, area in given.items() if area is None)
        return Connections((), *left_out, unknown, areas)
    if first == second:
        raise Refused(f"{first} is given twice: name two areas", field="other_area")
    seen_in = {area: _seen_in(found, area) for area in (first, second)}
    both = seen_in[first].keys() & seen_in[second].keys()
    rows_by_link = {row.link: row for *_, row in found.gathering.edges()}
    rows = [
        _connection(
            found.gathering,
            found.whole,
            rows_by_link,
            each,
            "seen in both",
            seen_in[first][each],
            seen_in[second][each],
        )
        for each in both
    ]
    people = [{each for each in seen_in[area] if _is_person(found, each)} for area in seen_in]
    rows += _shared(db, reader, asked, people[0], people[1], both, found.never)
    rows.sort(key=lambda row: row.rank)
    return Connections(tuple(rows), *left_out, (), areas)


def _is_person(found: PlacesSeen, item: UUID) -> bool:
    return found.whole.entity(item).kind == "person"


def _seen_in(found: PlacesSeen, area: str) -> dict[UUID, _Side]:
    """Return the people and things that were seen in the area, each with its links to places there.
    Children are left out.
    """
    seen: dict[UUID, dict[UUID, list[LinkPair]]] = defaultdict(lambda: defaultdict(list))
    for pair in found.whole.pairs:
        if found.where.get(pair.target, ("", ""))[0] == area:
            entity = found.whole.entity(pair.source)
            if not is_protected(entity) and not entity.cleared:
                seen[pair.source][pair.target].append(pair)
    return dict(seen)


def _shared(
    db: Db,
    reader: Reader,
    link_filter: LinkFilter,
    here: Collection[UUID],
    there: Collection[UUID],
    both: Collection[UUID],
    never: Collection[UUID],
) -> Iterator[Connection]:
    """Return the things that a person seen only in the first area shares with a person seen only in
    the second.
    """
    here, there = set(here) - set(there), set(there) - set(here)
    if not here or not there:
        return
    gathering = Gathering(db, reader, link_filter, "all")
    gathering.around(sorted(here | there))
    whole = picture(gathering, [], DEFAULT)
    rows_by_link = {row.link: row for *_, row in gathering.edges()}
    for thing in sorted(set(whole.graph) - set(both) - set(never)):
        if whole.entity(thing).kind not in _SHARED or len(whole.at[thing]) > HUB:
            continue
        sides: list[_Side] = []
        for side in (here, there):
            people: dict[UUID, list[LinkPair]] = defaultdict(list)
            for pair in whole.at[thing]:
                if pair.other(thing) in side:
                    people[pair.other(thing)].append(pair)
            sides.append(people)
        if all(sides):
            how: How = "shared by people seen in each"
            yield _connection(gathering, whole, rows_by_link, thing, how, *sides)


def _connection(
    gathering: Gathering,
    whole: NetworkAnswer,
    rows_by_link: Mapping[UUID, LinkRow],
    item: UUID,
    how: How,
    here: _Side,
    there: _Side,
) -> Connection:
    pairs = [pair for side in (here, there) for some in side.values() for pair in some]
    links = tuple(dict.fromkeys(link for pair in pairs for link in pair.links))
    rows = [rows_by_link[link] for link in links]
    sides = [[pair for some in side.values() for pair in some] for side in (here, there)]
    return Connection(
        id=item,
        label=whole.entity(item).label,
        kind=whole.entity(item).kind,
        how=how,
        in_one=tuple(_named(whole, here)),
        in_other=tuple(_named(whole, there)),
        grade=derived_grade(sides),
        sources=len(independent(rows, gathering.roots(rows))),
        last_seen=last_true(rows),
        links=links,
    )


def _named(whole: NetworkAnswer, side: _Side) -> Iterator[str]:
    """Yield the name of each place or person through which a thing is connected with one of the two
    areas, with the best grade of the links.
    """
    for one, pairs in sorted(side.items(), key=lambda item: (whole.entity(item[0]).label, item[0])):
        yield f"{whole.entity(one).label} ({best_grade(pairs) or 'ungraded'})"
