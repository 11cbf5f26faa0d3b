"""The view by which an item is looked up: by its id, by the ending of its id, or by a reference.

The view has a row for each stream (the events of one item) that people may name. The item's history
is in the log.
"""

import re
from collections.abc import Collection
from datetime import datetime
from typing import ClassVar, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.data_protection import erasure
from domain.data_protection.erasure import ItemErased
from domain.data_protection.retention import (
    RestrictionChanged,
)
from domain.families.referral import CaseOpened
from domain.information.observation import (
    ObservationMoved,
)
from domain.intelligence.link import LinkAsserted
from domain.kernel.envelope import Recorded, item_kind
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.column_types import to_micros
from projections.kernel.database import Db
from projections.kernel.queries import ByIds, counted, place_of
from projections.kernel.schema import View, rows

LISTED = 20
#: Number of digits of an id's ending that are stored, so that the item can be looked up by them.
TAIL = 12
_DIGITS = re.compile(r"[0-9a-f]{6,32}")


@rows("items", key=("id",), index=(("tail",), ("kind", "recorded", "id")))
class ItemRow(Struct, frozen=True):
    """An item and its state in one word; whether the item is restricted is a field of its own.
    `case` is the case under which it is filed, if any. `tail` are the last `TAIL` hexadecimal
    digits of the id in reverse order, so that the id can be looked up by its ending.
    """

    table: ClassVar[sa.Table]
    id: UUID
    kind: str
    case: UUID | None
    recorded: datetime
    by: str
    team: str
    state: str
    tail: str
    restricted: bool = False


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case ObservationMoved() as event:
            if row := batch.get(ItemRow, fact.stream):
                batch.put(replace(row, case=event.case))
        case LinkAsserted() if fact.version == 1:
            _enter(batch, fact, "link", "live")
        case LinkAsserted():
            _turn(batch, fact, "live")
        case CaseOpened():
            _enter(batch, fact, "case", "open", fact.stream)
        case ItemErased() as event if erasure.is_destroyed(event):
            _enter(batch, fact, event.kind, "erased")
        case RestrictionChanged() as event:
            if row := batch.get(ItemRow, event.item):
                placed = event.placed
                batch.put(replace(row, restricted=placed))
        case event:
            if event.meaning.enters:
                kind, state = event.meaning.enters
                case_of: UUID | None = getattr(event, "case", None)
                state = getattr(event, state, state)
                _enter(batch, fact, item_kind(event, kind), state, case_of)
            if event.meaning.turns:
                state = event.meaning.turns
                _turn(batch, fact, getattr(event, state, state))


def _enter(
    batch: RowBatch, fact: Recorded, kind: str, state: str, filed: UUID | None = None
) -> None:
    item, tail = fact.stream, fact.stream.hex[: -TAIL - 1 : -1]
    batch.put(ItemRow(item, kind, filed, fact.recorded, fact.by, fact.team, state, tail))


def _turn(batch: RowBatch, fact: Recorded, state: str) -> None:
    if row := batch.get(ItemRow, fact.stream):
        batch.put(replace(row, state=state))


VIEW = View("register", (ItemRow,), apply, version=3)


def resolve(db: Db, reader: Reader, named: str) -> list[ItemRow]:
    """Return the items that `named` may mean, among those that the reader sees, oldest first: none,
    one, or several (at most twenty).

    `named` is a whole id, an event's reference STREAM:VERSION, or at least six hexadecimal digits:
    the end of an id or, if no id ends with them, the beginning of one.
    """
    digits = named.strip().lower().partition(":")[0].replace("-", "")
    if not _DIGITS.fullmatch(digits):
        return []
    c = ItemRow.table.c
    if len(digits) == len(UUID(int=0).hex):
        return _fetch(db, reader, c.id == UUID(digits))
    backwards = digits[: -TAIL - 1 : -1]
    ending = _fetch(db, reader, c.tail >= backwards, c.tail < backwards + "g")
    ending = [row for row in ending if row.id.hex.endswith(digits)]
    first, last = UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
    return ending or _fetch(db, reader, c.id >= first, c.id <= last)


def of(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, ItemRow]:
    """Return the items among these that the reader sees."""
    c, found_items = ItemRow.table.c, scope.visible_items(db, reader, ids) if reader.closed else ids
    rows = db.execute(sa.select(ItemRow.table).where(c.id.in_(found_items)))
    return {row.id: row for row in (ItemRow(*row) for row in rows)}


class Filed(NamedTuple):
    """An item's team, the case under which it is filed, and when it was recorded."""

    team: str
    case: UUID | None
    recorded: datetime


_i = ItemRow.table.c
_FILED = ByIds(sa.select(_i.id, _i.team, _i.case, _i.recorded), _i.id)


def filed(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, Filed]:
    """Return the items that `of` returns, but only with the fields of `Filed`."""
    found_items = scope.visible_items(db, reader, ids) if reader.closed else ids
    return {item: Filed(*values) for item, *values in _FILED(db, found_items)}


def among(db: Db, reader: Reader, ids: Collection[UUID]) -> set[UUID]:
    """Return the ids that `of` would return. This is one statement for many ids of which the reader
    sees few.
    """
    c = ItemRow.table.c
    return set(db.scalars(sa.select(c.id).where(c.id.in_(ids), scope.sees(reader, c.id))))


class RegisterPosition(NamedTuple):
    """An item's position in the register: the time when it was recorded (µs), and its id."""

    recorded: int
    id: UUID


def list_row_ids(
    db: Db,
    reader: Reader,
    kind: str,
    *,
    after: RegisterPosition | None = None,
    skip: int | None = None,
    limit: int = 50,
) -> tuple[list[ItemRow], RegisterPosition | None]:
    """Return a page of items of a kind, oldest first: at most `limit` items after the position
    `after` or the first `skip` items. Also return the position of the last item if more follow,
    otherwise None.
    """
    c = ItemRow.table.c
    order = (sa.type_coerce(c.recorded, sa.BigInteger), c.id)
    where = [c.kind == kind, scope.sees(reader, c.id, singly=True)]
    if after:
        where.append(sa.tuple_(*order) > place_of(order, after))
    select = sa.select(ItemRow.table).where(*where).order_by(*order).limit(limit + 1).offset(skip)
    found_rows = [ItemRow(*row) for row in db.execute(select)]
    page_rows = found_rows[:limit]
    more = len(found_rows) > limit
    return page_rows, RegisterPosition(
        to_micros(page_rows[-1].recorded), page_rows[-1].id
    ) if more else None


def count(db: Db, reader: Reader, kind: str, most: int) -> int:
    """Return how many items of this kind the reader sees. A number above `most` is returned as
    `most` + 1.
    """
    c = ItemRow.table.c
    select = sa.select(c.id).where(c.kind == kind, scope.sees(reader, c.id, singly=True))
    return counted(db, select, most)


def _fetch(db: Db, reader: Reader, *where: sa.ColumnElement[bool]) -> list[ItemRow]:
    table = ItemRow.table
    seen = scope.sees(reader, table.c.id)
    select = sa.select(table).where(*where, seen).order_by(table.c.recorded).limit(LISTED)
    found_rows = [ItemRow(*row) for row in db.execute(select)]
    return scope.checked(db, reader, found_rows, lambda row: row.id)
