"""Homes and placements, and things that belong to a child.

The program looks for them by links of any grade and of any time in the world, as known at the time
of the query and also as known today. So a child's present or former home is protected even if its
link is weakly graded, and also in an answer about a time before the home was recorded.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from domain.kernel.values import HOME_LINKS, EntityKind, LinkKind, Reader
from network.query.child_protection import is_grown_suspect, is_protected
from network.query.graph_builder import Gathering
from projections.families import compartments, family_members
from projections.intelligence import people
from projections.intelligence.links import LinkFilter
from projections.kernel.database import Db

_OWNED: frozenset[LinkKind] = frozenset({"owns", "uses"})
_PERSONAL: frozenset[EntityKind] = frozenset({"phone", "handle"})


def homes(
    db: Db, reader: Reader, link_filter: LinkFilter, among: Collection[UUID] | None = None
) -> set[UUID]:
    """Return the places (all, or the places in `among`) where a person lives, has lived, or was
    placed.
    """

    def lived_in(gathering: Gathering) -> set[UUID]:
        return {place for _, place, _ in gathering.edges()}

    return _then_or_today(db, reader, link_filter, HOME_LINKS, among, lived_in)


def unlisted_places(db: Db, reader: Reader, as_known: datetime | None = None) -> set[UUID]:
    """Return the places, under all their ids, that are left out of all lists and area maps:
    placements; and homes of anyone who is not an adult suspect, who was cleared, or who is a
    relative of a child. Homes of suspects remain.

    For a query about an earlier time, places that are homes by today's knowledge are left out as
    well. A placement is left out only for readers admitted to its compartment: for other readers
    the place's absence from a list would reveal the placement.
    """
    return {
        item for known_moment in {None, as_known} for item in _unlisted(db, reader, known_moment)
    }


def _unlisted(db: Db, reader: Reader, as_known: datetime | None) -> set[UUID]:
    """Return the places that `unlisted_places` describes, as known at `as_known`, or as known today
    if that is None."""
    gathering = _gather_homes(
        db, reader, LinkFilter(as_known=as_known), HOME_LINKS | {"family"}, None
    )
    of_family = {
        item
        for a, b, row in gathering.edges()
        if row.kind == "family"
        for item, other in ((a, b), (b, a))
        if is_protected(gathering.entities[other])
    }
    found_items: set[UUID] = set()
    at: dict[UUID, set[UUID]] = defaultdict(set)
    for a, b, row in gathering.edges():
        if row.kind == "placed-at":
            found_items.add(b)
        elif row.kind == "lives-at":
            at[b].add(a)
    suspects = {
        item
        for living in at.values()
        for item in living
        if is_grown_suspect(gathering.entities[item])
    }
    suspects -= of_family | {
        gathering.lead(item)
        for item in family_members.are_kin(db, reader, gathering.members(suspects))
    }
    found_items |= {place for place, living in at.items() if living - suspects}
    for placed in compartments.placements(db, reader):
        found_items |= {
            gathering.lead(item) for item in people.at_address(db, reader, placed.normal)
        }
    return set(gathering.members(found_items))


def childrens_own(
    db: Db, reader: Reader, link_filter: LinkFilter, among: Iterable[UUID]
) -> set[UUID]:
    """Return those of the items `among` that would identify a child: a phone or an account that a
    child owns or uses, and any other thing that a child owns. (A car that a child only uses belongs
    to another person.)
    """

    def own(gathering: Gathering) -> set[UUID]:
        return {
            possession
            for person, possession, row in gathering.edges()
            if gathering.entities[person].is_child
            and (row.kind == "owns" or gathering.entities[possession].kind in _PERSONAL)
        }

    return _then_or_today(db, reader, link_filter, _OWNED, list(among), own)


def _then_or_today(
    db: Db,
    reader: Reader,
    link_filter: LinkFilter,
    kinds: frozenset[LinkKind],
    among: Collection[UUID] | None,
    which: Callable[[Gathering], set[UUID]],
) -> set[UUID]:
    """Return the items that the function `which` selects, by what was known at the time of the
    query or by what is known today. After merges, each item is given by the id that represented it
    at the time of the query.
    """
    then = Gathering(db, reader, link_filter, "all")
    wanted = None if among is None else then.members(among)
    found_items: set[UUID] = set()
    for known_moment in {None, link_filter.as_known}:
        gathering = _gather_homes(
            db, reader, replace(link_filter, as_known=known_moment), kinds, wanted
        )
        found_items.update(gathering.members(which(gathering)))
    then.know(found_items)
    return {then.lead(item) for item in found_items}


def _gather_homes(
    db: Db,
    reader: Reader,
    link_filter: LinkFilter,
    kinds: frozenset[LinkKind],
    among: Collection[UUID] | None,
) -> Gathering:
    always = replace(link_filter, as_at=None, since=None, until=None)
    unfiltered = replace(always, min_rank=None, stages=None, kinds=kinds)
    gathering = Gathering(db, reader, unfiltered, "all")
    if among is None:
        gathering.everything()
    elif among:
        gathering.know(among)
        gathering.around({gathering.lead(item) for item in among})
    return gathering
