"""Which people are protected: links between two of them are never shown to others."""

from network.query.layers import is_offender, is_victim
from projections.intelligence.people import Entity


def is_protected(one: Entity) -> bool:
    """Return whether an entity is protected: a child (even one who is a suspect), or a victim."""
    return one.kind == "person" and (one.is_child or is_victim(one))


def is_grown_suspect(one: Entity) -> bool:
    """Return whether an entity is an adult suspect who is not a victim and was not cleared."""
    return is_offender(one) and not (one.cleared or is_protected(one))


def is_tie_of_protected(one: Entity, other: Entity) -> bool:
    """Return whether a link joins two protected people: it is never exported and never drawn."""
    return is_protected(one) and is_protected(other)
