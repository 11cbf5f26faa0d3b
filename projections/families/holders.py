"""The view of which cases contain an item, with each case's team and workers, and whether the case
is open.
"""

from collections.abc import Collection
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.families.referral import CaseClosed, CaseOpened, CaseReopened, WorkerAllocated
from domain.intelligence.entity import ClassificationEnded
from domain.intelligence.identity import IdentityJudged
from domain.intelligence.intelligence_report import ItemGraded
from domain.justice.arrest_to_result import Outcome
from domain.kernel.envelope import Recorded
from domain.kernel.values import OFFENDER_CATEGORIES, Reader
from projections.kernel import case_filing
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.queries import ByIds
from projections.kernel.schema import View, rows


@rows("held_cases", key=("case",), index=(("child",),))
class CaseRow(Struct, frozen=True):
    """A case, its team and its workers."""

    table: ClassVar[sa.Table]
    case: UUID
    child: UUID
    team: str
    worker_child: str | None = None
    worker_parents: str | None = None
    closed: bool = False


@rows("filed", key=("item",), index=(("case",),))
class FiledRow(Struct, frozen=True):
    """An item and the case under which it is filed."""

    table: ClassVar[sa.Table]
    item: UUID
    case: UUID


@rows("filed_suspects", key=("case", "person"), index=(("person",),))
class SuspectRow(Struct, frozen=True):
    """A person with an arrest, charge, notice or result in a case. `cleared` means that the person
    was once recorded as a suspect or offender, but is no longer.
    """

    table: ClassVar[sa.Table]
    case: UUID
    person: UUID
    cleared: bool = False


@rows("judged_pairs", key=("id",), index=(("a",), ("b",)))
class JudgedRow(Struct, frozen=True):
    """Two people or things about which an officer judged whether they are the same. If the
    judgement is revoked, the row stays, because it shows that the officer saw both.
    """

    table: ClassVar[sa.Table]
    id: UUID
    a: UUID
    b: UUID


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case IdentityJudged() as event:
            batch.put(JudgedRow(fact.stream, event.a, event.b))
        case ClassificationEnded() as event if event.category in OFFENDER_CATEGORIES:
            for row in batch.having(SuspectRow, person=fact.stream):
                batch.put(replace(row, cleared=True))
        case CaseOpened() as event:
            batch.put(CaseRow(fact.stream, event.child, event.team))
        case WorkerAllocated() as event:
            _change(batch, fact, **{f"worker_{event.allocated_for}": event.worker})
        case CaseClosed():
            _change(batch, fact, closed=True)
        case CaseReopened():
            _change(batch, fact, closed=False)
        case ItemGraded() as event:
            filed = batch.get(FiledRow, event.observation)
            if filed and not batch.get(FiledRow, fact.stream):
                batch.put(FiledRow(fact.stream, filed.case))
        case event:
            if case := case_filing.case_of(event):
                batch.put(FiledRow(fact.stream, case))
                if isinstance(event, Outcome):
                    _brought(batch, case, event.person)


def _brought(batch: RowBatch, case: UUID, person: UUID | None) -> None:
    if person and not batch.get(SuspectRow, case, person):
        batch.put(SuspectRow(case, person))


def _change(batch: RowBatch, fact: Recorded, **changes: Any) -> None:
    if row := batch.get(CaseRow, fact.stream):
        batch.put(replace(row, **changes))


VIEW = View("holders", (CaseRow, FiledRow, SuspectRow, JudgedRow), apply, version=2)


# --- queries ------------------------------------------------------------------------------------


class Holding(Struct, frozen=True):
    """A case that contains an item: the item is the case itself, its child, or an item filed under
    it.
    """

    item: UUID
    case: UUID
    team: str
    workers: tuple[str, ...]
    closed: bool


_c, _f = CaseRow.table.c, FiledRow.table.c
_TOLD = _c.case, _c.team, _c.closed, _c.worker_child, _c.worker_parents
#: Queries by id for the cases of an item: cases under which it is filed, cases whose child it is,
#: or the case that it is.
_HELD = (
    ByIds(
        sa.select(_f.item, *_TOLD).join(FiledRow.table, _f.case == _c.case), _f.item, always=True
    ),
    ByIds(sa.select(_c.child, *_TOLD), _c.child, always=True),
    ByIds(sa.select(_c.case.label("item"), *_TOLD), _c.case, always=True),
)


def holders(db: Db, reader: Reader, items: Collection[UUID]) -> dict[UUID, tuple[Holding, ...]]:
    """Return by item the cases that contain the item and that the reader sees. Items without such a
    case are left out.

    A query without a result takes as long as any other query, so that the duration of a query does
    not reveal a hidden person.
    """
    rows = [row for ids in _HELD for row in ids(db, items)]
    seen = scope.visible_items(db, reader, {case for _, case, *_ in rows})
    holdings: dict[UUID, dict[UUID, Holding]] = {}
    for item, case, team, closed, *workers in rows:
        if case in seen:
            theirs = tuple(dict.fromkeys(worker for worker in workers if worker))
            holdings.setdefault(item, {})[case] = Holding(item, case, team, theirs, closed)
    return {item: tuple(by_case.values()) for item, by_case in holdings.items()}


def parts(db: Db, reader: Reader, item: UUID) -> set[UUID]:
    """Return the item and all items that belong to it, as far as the reader sees them. To a case
    belong its child and all items filed under it; to a child belong its cases and all that belongs
    to them.
    """
    c, f = CaseRow.table.c, FiledRow.table.c
    own = sa.select(c.case, c.child).where(sa.or_(c.case == item, c.child == item))
    found_items = {item}
    for case, child in db.execute(own).all():
        found_items |= {case, child}
        found_items |= set(db.execute(sa.select(f.item).where(f.case == case)).scalars())
    return scope.visible_items(db, reader, found_items)


def consulted_records(db: Db, reader: Reader, case: UUID) -> set[UUID]:
    """Return the records that the reader sees and that were used in a case without being filed
    under it: suspects who were cleared, and judgements whether one person with an arrest, charge,
    notice or result in the case is the same as another.
    """
    s, r = SuspectRow.table.c, JudgedRow.table.c
    rows = db.execute(sa.select(s.person, s.cleared).where(s.case == case))
    people = {row.person: row.cleared for row in rows}
    either = sa.or_(r.a.in_(people), r.b.in_(people))
    ids = set(db.execute(sa.select(r.id).where(either)).scalars())
    return scope.visible_items(
        db, reader, ids | {person for person, cleared in people.items() if cleared}
    )


def child(db: Db, reader: Reader, case: UUID) -> UUID | None:
    """Return the child of this case, if the reader sees both the case and the child."""
    c = CaseRow.table.c
    both = scope.sees(reader, c.case), scope.sees(reader, c.child)
    return db.execute(sa.select(c.child).where(c.case == case, *both)).scalar()
