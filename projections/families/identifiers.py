"""Which number stands for a child, as far as it may be known without being read; who has it open?

The number itself stands in no view: here are its keyed hash, by which it is found as a whole, and
its last figures. What is asked here is asked of the child: their number reaches as far as they do,
for those whose duty needs it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from access.who_may import scope
from domain.families import identifier
from domain.families.identifier import IdentifierOpened, IdentifierTold, IdentifierWithdrawn
from domain.kernel.codes import IdentifierDuty, IdentifierKind
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.schema import View, rows


@rows("identifiers", key=("stream",), index=(("person",), ("mark",)))
@dataclass(frozen=True)
class IdentifierRow:
    """The number that stands for a child: its keyed hash and its last figures."""

    table: ClassVar[sa.Table]
    stream: UUID
    person: UUID
    kind: IdentifierKind
    mark: str
    tail: str
    source: str
    as_of: date
    by: str
    recorded: datetime


@rows("identifiers_opened", key=("seq",), index=(("stream", "by"),))
@dataclass(frozen=True)
class OpenedRow:
    """Somebody opened it, and for which duty."""

    table: ClassVar[sa.Table]
    seq: int
    stream: UUID
    person: UUID
    by: str
    duty: IdentifierDuty
    at: datetime


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case IdentifierTold() as told:
            said = (told.mark.hex(), told.number[-identifier.SHOWN :], told.source, told.as_of)
            row = IdentifierRow(fact.stream, told.person, told.kind, *said, fact.by, fact.recorded)
            batch.put(row)
        case IdentifierWithdrawn():
            batch.drop(IdentifierRow, fact.stream)
        case IdentifierOpened() as event:
            what = (fact.stream, event.person, fact.by, event.duty, fact.recorded)
            batch.put(OpenedRow(fact.seq, *what))


VIEW = View("identifiers", (IdentifierRow, OpenedRow), apply)


def of_person(db: Db, reader: Reader, person: UUID) -> list[IdentifierRow]:
    """What stands for somebody, for those whose duty needs it and reaches them."""
    c = IdentifierRow.table.c
    return _rows(db, reader, c.person == person)


def bearing(db: Db, reader: Reader, kind: IdentifierKind, mark: bytes) -> list[UUID]:
    """Who bears exactly this number, of those whom the reader sees and whose number they may."""
    c = IdentifierRow.table.c
    return [row.person for row in _rows(db, reader, c.kind == kind, c.mark == mark.hex())]


def _rows(db: Db, reader: Reader, *where: sa.ColumnElement[bool]) -> list[IdentifierRow]:
    c = IdentifierRow.table.c
    needed = scope.may(reader, "see-identifier", c.person)
    found = scope.read(db, reader, c.person, (*where, needed), (c.recorded, c.stream))
    return [IdentifierRow(*row) for row in found]


def opened(db: Db, reader: Reader, row: IdentifierRow, since: datetime) -> datetime | None:
    """When the reader opened it last, if that was since then and it was not corrected after."""
    c = OpenedRow.table.c
    theirs = (c.stream == row.stream, c.by == reader.name, c.at > max(since, row.recorded))
    at: datetime | None = db.execute(sa.select(sa.func.max(c.at)).where(*theirs)).scalar()
    return at
