"""Records that an alert waits for an answer, once for each, by the process that follows."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from uuid import UUID, uuid5

from commands.desk import Desk, Prepared, Raced, facts
from domain.due import DueAnswered
from domain.envelope import CommandReused, Event, Submission
from domain.notifying import WATCH
from domain.observation import ObservationRead, ObservationRecorded
from domain.protection import AlertRang, Ringing
from domain.values import Reader
from projections.due import arrests
from projections.schema import Db

_RANG = UUID("b0b4a3f2-6d0e-5c55-8a52-0f6a7f1c9e21")
_TIE_NOBODY = frozenset({ObservationRecorded, ObservationRead, DueAnswered})
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
        event = AlertRang(one.case, one.kind, one.since, before)
        opened = desk.logs["evidence"].history(one.case)[0]
        by = Reader(WATCH, opened.team, opened.controller, opened.regime, assessor=False)
        version = len(desk.logs["evidence"].history(one.id))
        made = facts(by, one.id, version, (event,))
        command = uuid5(_RANG, str(one.id))
        submission = Submission(command, desk.digest("alert.ring", one.id), made)
        with suppress(Raced, CommandReused):  # another process did
            desk.save([Prepared(one.id, {"evidence": submission}, by)])
            rung += 1
    return rung


def _new(db: Db, found: Sequence[Ringing]) -> list[tuple[Ringing, tuple[UUID, ...]]]:
    """Those without a clock, each with its former ids that have one."""
    ids = {one.id for one in found} | {former for one in found for former in one.former}
    rang = arrests.ever_rang(db, ids)
    return [
        (one, tuple(former for former in one.former if former in rang))
        for one in found
        if one.id not in rang
    ]
