"""A child with a case is arrested, by whichever of their records: that rings (victims were arrested
while they were exploited; Jay). What is told later, that two records are one child or that there is
a case, rings then."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa

from access import scope
from domain import due
from domain.codes import Clock
from domain.envelope import Recorded
from domain.justice import ArrestMade
from domain.protection import alert_stream
from domain.referral import CaseOpened
from domain.values import Reader
from projections.batch import Batch
from projections.due.rows import CaseRow, DueRow, begin, judged, waiting, whole
from projections.schema import Db, rows

ALERT: Clock = "alert"


@rows("due_arrests", key=("arrest",), index=(("person",),))
@dataclass(frozen=True)
class ArrestRow:
    """Whom an arrest is of."""

    table: ClassVar[sa.Table]
    arrest: UUID
    person: UUID


@rows("due_same", key=("pair",), index=(("a",), ("b",)))
@dataclass(frozen=True)
class SameRow:
    """Two who are judged the same."""

    table: ClassVar[sa.Table]
    pair: UUID
    a: UUID
    b: UUID


@rows("due_rung", key=("id", "case"))
@dataclass(frozen=True)
class RungRow:
    """For which case an arrest or a contact rings, and what else one sees who is told of it."""

    table: ClassVar[sa.Table]
    id: UUID
    case: UUID


def apply(fact: Recorded, batch: Batch) -> None:
    """Somebody is arrested; a child has a case; two are judged the same, or no longer."""
    match fact.event:
        case ArrestMade(person=person):
            arrest = ArrestRow(fact.stream, person)
            batch.put(arrest)
            _rings(fact, batch, arrest, whole(batch, SameRow, person))
        case CaseOpened(child=child):
            records = sorted(whole(batch, SameRow, child))
            for arrest in batch.among(ArrestRow, "person", records):
                _rings(fact, batch, arrest, {child})
    _judged(fact, batch, judged(fact, batch, SameRow))


def _rings(fact: Recorded, batch: Batch, arrest: ArrestRow, among: set[UUID]) -> None:
    """An arrest rings for each case of a child among these, once."""
    for row in batch.among(CaseRow, "child", sorted(among)):
        alert = alert_stream(row.case, "arrest-of-victim", arrest.arrest)
        one = due.stream(alert, ALERT)
        if batch.get(DueRow, one) is None:
            begin(batch, fact, arrest.arrest, ALERT, key=alert, anybody=True, team=row.team)
            batch.put(RungRow(one, row.case))


def _judged(fact: Recorded, batch: Batch, among: set[UUID]) -> None:
    """What rings follows who is judged the same; what was answered stays answered."""
    for arrest in batch.among(ArrestRow, "person", sorted(among)) if among else ():
        now = whole(batch, SameRow, arrest.person)
        for row in batch.among(CaseRow, "child", sorted(among - now)):
            alert = alert_stream(row.case, "arrest-of-victim", arrest.arrest)
            if waits := waiting(batch, alert, ALERT):
                batch.drop(DueRow, waits.id)
                batch.drop(RungRow, waits.id, row.case)
        _rings(fact, batch, arrest, now)


# --- queries ------------------------------------------------------------------------------------


def hidden(reader: Reader, c: Any) -> sa.ColumnElement[bool]:
    """The condition that something rings for a case that the reader does not see."""
    r = RungRow.table.c
    unseen = sa.not_(scope.sees(reader, r.case, singly=True))
    return sa.exists(sa.select(sa.literal(1)).where(r.id == c.id, unseen))


def cases_of(db: Db, ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """For which case each of these rings, with what else one sees who is told of it."""
    rung: dict[UUID, set[UUID]] = defaultdict(set)
    for row in db.execute(sa.select(RungRow.table).where(RungRow.table.c.id.in_(sorted(ids)))):
        rung[row.id].add(row.case)
    return rung
