"""Record each new alert about a child, which starts the deadline for an answer. The background
process calls this.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from uuid import UUID, uuid5

from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, LostRace, facts
from domain.data_protection.access_log import HitRang
from domain.families.protection import AlertEnded, AlertRang, Ringing
from domain.families.referral import MissingReported, ThresholdAssessed
from domain.kernel.envelope import CommandReused, Event, Submission, Undecodable
from domain.kernel.values import Reader, Refused
from domain.people_and_teams.notifying import WATCH
from projections.due import arrests, looked
from projections.families import cases
from projections.intelligence import people
from projections.kernel.database import Db

_RANG = UUID("b0b4a3f2-6d0e-5c55-8a52-0f6a7f1c9e21")
#: Kinds of events after which a child whom a search matched may be in danger.
HITS_READ: frozenset[type[Event]] = frozenset({MissingReported, ThresholdAssessed})
#: A reader who sees all alerts. The program uses it to apply rules; no user sees the results.
WATCHING = Reader(WATCH, "", "", assessor=False)


def start_deadlines(desk: Desk) -> int:
    """Start the deadline of each unanswered alert that has none, and return how many were started.
    Also end each alert whose cause no longer exists because a judgement of identity was revoked.
    Raises LogUnavailable.
    """
    with desk.looked() as db:
        ringing = desk.ringing(db, WATCHING)
        alerts_to_start, undone = _without_deadline(db, ringing), _without_cause(db, ringing)
    for gone in undone:
        with suppress(LostRace, CommandReused, Undecodable, Refused):
            _end(desk, gone)
    rung = 0
    for alert, before in alerts_to_start:
        # skip an alert that another process has recorded, or whose case cannot be read
        with suppress(LostRace, CommandReused, Undecodable, Refused):
            _begin(desk, alert, before)
            rung += 1
    return rung


def make_hits_due(desk: Desk, recorded: Iterable[type[Event]] | None = None) -> int:
    """If a silent search matched a child, a worker decides whether to contact the searcher. Make
    this decision due at once if the child is now missing or rated high; return how many decisions
    were made due. `recorded` are the kinds of events recorded since the last run, or None for all
    kinds. Raises LogUnavailable.
    """
    if recorded is not None and HITS_READ.isdisjoint(recorded):
        return 0
    with desk.looked(looked.VIEW) as db:
        quiet = looked.quiet_hits(db)
        danger = cases.in_danger(db, set(quiet.values()))
    rung = 0
    for hit, case in sorted(quiet.items()):
        if case not in danger:
            continue
        with suppress(LostRace, CommandReused, Undecodable, Refused):
            history = desk.logs["access"].history(hit)
            first = history[0]
            by = Reader(WATCH, first.team, first.controller, first.regime, assessor=False)
            made = facts(by, hit, len(history), (HitRang(case),))
            digest = desk.digest("search.ring", hit)
            submission = Submission(uuid5(_RANG, f"hit|{hit}"), digest, made)
            desk.save([Prepared(hit, {"access": submission}, by)])
            rung += 1
    return rung


def _begin(desk: Desk, ringing: Ringing, before: tuple[UUID, ...]) -> None:
    """Record that this alert waits for an answer. The record belongs to the team of the alert's
    case.
    """
    log = desk.logs["evidence"]
    opened = log.history(ringing.case)[0]
    by = Reader(WATCH, opened.team, opened.controller, opened.regime, assessor=False)
    event = AlertRang(ringing.case, ringing.kind, ringing.since, before)
    # An alert that has ended may begin again. It then has the same stream.
    version = len(log.history(ringing.id))
    made = facts(by, ringing.id, version, (event,))
    command = uuid5(_RANG, f"{ringing.id}|{version}" if version else str(ringing.id))
    submission = Submission(command, desk.digest("alert.ring", ringing.id), made)
    desk.save([Prepared(ringing.id, {"evidence": submission}, by)])


def _without_cause(db: Db, ringing: Sequence[Ringing]) -> list[arrests.Rung]:
    """Return the unanswered alerts whose cause no longer exists because a judgement of identity was
    revoked. `ringing` are the alerts that still have a cause.
    """
    known_items = {
        alert_id
        for ringing_alert in ringing
        for alert_id in (ringing_alert.id, *ringing_alert.former)
    }
    rungs = [alert for alert in arrests.list_unanswered(db) if alert.alert not in known_items]
    return [rung for rung in rungs if people.parted_since(db, rung.since)]


def _end(desk: Desk, rung: arrests.Rung) -> None:
    log = desk.logs["evidence"]
    opened, version = log.history(rung.case)[0], len(log.history(rung.alert))
    by = Reader(WATCH, opened.team, opened.controller, opened.regime, assessor=False)
    made = facts(by, rung.alert, version, (AlertEnded(rung.case, rung.kind),))
    command = uuid5(_RANG, f"{rung.alert}|{version}|ended")
    submission = Submission(command, desk.digest("alert.end", rung.alert), made)
    desk.save([Prepared(rung.alert, {"evidence": submission}, by)])


def _without_deadline(
    db: Db, ringings: Sequence[Ringing]
) -> list[tuple[Ringing, tuple[UUID, ...]]]:
    """Return the alerts for which no deadline was started under their present id. An alert whose id
    has changed is returned with those of its former ids under which a deadline was started.
    """
    ids = {ringing.id for ringing in ringings} | {
        former for ringing in ringings for former in ringing.former
    }
    rang = arrests.had_deadline(db, ids)
    return [
        (ringing, tuple(former for former in ringing.former if former in rang))
        for ringing in ringings
        if ringing.id not in rang
    ]
