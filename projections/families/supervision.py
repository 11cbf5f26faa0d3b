"""Supervision of workers (offered, held or declined), and when a worker last acknowledged the
charter of Parent Support Workers.

A worker's supervision is visible to the worker and to the manager of the worker's team. Of
therapeutic supervision, only the fact that it took place is recorded.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from access.who_may import scope
from domain.families.charter import DOES, NEVER, CharterAcknowledged
from domain.families.supervision import SupervisionTold
from domain.kernel.codes import SupervisionKind, SupervisionState
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import View, rows


@rows("supervision", key=("seq",), index=(("id",), ("worker",)))
class SupervisionRow(Struct, frozen=True):
    """A supervision of a worker; `id` is the same for all records about this worker."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("day", "date", "day"),
        Column("worker", "worker"),
        Column("kind", "kind of supervision"),
        Column("state", "status"),
        Column("agreed", "agreed"),
        Column("by", "recorded by"),
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


@rows("charters", key=("id",))
class CharterRow(Struct, frozen=True):
    """When a worker last acknowledged the charter of the role, and in which wording."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("worker", "worker"),
        Column("version", "version"),
        Column("read", "read on", "moment"),
    )
    order: ClassVar[tuple[str, ...]] = ("worker",)
    table: ClassVar[sa.Table]
    id: UUID
    worker: str
    version: str
    read: datetime


class Sentence(Struct, frozen=True):
    """A sentence of the charter of the role of a Parent Support Worker."""

    columns: ClassVar[tuple[Column, ...]] = (Column("does", "a worker"), Column("what", "rule"))
    order: ClassVar[tuple[str, ...]] = ("place",)
    place: int
    does: str
    what: str


def apply(fact: Recorded, batch: RowBatch) -> None:
    if isinstance(fact.event, CharterAcknowledged):
        read = fact.event
        batch.put(CharterRow(fact.stream, read.worker, read.version, fact.recorded))
    if isinstance(fact.event, SupervisionTold):
        event = fact.event
        rest = (event.worker, event.kind, event.state, event.day, event.agreed)
        batch.put(SupervisionRow(fact.seq, fact.stream, *rest, fact.by, fact.recorded))


VIEW = View("supervision", (SupervisionRow, CharterRow), apply)


def list_supervision(db: Db, reader: Reader, worker: str | None = None) -> list[SupervisionRow]:
    """Return the facts about supervision, the latest day first; of all workers, or of this
    worker."""
    c = SupervisionRow.table.c
    where = [c.worker == worker] if worker else []
    db_rows = scope.read(db, reader, c.id, where, (c.day.desc(), c.seq))
    return [SupervisionRow(*row) for row in db_rows]


def workers(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return, for each of these ids of a worker's supervision, the worker who is supervised."""
    c = SupervisionRow.table.c
    db_rows = scope.read(db, reader, c.id, [c.id.in_(sorted(ids))], (c.id, c.seq))
    return {row.id: row.worker for row in (SupervisionRow(*values) for values in db_rows)}


def charter() -> list[Sentence]:
    """Return the sentences of the charter about what a Parent Support Worker does, and
    never does.
    """
    sentences = [("does", sentence) for sentence in DOES] + [
        ("never", sentence) for sentence in NEVER
    ]
    return [Sentence(place, *sentence) for place, sentence in enumerate(sentences)]


def acknowledged(db: Db, reader: Reader) -> list[CharterRow]:
    """Return the acknowledgements of the charter by the reader, and by the workers whom they
    manage.
    """
    c = CharterRow.table.c
    return [CharterRow(*row) for row in scope.read_few(db, reader, c.id, (), (c.worker, c.id))]
