"""An urgent alert when a child who has a case is arrested. (According to the Jay report, victims
were arrested while they were exploited.) The alert is raised whichever record of the child the
arrest names. It is also raised if only later a case of the child is recorded, or two records are
judged to be the same child.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from access.who_may import scope
from access.who_may.table import WARNED
from domain.families.protection import CLOCK_OF, AlertEnded, AlertKind, AlertRang, alert_stream
from domain.families.referral import CaseOpened
from domain.justice.arrest_to_result import ArrestMade
from domain.kernel.codes import Clock
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from domain.people_and_teams import deadline
from projections.due.rows import CaseRow, DueRow, all_records_of, begin, find_waiting, judged
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.schema import rows

ALERT: Clock = "alert"
NEAR: AlertKind = "near-placement"


@rows("due_arrests", key=("arrest",), index=(("person",),))
class ArrestRow(Struct, frozen=True):
    """An arrest, and the person who was arrested."""

    table: ClassVar[sa.Table]
    arrest: UUID
    person: UUID


@rows("due_same", key=("pair",), index=(("a",), ("b",)))
class SameRow(Struct, frozen=True):
    """Two records of people that were judged to be the same person."""

    table: ClassVar[sa.Table]
    pair: UUID
    a: UUID
    b: UUID


@rows("due_rung", key=("id", "case"))
class RungRow(Struct, frozen=True):
    """The case to which an urgent alert belongs. A reader sees the alert only if they also see this
    case.
    """

    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    kind: AlertKind


def apply(fact: Recorded, batch: RowBatch) -> None:
    """Raise or end alerts and their deadlines after a fact such as an arrest, a new case of a
    child, or a judgement that two records are the same person.
    """
    match fact.event:
        case ArrestMade(person=person):
            arrest = ArrestRow(fact.stream, person)
            batch.put(arrest)
            _rings(fact, batch, arrest, all_records_of(batch, SameRow, person))
        case AlertRang() as event:
            _rang(fact, batch, event)
        case AlertEnded():
            _drop(batch, fact.stream)
        case CaseOpened(child=child):
            records = sorted(all_records_of(batch, SameRow, child))
            for arrest in batch.among(ArrestRow, "person", records):
                _rings(fact, batch, arrest, {child})
    _judged(fact, batch, judged(fact, batch, SameRow))


def _rings(fact: Recorded, batch: RowBatch, arrest: ArrestRow, among: set[UUID]) -> None:
    """Raise an alert about the arrest for each case of a child among these people, unless it was
    raised before."""
    for row in batch.among(CaseRow, "child", sorted(among)):
        alert = alert_stream(row.case, "arrest-of-victim", arrest.arrest)
        item = deadline.stream(alert, ALERT)
        if batch.get(DueRow, item) is None:
            begin(batch, fact, arrest.arrest, ALERT, key=alert, anybody=True, team=row.team)
            batch.put(RungRow(item, row.case, "arrest-of-victim"))


def _rang(fact: Recorded, batch: RowBatch, event: AlertRang) -> None:
    """Begin the deadline of an alert, unless it exists; delete the deadlines under the alert's
    former ids."""
    for former in event.before:
        _drop(batch, former)
    item, row = deadline.stream(fact.stream, ALERT), batch.get(CaseRow, event.case)
    if batch.get(DueRow, item) is None:
        key, team, since = fact.stream, row.team if row else None, event.since
        begin(batch, fact, event.case, ALERT, since=since, key=key, anybody=True, team=team)
        batch.put(RungRow(item, event.case, event.kind))


def _drop(batch: RowBatch, alert: UUID) -> None:
    if waits := find_waiting(batch, alert, ALERT):
        batch.drop(DueRow, waits.id)
        batch.drop_all(RungRow, "id", waits.id)


def _judged(fact: Recorded, batch: RowBatch, among: set[UUID]) -> None:
    """Raise and remove alerts after a change in who is judged the same person. Answered alerts stay
    answered."""
    for arrest in batch.among(ArrestRow, "person", sorted(among)) if among else ():
        now = all_records_of(batch, SameRow, arrest.person)
        for row in batch.among(CaseRow, "child", sorted(among - now)):
            _drop(batch, alert_stream(row.case, "arrest-of-victim", arrest.arrest))
        _rings(fact, batch, arrest, now)


# --- queries ------------------------------------------------------------------------------------


def hidden(reader: Reader, c: Any) -> sa.ColumnElement[bool]:
    """Return the SQL condition that an alert is hidden from the reader: the reader does not see the
    alert's case, or the alert warns of a suspect near a placement and the reader may not get such
    warnings.
    """
    r = RungRow.table.c
    unseen = sa.not_(scope.sees(reader, r.case, singly=True))
    warned = (scope.may_act_on(reader, act, r.case, singly=True) for act in WARNED)
    apart = sa.and_(r.kind == NEAR, sa.not_(sa.or_(*warned)))
    return sa.exists(sa.select(sa.literal(1)).where(r.id == c.id, sa.or_(unseen, apart)))


def hidden_alerts(
    db: Db, reader: Reader, ids: Collection[UUID], seen: Collection[UUID]
) -> set[UUID]:
    """Return those of the deadlines `ids` whose alert is hidden from the reader: the reader does
    not see the alert's case, or may not get warnings of a suspect near a placement. `seen` are the
    cases that the reader sees.
    """
    r = RungRow.table
    rang = list(db.execute(sa.select(r).where(r.c.id.in_(sorted(ids)))))
    near = {row.case for row in rang if row.kind == NEAR}
    warned = {item for act in WARNED for item in scope.reached(db, reader, act, near)}
    return {
        row.id
        for row in rang
        if row.case not in seen or (row.kind == NEAR and row.case not in warned)
    }


def had_deadline(db: Db, alerts: Collection[UUID]) -> set[UUID]:
    """Return the alerts among these for which a deadline was ever begun."""
    clocks = sorted(set(CLOCK_OF.values()))
    of = {deadline.stream(alert, clock): alert for alert in alerts for clock in clocks}
    c = DueRow.table.c
    return {of[row.id] for row in db.execute(sa.select(c.id).where(c.id.in_(sorted(of))))}


class Rung(Struct, frozen=True):
    """An alert with a running deadline: its case, its kind and its start."""

    alert: UUID
    case: UUID
    kind: AlertKind
    since: datetime


def list_unanswered(db: Db) -> list[Rung]:
    """Return the alerts that wait for an answer. Rights of access are not checked.

    Alerts about arrests are left out: `_judged` removes those that no longer apply.
    """
    r, c = RungRow.table.c, DueRow.table.c
    select = sa.select(c.ref, r.case, r.kind, c.since).join_from(
        RungRow.table, DueRow.table, r.id == c.id
    )
    where = sa.not_(c.ended), r.kind != "arrest-of-victim", c.clock == ALERT
    rows = db.execute(select.where(*where).order_by(c.id))
    return [Rung(UUID(ref.partition(":")[0]), *others) for ref, *others in rows]


def cases_of(db: Db, ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Return, for each of these deadlines, the cases that a reader has to see in order to see the
    deadline.
    """
    rung: dict[UUID, set[UUID]] = defaultdict(set)
    for row in db.execute(sa.select(RungRow.table).where(RungRow.table.c.id.in_(sorted(ids)))):
        rung[row.id].add(row.case)
    return rung
