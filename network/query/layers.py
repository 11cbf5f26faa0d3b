"""The layers of the network: offenders with offenders, offenders with victims, and so on.

Measures compare only people of one kind (Cockbain, Brayley & Laycock 2011): offenders with
offenders, victims with victims. A layer has only direct links between people. A shared car, phone
or place does not link two people; it is a lead, which `hotspots` shows. Only the layer `through`
contains the things that offenders share, from which `network.query.through` makes a map of
offenders. A person who is suspect and victim at once belongs to both sides.
"""

from typing import get_args

from msgspec.structs import replace

from domain.kernel.codes import Layer
from domain.kernel.values import LINK_KINDS, OFFENDER_CATEGORIES, VICTIM_CATEGORIES, LinkKind
from projections.intelligence.links import LinkFilter
from projections.intelligence.people import Entity

LAYERS: tuple[Layer, ...] = get_args(Layer)
#: The kinds of links that are only between two people.
BETWEEN_PEOPLE: frozenset[LinkKind] = frozenset(
    kind
    for kind, shape in LINK_KINDS.items()
    if "person" in shape.source and "person" in shape.target
)


def between_people(link_filter: LinkFilter, layer: Layer = "all") -> LinkFilter:
    """Return the query with only links between people. In the layer `through`, return the query
    unchanged.
    """
    if layer == "through":
        return link_filter
    return replace(link_filter, kinds=BETWEEN_PEOPLE & (link_filter.kinds or BETWEEN_PEOPLE))


def is_offender(entity: Entity) -> bool:
    """Return whether an entity is a suspect, person of interest or convicted person (DPA 2018
    s.38), identified or not."""
    return entity.kind == "person" and bool(entity.categories & OFFENDER_CATEGORIES)


def is_victim(entity: Entity) -> bool:
    """Return whether an entity is a victim, a vulnerable child or a missing person."""
    return entity.kind == "person" and bool(entity.categories & VICTIM_CATEGORIES)


def admits(layer: Layer, entity: Entity, other: Entity) -> bool:
    """Return whether a link between these two entities belongs to the layer."""
    match layer:
        case "all":
            return True
        case "offender-offender":
            return is_offender(entity) and is_offender(other)
        case "offender-victim":
            return (is_offender(entity) and is_victim(other)) or (
                is_victim(entity) and is_offender(other)
            )
        case "victim-victim":
            return is_victim(entity) and is_victim(other)
        case "through":
            return any(
                is_offender(man)
                and (is_offender(met) or met.kind != "person" or _is_connecting(met))
                for man, met in ((entity, other), (other, entity))
            )


def _is_connecting(entity: Entity) -> bool:
    """Return whether an entity is a child or victim through whom two offenders can be connected."""
    return entity.is_child or is_victim(entity)
