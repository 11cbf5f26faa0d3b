"""Facts about a child's health and placements. Each of the two is a compartment of the case, and
only workers who are admitted to the compartment may see its facts.

Every query checks in its SQL that the reader is admitted. To any other reader it returns nothing,
as if nothing were recorded.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from access.who_may.table import WARNED
from domain.families.compartment import (
    CompartmentClosed,
    CompartmentOpened,
    HealthNoted,
    PlacementEnded,
    PlacementMade,
)
from domain.kernel.acts import Act
from domain.kernel.codes import Compartment, PlacementKind
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("compartment_holders", key=("case", "compartment", "worker"))
class HolderRow(Struct, frozen=True):
    """A worker who is admitted to a compartment."""

    table: ClassVar[sa.Table]
    case: UUID
    compartment: Compartment
    worker: str
    since: datetime


@rows("health_notes", key=("seq",), index=(("case",),))
class HealthRow(Struct, frozen=True):
    """A note about a child's health."""

    table: ClassVar[sa.Table]
    seq: int
    case: UUID
    category: str
    words: str
    happened: date | None
    recorded: datetime
    by: str


@rows("placements", key=("seq",), index=(("case",),))
class PlacementRow(Struct, frozen=True):
    """A row of a placement of a child, present or former. `normal` is the address in the form in
    which places are compared; `ended` is when the end of the placement was recorded.
    """

    table: ClassVar[sa.Table]
    seq: int
    case: UUID
    category: PlacementKind
    address: str
    normal: str
    since: date | None
    until: date | None
    stands: bool
    recorded: datetime
    by: str
    ended: datetime | None = None


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case CompartmentOpened() as event:
            batch.put(HolderRow(event.case, event.compartment, event.worker, fact.recorded))
        case CompartmentClosed() as event:
            batch.drop(HolderRow, event.case, event.compartment, event.worker)
        case HealthNoted() as event:
            batch.put(row_of(HealthRow, fact, seq=fact.seq))
        case PlacementMade() as event:
            batch.put(
                PlacementRow(
                    fact.seq,
                    event.case,
                    event.category,
                    event.address,
                    event.normal,
                    event.since,
                    None,
                    True,
                    fact.recorded,
                    fact.by,
                )
            )
        case PlacementEnded() as event:
            for row in batch.having(PlacementRow, case=event.case, stands=True):
                until = event.until or fact.recorded.date()
                batch.put(replace(row, until=until, stands=False, ended=fact.recorded))


VIEW = View(
    "compartments",
    (HolderRow, HealthRow, PlacementRow),
    apply,
    moved_by=frozenset(
        {CompartmentOpened, CompartmentClosed, HealthNoted, PlacementMade, PlacementEnded}
    ),
)


# --- queries ------------------------------------------------------------------------------------


SEEING: dict[Compartment, Act] = {"health": "see-health", "placement": "see-placement"}


def _is_admitted(
    reader: Reader, compartment: Compartment, case: sa.ColumnElement[UUID]
) -> sa.ColumnElement[bool]:
    """Return the SQL condition that the reader is admitted to this compartment of a case, and has a
    role that may see it.
    """
    c = HolderRow.table.c
    holder_query = sa.select(c.case).where(
        c.case == case, c.compartment == compartment, c.worker == reader.name
    )
    return sa.and_(holder_query.exists(), scope.may_act_on(reader, SEEING[compartment], case))


class HealthNote(Struct, frozen=True):
    """A note about a child's health."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("recorded", "recorded", "moment"),
        Column("category", "kind of need"),
        Column("words", "note"),
        Column("happened", "began on", "day"),
        Column("by", "recorded by"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded",)
    case: UUID
    category: str
    words: str
    happened: date | None
    recorded: datetime
    by: str


def health(db: Db, reader: Reader, case: UUID) -> list[HealthNote]:
    """Return the notes about a child's health, if the reader is admitted to the compartment."""
    c = HealthRow.table.c
    where = (c.case == case, _is_admitted(reader, "health", c.case))
    columns = (c[name] for name in HealthNote.__struct_fields__)
    return [
        HealthNote(*row) for row in db.execute(sa.select(*columns).where(*where).order_by(c.seq))
    ]


class Placement(Struct, frozen=True):
    """A placement of a child. `normal` is the address in the form in which places are compared;
    `ended` is when the end of the placement was recorded.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("since", "from", "day"),
        Column("until", "to", "day"),
        Column("category", "kind of home"),
        Column("address", "address"),
        Column("stands", "current", "mark"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded",)
    case: UUID
    category: PlacementKind
    address: str
    normal: str
    since: date | None
    until: date | None
    stands: bool
    recorded: datetime
    by: str
    ended: datetime | None


def placements(db: Db, reader: Reader, case: UUID | None = None) -> list[Placement]:
    """Return the present and former placements of a child, or of all children if `case` is None.
    Only placements of children to whose compartment the reader is admitted are included.
    """
    c = PlacementRow.table.c
    where = [_is_admitted(reader, "placement", c.case)] + ([] if case is None else [c.case == case])
    columns = (c[name] for name in Placement.__struct_fields__)
    return [
        Placement(*row) for row in db.execute(sa.select(*columns).where(*where).order_by(c.seq))
    ]


def warned(db: Db, reader: Reader) -> list[tuple[Placement, bool]]:
    """Return the placements about which the reader may get alerts, each with whether the reader may
    see the address. The reader has to be admitted to the compartment, work with the child, or be an
    assessor.
    """
    c = PlacementRow.table.c
    is_admitted = _is_admitted(reader, "placement", c.case)
    other = (scope.may_act_on(reader, act, c.case) for act in WARNED)
    columns = [*(c[name] for name in Placement.__struct_fields__), is_admitted.label("held")]
    placement_rows = db.execute(
        sa.select(*columns).where(sa.or_(is_admitted, *other)).order_by(c.seq)
    )
    return [(Placement(*row[:-1]), bool(row.held)) for row in placement_rows]


def holders_by_case(
    db: Db, cases: Collection[UUID], compartment: Compartment
) -> dict[UUID, list[str]]:
    """Return the names of the workers admitted to this compartment, for each of these cases."""
    c = HolderRow.table.c
    where = c.case.in_(sorted(cases)), c.compartment == compartment
    workers_by_case: dict[UUID, list[str]] = {}
    for row in db.execute(sa.select(c.case, c.worker).where(*where).order_by(c.worker)):
        workers_by_case.setdefault(row.case, []).append(row.worker)
    return workers_by_case


class Holder(Struct, frozen=True):
    """A worker who is admitted to a compartment, as a row of a list."""

    columns: ClassVar[tuple[Column, ...]] = (Column("worker", "person with access"),)
    order: ClassVar[tuple[str, ...]] = ("worker",)
    worker: str


def holders(db: Db, reader: Reader, case: UUID, compartment: Compartment) -> list[str]:
    """Return the workers admitted to this compartment, if the reader is one of them."""
    c = HolderRow.table.c
    where = (
        c.case == case,
        c.compartment == compartment,
        scope.may_act_on(reader, SEEING[compartment], c.case),
    )
    workers = list(db.execute(sa.select(c.worker).where(*where).order_by(c.worker)).scalars())
    return workers if reader.name in workers else []
