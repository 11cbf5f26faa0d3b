"""Find people and things near several people, places, towns or incidents at once.

Everything near a place in a town is near the town. Items that are linked to a place, or have a part
in an incident there, are near the place. The participants and the place of an incident are near the
incident. The items linked to a person, and the participants of the person's incidents, are near the
person. Filters are applied before links are followed. A hub (an item that very many items share) is
shown, but links beyond it are followed only if the query names the hub.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from domain.kernel.values import EntityKind, Grade, Reader, Refused
from network.query.graph_builder import GRADED, Gathering
from network.query.view import resolve_clusters as known
from projections.intelligence.links import LinkFilter, LinkRow
from projections.kernel.columns import Column
from projections.kernel.database import Db

#: The number of levels of areas that are followed upwards: from a place to its town, its area and
#: its county.
DEPTH = 4


class Near(Struct, frozen=True):
    """A person or thing near all items of the query.

    `how` describes the paths from it to each of these items, and `links` are all links of these
    paths. The best path to each item of the query has a grade; `grade` is the lowest of these
    grades.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "person or item"),
        Column("kind", "kind"),
        Column("how", "linked by"),
        Column("ties", "links"),
        Column("grade", "grade"),
        Column("id", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    id: UUID
    label: str
    kind: EntityKind
    how: str
    ties: int
    grade: str | None
    links: tuple[UUID, ...]

    @property
    def place(self) -> tuple[bool, int, UUID]:
        """Return the sort key of a person or thing: people come first and, among people or things,
        the one with most links.
        """
        return self.kind != "person", -self.ties, self.id


class Hub(Struct, frozen=True):
    """An item whose further links were not followed, and the number of these links."""

    label: str
    ties: int


class NearbyItems(Struct, frozen=True):
    """The people and things near all items of the query."""

    rows: tuple[Near, ...]
    hubs: tuple[Hub, ...]
    ungraded: int
    weaker: int


@dataclass
class _Reach:
    """The items near one item of the query, each with the chains of links that lead to it."""

    ways: dict[UUID, list[tuple[UUID, ...]]] = field(default_factory=dict)

    def add(self, item: UUID, way: tuple[UUID, ...]) -> None:
        self.ways.setdefault(item, []).append(way)


def near(
    db: Db, reader: Reader, ends: Sequence[UUID], *, link_filter: LinkFilter = GRADED
) -> NearbyItems:
    """Return the people and things near all of the items `ends`. Raises Refused if one of these was
    not known at the time of the query.
    """
    gathering = Gathering(db, reader, link_filter, "all")
    wanted = known(gathering, ends)
    if not wanted:
        raise Refused("name the person, thing or place around which to search", field="who")
    gathering.centres = set(wanted)
    reaches = [_reach(gathering, item) for item in wanted]
    common = set.intersection(*(set(reach.ways) for reach in reaches)) - set(wanted)
    rows = [_row(gathering, item, wanted, reaches) for item in common]
    rows.sort(key=lambda row: row.place)
    hubs = tuple(
        Hub(gathering.entities[item].label, more) for item, more in sorted(gathering.hubs.items())
    )
    return NearbyItems(tuple(rows), hubs, len(gathering.ungraded), len(gathering.weaker))


def _reach(gathering: Gathering, centre: UUID) -> _Reach:
    """Return the items near the item `centre`: items at most one link away or, through an incident,
    two links. If `centre` is an area, the items near each place in it are returned.
    """
    near_items = _Reach()
    start: dict[UUID, tuple[UUID, ...]] = {centre: ()}
    layer = {centre}
    for _ in range(DEPTH):
        places = {item for item in layer if gathering.entities[item].kind == "place"}
        if not places:
            break
        gathering.around(places, set(start))
        inside: set[UUID] = set()
        for a, b, row in gathering.edges():
            if row.kind == "lies-in" and b in places and a not in start:
                start[a] = (*start[b], row.link)
                inside.add(a)
        layer = inside
    through: dict[UUID, tuple[UUID, ...]] = {}
    for first_item, second_item, link in _steps(gathering, set(start)):
        way = (*start[first_item], link)
        if second_item not in start:
            near_items.add(second_item, way)
            if gathering.entities[second_item].kind == "incident":
                through.setdefault(second_item, way)
    for first_item, second_item, link in _steps(gathering, set(through)):
        if second_item != centre and second_item not in start:
            near_items.add(second_item, (*through[first_item], link))
    return near_items


def _steps(gathering: Gathering, ones: Collection[UUID]) -> list[tuple[UUID, UUID, UUID]]:
    """Return the links of the items `ones`, each as a tuple of three ids: one of these items, the
    item at the other end, and the link. Links that say in which area a place lies are left out.
    """
    if not ones:
        return []
    gathering.around(ones, ones)
    return [
        (item, other, row.link)
        for a, b, row in gathering.edges()
        if row.kind != "lies-in"
        for item, other in ((a, b), (b, a))
        if item in ones
    ]


def _row(
    gathering: Gathering, item: UUID, wanted: Sequence[UUID], reaches: Sequence[_Reach]
) -> Near:
    entity = gathering.entities[item]
    phrases, links, grades = list[str](), list[UUID](), list[str | None]()
    for centre, reach in zip(wanted, reaches, strict=True):
        ways = reach.ways[item]
        phrases.append(
            f"{gathering.entities[centre].label}: {_describe_links(gathering, item, centre, ways)}"
        )
        links += [link for way in ways for link in way]
        grades.append(_best([_grade([gathering.shown[link][2] for link in way]) for way in ways]))
    return Near(
        id=item,
        label=entity.label,
        kind=entity.kind,
        how="; ".join(phrases),
        ties=len(set(links)),
        grade=_worst(grades),
        links=tuple(dict.fromkeys(links)),
    )


def _grade(way: Sequence[LinkRow]) -> str | None:
    """Return the grade of the weakest link of a chain; a link with an exhibit is ignored if the
    chain has a link without one.
    """
    return _worst([row.grade for row in way if not row.exhibited] or [row.grade for row in way])


def _worst(grades: Sequence[str | None]) -> str | None:
    """Return the weakest of these grades; None if there are none, or if one of them is None."""
    known_grades = [Grade.parse(grade) for grade in grades if grade]
    return max(known_grades).label if known_grades and len(known_grades) == len(grades) else None


def _best(grades: Sequence[str | None]) -> str | None:
    """Return the best of these grades; None if all of them are None."""
    known_grades = [Grade.parse(grade) for grade in grades if grade]
    return min(known_grades).label if known_grades else None


def _describe_links(
    gathering: Gathering, item: UUID, centre: UUID, ways: Sequence[tuple[UUID, ...]], most: int = 3
) -> str:
    """Return in words the links by which `item` is reached: the last link of each path from the
    item `centre` to `item`. At most `most` links are described, and the number of others is stated.
    """
    words = []
    for way in ways:
        a, b, row = gathering.shown[way[-1]]
        other = b if a == item else a
        via = "" if other == centre else f" {gathering.entities[other].label}"
        words.append(f"{row.kind}{via}")
    words = list(dict.fromkeys(words))
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more
