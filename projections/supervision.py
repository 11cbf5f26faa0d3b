"""When was a worker's supervision offered, held or declined?

Told to the worker, and to who manages workers of their teams; of therapeutic supervision there is
nothing to tell but that.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from access import scope
from domain.codes import SupervisionKind, SupervisionState
from domain.envelope import Recorded
from domain.supervision import SupervisionTold
from domain.values import Reader
from projections.batch import Batch
from projections.columns import Column
from projections.schema import Db, View, rows


@rows("supervision", key=("seq",), index=(("id",), ("worker",)))
@dataclass(frozen=True)
class SupervisionRow:
    """What was told of a worker's supervision; `id` is what all of theirs is known by."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("day", "day", "day"),
        Column("worker", "worker"),
        Column("kind", "what"),
        Column("state", "state"),
        Column("agreed", "agreed"),
        Column("by", "told by"),
    )
    order: ClassVar[tuple[str, ...]] = ("-day", "seq")
    table: ClassVar[sa.Table]
    seq: int
    id: UUID
    worker: str
    kind: SupervisionKind
    state: SupervisionState
    day: date
    agreed: str | None
    by: str
    recorded: datetime


def apply(fact: Recorded, batch: Batch) -> None:
    if isinstance(fact.event, SupervisionTold):
        told = fact.event
        rest = (told.worker, told.kind, told.state, told.day, told.agreed)
        batch.put(SupervisionRow(fact.seq, fact.stream, *rest, fact.by, fact.recorded))


VIEW = View("supervision", (SupervisionRow,), apply)


def listed(db: Db, reader: Reader, worker: str | None = None) -> list[SupervisionRow]:
    """What was told, the latest day first; of all workers, or of one."""
    c = SupervisionRow.table.c
    where = [c.worker == worker] if worker else []
    found = scope.read(db, reader, c.id, where, (c.day.desc(), c.seq))
    return [SupervisionRow(*row) for row in found]
