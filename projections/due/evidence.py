"""Deadlines that begin and end with events of the evidence log.

The file is long because each type of deadline has its branch here; only deadlines about families
have a file of their own.
"""

from collections.abc import Callable
from datetime import date, datetime

from msgspec.structs import replace

from domain.clocks import CHARTER_STANDS, CLOCKS
from domain.data_protection.legal_hold import HoldOrdered
from domain.data_protection.retention import (
    CLAIMED,
    RestrictionPlaced,
)
from domain.families import referral, supervision
from domain.families.charter import CharterAcknowledged
from domain.families.referral import (
    CaseClosed,
    CaseOpened,
    CaseReopened,
    ExitAssessed,
    ExitReopened,
    MissingFound,
    RatingReopened,
    ReturnInterviewRecorded,
    ThresholdAssessed,
    WorkerAllocated,
)
from domain.families.supervision import SupervisionTold
from domain.forms import working_days
from domain.forms.intervals import LONDON
from domain.information.observation import (
    IMPORTED_ROW,
    NoValueAudited,
    ObservationRead,
    ObservationRecorded,
    ObservationRefiled,
    ObservationTaken,
    ObservationTriaged,
    UrgencyChanged,
)
from domain.intelligence.intelligence_report import (
    ReportWithdrawn,
)
from domain.intelligence.meeting import Decided, ResultTold
from domain.justice import arrest_to_result
from domain.justice.arrest_to_result import ResultRecorded, ResultReopened
from domain.kernel.codes import Clock
from domain.kernel.envelope import Recorded
from domain.people_and_teams import deadline, report_card
from domain.people_and_teams.deadline import DueAnswered
from domain.people_and_teams.report_card import TargetSet
from projections.due import (
    arrests,
    contact_words,
    declared,
    family,
    law,
    sentenced,
    victims,
    warned,
)
from projections.due.rows import (
    AUDIT,
    SILENCE,
    URGENT,
    WORDS,
    CaseRow,
    DueRow,
    RestrictedRow,
    begin,
    end,
    find_waiting,
    owned,
)
from projections.due.steps import BegunRow, EscalatedRow, began, row_for_others, stepped
from projections.kernel.batch import RowBatch
from projections.kernel.restricted import restrict
from projections.kernel.schema import View

WITHHELD: Clock = "withheld-words"
DECISION: Clock = "meeting-decision"
SUPERVISION: Clock = "supervision"
CHARTER: Clock = "charter"
ADULT: Clock = "adult-services"
TARGET: Clock = "target-told"
#: Triage outcomes after which the log entry still waits for an assessor.
STILL_OPEN = ("assess", "more-needed")


def apply(fact: Recorded, batch: RowBatch) -> None:
    stepped(fact, batch, DueRow)
    began(fact, batch)
    declared.apply(fact, batch)
    for handle in HANDLERS:
        handle(fact, batch)


def _no_action(fact: Recorded, batch: RowBatch) -> None:
    """Set the day on which a decision of no further action is reviewed. If a later fact reopens the
    decision, the review is due on the next working day.
    """
    item = fact.stream
    match fact.event:
        case ResultRecorded() as event:
            if event.kind in arrest_to_result.NOT_PURSUED or event.review_due:
                begin(batch, fact, item, "no-action-review", event.review_due)
        case ResultReopened():
            before = find_waiting(batch, item, "no-action-review")
            owner = before.owner if before else None
            day = _next_working_day(fact)
            begin(batch, fact, item, "no-action-review", day, anybody=owner is None, owner=owner)


def _answered(fact: Recorded, batch: RowBatch) -> None:
    """End a deadline, or postpone it to another day, because a person answered it."""
    match fact.event:
        case DueAnswered() as event if row := batch.get(DueRow, fact.stream):
            if event.until:
                owner = row.owner if row.clock == DECISION else fact.by
                batch.put(replace(row, due=event.until, owner=owner, ref=fact.ref))
            else:
                batch.put(replace(row, ended=True))


def _second(fact: Recorded, batch: RowBatch) -> None:
    """When a report is withdrawn, end the deadlines for a second person's decisions about the
    report: about the originator's consent, and about a proposal to pass the report on.
    """
    match fact.event:
        case ReportWithdrawn():
            for waits in batch.having(DueRow, item=fact.stream):
                if waits.clock in ("consent", "release-proposal"):
                    batch.put(replace(waits, ended=True))


def _decided(fact: Recorded, batch: RowBatch) -> None:
    """Begin the deadline of a meeting's decision, for its owner, and end it when the result is
    recorded."""
    match fact.event:
        case Decided() as event:
            begin(batch, fact, fact.stream, DECISION, event.by)
            owned(batch, fact.stream, DECISION, event.owner)
        case ResultTold() as event if event.state != "under-way":
            end(batch, fact.stream, DECISION)


def _supervised(fact: Recorded, batch: RowBatch) -> None:
    """Begin three deadlines: for the next supervision of a family's worker, for the worker's next
    reading of the charter, and for the next report to a funder about a year's targets.
    """
    match fact.event:
        case WorkerAllocated() as event:
            item = supervision.stream(event.worker)
            row = batch.get(CaseRow, fact.stream)
            if not find_waiting(batch, item, SUPERVISION):
                team = row.team if row else None
                begin(batch, fact, item, SUPERVISION, anybody=True, team=team)
            if batch.get(DueRow, deadline.stream(item, CHARTER)) is None:
                team = row.team if row else None
                begin(batch, fact, item, CHARTER, anybody=True, team=team)
                owned(batch, item, CHARTER, event.worker)
        case TargetSet() as target:
            day, team = report_card.last_report_day(target.year), target.team
            begin(
                batch,
                fact,
                fact.stream,
                TARGET,
                day,
                key=report_card.report_stream(target),
                team=team,
            )
        case CharterAcknowledged() as read:
            again = fact.recorded + CHARTER_STANDS
            begin(batch, fact, fact.stream, CHARTER, at=again, anybody=True)
            owned(batch, fact.stream, CHARTER, read.worker)
        case SupervisionTold(kind="line", state="held") as told:
            since = min(deadline.last_moment(told.day), fact.recorded)
            runs = find_waiting(batch, fact.stream, SUPERVISION)
            if runs is None or since > runs.since:
                begin(batch, fact, fact.stream, SUPERVISION, since=since, anybody=True)


def _words(fact: Recorded, batch: RowBatch) -> None:
    """Begin the deadline for deciding about a log entry at the time when a worker heard the entry.
    The deadline is shorter if the entry is urgent; it ends when an officer decides.

    Some decisions of "no value" are checked by a second person; for these, begin the deadline of
    the check.
    """
    item = fact.stream
    match fact.event:
        case ObservationRecorded() as event if event.channel != IMPORTED_ROW:
            moment = min(event.told or fact.recorded, fact.recorded)
            clock = URGENT if event.urgent else WORDS
            begin(batch, fact, item, clock, since=moment, anybody=True, known_as=WORDS)
        case ObservationRead() as event:
            if event.urgency_signs and (row := batch.get(DueRow, deadline.stream(item, WORDS))):
                batch.put(_turned(row, URGENT))
        case UrgencyChanged() as event:
            if row := batch.get(DueRow, deadline.stream(item, WORDS)):
                batch.put(_turned(row, URGENT if event.raised else WORDS))
            elif event.raised:  # an entry from an imported network had none
                begin(batch, fact, item, URGENT, anybody=True, known_as=WORDS)
        case ObservationTaken():
            if row := batch.get(DueRow, deadline.stream(item, WORDS)):
                batch.put(replace(row, owner=fact.by))
        case ObservationTriaged() as event:
            if row := batch.get(DueRow, deadline.stream(item, WORDS)):
                batch.put(replace(row, ended=event.outcome not in STILL_OPEN))
            elif event.outcome in STILL_OPEN:
                begin(batch, fact, item, WORDS, anybody=True)
            if event.sampled:
                begin(batch, fact, item, AUDIT, not_by=fact.by)
            else:
                end(batch, item, AUDIT)
        case NoValueAudited() as event:
            row = batch.get(DueRow, deadline.stream(item, WORDS))
            if row and event.answer == "assess":
                batch.put(replace(row, ended=False, owner=None))
            end(batch, item, AUDIT)


def _moved(fact: Recorded, batch: RowBatch) -> None:
    """Move the deadlines of a log entry to the team of the entry's new case. The deadlines then
    have no owner, because the former owner may not be allowed to see the entry.
    """
    match fact.event:
        case ObservationRefiled() as event if case := batch.get(CaseRow, event.case):
            for clock in (WORDS, AUDIT):
                row = batch.get(DueRow, deadline.stream(fact.stream, clock))
                if row and row.team != case.team:
                    batch.put(row_for_others(replace(row, team=case.team, owner=None)))


def _turned(row: DueRow, clock: Clock) -> DueRow:
    """Return the deadline as one of the type `clock`: it starts at the same time, and its due time
    follows from the rule of that type.
    """
    return replace(row, clock=clock, due=row.since + CLOCKS[clock].within)


def _next_working_day(fact: Recorded) -> date:
    return working_days.working_days_after(fact.recorded.astimezone(LONDON).date(), 1)


def _open(fact: Recorded, batch: RowBatch) -> CaseRow | None:
    """Return the row of the case whose stream records this fact, or None if the case is closed."""
    row = batch.get(CaseRow, fact.stream)
    return row if row and not row.closed else None


def _case(fact: Recorded, batch: RowBatch) -> None:
    """Update the deadlines of a case when it is opened, rated, closed or reopened, when it gets a
    worker, and when the child leaves harm's way.
    """
    item = fact.stream
    match fact.event:
        case CaseOpened() as event:
            batch.put(CaseRow(item, event.child, event.team))
            begin(batch, fact, item, "unallocated-child", anybody=True, team=event.team)
            begin(batch, fact, item, "threshold-reassessment", anybody=True, team=event.team)
        case ThresholdAssessed() if row := _open(fact, batch):
            begin(batch, fact, item, "threshold-reassessment", anybody=True, team=row.team)
        case RatingReopened() | ExitReopened() as event if row := _open(fact, batch):
            if isinstance(event, ExitReopened):
                end(batch, item, ADULT)
            day = _next_working_day(fact)
            begin(batch, fact, item, "threshold-reassessment", day, anybody=True, team=row.team)
        case WorkerAllocated() as event:
            end(batch, item, "unallocated-child")
            row = batch.get(CaseRow, item)
            if row and event.allocated_for == "parents":
                row = replace(family.no_longer_waits(batch, row), worker=event.worker)
                batch.put(row)
                clocks = (SILENCE, *family.WORKERS)
                batch.read(DueRow, [deadline.stream(item, clock) for clock in clocks])
                # a new worker does not postpone a running deadline
                if find_waiting(batch, item, SILENCE):
                    family.silent_by(batch, row)
                else:
                    family.silent_since(batch, fact, row, fact.recorded)
                for clock in family.WORKERS:
                    owned(batch, item, clock, row.worker)
        case ExitAssessed() as event:
            end(batch, item, ADULT)
            if event.outcome == "moved-to-adult-services":
                row = batch.get(CaseRow, item)
                begin(batch, fact, item, ADULT, anybody=True, team=row.team if row else None)
        case CaseClosed() if row := batch.get(CaseRow, item):
            batch.put(replace(row, closed=True))
            for clock in ("unallocated-child", "threshold-reassessment", SILENCE):
                end(batch, item, clock)
            victims.update(batch, item)
        case CaseReopened() if row := batch.get(CaseRow, item):
            batch.put(replace(row, closed=False))
            end(batch, item, ADULT)
            victims.update(batch, item)
            begin(batch, fact, item, "threshold-reassessment", anybody=True, team=row.team)
            if row.worker:
                family.silent_since(batch, fact, row, fact.recorded)
            else:
                begin(batch, fact, item, "unallocated-child", anybody=True, team=row.team)


def _missing(fact: Recorded, batch: RowBatch) -> None:
    """Update the deadlines of a missing child when the child comes back, and when the child is
    interviewed.
    """
    item = fact.stream
    match fact.event:
        case MissingFound() as event:
            end(batch, item, "missing-child")
            if row := batch.get(CaseRow, item):
                batch.put(replace(row, back=event.found))
            _came_back(batch, fact, event.found)
        case ReturnInterviewRecorded() as event:
            if event.state != "offered":
                row, owed = batch.get(CaseRow, item), find_waiting(batch, item, "return-interview")
                end(batch, item, "return-interview")
                if owed and row and referral.is_for_earlier_return(event, row.back):
                    _came_back(batch, fact, row.back)
            if referral.needs_decision(event) and not find_waiting(batch, item, WITHHELD):
                begin(batch, fact, item, WITHHELD, anybody=True)


def _came_back(batch: RowBatch, fact: Recorded, moment: datetime | None) -> None:
    """Begin the deadline of a return interview when a child came back. A running deadline from an
    earlier return is not changed, so that going missing again does not postpone the interview.
    """
    if not find_waiting(batch, fact.stream, "return-interview"):
        back = min(moment or fact.recorded, fact.recorded)
        begin(batch, fact, fact.stream, "return-interview", since=back, anybody=True)


def _restricted(fact: Recorded, batch: RowBatch) -> None:
    """Store or remove a restriction of an item. If the restriction answers a request, end the
    deadline for deciding about the request.

    For a legal hold on the whole store, begin the deadline for confirming the hold.
    """
    restrict(fact, batch, RestrictedRow)
    match fact.event:
        case RestrictionPlaced() as event if event.ground in CLAIMED:
            end(batch, event.item, "restriction-request")
        case HoldOrdered() as event if event.query.kind == "store":
            begin(batch, fact, fact.stream, "hold-confirmation", not_by=fact.by)


#: Functions that begin and end deadlines. Each of them reads every event, in this order.
HANDLERS: tuple[Callable[[Recorded, RowBatch], None], ...] = (
    *(_words, _moved, family.words, _case, _missing, family.family, family.lives),
    *(_no_action, family.court, family.charging, _second, _answered),
    *(law.begin_request_deadline, law.to_report, _restricted, _decided, _supervised),
    *(victims.victims, arrests.apply, sentenced.apply, contact_words.apply, warned.apply),
)

VIEW = View(
    "due",
    (
        DueRow,
        CaseRow,
        RestrictedRow,
        EscalatedRow,
        BegunRow,
        family.OwedRow,
        victims.FiledRow,
        victims.StepRow,
        arrests.ArrestRow,
        arrests.SameRow,
        arrests.RungRow,
        sentenced.SentencedRow,
        sentenced.ContactRow,
        sentenced.HeldRow,
        sentenced.ContactedRow,
        contact_words.EntryRow,
        contact_words.NameRow,
        warned.NoticeRow,
        warned.BirthRow,
    ),
    apply,
    version=23,
    ahead=contact_words.ahead,
)
