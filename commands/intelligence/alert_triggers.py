"""Find which events can cause an alert about a child."""

from collections.abc import Iterable

from domain.kernel.envelope import Event


def may_follow(recorded: Iterable[type[Event]]) -> bool:
    """Return whether an alert about a child may follow from these events: not from a log entry
    alone, because an entry links no person to a place.
    """
    return not all(event.meaning.alone for event in recorded)
