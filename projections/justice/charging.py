"""Charging decisions and their reasons, court orders, and appeals."""

from datetime import date, datetime
from typing import ClassVar, TypeVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.justice.charging import ChargingDecided, ReviewTold
from domain.justice.verdict import AppealDecided, AppealLodged, OrderMade
from domain.kernel.codes import (
    AppealAgainst,
    AppealBy,
    AppealEnd,
    Charging,
    ChargingBody,
    CourtOrder,
    EvidentialStage,
    PublicInterestStage,
    ReviewState,
)
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("charging_decisions", key=("id",), index=(("case",),))
class DecisionRow(Struct, frozen=True):
    """A decision whether to charge a person. `reasons` is None for a reader who may not see
    outcomes. `review` is the state of the family's right to a review of the decision, and `answer`
    the answer to their request for a review.
    """

    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    person: UUID
    decision: Charging
    body: ChargingBody
    evidential: EvidentialStage
    public_interest: PublicInterestStage
    offence: str
    reasons: str | None
    childs_view: str
    parents_view: str
    happened: datetime
    by: str
    review: ReviewState | None = None
    answer: str | None = None


@rows("court_orders", key=("id",), index=(("case",),))
class OrderRow(Struct, frozen=True):
    """A court order about a person, and its end."""

    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    person: UUID
    order: CourtOrder
    terms: str
    until: date | None
    happened: datetime
    by: str


@rows("appeals", key=("id",), index=(("case",),))
class AppealRow(Struct, frozen=True):
    """An appeal; `end` is its outcome once it has been decided."""

    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    person: UUID
    against: AppealAgainst
    lodged_by: AppealBy
    happened: datetime
    note: str | None
    by: str
    end: AppealEnd | None = None
    words: str | None = None
    decided: datetime | None = None


def apply(fact: Recorded, batch: RowBatch) -> None:
    item, at = fact.stream, fact.recorded
    match fact.event:
        case ChargingDecided() as event:
            when = event.happened or at
            batch.put(row_of(DecisionRow, fact, happened=when))
        case ReviewTold() as event:
            if decision := batch.get(DecisionRow, item):
                answer = event.words or decision.answer
                batch.put(replace(decision, review=event.state, answer=answer))
        case OrderMade() as made:
            batch.put(row_of(OrderRow, fact, happened=made.happened or at))
        case AppealLodged() as lodged:
            batch.put(row_of(AppealRow, fact, lodged_by=lodged.by, happened=lodged.happened or at))
        case AppealDecided() as ended:
            if appeal := batch.get(AppealRow, item):
                decided = replace(appeal, end=ended.end, words=ended.words)
                batch.put(replace(decided, decided=ended.happened or at))


VIEW = View("charging", (DecisionRow, OrderRow, AppealRow), apply)

# --- queries ------------------------------------------------------------------------------------

R = TypeVar("R", DecisionRow, OrderRow, AppealRow)


def decisions(db: Db, reader: Reader, case: UUID) -> list[DecisionRow]:
    """Return the decisions of a case. Only readers who may see outcomes get the reasons of a
    decision, because the reasons describe the evidence.
    """
    rows_of = _of(db, reader, DecisionRow, case)
    if case in scope.reached(db, reader, "see-outcome", {case}):
        return rows_of
    return [replace(row, reasons=None) for row in rows_of]


def orders(db: Db, reader: Reader, case: UUID) -> list[OrderRow]:
    """Return the court orders of a case."""
    return _of(db, reader, OrderRow, case)


def appeals(db: Db, reader: Reader, case: UUID) -> list[AppealRow]:
    """Return the appeals in a case."""
    return _of(db, reader, AppealRow, case)


def _of(db: Db, reader: Reader, kind: type[R], case: UUID) -> list[R]:
    c = kind.table.c
    where = [c.case == case, scope.in_use(c.id)]
    return [kind(*row) for row in scope.read(db, reader, c.id, where, (c.happened, c.id))]
