"""Who was told that something is due for them, by which way, and when?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from domain.data_protection.access_log import LOOKS
from domain.kernel.envelope import Recorded
from domain.people_and_teams.notifying import PersonTold, Way
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.schema import View, rows


@rows("told", key=("id",), index=(("escalation",),))
@dataclass(frozen=True)
class ToldRow:
    """Somebody was told of a step."""

    table: ClassVar[sa.Table]
    id: UUID
    escalation: UUID
    user: str
    way: Way
    at: datetime


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case PersonTold() as event if event.escalation:
            batch.put(ToldRow(fact.stream, event.escalation, event.user, event.way, fact.recorded))


VIEW = View(
    "told",
    (ToldRow,),
    apply,
    ("access",),
    passes=LOOKS,
)


def of(db: Db, escalations: Collection[UUID]) -> list[ToldRow]:
    """Who was told of these steps, which the reader was shown; oldest first."""
    table = ToldRow.table
    select = sa.select(table).where(table.c.escalation.in_(sorted(escalations)))
    return [ToldRow(*row) for row in db.execute(select.order_by(table.c.at, table.c.id))]
