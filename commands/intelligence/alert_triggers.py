"""Tells which events can give rise to an alert about a child."""

from collections.abc import Iterable

from domain.kernel.envelope import Event


def may_follow(recorded: Iterable[type[Event]]) -> bool:
    """Return whether an alert about a child may follow from these events: a log entry by itself
    links no person to a place, and most entries record nothing else.
    """
    return not all(event.meaning.alone for event in recorded)
