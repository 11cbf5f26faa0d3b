"""A function that returns a reader with the given roles."""

from domain.kernel.values import Reader, Role


def reader(*roles: Role) -> Reader:
    held = frozenset(roles)
    return Reader("somebody", "Engage", "Charity", closed=True, roles=held)
