"""The view of duties to report child sexual abuse: who has the duty; when and to whom the report
was made; and the reason for a delay.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.justice.duty_to_report import AbuseReported, DutyArose, ReportDelayed
from domain.kernel.codes import ReportedTo
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("reporting_duties", key=("id",), index=(("case",),))
class DutyRow(Struct, frozen=True):
    """A duty to report. `by` is the person with the duty, `told` the person who took the report."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("since", "since", "moment"),
        Column("by", "worker"),
        Column("words", "heard or seen"),
        Column("until", "delayed until", "moment"),
        Column("why_later", "reason for the delay"),
        Column("to", "reported to"),
        Column("told", "report taken by"),
        Column("happened", "reported on", "moment"),
        Column("reference", "reference"),
        Column("by_another", "reported by another person", "mark"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("since", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    by: str
    words: str
    since: datetime
    until: datetime | None = None
    why_later: str | None = None
    to: ReportedTo | None = None
    told: str | None = None
    happened: datetime | None = None
    reference: str | None = None
    by_another: bool = False


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case DutyArose() as event:
            since = event.since or fact.recorded
            batch.put(row_of(DutyRow, fact, since=since))
        case ReportDelayed() as event if row := batch.get(DutyRow, fact.stream):
            batch.put(replace(row, until=event.until, why_later=event.reason))
        case AbuseReported() as event if row := batch.get(DutyRow, fact.stream):
            batch.put(
                replace(
                    row,
                    to=event.to,
                    told=event.told,
                    happened=event.happened,
                    reference=event.reference,
                    why_later=event.why_later or row.why_later,
                    by_another=event.by_another,
                )
            )


VIEW = View("reporting", (DutyRow,), apply)


def of_case(db: Db, reader: Reader, case: UUID) -> list[DutyRow]:
    """Return the duties about the child of a case, in the order of recording."""
    c = DutyRow.table.c
    return [
        DutyRow(*row)
        for row in scope.read(
            db, reader, c.id, [c.case == case, scope.in_use(c.id)], (c.since, c.id)
        )
    ]


def list_duties(db: Db, reader: Reader, *, include_all: bool) -> list[DutyRow]:
    """Return the duties about all children that the reader sees; with `include_all`, also the
    duties that are fulfilled.
    """
    c = DutyRow.table.c
    where = [scope.in_use(c.id), *([] if include_all else [c.happened.is_(None)])]
    return [DutyRow(*row) for row in scope.read(db, reader, c.id, where, (c.since, c.id))]
