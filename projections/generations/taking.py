"""Find items that must no longer be shown because of a fact, and remove the rows that name them.

While a view is made again, its frozen rows are shown. They must not show an item that has since
been erased, restricted, moved to another case or withdrawn. Every row that names such an item is
therefore removed, even if the fact would only change the row. The next generation has the correct
rows.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from access.database import reading, writing, written
from access.ids import Id
from domain.data_protection import erasure
from domain.data_protection.access_log import RecordConsulted, unpacked
from domain.data_protection.retention import RestrictionPlaced
from domain.kernel.envelope import LogName, Recorded
from projections.generations.one import Shape, shape
from projections.kernel.column_types import OrderedText, Packed
from projections.kernel.database import Db
from projections.kernel.queries import ids_parameter, is_one_of_parameter
from projections.kernel.schema import Definition, Position, View

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: A text with an id matches this pattern. The database thus skips most texts, which have none.
_LIKE_ID = f"%-____-____-____-{'_' * 12}%"
#: A statement that deletes rows; and the keys of these rows, if they are the statement's
#: parameters.
Named = tuple[sa.Delete, Sequence[Mapping[str, Any]] | None]


def taken(fact: Recorded) -> UUID | None:
    """Return the item that this fact restricts, hides or erases; None for all other facts. Views
    must no longer show the item's earlier content.
    """
    match fact.event:
        case RestrictionPlaced(item=item):
            return item
        case event if event.meaning.hides or isinstance(event, erasure.Told):
            return fact.stream
    return None


def strike(engine: sa.Engine, views: Sequence[View], items: Collection[UUID]) -> None:
    """Remove every row of these views that names one of the items. (The caller calls `mark`, so
    that the views are made again.) The removal can be interrupted and repeated. A view without such
    a row is only read, so that no writer is blocked.
    """
    if not items:
        return
    with reading(engine) as db:
        there = _shape(db, views)
    for view in views:
        # no transaction is begun: within one, a server returns the rows in portions and not all at
        # once
        with engine.connect() as db:
            matches = list(_naming(db, there, [view], items))
        if matches:
            with writing(engine) as db:
                _reached(db, view, lock=True)
                _take_out(db, matches)


def strike_at(
    engine: sa.Engine, view: View, items: Collection[UUID]
) -> dict[tuple[str, LogName], int]:
    """Remove from one view every row that names one of the items, in one transaction. Return the
    positions in its logs up to which the view had read them: up to there, it has no row that names
    an item.
    """
    # no transaction is begun here: within one, a server returns the rows in portions, not all at
    # once
    with engine.connect() as db:
        before = _reached(db, view)
        matches = list(_naming(db, _shape(db, [view]), [view], items))
    with writing(engine) as db:
        at = _reached(db, view, lock=True)
        if at != before:  # another process has since written rows
            matches = list(_naming(db, _shape(db, [view]), [view], items))
        _take_out(db, matches)
    return at


def _reached(db: Db, view: View, *, lock: bool = False) -> dict[tuple[str, LogName], int]:
    """Return a view's positions in its logs; with `lock`, lock them for this transaction. The order
    is the same as in the runner, so that there is no deadlock.
    """
    c = Position.table.c
    of_view = sa.select(c.log, c.position).where(c.view == view.name).order_by(c.log)
    positions = {
        row.log: row.position for row in db.execute(of_view.with_for_update() if lock else of_view)
    }
    return {(view.name, log): positions.get(log, 0) for log in view.logs}


def names_an_item(facts: Sequence[Recorded], items: Collection[UUID]) -> bool:
    """Return whether a fact names one of the items anywhere."""
    texts = {str(item) for item in items}
    looks = (fact.event for fact in facts if isinstance(fact.event, RecordConsulted))
    if any(not texts.isdisjoint(map(str, unpacked(look.ids))) for look in looks):
        return True
    json_texts = (msgspec.json.encode(fact).decode() for fact in facts)
    return any(not texts.isdisjoint(_ID.findall(text)) for text in json_texts)


def strike_within(db: Db, views: Sequence[View], items: Collection[UUID]) -> None:
    """Remove the rows of these views that name one of the items, within the transaction of `db`."""
    _take_out(db, list(_naming(db, _shape(db, views), views, items)))


def _shape(db: Db, views: Sequence[View]) -> Shape:
    """Return the stored columns of these views' tables."""
    return shape(db, [row.table.name for view in views for row in view.rows])  # type: ignore[attr-defined]


def _take_out(db: Db, deletions: Sequence[Named]) -> None:
    for delete, rows in deletions:
        db.execute(delete, rows, execution_options=written(db))


def mark(engine: sa.Engine, views: Sequence[View]) -> None:
    """Store that these views have to be made again from the logs."""
    if not views:
        return
    c = Definition.table.c
    whole = c.view.in_([view.name for view in views]), sa.not_(c.struck)
    with reading(engine) as db:
        if not shape(db, [Definition.table.name]).tables:
            return
        if db.execute(sa.select(c.view).where(*whole).limit(1)).first() is None:
            return
    with writing(engine) as db:
        db.execute(sa.update(Definition.table).where(*whole).values(struck=True))


def _naming(
    db: Db, there: Shape, views: Sequence[View], items: Collection[UUID]
) -> Iterator[Named]:
    """Yield the statements that delete the rows of these views that name one of the items: in a
    column of ids, or within a list or a text. Tables without such rows are left out.
    """
    id_parameter, texts = ids_parameter(db.dialect, items), {str(item) for item in items}
    for view in views:
        for row in view.rows:
            table: sa.Table = row.table  # type: ignore[attr-defined]
            stored_columns = there.tables.get(table.name, {})
            columns = [column for column in table.columns if column.name in stored_columns]
            if ids := [
                is_one_of_parameter(column, id_parameter)
                for column in columns
                if isinstance(column.type, Id)
            ]:
                named = sa.or_(*ids)
                select = sa.select(sa.literal(1)).select_from(table).where(named).limit(1)
                if db.execute(select).first():
                    yield sa.delete(table).where(named), None
            if keys := _naming_in_texts(db, table, columns, texts):
                same = (
                    key_column == sa.bindparam(f"key_{key_column.name}")
                    for key_column in table.primary_key
                )
                yield sa.delete(table).where(*same), keys
        yield from _following(db, there, view, id_parameter)


def _following(db: Db, there: Shape, view: View, items: sa.BindParameter[Any]) -> Iterator[Named]:
    """Yield the statements that delete rows without an id, if they only belong to rows that name
    one of the items (`View.follows`).
    """
    for row, of, column in view.follows:
        table, other = row.table, of.table  # type: ignore[attr-defined]
        if not {table.name, other.name} <= there.tables.keys():
            continue
        ids = [
            is_one_of_parameter(id_column, items)
            for id_column in other.columns
            if isinstance(id_column.type, Id)
        ]
        values = set(db.scalars(sa.select(other.c[column]).where(sa.or_(*ids)).distinct()))
        if values:
            left = sa.select(sa.literal(1)).where(other.c[column] == table.c[column]).exists()
            gone = table.c[column].in_(sorted(values)), sa.not_(left)
            yield sa.delete(table).where(*gone), None


def _naming_in_texts(
    db: Db, table: sa.Table, columns: Sequence[sa.Column[Any]], items: set[str]
) -> list[dict[str, Any]]:
    """Return the keys of a table's rows that name one of the items within a list or a text."""
    keys = [column for column in columns if column.primary_key]
    texts = [
        sa.type_coerce(column, sa.Text)
        for column in columns
        if isinstance(column.type, (OrderedText, Packed))
    ]
    if not texts or len(keys) < len(table.primary_key):
        return []
    select = sa.select(*keys, *texts).where(sa.or_(*(text.like(_LIKE_ID) for text in texts)))
    matches = []
    for row in db.execute(select, execution_options={"yield_per": 1000}):
        row_text = " ".join(text for text in row[len(keys) :] if text)
        if not items.isdisjoint(_ID.findall(row_text)):
            matches.append(
                {f"key_{key.name}": value for key, value in zip(keys, row, strict=False)}
            )
    return matches
