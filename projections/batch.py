"""A batch of changes to view rows: read through a cache, written together at the end.

`apply` reads and puts whole rows; nothing reaches the database before `flush`, which writes each
table with one statement over many rows.
"""

from dataclasses import fields
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from projections.schema import Db

R = TypeVar("R")


class Batch:
    """Rows read and changed within one transaction."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._rows: dict[type, dict[tuple[Any, ...], Any]] = {}
        self._dirty: dict[type, dict[tuple[Any, ...], Any]] = {}

    def get(self, row: type[R], *key: Any) -> R | None:
        """The row with this primary key, or None."""
        cached = self._rows.setdefault(row, {})
        if key not in cached:
            found = self._db.execute(_by_key(row), dict(zip(_keys(row), key, strict=True))).first()
            cached[key] = row(*found) if found else None
        return cached[key]  # type: ignore[no-any-return]

    def holds(self, row: type, *key: Any) -> bool:
        """Whether this batch has read or changed the row with this key."""
        return key in self._rows.get(row, ())

    def put(self, row: Any) -> None:
        """Insert the row, or replace the one with its key."""
        kind = type(row)
        key = tuple(getattr(row, name) for name in _keys(kind))
        self._rows.setdefault(kind, {})[key] = row
        self._dirty.setdefault(kind, {})[key] = row

    def drop(self, row: type, *key: Any) -> None:
        """Delete the row with this key, if there is one."""
        self._rows.setdefault(row, {})[key] = None
        self._dirty.setdefault(row, {})[key] = None

    def find(self, row: type[R], *where: sa.ColumnElement[bool]) -> list[R]:
        """Rows that satisfy the conditions, this batch's own changes included, in key order."""
        self.flush(row)
        table: sa.Table = row.table  # type: ignore[attr-defined]
        found = self._db.execute(sa.select(table).where(*where).order_by(*table.primary_key))
        return [row(*one) for one in found]

    def flush(self, only: type | None = None) -> None:
        """Write what changed (of one table or of all), one statement a table."""
        for kind in [only] if only else list(self._dirty):
            changed = self._dirty.pop(kind, None)
            if not changed:
                continue
            gone = [key for key, row in changed.items() if row is None]
            if gone:
                names = _keys(kind)
                self._db.execute(
                    _delete(kind), [dict(zip(_prefixed(names), k, strict=True)) for k in gone]
                )
            kept = [row for row in changed.values() if row is not None]
            if kept:
                names = tuple(field.name for field in fields(kind))
                self._db.execute(
                    _upsert(kind, self._db.dialect.name),
                    [{name: getattr(row, name) for name in names} for row in kept],
                )


def insert_into(table: sa.Table, dialect: str) -> Any:
    """An INSERT that can say what happens on conflict."""
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)


_statements: dict[tuple[Any, ...], Any] = {}


def _keys(kind: type) -> tuple[str, ...]:
    if ("keys", kind) not in _statements:
        table: sa.Table = kind.table  # type: ignore[attr-defined]
        _statements["keys", kind] = tuple(column.name for column in table.primary_key)
    return _statements["keys", kind]  # type: ignore[no-any-return]


def _prefixed(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"key_{name}" for name in names)


def _by_key(kind: type) -> sa.Select[Any]:
    if ("get", kind) not in _statements:
        table: sa.Table = kind.table  # type: ignore[attr-defined]
        where = [table.c[name] == sa.bindparam(name) for name in _keys(kind)]
        _statements["get", kind] = sa.select(table).where(*where)
    return _statements["get", kind]  # type: ignore[no-any-return]


def _delete(kind: type) -> sa.Delete:
    table: sa.Table = kind.table  # type: ignore[attr-defined]
    names = _keys(kind)
    where = [
        table.c[name] == sa.bindparam(bound)
        for name, bound in zip(names, _prefixed(names), strict=True)
    ]
    return sa.delete(table).where(*where)


def _upsert(kind: type, dialect: str) -> Any:
    if ("upsert", kind, dialect) not in _statements:
        table: sa.Table = kind.table  # type: ignore[attr-defined]
        insert = insert_into(table, dialect)
        rest = {c.name: insert.excluded[c.name] for c in table.columns if not c.primary_key}
        keys = list(table.primary_key)
        _statements["upsert", kind, dialect] = (
            insert.on_conflict_do_update(index_elements=keys, set_=rest)
            if rest
            else insert.on_conflict_do_nothing(index_elements=keys)
        )
    return _statements["upsert", kind, dialect]
