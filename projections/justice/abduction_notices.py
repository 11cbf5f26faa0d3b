"""The view of child abduction warning notices: their service on the recipient, their end, and
breaches.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.clocks import BEFORE_NOTICE_ENDS
from domain.data_protection import erasure
from domain.data_protection.retention import (
    RestrictionChanged,
)
from domain.intelligence.entity import AgeStated
from domain.justice.abduction_notice import BreachFollowedUp, NoticeBreached, ServiceTold
from domain.justice.arrest_to_result import NoticeServed
from domain.kernel.codes import BreachAnswer, NoticeBasis, NoticeState
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from domain.people_and_teams.deadline import last_moment
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.queries import select_each
from projections.kernel.schema import View, rows


@rows("notices", key=("id",), index=(("child",),))
class NoticeRow(Struct, frozen=True):
    """A child abduction warning notice to a person about a child. `expires` is the last day of the
    notice, None if unknown. The fields about how the notice was served are None until this is
    recorded.
    """

    table: ClassVar[sa.Table]
    id: UUID
    person: UUID
    child: UUID
    basis: NoticeBasis
    case: UUID | None
    served: datetime
    expires: date | None
    by: str
    served_by: str | None = None
    place: str | None = None
    photograph: UUID | None = None
    statement: UUID | None = None
    restricted: bool = False

    @property
    def ends(self) -> datetime | None:
        """Return the moment at which the last day of the notice ends."""
        return last_moment(self.expires) if self.expires else None

    def stands(self, now: datetime) -> NoticeState:
        """Return the state of the notice at a moment, without regard to breaches."""
        if self.ends is None:
            return "end-not-known"
        if self.ends <= now:
            return "expired"
        return "expiring" if self.ends <= now + BEFORE_NOTICE_ENDS else "live"


@rows("notice_breaches", key=("id",), index=(("notice",),))
class BreachRow(Struct, frozen=True):
    """A breach of a notice, the item that shows it, and how it was followed up."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("happened", "breached on", "moment"),
        Column("place", "place"),
        Column("seen_by", "seen by"),
        Column("item", "based on", "id"),
        Column("did", "response"),
        Column("words", "details of the response"),
        Column("followed_by", "by"),
        Column("notice", "notice", "id"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("happened", "id")
    table: ClassVar[sa.Table]
    id: UUID
    notice: UUID
    item: UUID | None
    seen_by: str
    place: str
    happened: datetime
    note: str | None
    by: str
    did: BreachAnswer | None = None
    words: str | None = None
    followed_by: str | None = None
    followed: datetime | None = None
    restricted: bool = False


@rows("notice_births", key=("person",))
class BirthRow(Struct, frozen=True):
    """A person's date of birth, or the latest date of birth that fits their age, as last
    recorded."""

    table: ClassVar[sa.Table]
    person: UUID
    born: date | None = None
    latest: date | None = None


def apply(fact: Recorded, batch: RowBatch) -> None:
    item, by, at = fact.stream, fact.by, fact.recorded
    match fact.event:
        case AgeStated() as told if not fact.erased:
            born, latest = told.born, told.latest_birth(at)
            if born or latest:
                before = batch.get(BirthRow, item) or BirthRow(item)
                born, latest = born or before.born, latest or before.latest
                batch.put(BirthRow(item, born, latest))
        case erased if erasure.is_destroyed(erased):
            if batch.get(BirthRow, item):
                batch.drop(BirthRow, item)
        case NoticeServed() as event:
            batch.put(row_of(NoticeRow, fact, served=event.happened or at))
        case ServiceTold() as event:
            if notice := batch.get(NoticeRow, item):
                batch.put(
                    replace(
                        notice,
                        served_by=event.served_by,
                        place=event.place,
                        photograph=event.photograph,
                        statement=event.statement,
                    )
                )
        case NoticeBreached() as event:
            batch.put(row_of(BreachRow, fact))
        case BreachFollowedUp() as event:
            if breach := batch.get(BreachRow, item):
                did = replace(breach, did=event.did, words=event.words)
                batch.put(replace(did, followed_by=by, followed=at))
        case RestrictionChanged() as event:
            placed = event.placed
            if notice := batch.get(NoticeRow, event.item):
                batch.put(replace(notice, restricted=placed))
            if breach := batch.get(BreachRow, event.item):
                batch.put(replace(breach, restricted=placed))


VIEW = View("notices", (NoticeRow, BreachRow, BirthRow), apply)

# --- queries ------------------------------------------------------------------------------------


class NoticesAndBreaches(Struct, frozen=True):
    """Notices, and the breaches of each notice."""

    notices: list[NoticeRow]
    breaches: dict[UUID, list[BreachRow]]


def list_notices(db: Db, reader: Reader) -> NoticesAndBreaches:
    """Return every notice that the reader sees, with the child whom it protects."""
    return _select_notices(db, reader, sa.true())


def of_children(db: Db, reader: Reader, children: list[UUID]) -> NoticesAndBreaches:
    """Return the notices that protect these children. A child may have several records: give all
    their ids."""
    return _select_notices(db, reader, NoticeRow.table.c.child.in_(children))


def get(db: Db, reader: Reader, item: UUID) -> NoticeRow | None:
    """Return this notice, if the reader sees it."""
    found_rows = _select_notices(db, reader, NoticeRow.table.c.id == item).notices
    return found_rows[0] if found_rows else None


def _select_notices(db: Db, reader: Reader, where: sa.ColumnElement[bool]) -> NoticesAndBreaches:
    """Return the notices that meet the SQL condition `where` and whose child the reader sees, with
    their breaches. For a child whom the reader does not see, not even a number is returned.
    """
    n, b = NoticeRow.table.c, BreachRow.table.c
    rows = [
        NoticeRow(*row)
        for row in scope.read(db, reader, n.id, [where, sa.not_(n.restricted)], (n.served, n.id))
    ]
    children = scope.visible_items(db, reader, {row.child for row in rows})
    notices = [row for row in rows if row.child in children]
    ids = [row.id for row in notices]
    conditions = [b.notice.in_(ids), sa.not_(b.restricted)]
    breaches = [
        BreachRow(*row) for row in scope.read(db, reader, b.id, conditions, (b.happened, b.id))
    ]
    named = {row.item for row in breaches if row.item}
    named |= {
        document for row in notices for document in (row.photograph, row.statement) if document
    }
    seen = scope.visible_items(db, reader, named)
    found_rows: dict[UUID, list[BreachRow]] = {item: [] for item in ids}
    for row in breaches:
        found_rows[row.notice].append(replace(row, item=row.item if row.item in seen else None))
    return NoticesAndBreaches([_shown(row, seen) for row in notices], found_rows)


def _shown(row: NoticeRow, seen: set[UUID]) -> NoticeRow:
    photograph = row.photograph if row.photograph in seen else None
    statement = row.statement if row.statement in seen else None
    return replace(row, photograph=photograph, statement=statement)


def births(db: Db, reader: Reader, people: Collection[UUID]) -> dict[UUID, BirthRow]:
    """Return the dates of birth of the people among these whom the reader sees."""
    c = BirthRow.table.c
    seen = scope.visible_items(db, reader, people)
    db_rows = select_each(db, sa.select(BirthRow.table), c.person, seen)
    return {row.person: BirthRow(*row) for row in db_rows}


def breached(db: Db) -> set[UUID]:
    """Return the notices with a recorded breach. This is only for figures."""
    return set(db.execute(sa.select(BreachRow.table.c.notice)).scalars())
