"""Tells which events can give rise to an alert about a child."""

from collections.abc import Iterable

from domain.information.observation import (
    ObservationFlagged,
    ObservationRead,
    ObservationRecorded,
    ObservationTaken,
    ObservationTriaged,
    SourceHeld,
)
from domain.kernel.envelope import Event
from domain.people_and_teams.deadline import DueAnswered

#: Events that link no person to a place or a child: most entries record only these.
_TIE_NOBODY = frozenset(
    {
        *(ObservationRecorded, ObservationRead, ObservationFlagged, SourceHeld),
        *(ObservationTaken, ObservationTriaged, DueAnswered),
    }
)


def may_follow(recorded: Iterable[type[Event]]) -> bool:
    """Return whether an alert about a child may follow from these events: not from a log entry
    alone, because it links no person to a place."""
    return not set(recorded) <= _TIE_NOBODY
