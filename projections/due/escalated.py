"""What went on to somebody because nobody had answered it, and whose is it then?"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from domain.codes import Tier
from domain.values import Reader, Role
from projections import due
from projections.due.rows import DueRow, LookedRow
from projections.due.steps import EscalatedRow
from projections.schema import Db

#: The tables of what is due.
KINDS: tuple[type[DueRow], ...] = (DueRow, LookedRow)


def to_escalate(db: Db, now: datetime, most: int) -> list[DueRow]:
    """What nobody answered in time and goes on now, what has waited longest first; everybody's, for
    those who carry it on: it is shown to nobody."""
    found: list[DueRow] = []
    for kind in KINDS:
        c = kind.table.c
        late = sa.not_(c.ended), c.escalates <= now
        select = sa.select(kind.table).where(*late).order_by(c.escalates, c.id)
        found += [DueRow(*row) for row in db.execute(select.limit(most))]
    return found


def went_on(
    db: Db, tiers: Collection[Tier], since: datetime, most: int
) -> list[tuple[EscalatedRow, DueRow | None]]:
    """The steps taken since then, oldest first, each with what is unanswered still; as
    `to_escalate`."""
    e = EscalatedRow.table.c
    select = sa.select(EscalatedRow.table).where(e.tier.in_(tiers), e.at >= since)
    steps = [EscalatedRow(*row) for row in db.execute(select.order_by(e.at, e.id).limit(most))]
    wanted = sorted({step.due_id for step in steps})
    standing: dict[UUID, DueRow] = {}
    for kind in KINDS:
        c = kind.table.c
        there = sa.select(kind.table).where(c.id.in_(wanted), sa.not_(c.ended))
        standing |= {row.id: DueRow(*row) for row in db.execute(there)}
    rows = [standing.get(step.due_id) for step in steps]
    return [
        (step, row if row and row.due == step.due else None)
        for step, row in zip(steps, rows, strict=True)
    ]


def escalated(db: Db, reader: Reader, most: int) -> list[EscalatedRow]:
    """The last steps taken of what the reader sees, newest first."""
    table = EscalatedRow.table
    shown: list[EscalatedRow] = []
    before: datetime | None = None
    while len(shown) < most:
        where = [table.c.at < before] if before else []
        select = sa.select(table).where(*where).order_by(table.c.at.desc(), table.c.id)
        found = [EscalatedRow(*row) for row in db.execute(select.limit(most))]
        if not found:
            break
        seen = visible(db, reader, {row.due_id for row in found})
        shown += [row for row in found if row.due_id in seen]
        before = found[-1].at
    return shown[:most]


def visible(db: Db, reader: Reader, ids: Collection[UUID]) -> set[UUID]:
    """Which of these things due somebody may see."""
    return {row.id for row in due.fetch(db, reader, lambda c: (c.id.in_(sorted(ids)),))}


def theirs(reader: Reader, row: DueRow, role: Role, step: int) -> bool:
    """Whether a step goes to this person, if they may see it: to who set its date, then to roles,
    and never to the one who may not answer it."""
    if step == 0 and row.owner is not None:
        return row.owner == reader.name
    return role in reader.roles and row.not_by != reader.name
