"""Notifications that were sent: to which user, by which channel, and when."""

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from domain.data_protection.access_log import LOOKS
from domain.kernel.envelope import Recorded
from domain.people_and_teams.notifying import PersonTold, Way
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.schema import View, rows


@rows("told", key=("id",), index=(("escalation",),))
class ToldRow(Struct, frozen=True):
    """A notification that was sent to a user about a step of an escalation."""

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
    """Return the notifications about these steps, oldest first. The caller has checked that the
    reader sees the steps."""
    table = ToldRow.table
    select = sa.select(table).where(table.c.escalation.in_(sorted(escalations)))
    return [ToldRow(*row) for row in db.execute(select.order_by(table.c.at, table.c.id))]
