"""After what a command recorded an alert may ring."""

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

#: What ties nobody to a place or a child: most entries record no more than these.
_TIE_NOBODY = frozenset(
    {
        *(ObservationRecorded, ObservationRead, ObservationFlagged, SourceHeld),
        *(ObservationTaken, ObservationTriaged, DueAnswered),
    }
)


def may_follow(recorded: Iterable[type[Event]]) -> bool:
    """Whether an alert may follow from what was recorded: words alone tie nobody to a place."""
    return not set(recorded) <= _TIE_NOBODY
