"""Find which events can cause an alert about a child."""

from collections.abc import Iterable

from domain.kernel.envelope import Event


def may_follow(recorded: Iterable[type[Event]]) -> bool:
    """Return whether events of these kinds may cause an alert about a child. A newly recorded log
    entry alone causes none, because it does not yet link a person to a place.
    """
    return not all(event.meaning.alone for event in recorded)
