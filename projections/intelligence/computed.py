"""What was computed over the whole network, from which place of the log, and by what?

No log fills this view and nothing in it is a fact: a job writes here what it computed from the
views of the same generation, and with that generation it goes. So an erasure, after which the views
are made again, leaves nothing of what was computed from what it erased, on any machine; and a job
that finds itself gone from here knows that what it has read is not to be used.

It rests on the links of all teams: it is for those alone who see all of them (`analyse` in the role
table). If anything was restricted since, nothing of it is shown (`analytics.shown`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from access.database import written
from access.who_may.decide import require
from domain.kernel.codes import Analysis, AnalysisEngine, Layer
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.schema import View, rows

#: So many values are written or read at once.
SOME = 5_000


@rows("computed", key=("id",), index=(("what",),))
@dataclass(frozen=True)
class ComputedRow:
    """A computation: which question of which links, at which place of the evidence log (whose last
    fact was recorded at `as_known`); who had it made, when it was `begun`, by which engine, and why
    by that; of how many `people` and `ties`, and how much it leaves out. `restricted` is what was
    out of use then, as a digest. One that is not `done` runs, or was broken off.

    Nobody is shown the place in the log: it counts what others record."""

    table: ClassVar[sa.Table]
    id: UUID
    what: Analysis
    layer: Layer
    least: int | None
    position: int
    as_known: datetime
    begun: datetime
    by: str
    engine: AnalysisEngine
    why: str
    restricted: str
    done: datetime | None = None
    people: int = 0
    ties: int = 0
    cleared: int = 0
    ungraded: int = 0
    weaker: int = 0


@rows("computed_values", key=("id", "place"))
@dataclass(frozen=True)
class ValueRow:
    """What was computed of a person, in the order in which it is read: `value` is the figure, or of
    a group how many people are in it, and `within` the first of them."""

    table: ClassVar[sa.Table]
    id: UUID
    place: int
    entity: UUID
    value: float
    within: UUID | None = None


def apply(fact: Recorded, batch: RowBatch) -> None:
    """No fact changes it."""


VIEW = View("computed", (ComputedRow, ValueRow), apply, logs=())


# --- what a job writes ----------------------------------------------------------------------------


def begin(db: Db, row: ComputedRow) -> None:
    """Write down that this is being computed; what was broken off of the same goes."""
    c = ComputedRow.table.c
    same = _same(row.what, row.layer, row.least)
    db.execute(
        sa.delete(ComputedRow.table).where(*same, c.done.is_(None)), execution_options=written(db)
    )
    db.execute(sa.insert(ComputedRow.table), [vars(row)], execution_options=written(db))


def runs(db: Db, one: UUID) -> bool:
    """Whether the views are still those in which it was begun."""
    c = ComputedRow.table.c
    return db.execute(sa.select(c.id).where(c.id == one)).first() is not None


def keep(db: Db, some: Iterable[ValueRow]) -> None:
    """Write down a part of what was computed, as the computation's that is not done yet."""
    db.execute(
        sa.insert(ValueRow.table), [vars(row) for row in some], execution_options=written(db)
    )


def end(db: Db, row: ComputedRow) -> None:
    """It is done, and takes the place of an earlier one of the same."""
    c, v = ComputedRow.table.c, ValueRow.table.c
    same = _same(row.what, row.layer, row.least)
    db.execute(sa.delete(ComputedRow.table).where(*same), execution_options=written(db))
    db.execute(sa.insert(ComputedRow.table), [vars(row)], execution_options=written(db))
    db.execute(
        sa.delete(ValueRow.table).where(v.id.not_in(sa.select(c.id))), execution_options=written(db)
    )


def _same(what: Analysis, layer: Layer, least: int | None) -> list[sa.ColumnElement[bool]]:
    c = ComputedRow.table.c
    graded = c.least.is_(None) if least is None else c.least == least
    return [c.what == what, c.layer == layer, graded]


# --- queries --------------------------------------------------------------------------------------


def out_of_use(items: Iterable[UUID]) -> str:
    """A digest of what is restricted."""
    return sha256(b"".join(one.bytes for one in sorted(items))).hexdigest()


def last(
    db: Db, reader: Reader, what: Analysis, layer: Layer, least: int | None
) -> ComputedRow | None:
    """What was computed last of this; None where nothing was. Raises Denied for a reader who does
    not see the whole network."""
    require(reader, "analyse")
    done = ComputedRow.table.c.done.is_not(None)
    found = db.execute(sa.select(ComputedRow.table).where(*_same(what, layer, least), done)).first()
    return ComputedRow(*found) if found else None


def values(db: Db, reader: Reader, one: ComputedRow, limit: int) -> list[ValueRow]:
    """The first of what was computed, in order. Raises as `last`."""
    return _values(db, reader, one, ValueRow.table.c.place <= limit)


def firsts(db: Db, reader: Reader, one: ComputedRow, limit: int) -> list[ValueRow]:
    """The first of each group, of so many groups. Raises as `last`."""
    v = ValueRow.table.c
    return _values(db, reader, one, v.within == v.entity, limit=limit)


def behind(
    db: Db, reader: Reader, one: ComputedRow, places: Sequence[tuple[int, int]]
) -> list[ValueRow]:
    """From each of these places on so many. Raises as `last`."""
    wanted = [place for first, many in places for place in range(first, first + many)]
    found: list[ValueRow] = []
    for start in range(0, len(wanted), SOME):
        some = wanted[start : start + SOME]
        found += _values(db, reader, one, ValueRow.table.c.place.in_(some))
    return found


def _values(
    db: Db,
    reader: Reader,
    one: ComputedRow,
    where: sa.ColumnElement[bool],
    limit: int | None = None,
) -> list[ValueRow]:
    require(reader, "analyse")
    c = ValueRow.table.c
    select = sa.select(ValueRow.table).where(c.id == one.id, where).order_by(c.place).limit(limit)
    return [ValueRow(*row) for row in db.execute(select)]
