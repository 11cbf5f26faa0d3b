"""Risks to the parents of a family, for their worker and the charity's supervisor."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import astuple, replace

from access.who_may import scope
from domain.families.parent import ParentRiskEnded, ParentRiskNoted
from domain.kernel.codes import ParentRisk
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("parent_risks", key=("id",), index=(("case",),))
class RiskRow(Struct, frozen=True):
    """A risk to a parent; `ended` is the reason why it is over."""

    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    person: UUID
    kind: ParentRisk
    words: str
    review: date
    by: str
    recorded: datetime
    ended: str | None = None


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case ParentRiskNoted():
            batch.put(row_of(RiskRow, fact))
        case ParentRiskEnded() as ended:
            if row := batch.get(RiskRow, fact.stream):
                batch.put(replace(row, ended=ended.reason))


VIEW = View("parents", (RiskRow,), apply)


class Endangered(RiskRow, frozen=True):
    """A risk to a parent, with the parent's name."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("who", "parent"),
        Column("kind", "kind of risk"),
        Column("words", "seen or heard"),
        Column("by", "opinion of"),
        Column("recorded", "recorded", "moment"),
        Column("review", "review", "day"),
        Column("ended", "ended"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "id")
    who: str = "somebody"


def risks(db: Db, reader: Reader, case: UUID) -> list[Endangered]:
    """Return the risks to a family's parents, in the order of recording."""
    c = RiskRow.table.c
    db_rows = scope.read(db, reader, c.id, [c.case == case, scope.in_use(c.id)], (c.recorded, c.id))
    return [Endangered(*astuple(RiskRow(*row))) for row in db_rows]
