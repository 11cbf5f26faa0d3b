"""The timeline of a child and the child's family: the events of a case in the order in which they
happened.

A row describes an event in codes, without any person's words; a reader sees the row if they see the
event's item. Requests, retention and technical events are left out. Health and placement are shown
only to workers admitted to those compartments (`compartments.py`).
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.data_protection.erasure import is_destroyed
from domain.families.referral import CaseOpened
from domain.information.observation import ObservationMoved
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import View, rows


@rows("journey", key=("item", "version"), index=(("case", "at"),))
class JourneyRow(Struct, frozen=True):
    """One event of a case. `at` is when the event happened or, if that is unknown, when it was
    recorded. `what` describes the event in codes, without any person's words.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("at", "date", "moment"),
        Column("what", "event"),
        Column("by", "recorded by"),
        Column("item", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("at", "item", "version")
    table: ClassVar[sa.Table]
    case: UUID
    item: UUID
    version: int
    at: datetime
    what: str
    by: str


@rows("journey_items", key=("item",))
class FiledRow(Struct, frozen=True):
    """The case under which an item is filed now."""

    table: ClassVar[sa.Table]
    item: UUID
    case: UUID


def apply(fact: Recorded, batch: RowBatch) -> None:
    event, item = fact.event, fact.stream
    match event:
        case event if is_destroyed(event):
            batch.drop_all(JourneyRow, "item", item)
        case ObservationMoved():
            if event.case:
                batch.put(FiledRow(item, event.case))
            else:
                batch.drop(FiledRow, item)
            for row in batch.having(JourneyRow, item=item):
                batch.put(replace(row, case=event.case or item))
        case _ if event.meaning.journey:
            _add_event(fact, batch)


def _add_event(fact: Recorded, batch: RowBatch) -> None:
    event, item = fact.event, fact.stream
    case: UUID | None = getattr(event, "case", None)
    if isinstance(event, CaseOpened):
        case = item
    if case:
        batch.put(FiledRow(item, case))
    elif fact.version > 1 and (filed := batch.get(FiledRow, item)):
        case = filed.case
    words, *fields = event.meaning.journey
    codes = ", ".join(str(code) for name in fields if (code := getattr(event, name)))
    description = f"{words}: {codes}" if codes else words
    # an item that is not filed under a case yet has its own id in place of the case's
    batch.put(JourneyRow(case or item, item, fact.version, _when(fact), description, fact.by))


def _when(fact: Recorded) -> datetime:
    when = getattr(fact.event, fact.event.meaning.when, None)
    return min(when, fact.recorded) if isinstance(when, datetime) else fact.recorded


VIEW = View("journey", (JourneyRow, FiledRow), apply, version=2)


# --- queries ------------------------------------------------------------------------------------


def of_case(db: Db, reader: Reader, case: UUID) -> list[JourneyRow]:
    """Return the events of a case that the reader sees, in the order in which they happened."""
    c = JourneyRow.table.c
    return [
        JourneyRow(*row)
        for row in scope.read(
            db, reader, c.item, [c.case == case, scope.in_use(c.item)], (c.at, c.item, c.version)
        )
    ]
