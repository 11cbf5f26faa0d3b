"""Referrals of young people to a MARAC (multi-agency risk assessment conference), and its
decisions."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.families.marac import MaracHeard, MaracReferred
from domain.kernel.codes import MaracEnd, MaracGround
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("maracs", key=("id",), index=(("case",),))
class MaracRow(Struct, frozen=True):
    """A referral to a MARAC (a multi-agency risk assessment conference): the grounds of the
    referral, the day of the meeting (`meets`), the outcome (`how`, None until the meeting), and the
    decisions of the meeting in order (`decided`).
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("meets", "MARAC meets", "day"),
        Column("grounds", "grounds"),
        Column("ticks", "boxes ticked"),
        Column("basis", "reason for the referral"),
        Column("how", "status"),
        Column("decided", "decision"),
        Column("by", "referred by"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("meets", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    grounds: tuple[MaracGround, ...]
    ticks: int | None
    basis: str
    meets: date
    by: str
    how: MaracEnd | None = None
    decided: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Return whether the decision of the MARAC is still to be recorded."""
        return self.how in (None, "put-off")


def apply(fact: Recorded, batch: RowBatch) -> None:
    item = fact.stream
    match fact.event:
        case MaracReferred():
            batch.put(row_of(MaracRow, fact))
        case MaracHeard() as heard:
            if row := batch.get(MaracRow, item):
                decided, meets = (*row.decided, heard.words), heard.meets or heard.on
                batch.put(replace(row, how=heard.how, decided=decided, meets=meets))


VIEW = View("marac", (MaracRow,), apply)


def of_case(db: Db, reader: Reader, case: UUID) -> list[MaracRow]:
    """Return the referrals of a case, for the child's worker, in the order of their days."""
    return _rows(db, reader, case, scope.in_use(MaracRow.table.c.id))


def list_hearing_days(db: Db, reader: Reader, among: Iterable[UUID]) -> list[date]:
    """Return the days on which a MARAC discussed one of these cases."""
    return [row.meets for case in among for row in _rows(db, reader, case) if not row.is_open]


def _rows(db: Db, reader: Reader, case: UUID, *where: sa.ColumnElement[bool]) -> list[MaracRow]:
    c = MaracRow.table.c
    db_rows = scope.read(db, reader, c.id, [c.case == case, *where], (c.meets, c.id))
    return [MaracRow(*row) for row in db_rows]
