"""Families for whom there was no worker: the services to which they were referred, and the outcome.

A family's waiting ends as soon as a worker is allocated or a service that helps is recorded; no
separate entry is needed.
"""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.families.referral import WorkerAllocated
from domain.families.waiting_family import WaitingAsked, WaitingEnded, WaitingTold
from domain.kernel.codes import WaitEnd, WaitState
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("waiting", key=("id",), index=(("case",), ("became", "review")))
class WaitingRow(Struct, frozen=True):
    """A family without a worker: since when the family waits, why, and the service to which it was
    referred (`to`). `asked` are notes of later contacts on how the family is, in order. `review` is
    the day of the next contact; `became` is the outcome.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("since", "since", "moment"),
        Column("case", "case", "id"),
        Column("state", "status"),
        Column("to", "signposted to"),
        Column("why", "reason"),
        Column("asked", "how the family is"),
        Column("review", "next contact", "day"),
        Column("became", "outcome"),
        Column("words", "note"),
        Column("by", "recorded by"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("since", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    state: WaitState
    to: str | None
    why: str
    since: datetime
    review: date
    by: str
    asked: tuple[str, ...] = ()
    became: WaitEnd | None = None
    words: str | None = None


def apply(fact: Recorded, batch: RowBatch) -> None:
    item = fact.stream
    match fact.event:
        case WaitingTold() as told:
            if told.state == "signposted":
                _over(batch, told.case, "referred-on")
            batch.put(row_of(WaitingRow, fact, since=fact.recorded))
        case WaitingAsked() as asked:
            if row := batch.get(WaitingRow, item):
                batch.put(replace(row, asked=(*row.asked, asked.words), review=asked.review))
        case WaitingEnded() as ended:
            if row := batch.get(WaitingRow, item):
                batch.put(replace(row, became=ended.became, words=ended.words))
        case WorkerAllocated(allocated_for="parents"):
            _over(batch, item, "worker-given")


def _over(batch: RowBatch, case: UUID, became: WaitEnd) -> None:
    """End a family's waiting because it has a worker or another service."""
    for row in batch.having(WaitingRow, case=case, became=None):
        batch.put(replace(row, became=became))


VIEW = View("waiting", (WaitingRow,), apply, version=2)


def is_over(db: Db, reader: Reader, item: UUID) -> bool:
    """Return whether the waiting of a family (`item`) has ended, because an entry or another fact
    says so.
    """
    c = WaitingRow.table.c
    return any(row.became for row in _rows(db, reader, (c.id == item,)))


def list_waiting_families(db: Db, reader: Reader, *, include_all: bool = False) -> list[WaitingRow]:
    """Return the families that wait for a worker or were referred to another service and whose case
    the reader sees, the longest wait first. With `include_all`, families with an outcome are also
    returned.
    """
    c = WaitingRow.table.c
    return _rows(db, reader, (scope.in_use(c.id), *(() if include_all else (c.became.is_(None),))))


def of_case(db: Db, reader: Reader, case: UUID) -> list[WaitingRow]:
    """Return the waiting periods of a case, the oldest first."""
    c = WaitingRow.table.c
    return _rows(db, reader, (c.case == case, scope.in_use(c.id)))


def _rows(db: Db, reader: Reader, where: tuple[sa.ColumnElement[bool], ...]) -> list[WaitingRow]:
    c = WaitingRow.table.c
    return [WaitingRow(*row) for row in scope.read(db, reader, c.id, where, (c.since, c.id))]
