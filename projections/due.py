"""What is due, since when, when, and whose is it?

One row for what waits by one clock about one item; what was answered, or has ended, says so. What
is owed to those who asked, searched or looked is told by the access log, which `replay` leaves out:
it has rows of its own. Long because every clock has its arm here, beside who is told of it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any, ClassVar
from uuid import UUID, uuid5

import sqlalchemy as sa

from access import scope
from access.conditions import width
from access.decide import decide
from access.table import Act
from domain import catalogue, due, justice, referral
from domain.codes import ResultKind
from domain.consultation import (
    ConsultationJustified,
    ConsultedFor,
    ContactDecided,
    RecordConsulted,
    SearchTouched,
)
from domain.court import (
    TRIAL_ENDS,
    BailEnded,
    BailSet,
    HearingHeld,
    HearingMoved,
    HearingSet,
    StepTaken,
)
from domain.due import AFTERCARE, BEFORE_NOTICE_ENDS, CLOCKS, Clock, DueAnswered, Tier
from domain.envelope import Event, Recorded
from domain.family import ACKNOWLEDGES, CARERS, FamilyAsked, FamilyTold, PromiseEnded, PromiseMade
from domain.grant import GlassBroken, GlassReviewed
from domain.hold import HoldConfirmed, HoldEnded, HoldOrdered, HoldReviewed
from domain.intelligence import ConsentAsked, ConsentGiven, ConsentRefused, ReportWithdrawn
from domain.justice import ArrestMade, NoticeServed, ResultRecorded
from domain.missing import PlanWritten
from domain.notifying import IN_HAND, SPACING, DueAcknowledged, DueEscalated
from domain.observation import (
    NoValueAudited,
    ObservationAssessed,
    ObservationRead,
    ObservationRecorded,
    ObservationTaken,
    ObservationTriaged,
    ObservationWithdrawn,
    UrgencyLowered,
    UrgencyRaised,
)
from domain.proposal import ProposalConfirmed, ProposalMade, ProposalRefused
from domain.protection import AlertAnswered, alert_stream
from domain.referral import (
    CaseClosed,
    CaseOpened,
    CaseReopened,
    MissingFound,
    MissingReported,
    ReturnInterviewRecorded,
    ThresholdAssessed,
    WithholdingWeighed,
    WorkerAllocated,
)
from domain.release import (
    ReleaseConfirmed,
    ReleaseProposed,
    ReleaseRefused,
    ReleaseReviewDue,
    ReleaseReviewed,
)
from domain.retention import (
    HoldLifted,
    HoldPlaced,
    RestrictionLifted,
    RestrictionPlaced,
    ReviewDecided,
)
from domain.subject_request import (
    AccessRequested,
    RequestAnswered,
    RequestExtended,
    RequestPartAnswered,
    RequestPartAsked,
)
from domain.support import ContactMade, NoteWritten, WayChecked
from domain.values import Reader, Role
from projections.batch import Batch
from projections.columns import Column
from projections.schema import COUNTED, Db, View, counted, rows, to_micros

AUDIT: Clock = "no-value-audit"
REVIEW: Clock = "release-review"
HOLD: Clock = "hold-review"
WORDS: Clock = "words-waiting"
URGENT: Clock = "urgent-words"
SILENCE: Clock = "family-silence"
UNSAFE: Clock = "family-silence-unsafe"
ACKNOWLEDGED: Clock = "parent-acknowledged"
ANSWERED: Clock = "parent-answered"
#: By which ways words come with nobody there to hear them.
UNHEARD = frozenset({"sms", "email", "provenance-log"})
WITHHELD: Clock = "withheld-words"
PLAN: Clock = "missing-plan-review"
LEAST_DIGITS = 6
#: Triage outcomes after which the words still wait for an assessor.
STILL_OPEN = ("assess", "more-needed")


@rows("due", key=("id",), index=(("ended", "due"), ("ended", "escalates"), ("item",)))
@dataclass(frozen=True)
class DueRow:
    """What is due about an item. `owner` is who set its date or has taken it; where that is the
    one who may not answer (`not_by`), it is anybody's else of the team. `ref` is the fact that
    began the clock.

    `step` is the next step of its escalation, `stepped` when the last one was taken, of the date
    `stepped_for`; `in_hand` until when it rings for nobody, because one of those who `had` it said
    so, each once: nobody mutes it by saying so again. `escalates` follows from the rest, for
    the index: when that step is taken, if it is unanswered then."""

    table: ClassVar[sa.Table]
    id: UUID
    item: UUID
    clock: Clock
    since: datetime
    due: datetime
    owner: str | None
    not_by: str | None
    team: str
    ref: str
    ended: bool = False
    step: int = 0
    stepped: datetime | None = None
    stepped_for: datetime | None = None
    in_hand: datetime | None = None
    had: tuple[str, ...] = ()
    escalates: datetime | None = None

    def __post_init__(self) -> None:
        if self.stepped_for != self.due:  # it begins, or was put off and begins anew
            anew = {"step": 0, "stepped": None, "stepped_for": self.due, "in_hand": None, "had": ()}
            for name, value in anew.items():
                object.__setattr__(self, name, value)
            object.__setattr__(self, "escalates", self.due)


@rows("escalated", key=("id",), index=(("tier", "at"), ("at",)))
@dataclass(frozen=True)
class EscalatedRow:
    """One step that was taken: `due_id` is what was due, `id` that of the command."""

    table: ClassVar[sa.Table]
    id: UUID
    due_id: UUID
    item: UUID
    clock: Clock
    tier: Tier
    role: Role
    step: int
    due: datetime
    at: datetime


def _escalating(row: DueRow) -> DueRow:
    """The row, with when its next step is taken."""
    rule = CLOCKS[row.clock]
    if rule.tier != "danger" and row.step > len(rule.chain):
        return replace(row, escalates=None)
    after = row.stepped + SPACING[rule.tier] if row.stepped else row.due
    return replace(row, escalates=max(after, row.in_hand) if row.in_hand else after)


@rows("due_looked", key=("id",), index=(("ended", "due"), ("ended", "escalates"), ("item",)))
@dataclass(frozen=True)
class LookedRow(DueRow):
    """What is due to somebody who asked what is held, searched, or looked."""

    table: ClassVar[sa.Table]


@rows("due_cases", key=("case",), index=(("child",),))
@dataclass(frozen=True)
class CaseRow:
    """What a case's clocks depend on: its child, who works with the parents, and which ways to
    reach the family are unsafe."""

    table: ClassVar[sa.Table]
    case: UUID
    child: UUID
    team: str
    worker: str | None = None
    closed: bool = False
    unsafe: tuple[str, ...] = ()


@rows("due_restricted", key=("item",))
@dataclass(frozen=True)
class RestrictedRow:
    """What is out of use: nothing is due about it but its own reviews."""

    table: ClassVar[sa.Table]
    item: UUID


#: What is due about something that is restricted, too.
THROUGHOUT: tuple[Clock, ...] = (
    "restriction-review",
    "retention-review",
    "hold-review",
    "hold-confirmation",
)


def apply(fact: Recorded, batch: Batch) -> None:
    _stepped(fact, batch, DueRow)
    _clocks(fact, batch)


def _clocks(fact: Recorded, batch: Batch) -> None:
    """Clocks begin and end."""
    one = fact.stream
    match fact.event:
        case (
            ObservationRecorded()
            | ObservationRead()
            | ObservationTaken()
            | ObservationTriaged()
            | ObservationAssessed()
            | ObservationWithdrawn()
            | NoValueAudited()
            | UrgencyRaised()
            | UrgencyLowered()
        ):
            _words(fact, batch)
        case (
            CaseOpened()
            | CaseClosed()
            | CaseReopened()
            | ThresholdAssessed()
            | WorkerAllocated()
            | MissingReported()
            | MissingFound()
            | ReturnInterviewRecorded()
            | WithholdingWeighed()
        ):
            _case(fact, batch)
        case PlanWritten() as event:
            _begin(batch, fact, event.case, PLAN, event.review)
        case (
            ContactMade()
            | WayChecked()
            | ArrestMade()
            | AlertAnswered()
            | FamilyTold()
            | PromiseMade()
            | PromiseEnded()
        ):
            _family(fact, batch)
        case ResultRecorded() as event:
            if event.kind in justice.NOT_PURSUED or event.review_due:
                _begin(batch, fact, one, "no-action-review", event.review_due)
            if event.case:
                _after(batch, fact, event.case, event.kind)
        case (
            HearingSet()
            | HearingMoved()
            | HearingHeld()
            | BailSet()
            | BailEnded()
            | StepTaken()
            | FamilyAsked()
        ):
            _court(fact, batch)
        case NoteWritten() as event if event.review:
            _begin(batch, fact, one, "opinion-review", event.review)
        case NoticeServed() as event if event.expires:
            _begin(batch, fact, one, "notice-expiry", event.expires)
            before = due.last_moment(event.expires) - BEFORE_NOTICE_ENDS
            if before > fact.recorded:
                _begin(batch, fact, one, "notice-renewal", at=before)
        case ConsentAsked() as event:
            _begin(batch, fact, one, "consent", key=uuid5(one, str(event.item)), anybody=True)
        case ConsentGiven() | ConsentRefused() as event:
            _end(batch, uuid5(one, str(event.item)), "consent")
        case ReportWithdrawn():
            for waits in batch.find(DueRow, DueRow.table.c.item == one):
                if waits.clock in ("consent", "release-proposal"):
                    batch.put(replace(waits, ended=True))
        case ProposalMade() as event:
            key = uuid5(event.item, event.what)
            _begin(batch, fact, event.item, "proposal", key=key, not_by=fact.by)
        case ProposalConfirmed() | ProposalRefused() as event:
            _end(batch, uuid5(event.item, event.what), "proposal")
        case DueAnswered() as event:
            row = batch.get(DueRow, one)
            if row and event.until:
                batch.put(replace(row, due=event.until, owner=fact.by, ref=fact.ref))
            elif row:
                batch.put(replace(row, ended=True))
        case _:
            _kept(fact, batch)


def _words(fact: Recorded, batch: Batch) -> None:
    """Words wait from when a worker was told them until somebody decides about them, the urgent
    ones for less; a decision that they have no value may be drawn for a second person."""
    one = fact.stream
    match fact.event:
        case ObservationRecorded() as event:
            told = min(event.told or fact.recorded, fact.recorded)
            clock = URGENT if event.urgent else WORDS
            _begin(batch, fact, one, clock, since=told, anybody=True, known_as=WORDS)
            _owed(batch, fact, event, told)
        case ObservationRead() as event:
            if event.urgency_signs and (row := _waiting(batch, one)):
                batch.put(_turned(row, URGENT))
        case UrgencyRaised() | UrgencyLowered() as event:
            if row := _waiting(batch, one):
                batch.put(_turned(row, URGENT if isinstance(event, UrgencyRaised) else WORDS))
        case ObservationTaken():
            if row := _waiting(batch, one):
                batch.put(replace(row, owner=fact.by))
        case ObservationTriaged() as event:
            if row := _waiting(batch, one):
                batch.put(replace(row, ended=event.outcome not in STILL_OPEN))
            if event.sampled:
                _begin(batch, fact, one, AUDIT, not_by=fact.by)
            else:
                _end(batch, one, AUDIT)
        case NoValueAudited() as event:
            row = _waiting(batch, one)
            if row and event.answer == "assess":
                batch.put(replace(row, ended=False, owner=None))
            _end(batch, one, AUDIT)
        case ObservationAssessed() | ObservationWithdrawn():
            _end(batch, one, WORDS)
            _end(batch, one, AUDIT)


def _owed(batch: Batch, fact: Recorded, event: ObservationRecorded, told: datetime) -> None:
    """A family's words are acknowledged, where nobody was there to hear them, and answered: those
    that came from them unheard, and those that the parents' own worker wrote down."""
    case = batch.get(CaseRow, event.case) if event.case else None
    unheard = event.channel in UNHEARD
    if case is None or event.form == "own-observation":
        return
    if not unheard and fact.by != case.worker:
        return
    for clock in (ACKNOWLEDGED, ANSWERED) if unheard else (ANSWERED,):
        open_already = batch.get(DueRow, due.stream(case.case, clock))
        if open_already is None or open_already.ended:
            _begin(batch, fact, case.case, clock, since=told, anybody=True, team=case.team)
            _owned(batch, case, clock)


def _owned(batch: Batch, case: CaseRow, clock: Clock) -> None:
    """What a family is owed is their worker's to do."""
    row = batch.get(DueRow, due.stream(case.case, clock))
    if row and not row.ended:
        batch.put(replace(row, owner=case.worker))


def _answered(batch: Batch, case: UUID, at: datetime, *clocks: Clock) -> None:
    """A family heard from us: what they said before that is acknowledged, or answered."""
    for clock in clocks:
        row = batch.get(DueRow, due.stream(case, clock))
        if row and row.since <= at:
            batch.put(replace(row, ended=True))


def _waiting(batch: Batch, words: UUID) -> DueRow | None:
    """Since when these words wait, or waited."""
    return batch.get(DueRow, due.stream(words, WORDS))


def _turned(row: DueRow, clock: Clock) -> DueRow:
    """The same by another clock, from when it began."""
    return replace(row, clock=clock, due=row.since + CLOCKS[clock].within)


def _case(fact: Recorded, batch: Batch) -> None:
    one = fact.stream
    row = None if isinstance(fact.event, CaseOpened) else batch.get(CaseRow, one)
    match fact.event:
        case CaseOpened() as event:
            batch.put(CaseRow(one, event.child, event.team))
            _begin(batch, fact, one, "unallocated-child", anybody=True, team=event.team)
            _begin(batch, fact, one, "threshold-reassessment", anybody=True, team=event.team)
        case ThresholdAssessed() if row and not row.closed:
            _begin(batch, fact, one, "threshold-reassessment", anybody=True, team=row.team)
        case WorkerAllocated() as event:
            _end(batch, one, "unallocated-child")
            if row and event.allocated_for == "parents":
                row = replace(row, worker=event.worker)
                batch.put(row)
                _silent_since(batch, fact, row, fact.recorded)
                for clock in (ACKNOWLEDGED, ANSWERED):
                    _owned(batch, row, clock)
        case MissingReported():
            _begin(batch, fact, one, "missing-child", anybody=True, team=row.team if row else None)
        case MissingFound() as event:
            _end(batch, one, "missing-child")
            _came_back(batch, fact, event.found)
        case ReturnInterviewRecorded() as event:
            if event.state != "offered":
                _end(batch, one, "return-interview")
            if referral.waits(event) and not _runs(batch, one, WITHHELD):
                _begin(batch, fact, one, WITHHELD, anybody=True)
        case WithholdingWeighed():
            _end(batch, one, WITHHELD)
        case CaseClosed() if row:
            batch.put(replace(row, closed=True))
            for clock in ("unallocated-child", "threshold-reassessment", SILENCE):
                _end(batch, one, clock)
        case CaseReopened() if row:
            batch.put(replace(row, closed=False))
            _begin(batch, fact, one, "threshold-reassessment", anybody=True, team=row.team)
            if row.worker:
                _silent_since(batch, fact, row, fact.recorded)
            else:
                _begin(batch, fact, one, "unallocated-child", anybody=True, team=row.team)


def _stepped(fact: Recorded, batch: Batch, kind: type[DueRow]) -> None:
    """It went on to somebody, or somebody has it in hand."""
    match fact.event:
        case DueEscalated() as event:
            if kind is DueRow:
                _went_on(fact, batch, event)
            row = batch.get(kind, event.of)
            if row and row.due == event.due and not row.ended:
                taken = replace(row, step=event.step + 1, stepped=fact.recorded)
                batch.put(_escalating(taken))
        case DueAcknowledged() as event:
            if row := batch.get(kind, event.of):
                _in_hand(batch, fact, row)
        case ObservationTaken():
            for row in batch.find(kind, kind.table.c.item == fact.stream):
                _in_hand(batch, fact, row)


def _went_on(fact: Recorded, batch: Batch, step: DueEscalated) -> None:
    """A step, of whatever was due."""
    clock = next((one for one in CLOCKS if one == step.clock), None)
    if clock is None:
        return
    batch.put(
        EscalatedRow(
            fact.command_id,
            step.of,
            step.item,
            clock,
            CLOCKS[clock].tier,
            step.role,
            step.step,
            step.due,
            fact.recorded,
        )
    )


def _in_hand(batch: Batch, fact: Recorded, row: DueRow) -> None:
    """What rings is quiet for a while, once for each who says so."""
    rings = CLOCKS[row.clock].tier == "danger" and not row.ended
    if rings and fact.by not in row.had:
        had = replace(row, in_hand=fact.recorded + IN_HAND, had=(*row.had, fact.by))
        batch.put(_escalating(had))


def _came_back(batch: Batch, fact: Recorded, found: datetime | None) -> None:
    """A child was found; one that is owed an interview already waits no longer for going missing
    again."""
    owed = batch.get(DueRow, due.stream(fact.stream, "return-interview"))
    if owed is None or owed.ended:
        back = min(found or fact.recorded, fact.recorded)
        _begin(batch, fact, fact.stream, "return-interview", since=back, anybody=True)


def _family(fact: Recorded, batch: Batch) -> None:
    one = fact.stream
    match fact.event:
        case ContactMade() | FamilyTold() as event if event.whom != "professional":
            row = batch.get(CaseRow, event.case)
            met = min(event.happened or fact.recorded, fact.recorded)
            if row and not row.closed:
                _silent_since(batch, fact, row, met)
            if event.whom in CARERS:
                _answered(batch, event.case, met, ACKNOWLEDGED)
                if isinstance(event, FamilyTold) and event.became not in ACKNOWLEDGES:
                    _answered(batch, event.case, met, ANSWERED)
        case PromiseMade() as event:
            _begin(batch, fact, one, "promise", event.by)
        case PromiseEnded():
            _end(batch, one, "promise")
        case WayChecked() as event:
            way = str(event.channel or event.told or "")
            row = batch.get(CaseRow, event.case)
            if row and event.verdict != "ask-first":
                unsafe = {*row.unsafe, way} if event.verdict == "unsafe" else {*row.unsafe} - {way}
                row = replace(row, unsafe=tuple(sorted(unsafe)))
                batch.put(row)
                _silent_by(batch, row)
            if event.verdict == "unsafe":
                alert = alert_stream(event.case, "unsafe-contact", one)
                team = row.team if row else None
                _begin(batch, fact, event.case, "alert", key=alert, anybody=True, team=team)
        case ArrestMade() as event:
            for row in batch.find(CaseRow, CaseRow.table.c.child == event.person):
                alert = alert_stream(row.case, "arrest-of-victim", one)
                _begin(batch, fact, one, "alert", key=alert, anybody=True, team=row.team)
        case AlertAnswered():
            _end(batch, one, "alert")


def _court(fact: Recorded, batch: Batch) -> None:
    """A hearing comes, bail ends, and what was seen to afterwards is done."""
    one = fact.stream
    match fact.event:
        case HearingSet() as event:
            case = batch.get(CaseRow, event.case)
            _begin(batch, fact, one, "hearing", at=event.starts, anybody=True)
            row = batch.get(DueRow, due.stream(one, "hearing"))
            if row and case and case.worker:
                batch.put(replace(row, owner=case.worker))
        case HearingMoved() as moved:
            if row := batch.get(DueRow, due.stream(one, "hearing")):
                batch.put(replace(row, due=moved.starts, ref=fact.ref))
        case HearingHeld():
            _end(batch, one, "hearing")
        case BailSet() as bail if bail.until:
            _begin(batch, fact, one, "bail-ends", bail.until)
        case BailEnded():
            _end(batch, one, "bail-ends")
        case StepTaken(step="debrief", state="done" | "not-wanted") as step:
            _end(batch, step.case, "debrief")
        case StepTaken(step="aftercare", state="done" | "not-wanted") as step:
            _looked_after(batch, step.case)
        case FamilyAsked() as asked:
            _end(batch, asked.case, "feedback")


def _after(batch: Batch, fact: Recorded, case: UUID, kind: ResultKind) -> None:
    """A trial ended, or no trial comes: the family is debriefed, looked after and asked. What runs
    already goes on: a sentence follows its verdict."""
    filed = batch.get(CaseRow, case)
    clocks: tuple[Clock, ...] = ()
    if kind in TRIAL_ENDS:
        clocks = ("debrief", *(clock for clock, _, _ in AFTERCARE), "feedback")
    elif kind in justice.NOT_PURSUED:
        clocks = ("feedback",)
    for clock in clocks:
        if not batch.get(DueRow, due.stream(case, clock)):
            team = filed.team if filed else None
            _begin(batch, fact, case, clock, anybody=True, team=team)
            if filed:
                _owned(batch, filed, clock)


def _looked_after(batch: Batch, case: UUID) -> None:
    """The first of what is owed after a trial is done."""
    for clock, _, _ in AFTERCARE:
        row = batch.get(DueRow, due.stream(case, clock))
        if row and not row.ended:
            batch.put(replace(row, ended=True))
            return


def _silent_since(batch: Batch, fact: Recorded, case: CaseRow, met: datetime) -> None:
    """Nobody was in contact with the family since then, as far as is known; what is told of an
    earlier contact moves nothing."""
    row = batch.get(DueRow, due.stream(case.case, SILENCE))
    if row is None or row.ended or met > row.since:
        _begin(batch, fact, case.case, SILENCE, since=met, anybody=True, team=case.team)
        _silent_by(batch, case)


def _silent_by(batch: Batch, case: CaseRow) -> None:
    """Whose a family's silence is: their worker's, and a supervisor's alone where a way to reach
    them is unsafe."""
    row = batch.get(DueRow, due.stream(case.case, SILENCE))
    if row and case.unsafe and row.clock != UNSAFE:
        batch.put(replace(row, clock=UNSAFE, owner=None))
    elif row and not case.unsafe:
        batch.put(replace(row, clock=SILENCE, owner=case.worker))


def _kept(fact: Recorded, batch: Batch) -> None:
    """What is shared, held, restricted or retained."""
    one = fact.stream
    match fact.event:
        case ReleaseProposed():
            _begin(batch, fact, one, "release-proposal", not_by=fact.by)
        case ReleaseConfirmed() | ReleaseRefused():
            _end(batch, one, "release-proposal")
        case ReleaseReviewDue() as event:
            _begin(batch, fact, one, REVIEW, at=event.due, not_by=fact.by)
        case ReleaseReviewed():
            _end(batch, one, REVIEW)
        case RestrictionPlaced() as event:
            batch.put(RestrictedRow(event.item))
            _begin(batch, fact, event.item, "restriction-review")
        case RestrictionLifted() as event:
            batch.drop(RestrictedRow, event.item)
            _end(batch, event.item, "restriction-review")
        case ReviewDecided() as event:
            _end(batch, event.item, "retention-review")
            if event.until:
                _begin(batch, fact, event.item, "retention-review", at=event.until)
        case HoldOrdered() as event:
            _begin(batch, fact, one, HOLD, at=event.review)
            if event.query.kind == "store":
                _begin(batch, fact, one, "hold-confirmation", not_by=fact.by)
        case HoldReviewed() as event:
            _begin(batch, fact, one, HOLD, at=event.review)
        case HoldConfirmed():
            _end(batch, one, "hold-confirmation")
        case HoldEnded():
            _end(batch, one, HOLD)
            _end(batch, one, "hold-confirmation")
        case HoldPlaced() as event:
            _begin(batch, fact, event.item, HOLD)
        case HoldLifted() as event:
            _end(batch, event.item, HOLD)


def looked(fact: Recorded, batch: Batch) -> None:
    """Of the access log: what is owed to who asks what is held about them, to a child whom two
    teams look for, and to a case that was opened past the rules."""
    one = fact.stream
    _stepped(fact, batch, LookedRow)
    match fact.event:
        case AccessRequested() as event:
            _begin(
                batch,
                fact,
                event.subject,
                "access-request",
                at=event.due,
                since=event.received,
                anybody=True,
                key=one,
                kind=LookedRow,
            )
        case RequestExtended() as event:
            _each_of(batch, one, due=event.due)
        case RequestPartAsked() as event:
            if whole := batch.get(LookedRow, due.stream(one, "access-request")):
                _begin(
                    batch,
                    fact,
                    one,
                    "access-request-part",
                    at=whole.due,
                    anybody=True,
                    key=uuid5(one, event.team),
                    team=event.team,
                    kind=LookedRow,
                )
        case RequestPartAnswered() as event:
            _end(batch, uuid5(one, event.team), "access-request-part", LookedRow)
        case RequestAnswered():
            _each_of(batch, one, ended=True)
        case SearchTouched() as event:
            _begin(
                batch,
                fact,
                event.case,
                "contact-decision",
                anybody=True,
                key=one,
                team=event.team,
                kind=LookedRow,
            )
        case ContactDecided():
            _end(batch, one, "contact-decision", LookedRow)
        case GlassBroken() as event:
            _begin(
                batch,
                fact,
                event.case,
                "glass-review",
                not_by=event.user,
                key=one,
                team="",
                kind=LookedRow,
            )
        case GlassReviewed():
            _end(batch, one, "glass-review", LookedRow)


def _each_of(batch: Batch, request: UUID, **changes: Any) -> None:
    """A request, and what other teams have still to decide of it."""
    parts = batch.find(LookedRow, LookedRow.table.c.item == request)
    whole = batch.get(LookedRow, due.stream(request, "access-request"))
    for row in (*parts, *([whole] if whole else [])):
        if not row.ended:
            batch.put(replace(row, **changes))


def _runs(batch: Batch, item: UUID, clock: Clock) -> bool:
    """Whether this clock waits for an answer already."""
    row = batch.get(DueRow, due.stream(item, clock))
    return row is not None and not row.ended


def _begin(
    batch: Batch,
    fact: Recorded,
    item: UUID,
    clock: Clock,
    day: date | None = None,
    *,
    at: datetime | None = None,
    since: datetime | None = None,
    not_by: str | None = None,
    anybody: bool = False,
    key: UUID | None = None,
    known_as: Clock | None = None,
    team: str | None = None,
    kind: type[DueRow] = DueRow,
) -> None:
    """A clock begins; whose it is is said by its role where `anybody` may answer. `key` is what it
    is known by where its item may have several, `known_as` by which clock where that may change."""
    began = since or fact.recorded
    when = at or due.instant(clock, began, day)
    if when is None:
        return
    owner = None if not_by or anybody else fact.by
    one = due.stream(key or item, known_as or clock)
    team = fact.team if team is None else team
    batch.put(kind(one, item, clock, began, when, owner, not_by, team, fact.ref))


def _end(batch: Batch, key: UUID, clock: Clock, kind: type[DueRow] = DueRow) -> None:
    if row := batch.get(kind, due.stream(key, clock)):
        batch.put(replace(row, ended=True))


VIEW = View("due", (DueRow, CaseRow, RestrictedRow, EscalatedRow), apply, version=9)
#: Questions come often, and nothing is due by them; of the evidence log only steps matter.
_STEPS: frozenset[type[Event]] = frozenset({DueEscalated, DueAcknowledged})
_PASSED = (
    frozenset[type[Event]]({ConsultationJustified, ConsultedFor, RecordConsulted})
    | frozenset(catalogue.by_log()["evidence"])
) - _STEPS
LOOKED_VIEW = View(
    "due_looked", (LookedRow,), looked, ("access", "evidence"), passes=_PASSED, version=2
)


# --- queries ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Due:
    """What is due, at a moment. `what` says it in words, `item` is what it is about, `about` what
    that is called for who sees it; `owner` is a person, or (None) anybody of the team in the role
    `owner_role`. While nobody acts it goes to the roles of `chain` in turn, first to
    `escalates_to`."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("due", "due", "moment"),
        Column("overdue", "past", "mark"),
        Column("what", "what"),
        Column("about", "about"),
        Column("whose", "whose"),
        Column("tier", "tier"),
        Column("item", "item", "id"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("due", "since", "id")
    id: UUID
    what: str
    clock: Clock
    item: UUID
    since: datetime
    due: datetime
    overdue: bool
    owner: str | None
    owner_role: Role
    escalates_to: Role
    chain: tuple[Role, ...]
    tier: Tier
    team: str
    because: tuple[str, ...]
    about: str | None = None

    @property
    def whose(self) -> str:
        """Who has to answer it."""
        return self.owner or f"a {self.owner_role} of {self.team or 'its team'}"


@dataclass(frozen=True)
class Asked:
    """Which part: those that are the reader's own to answer, one person's, a team's, only what is
    past (and went past after a moment), one clock's, or of one tier. `after` is how long a force
    gives a clock instead of its rule's time."""

    mine: bool = False
    owner: str | None = None
    team: str | None = None
    past: bool = False
    clock: Clock | None = None
    tier: Tier | None = None
    past_since: datetime | None = None
    after: Mapping[Clock, timedelta] = field(default_factory=dict)


#: By which columns of what is asked for it is ordered: when it is due, since when, its id.
_KEY = (len(DueRow.table.c), 3, 0)


def listed(db: Db, reader: Reader, now: datetime, asked: Asked) -> list[Due]:
    """What is due, soonest first."""
    return page(db, reader, now, asked)


def page(
    db: Db, reader: Reader, now: datetime, asked: Asked, *, skip: int = 0, most: int | None = None
) -> list[Due]:
    """So many of what is due (None: all), behind so many others, soonest first."""
    parts = _parts(reader, now, asked)
    looks = _some(db, parts.get(LookedRow), 0, None if most is None else skip + most)
    # at most so many of these stand before the page: the others begin behind the rest
    behind = max(0, skip - len(looks))
    wanted = None if most is None else skip - behind + most
    others = _some(db, parts.get(DueRow), behind, wanted)
    both: list[Any] = [*others, *looks]
    found = sorted(both, key=itemgetter(*_KEY))[skip - behind :]
    rows = _checked(db, reader, [DueRow(*row[:-1]) for row in found[:most]])
    return [_due(row, now, asked) for row in rows]


def _some(
    db: Db, part: sa.Select[Any] | None, skip: int, most: int | None
) -> Sequence[sa.Row[Any]]:
    """So many rows of one table in their order, each table by its own index."""
    if part is None:
        return ()
    order: list[sa.ColumnElement[Any]] = [sa.literal_column(one) for one in ("at", "since", "id")]
    return db.execute(part.order_by(*order).limit(most).offset(skip or None)).all()


def tally(
    db: Db, reader: Reader, now: datetime, asked: Asked, *, most: int = COUNTED
) -> tuple[int, int]:
    """How much is due, and how much of it is past, each as `counted` says it."""
    late = replace(asked, past=True)
    every, past = (_parts(reader, now, one).values() for one in (asked, late))
    return _counted(db, every, most), _counted(db, past, most)


def _counted(db: Db, parts: Iterable[sa.Select[Any]], most: int) -> int:
    return min(sum(counted(db, one, most) for one in parts), most + 1)


def get(db: Db, reader: Reader, one: UUID) -> DueRow | None:
    """What is due under this id."""
    found = _fetch(db, reader, lambda c: (c.id == one, sa.not_(c.ended)))
    return found[0] if found else None


def named(db: Db, reader: Reader, ending: str) -> list[UUID]:
    """What an id or its ending may mean, answered or not."""
    wanted = ending.strip().lower().replace("-", "")
    if len(wanted) < LEAST_DIGITS or set(wanted) - set("0123456789abcdef"):
        return []

    def fits(c: Any) -> tuple[sa.ColumnElement[bool], ...]:
        digits = sa.func.replace(sa.cast(c.id, sa.Text), "-", "")
        return (sa.func.lower(digits).like(f"%{wanted}"),)

    return [row.id for row in _fetch(db, reader, fits)]


def _fetch(
    db: Db, reader: Reader, where: Callable[[Any], tuple[sa.ColumnElement[bool], ...]]
) -> list[DueRow]:
    """Rows of either table, as far as the reader is told of them."""
    found: list[DueRow] = []
    for kind in (DueRow, LookedRow):
        told = _told(reader, kind)
        select = sa.select(kind.table).where(*where(kind.table.c), told).order_by(kind.table.c.id)
        found += [DueRow(*row) for row in db.execute(select)]
    return _checked(db, reader, found)


def _parts(reader: Reader, now: datetime, asked: Asked) -> dict[type[DueRow], sa.Select[Any]]:
    """What is asked for, of each table that has any of it; the last column is when it is due."""
    return {
        kind: _asked_of(kind, reader, now, asked)
        for kind, clocks in ((DueRow, OF_EVIDENCE), (LookedRow, OF_LOOKS))
        if asked.clock is None or asked.clock in clocks
    }


def _asked_of(kind: type[DueRow], reader: Reader, now: datetime, asked: Asked) -> sa.Select[Any]:
    c = kind.table.c
    at = _when(c, asked)
    restricted = sa.select(RestrictedRow.table.c.item)
    in_use = sa.or_(c.clock.in_(THROUGHOUT), c.item.not_in(restricted))
    where = [sa.not_(c.ended), in_use, _told(reader, kind)]
    if asked.past:
        where.append(at < to_micros(now))
    if asked.past_since:
        where.append(at >= to_micros(asked.past_since))
    if asked.owner:
        where.append(c.owner == asked.owner)
    if asked.team:
        where.append(c.team == asked.team)
    if asked.clock:
        where.append(c.clock == asked.clock)
    if asked.tier:
        where.append(c.clock.in_([one for one, rule in CLOCKS.items() if rule.tier == asked.tier]))
    if asked.mine:
        where.append(_mine(reader, c))
    return sa.select(kind.table, at.label("at")).where(*where)


def _when(c: Any, asked: Asked) -> sa.ColumnElement[int]:
    """When it is due: as stored, but for clocks to which a force gives another time."""
    stored = sa.type_coerce(c.due, sa.BigInteger)
    since = sa.type_coerce(c.since, sa.BigInteger)
    others = [
        (c.clock == clock, since + after // timedelta(microseconds=1))
        for clock, after in asked.after.items()
        if after != CLOCKS[clock].after
    ]
    return sa.case(*others, else_=stored) if others else stored


def _mine(reader: Reader, c: Any) -> sa.ColumnElement[bool]:
    """What is the reader's own, and what is nobody's own and may be answered in their role."""
    theirs = [
        clock for clock, rule in CLOCKS.items() if not reader.closed or rule.role in reader.roles
    ]
    ours = c.team.in_(sorted({reader.team, *reader.teams, ""}))
    others = sa.or_(c.not_by.is_(None), c.not_by != reader.name)
    anybodys = sa.and_(c.owner.is_(None), others, ours, c.clock.in_(theirs))
    return sa.or_(c.owner == reader.name, anybodys)


# --- who is told of it ----------------------------------------------------------------------------

#: By which acts what is due by these clocks is told, where it is another than seeing its item: of
#: words that wait their clock is enough; of holds who approves erasures is told, of proposals who
#: confirms; how often a family is visited is told to those who support it and to those who lead.
_BY: tuple[tuple[tuple[Clock, ...], tuple[Act | None, ...]], ...] = (
    ((AUDIT, WORDS, URGENT), (None, "see-clock")),
    ((HOLD, "hold-confirmation"), (None, "approve-erasure")),
    (("proposal",), ("confirm", "oversee", "outcome", "erase")),
    (
        (
            *(SILENCE, UNSAFE, ACKNOWLEDGED, ANSWERED, "debrief", "feedback"),
            *(clock for clock, _, _ in AFTERCARE),
        ),
        ("see-support", "allocate", "oversee"),
    ),
    (("promise",), ("see-support",)),
    (("access-request",), ("disclose", "allocate", "oversee")),
    (("glass-review",), ("review-glass",)),
)
_ACTS: dict[Clock, tuple[Act | None, ...]] = {
    clock: acts for clocks, acts in _BY for clock in clocks
}
#: Theirs whose team it is, and nobody's else.
_PART: Clock = "access-request-part"
_CONTACT: Clock = "contact-decision"
OF_LOOKS: tuple[Clock, ...] = ("access-request", _PART, _CONTACT, "glass-review")
OF_EVIDENCE: tuple[Clock, ...] = tuple(clock for clock in CLOCKS if clock not in OF_LOOKS)


def _told(reader: Reader, kind: type[DueRow]) -> sa.ColumnElement[bool]:
    """The condition that the reader is told of it."""
    if not reader.closed:
        return sa.true()
    c, clocks = kind.table.c, OF_LOOKS if kind is LookedRow else OF_EVIDENCE
    own: set[Clock] = {_PART, _CONTACT} | _ACTS.keys()
    plain = scope.sees(reader, c.item, singly=True)
    ways = [sa.and_(c.clock.in_([one for one in clocks if one not in own]), plain)]
    for group, acts in _BY:
        if group[0] in clocks:
            by = (scope.may(reader, act, c.item, singly=True) if act else plain for act in acts)
            ways.append(sa.and_(c.clock.in_(group), sa.or_(*by)))
    if kind is LookedRow:
        theirs = sa.or_(c.team.in_(sorted(reader.teams)), c.item.in_(sorted(reader.cases)))
        ways.append(sa.and_(c.clock == _CONTACT, theirs, plain))
        if _answers_parts(reader):
            every = width(reader, "see-alerts") == "any"
            of_team = sa.true() if every else c.team.in_(sorted(reader.teams))
            ways.append(sa.and_(c.clock == _PART, of_team))
        if decide(reader, "disclose").allowed:
            ways.append(sa.and_(c.clock == "access-request", plain))
    return sa.or_(*ways)


def _answers_parts(reader: Reader) -> bool:
    return bool(width(reader, "see-alerts")) or decide(reader, "answer-subject").allowed


def _checked(db: Db, reader: Reader, rows: list[DueRow]) -> list[DueRow]:
    """The rows that stand the second check."""
    if not reader.closed:
        return rows
    seen = scope.seen(db, reader, {row.item for row in rows})
    reached: dict[Act, set[UUID]] = {}
    for _, acts in _BY:
        for act in acts:
            if act:
                asked = {row.item for row in rows if act in _ACTS.get(row.clock, ())}
                reached[act] = scope.reached(db, reader, act, asked)
    discloses = decide(reader, "disclose").allowed

    def stands(row: DueRow) -> bool:
        if row.clock == _PART:
            every = width(reader, "see-alerts") == "any"
            return _answers_parts(reader) and (every or row.team in reader.teams)
        if row.clock == _CONTACT and not (row.team in reader.teams or row.item in reader.cases):
            return False
        acts = _ACTS.get(row.clock, (None,))
        if row.clock == "access-request" and discloses and row.item in seen:
            return True
        return any(row.item in (reached[act] if act else seen) for act in acts)

    return [row for row in rows if stands(row)]


def unsafe(one: Due) -> Due:
    """A family's silence, where a way to reach them has become unsafe: a supervisor's."""
    rule = CLOCKS[UNSAFE]
    return replace(
        one,
        what=rule.says,
        clock=UNSAFE,
        owner=None,
        owner_role=rule.role,
        escalates_to=rule.chain[0],
        chain=rule.chain,
        tier=rule.tier,
    )


def _due(row: DueRow, now: datetime, asked: Asked) -> Due:
    rule = CLOCKS[row.clock]
    after = asked.after.get(row.clock)
    when = row.since + after if after is not None and after != rule.after else row.due
    return Due(
        row.id,
        rule.says,
        row.clock,
        row.item,
        row.since,
        when,
        now > when,
        row.owner,
        rule.role,
        rule.chain[0],
        rule.chain,
        rule.tier,
        row.team,
        (row.ref,),
    )


# --- to whom it goes on -------------------------------------------------------------------------

#: The tables of what is due.
KINDS: tuple[type[DueRow], ...] = (DueRow, LookedRow)


def to_escalate(db: Db, now: datetime, most: int) -> list[DueRow]:
    """What nobody answered in time and goes on now, what has waited longest first; everybody's, for
    those who carry it on: it is shown to nobody."""
    found: list[DueRow] = []
    for kind in KINDS:
        c = kind.table.c
        late = sa.not_(c.ended), c.escalates <= now
        select = sa.select(kind.table).where(*late).order_by(c.escalates, c.id)
        found += [DueRow(*row) for row in db.execute(select.limit(most))]
    return found


def went_on(
    db: Db, tiers: Collection[Tier], since: datetime, most: int
) -> list[tuple[EscalatedRow, DueRow | None]]:
    """The steps taken since then, oldest first, each with what is unanswered still; as
    `to_escalate`."""
    e = EscalatedRow.table.c
    select = sa.select(EscalatedRow.table).where(e.tier.in_(tiers), e.at >= since)
    steps = [EscalatedRow(*row) for row in db.execute(select.order_by(e.at, e.id).limit(most))]
    wanted = sorted({step.due_id for step in steps})
    standing: dict[UUID, DueRow] = {}
    for kind in KINDS:
        c = kind.table.c
        there = sa.select(kind.table).where(c.id.in_(wanted), sa.not_(c.ended))
        standing |= {row.id: DueRow(*row) for row in db.execute(there)}
    rows = [standing.get(step.due_id) for step in steps]
    return [
        (step, row if row and row.due == step.due else None)
        for step, row in zip(steps, rows, strict=True)
    ]


def escalated(db: Db, reader: Reader, most: int) -> list[EscalatedRow]:
    """The last steps taken of what the reader sees, newest first."""
    table = EscalatedRow.table
    shown: list[EscalatedRow] = []
    before: datetime | None = None
    while len(shown) < most:
        where = [table.c.at < before] if before else []
        select = sa.select(table).where(*where).order_by(table.c.at.desc(), table.c.id)
        found = [EscalatedRow(*row) for row in db.execute(select.limit(most))]
        if not found:
            break
        seen = visible(db, reader, {row.due_id for row in found})
        shown += [row for row in found if row.due_id in seen]
        before = found[-1].at
    return shown[:most]


def visible(db: Db, reader: Reader, ids: Collection[UUID]) -> set[UUID]:
    """Which of these things due somebody may see."""
    return {row.id for row in _fetch(db, reader, lambda c: (c.id.in_(sorted(ids)),))}


def theirs(reader: Reader, row: DueRow, role: Role, step: int) -> bool:
    """Whether a step goes to this person, if they may see it: to who set its date, then to roles,
    and never to the one who may not answer it."""
    if step == 0 and row.owner is not None:
        return row.owner == reader.name
    return role in reader.roles and row.not_by != reader.name
