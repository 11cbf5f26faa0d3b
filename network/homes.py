"""What belongs to somebody: homes and placements, and the things that are a child's own.

Asked of everything known by then, graded or not and at any time of the world: where a child lives
or lived stays protected, however weakly it is known.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from uuid import UUID

from domain.values import HOME_LINKS, EntityKind, LinkKind, Reader
from network.gathering import Gathering
from projections.links import Asked
from projections.schema import Db

_OWNED: frozenset[LinkKind] = frozenset({"owns", "uses"})
_PERSONAL: frozenset[EntityKind] = frozenset({"phone", "handle"})


def homes(db: Db, reader: Reader, asked: Asked, among: Collection[UUID] | None = None) -> set[UUID]:
    """The places (all, or of `among`) where somebody lives or lived, or was placed."""
    held = _held(db, reader, asked, HOME_LINKS, among)
    return {place for _, place, _ in held.edges()}


def childrens_own(db: Db, reader: Reader, asked: Asked, among: Iterable[UUID]) -> set[UUID]:
    """Those of `among` that name a child who holds them: a phone or a handle that a child owns or
    uses, and whatever else a child owns. (A car that a child merely uses is somebody else's.)"""
    held = _held(db, reader, asked, _OWNED, list(among))
    return {
        thing
        for person, thing, row in held.edges()
        if held.entities[person].is_child
        and (row.kind == "owns" or held.entities[thing].kind in _PERSONAL)
    }


def _held(
    db: Db,
    reader: Reader,
    asked: Asked,
    kinds: frozenset[LinkKind],
    among: Collection[UUID] | None,
) -> Gathering:
    unfiltered = replace(asked, as_at=None, min_rank=None, stages=None, kinds=kinds)
    gathering = Gathering(db, reader, unfiltered, "all")
    if among is None:
        gathering.everything()
    elif among:
        gathering.around(among)
    return gathering
