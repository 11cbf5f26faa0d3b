"""Runs a rule again when a fact that it reads is recorded after the decision, and reopens what it
answers differently. The decision stays in the history."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from uuid import UUID, uuid5

from commands import child
from commands.desk import Desk, Prepared, Raced, facts
from domain.entity import AgeRecorded, LearningDisabilityRecorded
from domain.envelope import CommandReused, Event, Submission, Undecodable
from domain.identity import IdentityJudged, IdentityRevoked
from domain.notifying import WATCH
from domain.referral import RatingReopened, ThresholdAssessed
from domain.values import Reader, Refused
from projections import cases, people

#: Sees all and shows it to no person.
ALL = Reader("", "", "")
_REOPENED = UUID("5a5c7c0e-2c3e-5f0b-9d53-1f4f8c0a6b77")
#: The facts that the rule of ratings reads (`domain.referral.never_low`).
RATING_READS: frozenset[type[Event]] = frozenset(
    {AgeRecorded, LearningDisabilityRecorded, IdentityJudged, IdentityRevoked}
)


def reopen(desk: Desk, recorded: Mapping[type[Event], Collection[UUID]] | None = None) -> int:
    """Reopen the low ratings that a later fact forbids: of those whom what was recorded in these
    streams is about, or (None) of all; how many. Raises LogUnavailable."""
    told = None if recorded is None else _about(desk, recorded)
    if told == set():
        return 0
    with desk.looked() as db:
        whole = None if told is None else {o for one in told for o in people.together(db, ALL, one)}
        low = cases.rated_low(db, whole)
    reopened = 0
    for case, whose in sorted(low.items()):
        # another process did, somebody rates it now, or it cannot be read: no other waits for it
        with suppress(Raced, CommandReused, Undecodable, Refused):
            reopened += _again(desk, case, whose)
    return reopened


def _about(desk: Desk, recorded: Mapping[type[Event], Collection[UUID]]) -> set[UUID]:
    """The people whose rating these facts may change."""
    found: set[UUID] = set()
    for stream in {one for kind in RATING_READS & recorded.keys() for one in recorded[kind]}:
        for fact in desk.logs["evidence"].history(stream):
            match fact.event:
                case IdentityJudged(a=a, b=b) | IdentityRevoked(a=a, b=b):
                    found |= {a, b}
                case AgeRecorded() | LearningDisabilityRecorded():
                    found.add(stream)
    return found


def _again(desk: Desk, case: UUID, whose: UUID) -> bool:
    history = desk.logs["evidence"].history(case)
    rated = next(fact for fact in reversed(history) if isinstance(fact.event, ThresholdAssessed))
    now = child.forbids_low(desk, whose)
    if now is None or now == child.forbids_low(desk, whose, then=rated.recorded):
        return False
    opened = history[0]
    told = now if now == child.forbids_low(desk, whose, team=opened.team) else child.HIDDEN
    by = Reader(WATCH, opened.team, opened.controller, opened.regime, assessor=False)
    made = facts(by, case, len(history), (RatingReopened(rated.ref, told),), (rated.ref,))
    command = uuid5(_REOPENED, f"{rated.ref}|{now}")
    submission = Submission(command, desk.digest("case.reopen_rating", [rated.ref, now]), made)
    desk.save([Prepared(case, {"evidence": submission}, by)])
    return True
