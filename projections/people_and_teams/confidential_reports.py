"""Confidential reports to the auditor that bypass the author's line of management: only the auditor
and the author see them."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from domain.people_and_teams.confidential_report import EscalatedOutsideLine, EscalationSeen
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import View, rows


@rows("escalations", key=("id",))
class EscalationRow(Struct, frozen=True):
    """A confidential report, and the auditor's next step, which is None until the auditor has read
    it."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("at", "reported", "moment"),
        Column("by", "reported by"),
        Column("team", "team"),
        Column("words", "concern"),
        Column("reason", "reason not to tell a manager"),
        Column("said", "answer of the auditor"),
    )
    order: ClassVar[tuple[str, ...]] = ("at", "id")
    table: ClassVar[sa.Table]
    id: UUID
    at: datetime
    by: str
    team: str
    words: str
    reason: str
    seen: datetime | None = None
    seen_by: str | None = None
    answer: str | None = None

    @property
    def said(self) -> str:
        """Return the auditor's answer in words."""
        return self.answer or "has not answered yet"


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case EscalatedOutsideLine() as event:
            batch.put(
                EscalationRow(
                    fact.stream, fact.recorded, fact.by, fact.team, event.words, event.reason
                )
            )
        case EscalationSeen() as event:
            if row := batch.get(EscalationRow, fact.stream):
                batch.put(replace(row, seen=fact.recorded, seen_by=fact.by, answer=event.words))


VIEW = View("escalations", (EscalationRow,), apply, ("access",), when_queried=True)


def list_reports(db: Db, reader: Reader) -> list[EscalationRow]:
    """Return the reports that the reader may see, oldest first. An auditor sees all reports; any
    other reader, and every reader on a store without accounts, sees only their own.
    """
    c = EscalationRow.table.c
    select = sa.select(EscalationRow.table).order_by(c.at, c.id)
    if not (reader.closed and "auditor" in reader.roles):
        select = select.where(c.by == reader.name)
    return [EscalationRow(*row) for row in db.execute(select)]
