"""Unused material: the disclosure officer's decision about each item, and the schedules, for
readers who schedule the case's material."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from access.who_may import scope
from domain.justice.unused_material import Form, MaterialReviewed, ScheduleMade
from domain.kernel.codes import Presumed, Relevance, Sensitivity
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("material", key=("case", "item"))
class ReviewRow(Struct, frozen=True):
    """The present decision about an item of unused material in a case."""

    table: ClassVar[sa.Table]
    case: UUID
    item: UUID
    relevance: Relevance
    sensitivity: Sensitivity
    used: bool
    description: str
    reason: str | None
    by: str
    at: datetime
    first: int
    presumed: Presumed | None = None


@rows("material_log", key=("seq",), index=(("case",),))
class LogRow(Struct, frozen=True):
    """A decision about an item of a case. The row stays when a later decision replaces this one."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("at", "decided", "moment"),
        Column("by", "decided by"),
        Column("relevance", "relevance"),
        Column("sensitivity", "sensitivity"),
        Column("used", "used", "mark"),
        Column("presumed", "presumed to be disclosed"),
        Column("description", "description"),
        Column("reason", "why sensitive"),
        Column("item", "item", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("seq",)
    table: ClassVar[sa.Table]
    seq: int
    case: UUID
    item: UUID
    relevance: Relevance
    sensitivity: Sensitivity
    used: bool
    description: str
    reason: str | None
    presumed: Presumed | None
    by: str
    at: datetime


@rows("schedules", key=("seq",), index=(("case",),))
class ScheduleRow(Struct, frozen=True):
    """The items that were added by a schedule of unused material, or by its continuation."""

    table: ClassVar[sa.Table]
    seq: int
    case: UUID
    trial: str
    form: Form
    items: tuple[UUID, ...]
    by: str
    at: datetime


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case MaterialReviewed() as event:
            before = batch.get(ReviewRow, event.case, event.item)
            batch.put(
                row_of(
                    ReviewRow, fact, at=fact.recorded, first=before.first if before else fact.seq
                )
            )
            batch.put(row_of(LogRow, fact, seq=fact.seq, at=fact.recorded))
        case ScheduleMade() as event:
            batch.put(row_of(ScheduleRow, fact, seq=fact.seq, at=fact.recorded))


VIEW = View("material", (ReviewRow, ScheduleRow, LogRow), apply, ("access",), when_queried=True)


def reviews(db: Db, reader: Reader, case: UUID) -> dict[UUID, ReviewRow]:
    """Return the decisions about a case's items, in the order of the first decision about each."""
    c = ReviewRow.table.c
    where = c.case == case, scope.may_act_on(reader, "schedule", c.case)
    select = sa.select(ReviewRow.table).where(*where).order_by(c.first)
    return {row.item: ReviewRow(*row) for row in db.execute(select)}


def log(db: Db, reader: Reader, case: UUID) -> list[LogRow]:
    """Return every decision about a case's items, in the order of the decisions."""
    c = LogRow.table.c
    where = c.case == case, scope.may_act_on(reader, "schedule", c.case)
    select = sa.select(LogRow.table).where(*where).order_by(c.seq)
    return [LogRow(*row) for row in db.execute(select)]


def all_schedules(db: Db, reader: Reader, case: UUID) -> list[ScheduleRow]:
    """Return the schedules of a case and their continuations, in order."""
    c = ScheduleRow.table.c
    where = c.case == case, scope.may_act_on(reader, "schedule", c.case)
    select = sa.select(ScheduleRow.table).where(*where).order_by(c.seq)
    return [ScheduleRow(*row) for row in db.execute(select)]


def schedules(db: Db, reader: Reader, case: UUID, trial: str, form: Form) -> list[ScheduleRow]:
    """Return the schedules of this form for a trial, the first one and its continuations, in
    order.
    """
    rows = all_schedules(db, reader, case)
    return [row for row in rows if (row.trial, row.form) == (trial, form)]
