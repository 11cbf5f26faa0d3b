"""Steps of a case of which the family has a right to be informed (Victims' Code), and deadlines to
inform them.

One deadline runs from the first step of which the family was not informed; another, for the monthly
update, from the last time when they were informed. Both deadlines name only the case: the family's
worker, who has to meet them, may not see the step itself.
"""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.clocks import CLOCKS
from domain.data_protection.retention import (
    RestrictionChanged,
)
from domain.families.family_contact import CARERS, NEWS, FamilyTold
from domain.forms import working_days
from domain.forms.intervals import LONDON
from domain.justice.arrest_to_result import NOT_PURSUED, ArrestMade, ChargeBrought, ResultRecorded
from domain.justice.charging import ChargingDecided
from domain.justice.court import TRIAL_ENDS, BailEnded, BailSet, HearingHeld, HearingSet
from domain.justice.verdict import AppealDecided, AppealLodged, OrderMade
from domain.kernel.acts import Act
from domain.kernel.codes import Clock, VictimStep
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from domain.people_and_teams import deadline as due
from projections.due.arrests import SameRow
from projections.due.rows import CaseRow, DueRow, all_records_of, end, find_waiting
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import rows

CLOCK: Clock = "victim-told"
UPDATED: Clock = "victim-updated"
#: Steps that end a case, unless there is an arrest on a later day.
_OVER: frozenset[VictimStep] = frozenset({"not-pursued", "verdict", "sentence"})
_SEEING: tuple[Act, ...] = ("see-outcome", "see-support")


@rows("due_filed", key=("stream",))
class FiledRow(Struct, frozen=True):
    """The case of a hearing, a bail or an appeal; its later result belongs to the same case."""

    table: ClassVar[sa.Table]
    stream: UUID
    case: UUID


@rows("due_steps", key=("ref",), index=(("case",), ("item",)))
class StepRow(Struct, frozen=True):
    """A step of a case of which the family has a right to be informed. `since` is when the step
    happened, `told` and `by` when and by whom the family was informed; `declined` means that they
    did not wish it.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("step", "step"),
        Column("since", "since", "moment"),
        Column("last_day", "by the end of", "day"),
        Column("told", "family told", "moment"),
        Column("by", "told by"),
        Column("declined", "prefers not to be told", "mark"),
    )
    order: ClassVar[tuple[str, ...]] = ("since", "ref")
    table: ClassVar[sa.Table]
    ref: str
    item: UUID
    case: UUID
    step: VictimStep
    since: datetime
    told: datetime | None = None
    by: str | None = None
    declined: bool = False
    restricted: bool = False

    @property
    def due(self) -> datetime | None:
        """Return the time by which the family has to be informed of the step."""
        return due.due_at(CLOCK, self.since, None)

    @property
    def last_day(self) -> date:
        """Return the working day at whose end the family has to be informed at the latest."""
        return working_days.working_days_after(
            self.since.astimezone(LONDON).date(), CLOCKS[CLOCK].working_days or 0
        )


def victims(fact: Recorded, batch: RowBatch) -> None:
    """Update the deadlines after a step of a case and after the family was informed of a step. If
    the item of a step is restricted, the step is no longer shown, but the family keeps its right to
    be informed.
    """
    match fact.event:
        case FamilyTold() as told if told.steps and (told.whom in CARERS or told.whom == "child"):
            _mark_informed(fact, batch, told)
        case HearingSet() | BailSet() | AppealLodged() as filed:
            batch.put(FiledRow(fact.stream, filed.case))
            _happened(fact, batch)
        case RestrictionChanged() as event:
            placed = event.placed
            for row in batch.having(StepRow, item=event.item):
                batch.put(replace(row, restricted=placed))
        case (
            ArrestMade()
            | ChargeBrought()
            | ResultRecorded()
            | ChargingDecided()
            | BailEnded()
            | HearingHeld()
            | OrderMade()
            | AppealDecided()
        ):
            _happened(fact, batch)


def _happened(fact: Recorded, batch: RowBatch) -> None:
    step, case, happened = _step(fact, batch)
    if step is None or case is None:
        return
    since = min(happened or fact.recorded, fact.recorded)
    batch.put(StepRow(fact.ref, fact.stream, case, step, since))
    _compute_again(batch, case)
    update(batch, case)


def _step(
    fact: Recorded, batch: RowBatch
) -> tuple[VictimStep | None, UUID | None, datetime | None]:
    """Return the kind of the step that a fact records, its case, and when the step happened. The
    arrest or trial of the case's own child is no such step: the child is then informed as a
    suspect.
    """
    match fact.event:
        case ArrestMade() | ChargeBrought() | ResultRecorded() as event:
            case = batch.get(CaseRow, event.case) if event.case else None
            if case and not _is_child(batch, case, event.person):
                return _of_justice(event), case.case, event.happened
        case BailSet() as bail:
            return "bail", bail.case, None
        case BailEnded():
            return "bail", _filed(fact, batch), None
        case ChargingDecided() as decided:
            return "charge", decided.case, decided.happened
        case HearingHeld():
            return "hearing", _filed(fact, batch), None
        case OrderMade() as made:
            return "order", made.case, made.happened
        case AppealLodged() as lodged:
            return "appeal", lodged.case, lodged.happened
        case AppealDecided() as ended:
            return "appeal", _filed(fact, batch), ended.happened
    return None, None, None


def _is_child(batch: RowBatch, case: CaseRow, person: UUID | None) -> bool:
    """Return whether this person is the child of the case, by the judgements recorded so far."""
    return person is not None and case.child in all_records_of(batch, SameRow, person)


def _filed(fact: Recorded, batch: RowBatch) -> UUID | None:
    row = batch.get(FiledRow, fact.stream)
    return row.case if row else None


def _of_justice(event: ArrestMade | ChargeBrought | ResultRecorded) -> VictimStep | None:
    match event:
        case ArrestMade():
            return "arrest"
        case ChargeBrought():
            return "charge"
        case ResultRecorded():
            if event.kind in NOT_PURSUED:
                return "not-pursued"
            if event.kind in TRIAL_ENDS:
                return "sentence" if event.kind == "sentenced" else "verdict"
    return None


def _mark_informed(fact: Recorded, batch: RowBatch, event: FamilyTold) -> None:
    """Mark the earlier steps that this message covers: the family was informed of them."""
    at = min(event.happened or fact.recorded, fact.recorded)
    for row in batch.having(StepRow, case=event.case):
        if row.told is None and row.step in event.steps and row.since <= at:
            declined = event.became in NEWS and event.became != "step"
            batch.put(replace(row, told=at, by=fact.by, declined=declined))
    _compute_again(batch, event.case)
    filed = batch.get(CaseRow, event.case)
    if filed and (filed.updated is None or filed.updated <= at):
        rather_not = event.became == "news-declined" and "update" in event.steps
        batch.put(replace(filed, updated=at, no_news=rather_not))
    update(batch, event.case)


def _compute_again(batch: RowBatch, case: UUID) -> None:
    """Let the case's deadline run from the first step of which the family was not informed; end it
    if there is no such step.
    """
    open_rows = [row for row in batch.having(StepRow, case=case) if row.told is None]
    first = min(open_rows, key=lambda row: (row.since, row.ref), default=None)
    runs: DueRow | None = find_waiting(batch, case, CLOCK)
    if first is None:
        end(batch, case, CLOCK)
    elif runs is None or runs.since != first.since:
        filed = batch.get(CaseRow, case)
        at, key = due.due_at(CLOCK, first.since, None), due.stream(case, CLOCK)
        # `opened` names only the case: the family's worker may not see the step
        if at and filed:
            opened, owner = f"{case}:1", filed.worker
            batch.put(DueRow(key, case, CLOCK, first.since, at, owner, None, filed.team, opened))


def update(batch: RowBatch, case: UUID) -> None:
    """Set the deadline of the monthly update. It runs from the case's first step, or from the last
    time when the family was informed, until the case ends.
    """
    filed, key = batch.get(CaseRow, case), due.stream(case, UPDATED)
    rows = sorted(batch.having(StepRow, case=case), key=lambda row: (row.since, row.ref))
    days = [(row.step, row.since.astimezone(LONDON).date()) for row in rows]
    over = max((day for step, day in days if step in _OVER), default=None)
    later = [day for step, day in days if step == "arrest" and over and day > over]
    goes_on = bool(later if over else rows)
    if filed is None or filed.closed or filed.no_news or not goes_on:
        end(batch, case, UPDATED)
        return
    since = max(rows[0].since, filed.updated or rows[0].since)
    runs = find_waiting(batch, case, UPDATED)
    if runs is None or runs.since != since:
        at, opened = since + CLOCKS[UPDATED].within, f"{case}:1"
        batch.put(DueRow(key, case, UPDATED, since, at, filed.worker, None, filed.team, opened))


# --- queries ------------------------------------------------------------------------------------


def steps(db: Db, reader: Reader, case: UUID) -> list[StepRow]:
    """Return the steps of a case and whether its family was informed. The result is empty for
    readers who neither see outcomes nor support the family.
    """
    c = StepRow.table.c
    sees = (scope.may_act_on(reader, act, c.case) for act in _SEEING)
    where = (c.case == case, sa.not_(c.restricted), sa.or_(*sees))
    select = sa.select(StepRow.table).where(*where).order_by(c.since, c.ref)
    found_rows = [StepRow(*row) for row in db.execute(select)]
    sees_steps = any(case in scope.reached(db, reader, act, {case}) for act in _SEEING)
    return found_rows if sees_steps else []
