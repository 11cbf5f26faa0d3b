"""Who and what was near several people, places, towns or incidents at once.

Near a town is what is near a place that lies in it; near a place, what is tied to it or took part
in an incident there; near an incident, who took part and where it was; near a person, what they are
tied to and who took part in their incidents. Filters apply before anything is followed: a hub that
very many share is shown and not followed, unless it was asked for.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from domain.kernel.values import EntityKind, Grade, Reader, Refused
from network.query.graph_builder import GRADED, Gathering
from network.query.view import known
from projections.intelligence.links import LinkFilter, LinkRow
from projections.kernel.columns import Column
from projections.kernel.database import Db

#: Towns that lie in areas that lie in counties: so many steps down are followed.
DEPTH = 4


@dataclass(frozen=True)
class Near:
    """Somebody or something near all that was asked for. `how` says by what, for each of them;
    `grade` is that of the weakest of them, each by its best way; `links` can be trailed."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "who or what"),
        Column("kind", "kind"),
        Column("how", "near by"),
        Column("ties", "ties"),
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
        """Where it stands: people first, those with most ties first."""
        return self.kind != "person", -self.ties, self.id


@dataclass(frozen=True)
class Hub:
    """A thing that was not followed, and how many more are tied to it."""

    label: str
    ties: int


@dataclass(frozen=True)
class NearbyItems:
    """Who and what was near all of them."""

    rows: tuple[Near, ...]
    hubs: tuple[Hub, ...]
    ungraded: int
    weaker: int


@dataclass
class _Reach:
    """What is near one of those asked for: by which chains of links."""

    ways: dict[UUID, list[tuple[UUID, ...]]] = field(default_factory=dict)

    def add(self, one: UUID, way: tuple[UUID, ...]) -> None:
        self.ways.setdefault(one, []).append(way)


def near(
    db: Db, reader: Reader, ends: Sequence[UUID], *, asked: LinkFilter = GRADED
) -> NearbyItems:
    """Who and what is near all of these. Raises Refused for one alone that is not known."""
    seen = Gathering(db, reader, asked, "all")
    wanted = known(seen, ends)
    if not wanted:
        raise Refused("name somebody, or a place", field="who")
    seen.centres = set(wanted)
    reaches = [_reach(seen, one) for one in wanted]
    common = set.intersection(*(set(reach.ways) for reach in reaches)) - set(wanted)
    rows = [_row(seen, one, wanted, reaches) for one in common]
    rows.sort(key=lambda row: row.place)
    hubs = tuple(Hub(seen.entities[one].label, more) for one, more in sorted(seen.hubs.items()))
    return NearbyItems(tuple(rows), hubs, len(seen.ungraded), len(seen.weaker))


def _reach(seen: Gathering, centre: UUID) -> _Reach:
    """What is near this one: of a place that other places lie in, near each of those; then one link
    on, and through incidents one more."""
    found = _Reach()
    start: dict[UUID, tuple[UUID, ...]] = {centre: ()}
    layer = {centre}
    for _ in range(DEPTH):
        places = {one for one in layer if seen.entities[one].kind == "place"}
        if not places:
            break
        seen.around(places, set(start))
        inside: set[UUID] = set()
        for a, b, row in seen.edges():
            if row.kind == "lies-in" and b in places and a not in start:
                start[a] = (*start[b], row.link)
                inside.add(a)
        layer = inside
    through: dict[UUID, tuple[UUID, ...]] = {}
    for one, other, link in _steps(seen, set(start)):
        way = (*start[one], link)
        if other not in start:
            found.add(other, way)
            if seen.entities[other].kind == "incident":
                through.setdefault(other, way)
    for one, other, link in _steps(seen, set(through)):
        if other != centre and other not in start:
            found.add(other, (*through[one], link))
    return found


def _steps(seen: Gathering, ones: Collection[UUID]) -> list[tuple[UUID, UUID, UUID]]:
    """The links of these: each with the end that is one of them first."""
    if not ones:
        return []
    seen.around(ones, ones)
    return [
        (one, other, row.link)
        for a, b, row in seen.edges()
        if row.kind != "lies-in"
        for one, other in ((a, b), (b, a))
        if one in ones
    ]


def _row(seen: Gathering, one: UUID, wanted: Sequence[UUID], reaches: Sequence[_Reach]) -> Near:
    entity = seen.entities[one]
    said, links, grades = list[str](), list[UUID](), list[str | None]()
    for centre, reach in zip(wanted, reaches, strict=True):
        ways = reach.ways[one]
        said.append(f"{seen.entities[centre].label}: {_said(seen, one, centre, ways)}")
        links += [link for way in ways for link in way]
        grades.append(_best([_grade([seen.shown[link][2] for link in way]) for way in ways]))
    return Near(
        id=one,
        label=entity.label,
        kind=entity.kind,
        how="; ".join(said),
        ties=len(set(links)),
        grade=_worst(grades),
        links=tuple(dict.fromkeys(links)),
    )


def _grade(way: Sequence[LinkRow]) -> str | None:
    """That of its weakest link; what an exhibit carries is weaker than none."""
    return _worst([row.grade for row in way if not row.exhibited] or [row.grade for row in way])


def _worst(grades: Sequence[str | None]) -> str | None:
    """The weakest of them: what rests on all is never better; ungraded as soon as one is."""
    known = [Grade.parse(grade) for grade in grades if grade]
    return max(known).label if known and len(known) == len(grades) else None


def _best(grades: Sequence[str | None]) -> str | None:
    """The best of several ways; ungraded where all are."""
    known = [Grade.parse(grade) for grade in grades if grade]
    return min(known).label if known else None


def _said(
    seen: Gathering, one: UUID, centre: UUID, ways: Sequence[tuple[UUID, ...]], most: int = 3
) -> str:
    """By what it is near, in words."""
    words = []
    for way in ways:
        a, b, row = seen.shown[way[-1]]
        other = b if a == one else a
        via = "" if other == centre else f" {seen.entities[other].label}"
        words.append(f"{row.kind}{via}")
    words = list(dict.fromkeys(words))
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more
