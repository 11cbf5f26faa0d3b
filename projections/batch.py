"""A batch of changes to view rows: read through a cache, written together at the end.

`apply` reads and puts whole rows; nothing reaches the database before `flush`, which writes each
table with one statement over many rows, handed to the driver as it takes them fastest.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from access.database import schema_of, written
from projections.schema import Db

R = TypeVar("R")


class _Kept:
    """What a batch holds of one table by key: rows that the database has, and rows that have to
    be written (None: there is no such row); and the values with which rows have to go first."""

    __slots__ = ("dirty", "doomed", "key", "rows")

    def __init__(self, kind: type) -> None:
        self.doomed: dict[str, set[Any]] = {}
        self.rows: dict[Any, Any] = {}
        self.dirty: dict[Any, Any] = {}
        self.key: Callable[[Any], Any] = attrgetter(*_keys(kind))


class Batch:
    """Rows read and changed within one transaction."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._kept: dict[type, _Kept] = {}
        options = db.get_execution_options()
        self._schema: str = options.get("writes") or schema_of(db)
        self._lacking: Mapping[str, frozenset[str]] = options.get("lacking") or {}
        self._written = written(db)

    def _of(self, kind: type) -> _Kept:
        kept = self._kept.get(kind)
        if kept is None:
            kept = self._kept[kind] = _Kept(kind)
        return kept

    def get(self, row: type[R], *key: object) -> R | None:
        """The row with this primary key, or None."""
        kept, one = self._of(row), _one(key)
        known: dict[Any, R | None] = kept.dirty if one in kept.dirty else kept.rows
        if one not in known:
            if kept.doomed:
                self.flush(row)
            kind: Any = row
            named = dict(zip(_keys(kind), key, strict=True))
            found = self._db.execute(_by_key(kind), named).first()
            known[one] = kind(*found) if found else None
        return known[one]

    def read(self, row: type, keys: Sequence[object]) -> None:
        """Read the rows with these keys, of one column each, with one statement; `get` finds them
        then, or finds that there is none."""
        kept = self._of(row)
        unread = [key for key in keys if key not in kept.dirty and key not in kept.rows]
        if unread and not kept.doomed:
            kind: Any = row
            kept.rows.update(dict.fromkeys(unread))
            for found in self._db.execute(_by_keys(kind), {"keys": unread}):
                read = kind(*found)
                kept.rows[kept.key(read)] = read

    def holds(self, row: type, *key: object) -> bool:
        """Whether this batch has read or changed the row with this key."""
        kept, one = self._of(row), _one(key)
        return one in kept.dirty or one in kept.rows

    def put(self, row: object) -> None:
        """Insert the row, or replace the one with its key."""
        kept = self._kept.get(type(row)) or self._of(type(row))
        kept.dirty[kept.key(row)] = row

    def drop(self, row: type, *key: object) -> None:
        """Delete the row with this key, if there is one."""
        self._of(row).dirty[_one(key)] = None

    def drop_all(self, row: type, column: str, value: object) -> None:
        """Delete every row that holds this value in this column."""
        kept = self._of(row)
        kept.doomed.setdefault(column, set()).add(value)
        for known in (kept.rows, kept.dirty):
            for key, one in known.items():
                if one is not None and getattr(one, column) == value:
                    known[key] = None

    def find(self, row: type[R], *where: sa.ColumnElement[bool]) -> list[R]:
        """Rows that satisfy the conditions, this batch's own changes included, in key order."""
        self.flush(row)
        table: sa.Table = row.table  # type: ignore[attr-defined]
        found = self._db.execute(sa.select(table).where(*where).order_by(*table.primary_key))
        return [row(*one) for one in found]

    def any(self, row: type, select: sa.Select[object]) -> bool:
        """Whether anything of this table is selected; one row is read, however many there are."""
        self.flush(row)
        return self._db.execute(select.limit(1)).first() is not None

    def flush(self, only: type | None = None) -> None:
        """Write what changed (of one table or of all), one statement a table."""
        for kind in [only] if only else list(self._kept):
            kept = self._of(kind)
            doomed, kept.doomed = kept.doomed, {}
            for column, values in doomed.items():
                gone_with = [{"value": value} for value in sorted(values)]
                doom = _delete_all(kind, column)
                self._db.execute(doom, gone_with, execution_options=self._written)
            if not kept.dirty:
                continue
            changed, kept.dirty = kept.dirty, {}
            kept.rows.update(changed)
            gone = [key for key, row in changed.items() if row is None]
            if gone:
                names = [f"key_{name}" for name in _keys(kind)]
                keys = [key if isinstance(key, tuple) else (key,) for key in gone]
                named = [dict(zip(names, k, strict=True)) for k in keys]
                self._db.execute(_delete(kind), named, execution_options=self._written)
            if len(gone) < len(changed):
                self._write(kind, [row for row in changed.values() if row is not None])

    def _write(self, kind: type, rows: Sequence[object]) -> None:
        dialect = self._db.dialect
        table: sa.Table = kind.table  # type: ignore[attr-defined]
        without = self._lacking.get(table.name, frozenset())
        statement, read, types = _upsert(kind, dialect.name, self._schema, without)
        columns = list(zip(*map(read, rows), strict=True))
        for number, column_type in types:
            bind = column_type.dialect_impl(dialect).bind_processor(dialect)
            if bind:
                columns[number] = tuple(map(bind, columns[number]))
        if dialect.name == "postgresql":
            self._db.exec_driver_sql(statement, tuple(map(list, columns)))
        else:
            self._db.exec_driver_sql(statement, list(zip(*columns, strict=True)))


def _one(key: tuple[object, ...]) -> Any:
    """A key as `attrgetter` gives it: the value itself where the key has one column."""
    return key[0] if len(key) == 1 else key


@cache
def _keys(kind: Any) -> tuple[str, ...]:
    table: sa.Table = kind.table
    return tuple(column.name for column in table.primary_key)


@cache
def _by_key(kind: Any) -> sa.Select[Any]:
    table: sa.Table = kind.table
    return sa.select(table).where(*(table.c[name] == sa.bindparam(name) for name in _keys(kind)))


@cache
def _by_keys(kind: Any) -> sa.Select[Any]:
    table: sa.Table = kind.table
    (key,) = table.primary_key
    return sa.select(table).where(key.in_(sa.bindparam("keys", expanding=True)))


@cache
def _delete(kind: Any) -> sa.Delete:
    table: sa.Table = kind.table
    where = (table.c[name] == sa.bindparam(f"key_{name}") for name in _keys(kind))
    return sa.delete(table).where(*where)


@cache
def _delete_all(kind: Any, column: str) -> sa.Delete:
    table: sa.Table = kind.table
    return sa.delete(table).where(table.c[column] == sa.bindparam("value"))


@cache
def _upsert(
    kind: Any, dialect: str, schema: str, without: frozenset[str]
) -> tuple[str, Callable[[Any], tuple[Any, ...]], list[tuple[int, sa.types.TypeEngine[Any]]]]:
    """The statement that inserts or replaces, what reads a row's columns, and the columns' types.

    SQLite takes a row at a time, PostgreSQL a whole array for each column.
    """
    table: sa.Table = kind.table
    names = [field.name for field in fields(kind) if field.name not in without]
    postgres = dialect == "postgresql"
    speech: sa.Dialect = postgresql.dialect() if postgres else sqlite.dialect()  # type: ignore[no-untyped-call]
    quoted = {name: speech.identifier_preparer.quote(name) for name in names}
    keys = _keys(kind)
    rest = [quoted[name] for name in names if name not in keys]
    if postgres:
        types = (table.c[name].type.compile(speech).partition(" COLLATE")[0] for name in names)
        arrays = ", ".join(f"%s::{one}[]" for one in types)
        values = f"(SELECT * FROM unnest({arrays}))"  # noqa: S608
    else:
        values = f"VALUES ({', '.join('?' * len(names))})"
    replacing = ", ".join(f"{name} = excluded.{name}" for name in rest)
    statement = " ".join(
        (
            f"INSERT INTO {schema}.{table.name} ({', '.join(quoted.values())}) {values}",
            f"ON CONFLICT ({', '.join(quoted[key] for key in keys)})",
            f"DO UPDATE SET {replacing}" if rest else "DO NOTHING",
        )
    )
    read = attrgetter(*names) if len(names) > 1 else lambda row: (getattr(row, names[0]),)
    return statement, read, [(n, table.c[name].type) for n, name in enumerate(names)]
