"""Results of analyses over the whole network, each with the position of the log up to which the
facts were used, and the engine that computed it.

This view is not made from a log, and its rows are no recorded facts. A job computes results from
the other views of the same generation (set of views), and stores them here. The results are deleted
with the generation. An erasure makes all views again, so that afterwards no machine has a result
about an erased item. A job whose row was deleted discards its results.

An analysis uses the links of all teams, so that only readers who see the links of all teams may
read its results (`analyse` in the role table). If an item was restricted after the analysis, the
result is not shown (`questions.intelligence.analysis_results`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import asdict

from access.database import written
from access.who_may.decide import require
from domain.kernel.codes import Analysis, AnalysisEngine, Layer
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.schema import View, rows

#: At most this many values are read with one statement.
SOME = 5_000


@rows("computed", key=("id",), index=(("what",),))
class ComputedRow(Struct, frozen=True):
    """A computation over the links of the network: its analysis, the selected links, who began it
    and when (`begun`), its engine, and the reason for that engine.

    The computation used the facts of the evidence log up to `position`, whose event was recorded at
    `as_known`. Readers do not see the position, which would count other people's records. `people`
    and `ties` are the numbers of people and links that were used; `cleared`, `ungraded` and
    `weaker` count links that were left out. `restricted` is a digest of the items that were
    restricted at that time. While `done` is None, the computation is running or was interrupted.
    """

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
class ValueRow(Struct, frozen=True):
    """A value computed for a person. `place` is its position among the values of the computation.

    `value` is the figure, or the size of a group; `within` is the first person of the group.
    """

    table: ClassVar[sa.Table]
    id: UUID
    place: int
    entity: UUID
    value: float
    within: UUID | None = None


def apply(fact: Recorded, batch: RowBatch) -> None:
    """Do nothing with a fact, because this view is written by a computation and not by events."""


VIEW = View("computed", (ComputedRow, ValueRow), apply, logs=())


# --- functions for a job that computes -----------------------------------------------------------


def begin(db: Db, row: ComputedRow) -> None:
    """Store the start of a computation, and delete an unfinished computation of the same kind."""
    c = ComputedRow.table.c
    same = _same(row.what, row.layer, row.least)
    db.execute(
        sa.delete(ComputedRow.table).where(*same, c.done.is_(None)), execution_options=written(db)
    )
    db.execute(sa.insert(ComputedRow.table), [asdict(row)], execution_options=written(db))


def runs(db: Db, item: UUID) -> bool:
    """Return whether the views are still the ones from which the computation `item` began."""
    c = ComputedRow.table.c
    return db.execute(sa.select(c.id).where(c.id == item)).first() is not None


def store_values(db: Db, rows: Iterable[ValueRow]) -> None:
    """Store some of the values of a computation that is not finished."""
    db.execute(
        sa.insert(ValueRow.table), [asdict(row) for row in rows], execution_options=written(db)
    )


def end(db: Db, row: ComputedRow) -> None:
    """Mark a computation as done, and delete an earlier one of the same kind."""
    c, v = ComputedRow.table.c, ValueRow.table.c
    same = _same(row.what, row.layer, row.least)
    db.execute(sa.delete(ComputedRow.table).where(*same), execution_options=written(db))
    db.execute(sa.insert(ComputedRow.table), [asdict(row)], execution_options=written(db))
    db.execute(
        sa.delete(ValueRow.table).where(v.id.not_in(sa.select(c.id))), execution_options=written(db)
    )


def _same(analysis: Analysis, layer: Layer, least: int | None) -> list[sa.ColumnElement[bool]]:
    c = ComputedRow.table.c
    graded = c.least.is_(None) if least is None else c.least == least
    return [c.what == analysis, c.layer == layer, graded]


# --- queries --------------------------------------------------------------------------------------


def out_of_use(items: Iterable[UUID]) -> str:
    """Return a digest of the ids of restricted items."""
    return sha256(b"".join(item.bytes for item in sorted(items))).hexdigest()


def last(
    db: Db, reader: Reader, analysis: Analysis, layer: Layer, least: int | None
) -> ComputedRow | None:
    """Return the last computation of this analysis, or None. Raise Denied for a reader who does not
    see the whole network.
    """
    require(reader, "analyse")
    is_finished = ComputedRow.table.c.done.is_not(None)
    row = db.execute(
        sa.select(ComputedRow.table).where(*_same(analysis, layer, least), is_finished)
    ).first()
    return ComputedRow(*row) if row else None


def values(db: Db, reader: Reader, row: ComputedRow, limit: int) -> list[ValueRow]:
    """Return the first `limit` values of a computation, in order. Raise Denied if the reader does
    not see the whole network.
    """
    return _values(db, reader, row, ValueRow.table.c.place <= limit)


def firsts(db: Db, reader: Reader, row: ComputedRow, limit: int) -> list[ValueRow]:
    """Return the first person of each of the first `limit` groups of a computation. Raise Denied if
    the reader may not see analyses of the whole network.
    """
    v = ValueRow.table.c
    return _values(db, reader, row, v.within == v.entity, limit=limit)


def values_at(
    db: Db, reader: Reader, row: ComputedRow, places: Sequence[tuple[int, int]]
) -> list[ValueRow]:
    """Return the values of a computation at these positions. Each pair in `places` is a first
    position and how many values to return from there on. Raise Denied if the reader may not see
    analyses of the whole network.
    """
    wanted = [place for first, many in places for place in range(first, first + many)]
    found_rows: list[ValueRow] = []
    for start in range(0, len(wanted), SOME):
        chunk = wanted[start : start + SOME]
        found_rows += _values(db, reader, row, ValueRow.table.c.place.in_(chunk))
    return found_rows


def _values(
    db: Db,
    reader: Reader,
    computed_row: ComputedRow,
    where: sa.ColumnElement[bool],
    limit: int | None = None,
) -> list[ValueRow]:
    require(reader, "analyse")
    c = ValueRow.table.c
    select = (
        sa.select(ValueRow.table)
        .where(c.id == computed_row.id, where)
        .order_by(c.place)
        .limit(limit)
    )
    return [ValueRow(*row) for row in db.execute(select)]
