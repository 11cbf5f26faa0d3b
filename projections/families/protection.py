"""Facts from which alerts are computed: arrests, contacts through a channel that is not safe (such
as a phone that another person reads), dangers, answers to alerts, and the children who were
considered because of a suspect.

The package `network` computes the alerts, as known at a moment.
"""

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from access.who_may import scope
from domain.families.charity_support import WayChecked
from domain.families.protection import (
    AlertAnswered,
    Considered,
    DangerFlagged,
    ReferralConsidered,
)
from domain.justice.arrest_to_result import ArrestMade
from domain.kernel.codes import AlertAnswer, DangerNeed
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.queries import select_each
from projections.kernel.schema import View, rows


@rows("arrests", key=("arrest",), index=(("person",),))
class ArrestRow(Struct, frozen=True):
    """An arrest of a person."""

    table: ClassVar[sa.Table]
    arrest: UUID
    person: UUID
    recorded: datetime


@rows("ways_used", key=("contact",), index=(("case",),))
class WayRow(Struct, frozen=True):
    """The channel of a contact with a family, and whether it was recorded as unsafe at that
    time."""

    table: ClassVar[sa.Table]
    contact: UUID
    case: UUID
    channel: UUID | None
    unsafe: bool
    recorded: datetime


@rows("dangers", key=("flag",), index=(("case",),))
class DangerRow(Struct, frozen=True):
    """A danger to a member of a family, and the help that they needed."""

    table: ClassVar[sa.Table]
    flag: UUID
    case: UUID
    needs: tuple[DangerNeed, ...]
    recorded: datetime


@rows("alert_answers", key=("alert",))
class AnswerRow(Struct, frozen=True):
    """The last answer to an alert."""

    table: ClassVar[sa.Table]
    alert: UUID
    answer: AlertAnswer
    by: str
    recorded: datetime


@rows("considered", key=("suspect", "child"))
class ConsideredRow(Struct, frozen=True):
    """The last decision whether a child is at risk from a suspect."""

    table: ClassVar[sa.Table]
    suspect: UUID
    child: UUID
    decision: Considered
    case: UUID | None
    by: str
    recorded: datetime


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case ArrestMade() as event:
            batch.put(ArrestRow(fact.stream, event.person, fact.recorded))
        case WayChecked() as event:
            unsafe = event.verdict == "unsafe"
            batch.put(WayRow(fact.stream, event.case, event.channel, unsafe, fact.recorded))
        case DangerFlagged() as event:
            batch.put(DangerRow(fact.stream, event.case, event.needs, fact.recorded))
        case AlertAnswered() as event:
            batch.put(AnswerRow(fact.stream, event.answer, fact.by, fact.recorded))
        case ReferralConsidered() as event:
            batch.put(row_of(ConsideredRow, fact))


VIEW = View(
    "protection",
    (ArrestRow, WayRow, DangerRow, AnswerRow, ConsideredRow),
    apply,
    moved_by=frozenset({ArrestMade, WayChecked, DangerFlagged, AlertAnswered, ReferralConsidered}),
)


def arrests(db: Db, reader: Reader) -> list[ArrestRow]:
    """Return all arrests, oldest first."""
    c = ArrestRow.table.c
    db_rows = scope.read_few(db, reader, c.arrest, (), (c.recorded, c.arrest))
    return [ArrestRow(*row) for row in db_rows]


def ways_used(db: Db, cases: Collection[UUID]) -> list[WayRow]:
    """Return the channels (such as a phone) that workers used for contacts in these cases, oldest
    first. Readers' rights are not checked: readers of the case are warned of an unsafe channel,
    without seeing more about the contacts.
    """
    c = WayRow.table.c
    select = sa.select(WayRow.table).where(c.case.in_(sorted(cases)))
    return [WayRow(*row) for row in db.execute(select.order_by(c.recorded, c.contact))]


def cases_reached(db: Db, reader: Reader) -> set[UUID]:
    """Return the cases that the reader sees in which a family was contacted by a channel that other
    people may share."""
    c = WayRow.table.c
    shared = sa.or_(c.unsafe, c.channel.is_not(None))
    select = sa.select(c.case).where(shared, scope.sees(reader, c.case)).distinct()
    return set(db.execute(select).scalars())


def dangers(db: Db, reader: Reader) -> list[DangerRow]:
    """Return the dangers to family members, oldest first."""
    c = DangerRow.table.c
    db_rows = scope.read_few(db, reader, c.flag, (), (c.recorded, c.flag))
    return [DangerRow(*row) for row in db_rows]


def answers(db: Db, reader: Reader, alerts: Collection[UUID]) -> dict[UUID, AnswerRow]:
    """Return the last answer to each of these alerts."""
    table = AnswerRow.table
    rows = select_each(db, sa.select(table), table.c.alert, alerts)
    return {row.alert: AnswerRow(*row) for row in rows}


def considered(db: Db, reader: Reader, suspect: UUID) -> dict[UUID, ConsideredRow]:
    """Return, by child, the last decision whether the child is at risk from this suspect, for
    children whom the reader sees.
    """
    table = ConsideredRow.table
    both = scope.sees(reader, table.c.suspect), scope.sees(reader, table.c.child)
    select = sa.select(table).where(table.c.suspect == suspect, *both)
    return {row.child: ConsideredRow(*row) for row in db.execute(select)}
