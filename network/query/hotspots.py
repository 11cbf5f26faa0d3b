"""Hotspots: the places and vehicles that several suspects or victims share.

Homes and placements never appear, no matter who lives there. A place or vehicle shared by very many
people (a town, a bus) tells little about them: such hubs are marked and listed last. A missing
child is counted at the place where the child was found, if that place is recorded.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.values import HOME_LINKS, LINK_KINDS, EntityKind, LinkKind, Reader
from network.query.child_protection import is_protected
from network.query.graph_builder import GRADED, HUB
from network.query.homes import homes
from network.query.layers import is_offender
from network.query.link_pairs import LinkPair, best_grade
from network.query.view import NetworkAnswer, shared
from projections import missing
from projections.intelligence import links as link_rows
from projections.intelligence import people
from projections.intelligence.links import LinkFilter
from projections.intelligence.people import Entity
from projections.kernel.columns import Column
from projections.kernel.database import Db

_SHARED: tuple[EntityKind, ...] = ("place", "vehicle")
_KINDS: frozenset[LinkKind] = (
    frozenset(
        kind
        for kind, shape in LINK_KINDS.items()
        if "person" in shape.source and shape.target.intersection(_SHARED)
    )
    - HOME_LINKS
)


class Hotspot(Struct, frozen=True):
    """A place or vehicle, and how many people share it.

    `people` is the number of distinct suspects and victims (a person who is both is counted once);
    `found` is the number of missing children who were found there. Suspects are given by their ids;
    children and victims are only counted, so that no list links them to each other. `hub` means
    that the number of people is above a limit.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "place or vehicle"),
        Column("kind", "kind"),
        Column("id", "id", "id"),
        Column("people", "people"),
        Column("offenders", "suspected"),
        Column("victims", "victims"),
        Column("found", "missing children found there"),
        Column("links", "links"),
        Column("grade", "best grade"),
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
    found: int = 0


class Hotspots(Struct, frozen=True):
    """The hotspots, most shared first, hubs last.

    `cap` is the number of people above which a hotspot is a hub; `more` is the number of hotspots
    that the limit of the list left out. `ungraded` and `weaker` are, if requested, the numbers of
    links that the minimum grade excluded, because they have no grade or a weaker one. Counting
    stops at `COUNTED`, so a higher number is not exact.
    """

    rows: tuple[Hotspot, ...]
    cap: int
    more: int
    ungraded: int
    weaker: int


def hotspots(
    db: Db,
    reader: Reader,
    *,
    link_filter: LinkFilter = GRADED,
    limit: int | None = 20,
    cap: int = HUB,
    left_out: bool = True,
) -> Hotspots:
    """Return the places and vehicles that two or more suspects or victims share by direct links,
    and places where missing children were found. Links that the minimum grade excludes are counted
    only with `left_out`.

    People eliminated or acquitted are not counted. Places where children were found are included
    for readers who may see the child and the case, and only as known now: they are left out of a
    query about another time, a kind of link or a stage.
    """
    found_at = {} if _of_other_times(link_filter) else _places_of_found_children(db, reader)
    kinds = _KINDS & (link_filter.kinds or _KINDS)
    link_filter = replace(link_filter, kinds=kinds)
    answer = shared(db, reader, link_filter=link_filter, also=found_at)
    here = {item for item in answer.graph if answer.entity(item).kind in _SHARED}
    spots = {item: answer.entity(item) for item in here} | {
        item: place.entity for item, place in found_at.items() if item not in here
    }
    places = [item for item, spot in spots.items() if spot.kind == "place"]
    lived_in = homes(db, reader, link_filter, None if len(places) > HUB else places)
    rows = [
        _hotspot(answer, spot, cap, found_at.get(item))
        for item, spot in spots.items()
        if item not in lived_in
    ]
    found_hotspots = [row for row in rows if row.people >= 2]
    found_hotspots.sort(key=lambda row: (row.hub, -row.people, -row.links, row.id))
    kept_hotspots = tuple(found_hotspots[:limit])
    out = link_rows.count_left_out(db, reader, link_filter) if left_out else (0, 0)
    return Hotspots(kept_hotspots, cap, len(found_hotspots) - len(kept_hotspots), *out)


class _Place(Struct, frozen=True):
    """A recorded place at which missing children were found."""

    entity: Entity
    children: frozenset[UUID]
    last: datetime


def _of_other_times(link_filter: LinkFilter) -> bool:
    """Return whether the query is limited to links at a certain time, of a certain kind or at a
    certain stage, instead of all links as known now.
    """
    return bool(
        link_filter.as_known
        or link_filter.as_at
        or link_filter.since
        or link_filter.until
        or link_filter.kinds
        or link_filter.stages
    )


def _places_of_found_children(db: Db, reader: Reader) -> dict[UUID, _Place]:
    """Return the places where missing children were found, as far as the reader may see the
    children and the places."""
    there = missing.found_at(db, reader)
    if not there:
        return {}
    leaders = people.clusters(db, reader)
    found_places: dict[UUID, _Place] = {}
    for found_at in there:
        places = [
            leaders.get(item, item)
            for item in people.find_things(db, reader, "place", found_at.place)
        ]
        entities = people.entities(db, reader, places)
        children = frozenset(leaders.get(child, child) for child in found_at.children)
        for place in places:
            if place in entities:
                before = found_places.get(place)
                both = children | (before.children if before else frozenset())
                last = max(found_at.last, before.last) if before else found_at.last
                found_places[place] = _Place(entities[place], both, last)
    return found_places


def _hotspot(answer: NetworkAnswer, spot: Entity, cap: int, place: _Place | None) -> Hotspot:
    by_person: dict[UUID, list[LinkPair]] = {}
    for pair in answer.at.get(spot.id, []):
        entity = answer.entity(pair.other(spot.id))
        if (is_offender(entity) or is_protected(entity)) and not entity.cleared:
            by_person.setdefault(entity.id, []).append(pair)
    pairs = [pair for found_pairs in by_person.values() for pair in found_pairs]
    who = [answer.entity(item) for item in sorted(by_person)]
    children = place.children if place else frozenset[UUID]()
    further = len(children - by_person.keys())
    times = [pair.known_from for pair in pairs] + ([place.last] if place else [])
    return Hotspot(
        id=spot.id,
        kind=spot.kind,
        label=spot.label,
        people=len(who) + further,
        offenders=sum(map(is_offender, who)),
        victims=sum(map(is_protected, who)) + further,
        links=sum(len(pair.links) for pair in pairs),
        grade=best_grade(pairs),
        last_known=max(times, default=spot.known_from),
        suspects=tuple(person.id for person in who if is_offender(person) and not person.is_child),
        hub=len(who) + further > cap,
        found=len(children),
    )
