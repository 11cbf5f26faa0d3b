"""One layer of the network at a time: offenders with offenders, offenders with victims, and so on.

Measures compare like with like (Cockbain, Brayley & Laycock 2011): offenders among offenders,
victims among victims. A layer holds the direct ties between people only; a shared car, phone or
place is no tie between two people, it is a lead that `hotspots` shows. `through` alone holds what
offenders share, from which `network.query.through` makes a map of offenders. Somebody who is
suspect and victim at once belongs to both sides.
"""

from dataclasses import replace
from typing import get_args

from domain.kernel.codes import Layer
from domain.kernel.values import LINK_KINDS, OFFENDER_CATEGORIES, VICTIM_CATEGORIES, LinkKind
from projections.intelligence.links import LinkFilter
from projections.intelligence.people import Entity

LAYERS: tuple[Layer, ...] = get_args(Layer)
#: The kinds of link that can tie a person to a person.
BETWEEN_PEOPLE: frozenset[LinkKind] = frozenset(
    kind
    for kind, shape in LINK_KINDS.items()
    if "person" in shape.source and "person" in shape.target
)


def between_people(asked: LinkFilter, layer: Layer = "all") -> LinkFilter:
    """The same question about ties between people alone; what they share, where it is asked for."""
    if layer == "through":
        return asked
    return replace(asked, kinds=BETWEEN_PEOPLE & (asked.kinds or BETWEEN_PEOPLE))


def is_offender(one: Entity) -> bool:
    """Suspect, person of interest or convicted (DPA 2018 s.38); identified or not."""
    return one.kind == "person" and bool(one.categories & OFFENDER_CATEGORIES)


def is_victim(one: Entity) -> bool:
    """A victim, a vulnerable child or a missing person."""
    return one.kind == "person" and bool(one.categories & VICTIM_CATEGORIES)


def admits(layer: Layer, one: Entity, other: Entity) -> bool:
    """Whether a tie between these two belongs to the layer."""
    match layer:
        case "all":
            return True
        case "offender-offender":
            return is_offender(one) and is_offender(other)
        case "offender-victim":
            return (is_offender(one) and is_victim(other)) or (
                is_victim(one) and is_offender(other)
            )
        case "victim-victim":
            return is_victim(one) and is_victim(other)
        case "through":
            return any(
                is_offender(man) and (is_offender(met) or met.kind != "person" or _is_met(met))
                for man, met in ((one, other), (other, one))
            )


def _is_met(one: Entity) -> bool:
    """A child or a victim whom offenders share."""
    return one.is_child or is_victim(one)
