"""Who asked what is held about them, until when is it to be answered, and what is decided yet?"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from access import scope
from access.decide import decide
from domain.envelope import Recorded
from domain.subject_request import (
    AccessRequested,
    RequestAnswered,
    RequestExtended,
    RequestItemDecided,
)
from domain.values import Reader
from projections.batch import Batch
from projections.schema import Db, View, rows


@rows("requests", key=("id",))
@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request and its clock; `decided` counts the items about which a person decided."""

    table: ClassVar[sa.Table]
    id: UUID
    subject: UUID
    requester: str
    received: datetime
    due: datetime
    by: str
    extended: bool = False
    answered: datetime | None = None
    disclosure: UUID | None = None
    decided: tuple[UUID, ...] = ()


def apply(fact: Recorded, batch: Batch) -> None:
    row = batch.get(RequestRow, fact.stream)
    match fact.event:
        case AccessRequested() as event:
            batch.put(
                RequestRow(
                    fact.stream,
                    event.subject,
                    event.requester,
                    event.received,
                    event.due,
                    fact.by,
                )
            )
        case RequestExtended() as event if row:
            batch.put(replace(row, due=event.due, extended=True))
        case RequestItemDecided() as event if row:
            batch.put(replace(row, decided=tuple(dict.fromkeys((*row.decided, event.item)))))
        case RequestAnswered() as event if row:
            batch.put(replace(row, answered=fact.recorded, disclosure=event.disclosure))


VIEW = View("requests", (RequestRow,), apply, ("access",))


def listed(db: Db, reader: Reader) -> list[RequestRow]:
    """Requests of those whom the reader sees, for who answers requests: open ones first, then by
    when they are due."""
    if not decide(reader, "disclose").allowed:
        return []
    c = RequestRow.table.c
    seen = scope.sees(reader, c.subject)
    select = sa.select(RequestRow.table).where(seen)
    order = (c.answered.is_not(None), c.due, c.id)
    found = [RequestRow(*row) for row in db.execute(select.order_by(*order))]
    return scope.checked(db, reader, found, lambda row: row.subject)
