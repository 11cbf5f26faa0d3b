"""Records that an alert waits for an answer, once for each, by the process that follows."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from uuid import UUID, uuid5

from commands.desk import Desk, Prepared, Raced, facts
from domain.due import DueAnswered
from domain.envelope import CommandReused, Event, Submission, Undecodable
from domain.notifying import WATCH
from domain.observation import (
    ObservationFlagged,
    ObservationRead,
    ObservationRecorded,
    ObservationTaken,
    ObservationTriaged,
    SourceHeld,
)
from domain.protection import AlertRang, Ringing
from domain.values import Reader, Refused
from projections.due import arrests
from projections.schema import Db

_RANG = UUID("b0b4a3f2-6d0e-5c55-8a52-0f6a7f1c9e21")
#: What ties nobody to a place or a child: most entries record no more than these.
_TIE_NOBODY = frozenset(
    {
        *(ObservationRecorded, ObservationRead, ObservationFlagged, SourceHeld),
        *(ObservationTaken, ObservationTriaged, DueAnswered),
    }
)
#: Sees all alerts and shows them to no person.
WATCHING = Reader(WATCH, "", "", assessor=False)


def may_follow(recorded: Iterable[type[Event]]) -> bool:
    """Whether an alert may follow from what was recorded: words alone tie nobody to a place."""
    return not set(recorded) <= _TIE_NOBODY


def ring(desk: Desk) -> int:
    """Begin the clock of each unanswered alert that has none; how many began. Raises
    LogUnavailable."""
    with desk.looked() as db:
        found = _new(db, desk.ringing(db, WATCHING))
    rung = 0
    for one, before in found:
        # another process did it, or the case cannot be read: that holds no other alert up
        with suppress(Raced, CommandReused, Undecodable, Refused):
            _begin(desk, one, before)
            rung += 1
    return rung


def _begin(desk: Desk, one: Ringing, before: tuple[UUID, ...]) -> None:
    """Record that this alert waits, in the name of the team of its case."""
    log = desk.logs["evidence"]
    opened = log.history(one.case)[0]
    by = Reader(WATCH, opened.team, opened.controller, opened.regime, assessor=False)
    event = AlertRang(one.case, one.kind, one.since, before)
    made = facts(by, one.id, len(log.history(one.id)), (event,))
    submission = Submission(uuid5(_RANG, str(one.id)), desk.digest("alert.ring", one.id), made)
    desk.save([Prepared(one.id, {"evidence": submission}, by)])


def _new(db: Db, found: Sequence[Ringing]) -> list[tuple[Ringing, tuple[UUID, ...]]]:
    """Those without a clock, each with its former ids that have one."""
    ids = {one.id for one in found} | {former for one in found for former in one.former}
    rang = arrests.ever_rang(db, ids)
    return [
        (one, tuple(former for former in one.former if former in rang))
        for one in found
        if one.id not in rang
    ]
