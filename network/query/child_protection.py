"""Decides which people are protected: links between two protected people are never shown to
others.
"""

from network.query.layers import is_offender, is_victim
from projections.intelligence.people import Entity


def is_protected(entity: Entity) -> bool:
    """Return whether an entity is protected: a child (even one who is a suspect), or a victim."""
    return entity.kind == "person" and (entity.is_child or is_victim(entity))


def is_grown_suspect(entity: Entity) -> bool:
    """Return whether an entity is an adult suspect who is not a victim and was not cleared."""
    return is_offender(entity) and not (entity.cleared or is_protected(entity))


def is_tie_of_protected(entity: Entity, other: Entity) -> bool:
    """Return whether a link joins two protected people. Such a link is never exported and never
    drawn.
    """
    return is_protected(entity) and is_protected(other)
