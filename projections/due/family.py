"""Deadlines for work with a family: answers to its log entries, promises, safe contact, and steps
before and after a trial.

The file is long because each type of deadline about a family has its branch here.
"""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from domain.clocks import AFTERCARE, CLOCKS, aftercare_from
from domain.families.charity_support import ContactMade, WayChecked
from domain.families.family_contact import (
    ACKNOWLEDGES,
    CARERS,
    NEWS,
    FamilyAsked,
    FamilyTold,
)
from domain.families.protection import DangerFlagged, alert_stream
from domain.families.publication import PublicationNoted
from domain.families.waiting_family import WaitingTold
from domain.forms.intervals import LONDON
from domain.information.observation import (
    ObservationMoved,
    ObservationRecorded,
    ObservationWithdrawn,
)
from domain.justice.arrest_to_result import NOT_PURSUED, ResultRecorded
from domain.justice.charging import ChargingDecided, ReviewTold
from domain.justice.court import (
    TRIAL_ENDS,
    BailEnded,
    HearingMoved,
    HearingSet,
    StepTaken,
)
from domain.kernel.codes import Clock, ResultKind
from domain.kernel.envelope import Recorded
from domain.people_and_teams import deadline
from projections.due.rows import SILENCE, UNSAFE, CaseRow, DueRow, begin, end, find_waiting, owned
from projections.kernel.batch import RowBatch
from projections.kernel.schema import rows

ACKNOWLEDGED: Clock = "parent-acknowledged"
ANSWERED: Clock = "parent-answered"
#: The types of deadline that the parents' worker has to meet.
WORKERS: tuple[Clock, ...] = (
    *(ACKNOWLEDGED, ANSWERED, "victim-told", "victim-updated", "visit", "debrief", "feedback"),
    *(clock for clock, _, _ in AFTERCARE),
)
#: Channels on which no worker hears a family's log entry when it arrives.
UNHEARD = frozenset({"sms", "email", "provenance-log", "whatsapp", "instagram", "snapchat"})


@rows("due_owed", key=("words",), index=(("case",),))
class OwedRow(Struct, frozen=True):
    """A family's log entry that waits for an answer.

    `since` is when the family sent the entry. `case` is the case whose worker has to answer; None
    if no answer is due. An `unheard` entry came by a channel on which no worker listens; it has to
    be acknowledged and then answered. `owed` means that every case in which the entry is filed has
    to answer it. `answered` is the case whose worker answered last. `ref` is the event that
    recorded the entry.
    """

    table: ClassVar[sa.Table]
    words: UUID
    case: UUID | None
    since: datetime
    by: str
    unheard: bool
    ref: str
    acknowledged: bool = False
    owed: bool = False
    answered: UUID | None = None


def words(fact: Recorded, batch: RowBatch) -> None:
    """Begin and end two deadlines for a family's log entries. One is to acknowledge entries that
    came by a channel on which no worker listens. The other is to answer these entries, and entries
    that the parents' own worker recorded. If an entry is moved to another family, that family's
    worker has to answer it.
    """
    item = fact.stream
    match fact.event:
        case ObservationRecorded() as event if event.form != "own-observation":
            moment = min(event.told or fact.recorded, fact.recorded)
            unheard = event.channel in UNHEARD
            _filed(batch, OwedRow(item, None, moment, fact.by, unheard, fact.ref), event.case)
        case ObservationMoved() as event:
            if row := batch.get(OwedRow, item):
                batch.put(replace(row, case=None))
                _compute_again(batch, row.case)
                # the entry was acknowledged to the other family, not to this one
                _filed(batch, replace(row, acknowledged=False), event.case)
        case ObservationWithdrawn():
            if row := batch.get(OwedRow, item):
                batch.drop(OwedRow, item)
                _compute_again(batch, row.case)


def _filed(batch: RowBatch, row: OwedRow, case: UUID | None) -> None:
    """Store an entry with its case, and whether this case has to answer the entry."""
    filed = batch.get(CaseRow, case) if case else None
    owed = row.owed or row.unheard or bool(filed and row.by == filed.worker)
    of = case if owed and case != row.answered else None
    batch.put(replace(row, case=of, owed=owed))
    clocks = (ACKNOWLEDGED, ANSWERED) if row.unheard and not row.acknowledged else (ANSWERED,)
    # a running deadline began with an older entry and stays; it is not computed again for each
    # entry, because a family may have hundreds
    if of and not all(_runs_from(batch, of, clock, row.since) for clock in clocks):
        _compute_again(batch, of)


def _runs_from(batch: RowBatch, case: UUID, clock: Clock, since: datetime) -> bool:
    """Return whether a family has a running deadline of this type that began at `since` or
    earlier.
    """
    runs = find_waiting(batch, case, clock)
    return runs is not None and runs.since <= since


def _mark_heard(batch: RowBatch, case: UUID, at: datetime, *, answered: bool) -> None:
    """Mark the entries that a family sent before a contact as acknowledged, or as answered."""
    for row in batch.having(OwedRow, case=case):
        if row.since <= at and answered:
            batch.put(replace(row, case=None, acknowledged=True, answered=case))
        elif row.since <= at:
            batch.put(replace(row, acknowledged=True))
    _compute_again(batch, case)


def _compute_again(batch: RowBatch, case: UUID | None) -> None:
    """Compute a family's deadlines again, from its first entry without an answer."""
    filed = batch.get(CaseRow, case) if case else None
    if case is None or filed is None:
        return
    rows = batch.having(OwedRow, case=case)
    unheard = [row for row in rows if row.unheard and not row.acknowledged]
    for clock, owed_rows in ((ACKNOWLEDGED, unheard), (ANSWERED, rows)):
        first = min(owed_rows, key=lambda row: (row.since, row.words), default=None)
        runs = find_waiting(batch, case, clock)
        if first is None:
            end(batch, case, clock)
        elif runs is None or runs.since != first.since:
            at, key = first.since + CLOCKS[clock].within, deadline.stream(case, clock)
            owner, team = filed.worker, filed.team
            batch.put(DueRow(key, case, clock, first.since, at, owner, None, team, first.ref))


def family(fact: Recorded, batch: RowBatch) -> None:
    """Update a family's deadlines after a contact, news or feedback, and after a check whether a
    contact channel is safe."""
    item = fact.stream
    match fact.event:
        case ContactMade() | FamilyTold() as event if event.whom != "professional":
            row = batch.get(CaseRow, event.case)
            met = min(event.happened or fact.recorded, fact.recorded)
            if row and not row.closed:
                silent_since(batch, fact, row, met)
            if event.whom in CARERS:
                is_answer = (
                    isinstance(event, FamilyTold) and event.became not in ACKNOWLEDGES | NEWS
                )
                _mark_heard(batch, event.case, met, answered=is_answer)
        case FamilyAsked(answered="answered" | "declined") as event:
            end(batch, event.case, "feedback")
        case WayChecked() as event:
            way = str(event.channel or event.told or "")
            row = batch.get(CaseRow, event.case)
            if row and event.verdict != "ask-first":
                unsafe = {*row.unsafe, way} if event.verdict == "unsafe" else {*row.unsafe} - {way}
                row = replace(row, unsafe=tuple(sorted(unsafe)))
                batch.put(row)
                silent_by(batch, row)
            if event.verdict == "unsafe":
                alert = alert_stream(event.case, "unsafe-contact", item)
                team = row.team if row else None
                begin(batch, fact, event.case, "alert", key=alert, anybody=True, team=team)
        case DangerFlagged() as event:
            row = batch.get(CaseRow, event.case)
            alert, team = alert_stream(event.case, "danger-now", item), row.team if row else None
            begin(
                batch,
                fact,
                event.case,
                "danger-now",
                at=fact.recorded,
                key=alert,
                anybody=True,
                team=team,
            )


def lives(fact: Recorded, batch: RowBatch) -> None:
    """Begin the deadlines of a family that waits for a worker, and of a publication about the
    child."""
    item = fact.stream
    match fact.event:
        case WaitingTold() as told:
            row = batch.get(CaseRow, told.case)
            team = row.team if row else None
            if row:
                row = no_longer_waits(batch, row) if told.state == "signposted" else row
                batch.put(replace(row, waits=(*row.waits, item)))
            begin(batch, fact, item, "family-waits", told.review, anybody=True, team=team)
        case PublicationNoted(identifies=True) as noted:
            row = batch.get(CaseRow, noted.case)
            team = row.team if row else None
            begin(batch, fact, item, "publication", anybody=True, team=team)


def no_longer_waits(batch: RowBatch, row: CaseRow) -> CaseRow:
    """Return the row of a family that got a worker or another service, after ending the deadlines
    of its waiting."""
    for waiting_item in row.waits:
        end(batch, waiting_item, "family-waits")
    return replace(row, waits=())


def court(fact: Recorded, batch: RowBatch) -> None:
    """Update the deadlines of hearings, of the end of bail or of a trial, and of the steps after a
    trial."""
    item = fact.stream
    match fact.event:
        case HearingSet() as event:
            begin(batch, fact, item, "hearing", at=event.starts, anybody=True)
            case = batch.get(CaseRow, event.case)
            if case and case.worker:
                owned(batch, item, "hearing", case.worker)
        case HearingMoved() as moved:
            if row := batch.get(DueRow, deadline.stream(item, "hearing")):
                batch.put(replace(row, due=moved.starts, ref=fact.ref))
        case BailEnded(how="ended"):
            end(batch, item, "bail-ends")
        case StepTaken(step="pre-trial-visit") as step:
            _visited(batch, fact, step)
        case StepTaken(step="debrief", state="done" | "not-wanted") as step:
            _debriefed(batch, fact, step)
        case StepTaken(step="aftercare", state="done" | "not-wanted") as step:
            _looked_after(batch, fact, step)
        case ResultRecorded(case=UUID() as of) as result:
            was = min(result.happened or fact.recorded, fact.recorded)
            _after(batch, fact, of, result.kind, was)


def charging(fact: Recorded, batch: RowBatch) -> None:
    """Update the deadlines after a decision not to charge: the family may request its review."""
    item = fact.stream
    match fact.event:
        case ChargingDecided(decision="no-charge") as decided:
            was = min(decided.happened or fact.recorded, fact.recorded)
            case = batch.get(CaseRow, decided.case)
            begin(batch, fact, item, "review-right", since=was, anybody=True)
            owned(batch, item, "review-right", case.worker if case else None)
        case ReviewTold(state="asked") as told:
            end(batch, item, "review-right")
            was = min(told.happened or fact.recorded, fact.recorded)
            begin(batch, fact, item, "review-answer", since=was, anybody=True)
        case ReviewTold(state="declined" | "upheld" | "overturned"):
            end(batch, item, "review-right")
            end(batch, item, "review-answer")


def _after(batch: RowBatch, fact: Recorded, case: UUID, kind: ResultKind, was: datetime) -> None:
    """Begin the deadlines for a family after a trial: debrief, aftercare and feedback. If there
    will be no trial, only the deadline for feedback begins.

    If the verdict has begun these deadlines, the sentence does not begin them again.
    """
    filed = batch.get(CaseRow, case)
    clocks: tuple[Clock, ...] = ("feedback",)
    if kind in TRIAL_ENDS:
        clocks = ("debrief", *(clock for clock, _, _ in AFTERCARE), "feedback")
    elif kind not in NOT_PURSUED:
        return
    for clock in clocks:
        before = batch.get(DueRow, deadline.stream(case, clock))
        if before and (not before.ended or before.since >= was or kind == "sentenced"):
            continue
        missed = was + CLOCKS[clock].within <= fact.recorded
        if missed and clock not in ("debrief", "feedback"):
            # this date of aftercare had passed before the result was recorded
            continue
        team = filed.team if filed else None
        begin(batch, fact, case, clock, since=was, anybody=True, team=team)
        if filed:
            owned(batch, case, clock, filed.worker)


def _visited(batch: RowBatch, fact: Recorded, step: StepTaken) -> None:
    """Set the deadline of a visit before a trial to the time of the latest plan.

    The deadline ends when the visit was made, or when the family does not want a visit. A visit
    that was made before the deadline began does not end it.
    """
    if step.state != "planned":
        _end_if_done(batch, fact, step, "visit")
    elif step.happened:
        filed = batch.get(CaseRow, step.case)
        team = filed.team if filed else None
        begin(batch, fact, step.case, "visit", at=step.happened, anybody=True, team=team)
        owned(batch, step.case, "visit", filed.worker if filed else None)


def _debriefed(batch: RowBatch, fact: Recorded, step: StepTaken) -> None:
    """End the deadline of the family's debrief after a trial. The debrief also counts if the
    verdict was given before it but is recorded after it.
    """
    if batch.get(DueRow, deadline.stream(step.case, "debrief")) is None:
        was = min(step.happened or fact.recorded, fact.recorded)
        begin(batch, fact, step.case, "debrief", since=was, anybody=True)
    _end_if_done(batch, fact, step, "debrief")


def _end_if_done(batch: RowBatch, fact: Recorded, step: StepTaken, clock: Clock) -> None:
    """End the deadline of the type `clock` if the step was taken on the day on which the deadline
    began or later, or if the family does not want the step.
    """
    row = find_waiting(batch, step.case, clock)
    if row and (
        step.state == "not-wanted" or _day(step, fact) >= row.since.astimezone(LONDON).date()
    ):
        end(batch, step.case, clock)


def _day(step: StepTaken, fact: Recorded) -> date:
    """Return the day on which the step was taken."""
    return min(step.happened or fact.recorded, fact.recorded).astimezone(LONDON).date()


def _looked_after(batch: RowBatch, fact: Recorded, step: StepTaken) -> None:
    """End each aftercare deadline whose time had come when the family got this aftercare. If the
    family wants no aftercare, end the deadline that is due next.
    """
    rows = [find_waiting(batch, step.case, clock) for clock, _, _ in AFTERCARE]
    owed = sorted((row for row in rows if row), key=lambda row: row.due)
    if step.state == "not-wanted":
        covered = owed[:1]
    else:
        day = _day(step, fact)
        covered = [row for row in owed if aftercare_from(row.clock, row.since) <= day]
    for row in covered:
        batch.put(replace(row, ended=True))


def silent_since(batch: RowBatch, fact: Recorded, case: CaseRow, met: datetime) -> None:
    """Begin the deadline for contacting a family, counted from the last contact `met`. A deadline
    that runs from a later contact is not changed.
    """
    row = batch.get(DueRow, deadline.stream(case.case, SILENCE))
    if row is None or row.ended or met > row.since:
        begin(batch, fact, case.case, SILENCE, since=met, anybody=True, team=case.team)
        silent_by(batch, case)


def silent_by(batch: RowBatch, case: CaseRow) -> None:
    """Set who has to contact a family: their worker, or a supervisor if a contact channel is
    unsafe."""
    row = batch.get(DueRow, deadline.stream(case.case, SILENCE))
    if row and case.unsafe and row.clock != UNSAFE:
        batch.put(replace(row, clock=UNSAFE, owner=None))
    elif row and not case.unsafe:
        batch.put(replace(row, clock=SILENCE, owner=case.worker))
