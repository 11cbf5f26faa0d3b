"""Find which events can cause an alert about a child."""

from collections.abc import Iterable

from domain.kernel.envelope import Event


def may_follow(recorded: Iterable[type[Event]]) -> bool:
    """Return whether these events may cause an alert about a child. A log entry alone never does,
    because it links no person to a place.
    """
    return not all(event.meaning.alone for event in recorded)
