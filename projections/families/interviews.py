"""The view of interviews with families for an evaluation, and of the steps of each interview."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.families.interview import InterviewRequested, InterviewStepTaken
from domain.kernel.codes import About, InterviewStep
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("interviews", key=("id",), index=(("case",),))
class InterviewRow(Struct, frozen=True):
    """A request for an interview, and when each of its steps was recorded."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("day", "requested on", "day"),
        Column("study", "study"),
        Column("whom", "family member"),
        Column("step", "latest step"),
        Column("step_day", "date of the step", "day"),
        Column("words", "note"),
        Column("by", "recorded by"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("day", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    study: str
    whom: About
    day: date
    by: str
    recorded: datetime
    step: InterviewStep | None = None
    step_day: date | None = None
    words: str | None = None
    consented: datetime | None = None
    declined: datetime | None = None
    held: datetime | None = None
    withdrawn: datetime | None = None


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case InterviewRequested():
            batch.put(row_of(InterviewRow, fact))
        case InterviewStepTaken() as taken:
            if row := batch.get(InterviewRow, fact.stream):
                row = replace(row, step=taken.step, step_day=taken.day, words=taken.words)
                when: dict[str, Any] = {taken.step: getattr(row, taken.step) or fact.recorded}
                batch.put(replace(row, **when))


VIEW = View("interviews", (InterviewRow,), apply)


def of_case(db: Db, reader: Reader, case: UUID) -> list[InterviewRow]:
    """Return the interviews that were requested of a family."""
    c = InterviewRow.table.c
    theirs = scope.may_act_on(reader, "see-support", c.case)
    select = sa.select(InterviewRow.table).where(c.case == case, theirs, scope.in_use(c.id))
    return [InterviewRow(*row) for row in db.execute(select.order_by(c.day, c.id))]
