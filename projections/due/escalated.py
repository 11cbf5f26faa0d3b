"""Queries for escalation: overdue deadlines, and the people to whom they pass next."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from domain.clocks import CLOCKS
from domain.kernel.codes import Tier
from domain.kernel.values import Reader, Role
from projections import due
from projections.due import owed
from projections.due.rows import KINDS, DueRow
from projections.due.steps import BegunRow, EscalatedRow
from projections.kernel.database import Db


def to_escalate(db: Db, now: datetime, most: int) -> list[DueRow]:
    """Return the deadlines of all teams that have to escalate now, those that have waited longest
    first; at most `most` from each table. Only the program that escalates deadlines may use this
    query, because it checks no reader's rights.
    """
    rows: list[DueRow] = []
    for kind in KINDS:
        c = kind.table.c
        late = *_waits(db, c), c.escalates <= now, sa.not_(_from_before(c, begun(db)))
        select = sa.select(*due.columns(kind)).where(*late).order_by(c.escalates, c.id)
        rows += [DueRow(*row) for row in db.execute(select.limit(most))]
    return rows


def _waits(db: Db, c: Any) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the SQL conditions that, by all stored facts, a deadline has not been met."""
    return sa.not_(c.ended), owed.runs(db, c)


def begun(db: Db) -> dict[str, datetime]:
    """Return for each type of deadline the time since when this store has it, because a later
    release may add types.
    """
    return {row.clock: row.at for row in db.execute(sa.select(BegunRow.table))}


def from_before(db: Db) -> int:
    """Return the number of running deadlines that were due before this store began to have
    deadlines of their type."""
    count = 0
    for kind in KINDS:
        c = kind.table.c
        where = *_waits(db, c), _from_before(c, begun(db))
        count += db.execute(sa.select(sa.func.count()).where(*where)).scalar_one()
    return count


def _from_before(c: Any, since: Mapping[str, datetime]) -> sa.ColumnElement[bool]:
    """Return the SQL condition that the deadline was due before this store began to use deadlines
    of its type. Such a deadline does not escalate, unless its priority is "danger".
    """
    by_moment: dict[datetime, list[str]] = {}
    for clock, at in since.items():
        if clock in CLOCKS and CLOCKS[clock].tier != "danger":
            by_moment.setdefault(at, []).append(clock)
    return sa.or_(
        sa.false(),
        *(sa.and_(c.clock.in_(sorted(clocks)), c.due <= at) for at, clocks in by_moment.items()),
    )


def list_escalated(
    db: Db, tiers: Collection[Tier], since: datetime, most: int
) -> list[tuple[EscalatedRow, DueRow | None]]:
    """Return the escalation steps taken after `since`, of all teams, oldest first; each with its
    deadline if the deadline still runs.
    """
    e = EscalatedRow.table.c
    select = sa.select(EscalatedRow.table).where(e.tier.in_(tiers), e.at >= since)
    steps = [EscalatedRow(*row) for row in db.execute(select.order_by(e.at, e.id).limit(most))]
    wanted = sorted({step.due_id for step in steps})
    standing: dict[UUID, DueRow] = {}
    for kind in KINDS:
        c = kind.table.c
        there = sa.select(*due.columns(kind)).where(c.id.in_(wanted), *_waits(db, c))
        standing |= {row.id: DueRow(*row) for row in db.execute(there)}
    rows = [standing.get(step.due_id) for step in steps]
    return [
        (step, row if row and row.due == step.due else None)
        for step, row in zip(steps, rows, strict=True)
    ]


def escalated(db: Db, reader: Reader, most: int) -> list[EscalatedRow]:
    """Return the last escalation steps that the reader sees, newest first."""
    table = EscalatedRow.table
    shown: list[EscalatedRow] = []
    before: datetime | None = None
    while len(shown) < most:
        where = [table.c.at < before] if before else []
        select = sa.select(table).where(*where).order_by(table.c.at.desc(), table.c.id)
        rows = [EscalatedRow(*row) for row in db.execute(select.limit(most))]
        if not rows:
            break
        seen = visible(db, reader, {row.due_id for row in rows})
        shown += [row for row in rows if row.due_id in seen]
        before = rows[-1].at
    return shown[:most]


def visible(db: Db, reader: Reader, ids: Collection[UUID]) -> set[UUID]:
    """Return the deadlines among these that the reader sees."""
    return {row.id for row in due.fetch(db, reader, lambda c: (c.id.in_(sorted(ids)),))}


def goes_to_person(reader: Reader, row: DueRow, role: Role, step: int) -> bool:
    """Return whether an escalation step of a deadline notifies this reader, who has to be able to
    see the deadline. The first step (0) notifies the deadline's owner, if there is one. Every other
    step notifies the readers with the role `role`, except the person who may not meet the deadline.
    """
    if step == 0 and row.owner is not None:
        return row.owner == reader.name
    return role in reader.roles and row.not_by != reader.name
