"""Hotspots: the places and vehicles that several suspects or victims share.

Homes and placements never appear, whoever lives there. What very many share (a town, a bus) says
little: such hubs are marked and come last, never silently dropped.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.values import HOME_LINKS, LINK_KINDS, EntityKind, LinkKind, Reader
from network.gathering import GRADED, HUB
from network.homes import homes
from network.layers import is_offender
from network.masks import is_protected
from network.pairs import Pair, best_grade
from network.view import Picture, shared
from projections import links as link_rows
from projections.columns import Column
from projections.links import Asked
from projections.people import Entity
from projections.schema import Db

_SHARED: tuple[EntityKind, ...] = ("place", "vehicle")
_KINDS: frozenset[LinkKind] = (
    frozenset(
        kind
        for kind, shape in LINK_KINDS.items()
        if "person" in shape.source and shape.target.intersection(_SHARED)
    )
    - HOME_LINKS
)


@dataclass(frozen=True)
class Hotspot:
    """A place or vehicle and how many share it: `people` are distinct suspects and victims
    (somebody who is both counts once). `suspects` are named by id; children and victims are only
    counted, so that they are not tied to each other. `hub`: more than the cap share it."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "what"),
        Column("kind", "kind"),
        Column("id", "id", "id"),
        Column("people", "people"),
        Column("offenders", "suspected"),
        Column("victims", "victims"),
        Column("links", "links"),
        Column("grade", "best"),
        Column("hub", "hub", "mark"),
    )
    order: ClassVar[tuple[str, ...]] = ("id",)
    id: UUID
    kind: EntityKind
    label: str
    people: int
    offenders: int
    victims: int
    links: int
    grade: str | None
    last_known: datetime
    suspects: tuple[UUID, ...]
    hub: bool


@dataclass(frozen=True)
class Hotspots:
    """Most shared first, hubs last; `cap` is from how many people on a hotspot is a hub, `more`
    how many hotspots the limit cut off; `ungraded` and `weaker` count the links that the minimum
    grade left out, where that was asked for."""

    rows: tuple[Hotspot, ...]
    cap: int
    more: int
    ungraded: int
    weaker: int


def hotspots(
    db: Db,
    reader: Reader,
    *,
    asked: Asked = GRADED,
    limit: int | None = 20,
    cap: int = HUB,
    left_out: bool = True,
) -> Hotspots:
    """Places and vehicles that two or more suspects or victims share, by direct links. Without
    `left_out` no other links are read.

    People eliminated or acquitted do not count.
    """
    kinds = _KINDS & (asked.kinds or _KINDS)
    asked = replace(asked, kinds=kinds)
    seen = shared(db, reader, asked=asked)
    places = [one for one in seen.graph if seen.entity(one).kind == "place"]
    lived_in = homes(db, reader, asked, None if len(places) > HUB else places)
    rows = [
        _hotspot(seen, seen.entity(one), cap)
        for one in seen.graph
        if seen.entity(one).kind in _SHARED and one not in lived_in
    ]
    found = [row for row in rows if row.people >= 2]
    found.sort(key=lambda row: (row.hub, -row.people, -row.links, row.id))
    kept = tuple(found[:limit])
    out = link_rows.left_out(db, reader, asked) if left_out else (0, 0)
    return Hotspots(kept, cap, len(found) - len(kept), *out)


def _hotspot(seen: Picture, spot: Entity, cap: int) -> Hotspot:
    by_person: dict[UUID, list[Pair]] = {}
    for pair in seen.at[spot.id]:
        other = seen.entity(pair.other(spot.id))
        if (is_offender(other) or is_protected(other)) and not other.cleared:
            by_person.setdefault(other.id, []).append(pair)
    pairs = [pair for found in by_person.values() for pair in found]
    who = [seen.entity(one) for one in sorted(by_person)]
    return Hotspot(
        id=spot.id,
        kind=spot.kind,
        label=spot.label,
        people=len(who),
        offenders=sum(map(is_offender, who)),
        victims=sum(map(is_protected, who)),
        links=sum(len(pair.links) for pair in pairs),
        grade=best_grade(pairs),
        last_known=max((pair.known_from for pair in pairs), default=spot.known_from),
        suspects=tuple(one.id for one in who if is_offender(one) and not one.is_child),
        hub=len(who) > cap,
    )
