"""The view of a family's needs, of threats against it, and of its moves."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.families.need import FamilyMoved, NeedAnswered, NeedTold, ThreatAnswered, ThreatTold
from domain.kernel.codes import About, MoveReason, NeedKind, NeedState, ThreatDone, ThreatKind
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("needs", key=("id",), index=(("case",),))
class NeedRow(Struct, frozen=True):
    """A need of a family. `state` is None until the first response; `done` are the responses in
    order; `by` is the day on which the next response is due.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("by", "due", "day"),
        Column("kind", "need"),
        Column("whom", "family member"),
        Column("words", "details"),
        Column("state", "status"),
        Column("done", "help given"),
        Column("author", "recorded by"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("by", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    kind: NeedKind
    whom: About
    words: str
    by: date
    author: str
    recorded: datetime
    state: NeedState | None = None
    done: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Return whether the need still has to be met."""
        return self.state in (None, "under-way")


@rows("threats", key=("id",), index=(("case",),))
class ThreatRow(Struct, frozen=True):
    """A threat against a family, and the steps taken for their safety."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("happened", "made on", "moment"),
        Column("kind", "threat"),
        Column("against", "against"),
        Column("words", "details"),
        Column("did", "response"),
        Column("answer", "details of the response"),
        Column("by", "recorded by"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("happened", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    kind: ThreatKind
    against: About
    words: str
    happened: datetime
    by: str
    did: ThreatDone | None = None
    answer: str | None = None


@rows("moves", key=("id",), index=(("case",),))
class MoveRow(Struct, frozen=True):
    """A move of a family, and its reason. The new address is recorded as a placement, which only
    workers admitted to that compartment see.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("on", "moved on", "day"),
        Column("why", "reason"),
        Column("words", "note"),
        Column("by", "recorded by"),
    )
    order: ClassVar[tuple[str, ...]] = ("on", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    on: date
    why: MoveReason
    words: str | None
    by: str


def apply(fact: Recorded, batch: RowBatch) -> None:
    item, by, at = fact.stream, fact.by, fact.recorded
    match fact.event:
        case NeedTold() as told:
            batch.put(row_of(NeedRow, fact, by=told.by, author=by))
        case NeedAnswered() as event:
            if need := batch.get(NeedRow, item):
                actions = (*need.done, event.words)
                batch.put(replace(need, state=event.state, done=actions, by=event.by or need.by))
        case ThreatTold() as threat:
            happened = threat.happened or at
            batch.put(row_of(ThreatRow, fact, happened=happened))
        case ThreatAnswered() as answered:
            if row := batch.get(ThreatRow, item):
                batch.put(replace(row, did=answered.did, answer=answered.words))
        case FamilyMoved():
            batch.put(row_of(MoveRow, fact))


VIEW = View("needs", (NeedRow, ThreatRow, MoveRow), apply)


def needs(db: Db, reader: Reader, case: UUID) -> list[NeedRow]:
    """Return a family's needs, for the worker who supports the family; the earliest due day
    first.
    """
    c = NeedRow.table.c
    db_rows = scope.read(db, reader, c.id, [c.case == case, scope.in_use(c.id)], (c.by, c.id))
    return [NeedRow(*row) for row in db_rows]


def threats(db: Db, reader: Reader, case: UUID) -> list[ThreatRow]:
    """Return the threats against a family, for the child's worker, in the order in which they
    happened."""
    c = ThreatRow.table.c
    db_rows = scope.read(db, reader, c.id, [c.case == case, scope.in_use(c.id)], (c.happened, c.id))
    return [ThreatRow(*row) for row in db_rows]


def unanswered(db: Db, case: UUID) -> list[UUID]:
    """Return the threats in a case about which nothing was done yet, including restricted threats.
    Readers' rights are not checked, because the result is used for decisions about the whole case.
    """
    c = ThreatRow.table.c
    select = sa.select(c.id).where(c.case == case, c.did.is_(None)).order_by(c.id)
    return list(db.execute(select).scalars())


def moves(db: Db, reader: Reader, case: UUID) -> list[MoveRow]:
    """Return a family's moves, for the child's worker."""
    c = MoveRow.table.c
    db_rows = scope.read(db, reader, c.id, [c.case == case, scope.in_use(c.id)], (c.on, c.id))
    return [MoveRow(*row) for row in db_rows]
