"""What did the disclosure officer decide about each item, and what is on which schedule? For who
schedules the case's material."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from access import scope
from domain.codes import Relevance, Sensitivity
from domain.envelope import Recorded
from domain.material import Form, MaterialReviewed, ScheduleMade
from domain.values import Reader
from projections.batch import Batch
from projections.schema import Db, View, rows


@rows("material", key=("case", "item"))
@dataclass(frozen=True, slots=True)
class ReviewRow:
    """The decision that stands about one item of a case."""

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


@rows("schedules", key=("seq",), index=(("case",),))
@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """What one schedule, or one continuation of it, added."""

    table: ClassVar[sa.Table]
    seq: int
    case: UUID
    trial: str
    form: Form
    items: tuple[UUID, ...]
    by: str
    at: datetime


def apply(fact: Recorded, batch: Batch) -> None:
    match fact.event:
        case MaterialReviewed() as event:
            before = batch.get(ReviewRow, event.case, event.item)
            batch.put(
                ReviewRow(
                    event.case,
                    event.item,
                    event.relevance,
                    event.sensitivity,
                    event.used,
                    event.description,
                    event.reason,
                    fact.by,
                    fact.recorded,
                    before.first if before else fact.seq,
                )
            )
        case ScheduleMade() as event:
            batch.put(
                ScheduleRow(
                    fact.seq,
                    event.case,
                    event.trial,
                    event.form,
                    event.items,
                    fact.by,
                    fact.recorded,
                )
            )


VIEW = View("material", (ReviewRow, ScheduleRow), apply, ("access",))


def reviews(db: Db, reader: Reader, case: UUID) -> dict[UUID, ReviewRow]:
    """The decisions about a case's items, in the order in which they were first decided."""
    c = ReviewRow.table.c
    where = c.case == case, scope.may(reader, "schedule", c.case)
    select = sa.select(ReviewRow.table).where(*where).order_by(c.first)
    return {row.item: ReviewRow(*row) for row in db.execute(select)}


def schedules(db: Db, reader: Reader, case: UUID, trial: str, form: Form) -> list[ScheduleRow]:
    """A schedule and its continuations, in order."""
    c = ScheduleRow.table.c
    where = c.case == case, c.trial == trial, c.form == form
    theirs = scope.may(reader, "schedule", c.case)
    select = sa.select(ScheduleRow.table).where(*where, theirs).order_by(c.seq)
    return [ScheduleRow(*row) for row in db.execute(select)]
