"""Who is protected: children are never tied to each other where others may see it."""

from network.query.layers import is_offender, is_victim
from projections.intelligence.people import Entity


def is_protected(one: Entity) -> bool:
    """A child, suspects under 18 included, or a victim."""
    return one.kind == "person" and (one.is_child or is_victim(one))


def is_grown_suspect(one: Entity) -> bool:
    """A suspect of full age who is no victim and was not cleared."""
    return is_offender(one) and not (one.cleared or is_protected(one))


def is_tie_of_protected(one: Entity, other: Entity) -> bool:
    """A tie between two of them: never exported and never drawn."""
    return is_protected(one) and is_protected(other)
