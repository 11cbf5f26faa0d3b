"""The view of children's identification numbers: the keyed hash and the last digits of each number,
and which users have opened it.

No view has the number itself: to find a number, a search compares keyed hashes. Readers see a
number if they see the child and have a role with a duty that needs the number.
"""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

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
class IdentifierRow(Struct, frozen=True):
    """A child's identification number: its keyed hash and its last digits."""

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
class OpenedRow(Struct, frozen=True):
    """An occasion on which a user read a child's full number, and the duty for which they needed
    it."""

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
            fields = (told.mark.hex(), told.number[-identifier.SHOWN :], told.source, told.as_of)
            row = IdentifierRow(
                fact.stream, told.person, told.kind, *fields, fact.by, fact.recorded
            )
            batch.put(row)
        case IdentifierWithdrawn():
            batch.drop(IdentifierRow, fact.stream)
        case IdentifierOpened() as event:
            opening = (fact.stream, event.person, fact.by, event.duty, fact.recorded)
            batch.put(OpenedRow(fact.seq, *opening))


VIEW = View("identifiers", (IdentifierRow, OpenedRow), apply)


def of_person(db: Db, reader: Reader, person: UUID) -> list[IdentifierRow]:
    """Return a person's numbers, for readers whose duty needs them and who see the person."""
    c = IdentifierRow.table.c
    return _rows(db, reader, c.person == person)


def bearing(db: Db, reader: Reader, kind: IdentifierKind, mark: bytes) -> list[UUID]:
    """Return the people who have exactly this number, as far as the reader sees them and may use
    their numbers.
    """
    c = IdentifierRow.table.c
    return [row.person for row in _rows(db, reader, c.kind == kind, c.mark == mark.hex())]


def _rows(db: Db, reader: Reader, *where: sa.ColumnElement[bool]) -> list[IdentifierRow]:
    c = IdentifierRow.table.c
    needed = scope.may_act_on(reader, "see-identifier", c.person)
    db_rows = scope.read(db, reader, c.person, (*where, needed), (c.recorded, c.stream))
    return [IdentifierRow(*row) for row in db_rows]


def opened(db: Db, reader: Reader, row: IdentifierRow, since: datetime) -> datetime | None:
    """Return when the reader last opened the number, if that was after `since` and after the
    number's last correction; otherwise None."""
    c = OpenedRow.table.c
    theirs = (c.stream == row.stream, c.by == reader.name, c.at > max(since, row.recorded))
    at: datetime | None = db.execute(sa.select(sa.func.max(c.at)).where(*theirs)).scalar()
    return at
