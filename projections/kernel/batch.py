"""A batch of changes to rows of views: rows are read through a cache and written together at the
end.

A view's function `apply` reads and puts whole rows; nothing is written to the database before
`flush`, which writes each table with one statement for many rows, in the form that the database's
driver writes fastest. A row is read from the database only once, because no other writer changes
rows during the transaction. The file is long because every read combines cached rows with rows that
are not written yet.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa

from access.database import lock, schema_of, written_schema
from access.ids import Id
from projections.kernel.database import Db
from projections.kernel.statements import (
    DriverErrors,
    delete,
    key_names,
    question,
    reading,
    through,
    upsert,
)
from projections.kernel.upcoming import UpcomingFacts

R = TypeVar("R")
#: At most this many values are in a statement: half of what the oldest supported SQLite accepts.
_ASKED = 512


class _Columns:
    """Reads the values of some columns of a row as a lookup key: the value itself for one column, a
    tuple for several. An id in a column that is never empty is read as its number, which Python
    hashes and compares many times faster than a UUID; the order is the same.
    """

    __slots__ = ("ids", "made", "of")

    def __init__(self, kind: Any, names: Sequence[str]) -> None:
        columns = [kind.table.c[name] for name in names]
        self.ids = tuple([isinstance(c.type, Id) and not c.nullable for c in columns])
        pairs = zip(names, self.ids, strict=True)
        self.of: Callable[[Any], Any] = attrgetter(*[f"{n}.int" if i else n for n, i in pairs])
        #: A function that makes a key from a sequence of values, in the form in which `of` reads a
        #: row's key. Values that are not ids are not changed, even in a column of ids.
        self.made: Callable[[Sequence[Any]], Any] = self._made
        if len(names) == 1:
            self.made = _number if self.ids[0] else itemgetter(0)
        elif not any(self.ids):
            self.made = tuple

    def _made(self, values: Sequence[Any]) -> Any:
        pairs = zip(values, self.ids, strict=True)
        return tuple([getattr(value, "int", value) if an_id else value for value, an_id in pairs])

    def key_values(self, made: Any) -> tuple[Any, ...]:
        """Return the column values of a key that `made` returned."""
        values = made if len(self.ids) > 1 else (made,)
        pairs = zip(values, self.ids, strict=True)
        return tuple([UUID(int=value) if an_id else value for value, an_id in pairs])


def _number(values: Sequence[Any]) -> Any:
    return getattr(values[0], "int", values[0])


_columns = cache(_Columns)


class _KeyLookup:
    """An index in memory of the rows of a table that a batch has read: for values of some columns,
    the keys of the rows that had these values. The rows may have been changed since.
    """

    __slots__ = ("columns", "keys", "read", "values")

    def __init__(self, kind: type, names: Sequence[str]) -> None:
        self.keys: dict[Any, dict[Any, None]] = {}
        self.read: set[Any] = set()
        self.columns = _columns(kind, tuple(names))
        self.values = self.columns.of

    def add(self, key: object, row: object) -> None:
        values = self.values(row)
        keys = self.keys.get(values)
        if keys is None:
            self.keys[values] = {key: None}
        else:
            keys[key] = None


class _TableCache:
    """The rows of a table that a batch has read or changed, by their keys: `rows` as in the
    database, and `dirty` still to be written (None for a row to be deleted). Rows with a value in
    `doomed` are deleted first, before the other changes are written.
    """

    __slots__ = ("columns", "dirty", "doomed", "found", "key", "kind", "rows")

    def __init__(self, kind: type) -> None:
        self.kind = kind
        self.doomed: dict[str, set[Any]] = {}
        self.rows: dict[Any, Any] = {}
        self.dirty: dict[Any, Any] = {}
        self.found: dict[tuple[str, ...], _KeyLookup] = {}
        self.columns = _columns(kind, key_names(kind))
        self.key = self.columns.of

    def by(self, names: tuple[str, ...]) -> _KeyLookup:
        """Return the index in memory by which this table's rows are looked up by the values of
        these columns.
        """
        lookup = self.found.get(names)
        if lookup is None:
            lookup = self.found[names] = _KeyLookup(self.kind, names)
            for rows in (self.rows, self.dirty):
                for key, row in rows.items():
                    if row is not None:
                        lookup.add(key, row)
        return lookup


class RowBatch:
    """A batch of rows that are read and changed within one transaction."""

    def __init__(self, db: Db) -> None:
        self._db = db
        #: The log position of the fact that is being applied, for views that store it.
        self.at = 0
        self.upcoming = UpcomingFacts()
        self._kept: dict[type, _TableCache] = {}
        self._schema, self._read = written_schema(db), schema_of(db)
        options = db.get_execution_options()
        self._lacking: Mapping[str, frozenset[str]] = options.get("lacking") or {}
        self._dialect = db.dialect.name
        if not db.in_transaction():  # SQLite's driver begins no transaction by itself
            db.begin()
        self._cursor = db.connection.cursor()

    def _of(self, kind: type) -> _TableCache:
        table_cache = self._kept.get(kind)
        if table_cache is None:
            table_cache = self._kept[kind] = _TableCache(kind)
        return table_cache

    def get(self, row: type[R], *key: object) -> R | None:
        """Return the row with this primary key, or None."""
        table_cache = self._kept.get(row) or self._of(row)
        row_key = table_cache.columns.made(key)
        rows: dict[Any, R | None] = (
            table_cache.dirty if row_key in table_cache.dirty else table_cache.rows
        )
        if row_key not in rows:
            if table_cache.doomed:
                self.flush(row)
            ids = self.upcoming.ids((row, "get"), key)
            if len(ids) > 1:
                self.read(row, ids, *key[1:])
            else:
                rows[row_key] = self._one_with(row, key)
        return rows[row_key]

    def _one_with(self, kind: Any, key: tuple[object, ...]) -> Any:
        statement = reading(kind, self._dialect, self._read, key_names(kind))
        rows = statement.rows(self._rows(statement.text, through(statement.binds, key)))
        return rows[0] if rows else None

    def _rows(self, text: str, given: Any) -> list[tuple[Any, ...]]:
        """Return the rows that a statement selects, from the database's driver. SQLAlchemy is not
        used, because it would look up the columns of each result again.
        """
        with DriverErrors(self._db, text):
            self._cursor.execute(text, given)
            return list(self._cursor.fetchall())

    def read(self, row: type, keys: Iterable[object], *rest: object) -> None:
        """Read the rows with these keys with one statement, so that later calls of `get` need no
        statement. `keys` are values of the first column of the primary key; `rest` are the values
        of its other columns.
        """
        table_cache = self._of(row)
        row_keys = [(table_cache.columns.made((key, *rest)), (key, *rest)) for key in keys]
        unread = {
            row_key: key
            for row_key, key in row_keys
            if row_key not in table_cache.dirty and row_key not in table_cache.rows
        }
        if unread and not table_cache.doomed:
            table_cache.rows.update(dict.fromkeys(unread))
            for read in self._ask(row, key_names(row), list(unread.values())):
                table_cache.rows[table_cache.key(read)] = read

    def having(self, row: type[R], **wanted: object) -> list[R]:
        """Return the rows of the class `row` whose columns have the values in `wanted`, sorted by
        key. Changes of this batch that are not written yet are included.
        """
        return self._having(row, tuple(wanted), [tuple(wanted.values())])

    def among(
        self, row: type[R], column: str, values: Iterable[object], **wanted: object
    ) -> list[R]:
        """Return the rows with one of `values` in the column `column`, and the values `wanted` in
        other columns, sorted by key. `values` must not contain None. Changes of this batch that are
        not written yet are included.
        """
        rest = tuple(wanted.values())
        combinations = [(value, *rest) for value in dict.fromkeys(values)]
        return self._having(row, (column, *wanted), combinations)

    def either(
        self,
        row: type[R],
        values: Iterable[object],
        columns: tuple[str, str] = ("a", "b"),
        **wanted: object,
    ) -> list[R]:
        """Return the rows with one of `values` in at least one of the two `columns`, and the values
        `wanted` in other columns, sorted by key.
        """
        all_values, table_cache = list(values), self._of(row)
        matches = [
            match for column in columns for match in self.among(row, column, all_values, **wanted)
        ]
        rows = {table_cache.key(match): match for match in matches}
        return [rows[key] for key in sorted(rows)]

    def _having(
        self, kind: Any, names: tuple[str, ...], wanted: Sequence[tuple[Any, ...]]
    ) -> list[Any]:
        table_cache = self._of(kind)
        if table_cache.doomed:
            self.flush(kind)
        lookup = table_cache.by(names)
        hold = {lookup.columns.made(values): values for values in wanted}
        if unread := {
            row_values: values
            for row_values, values in hold.items()
            if row_values not in lookup.read
        }:
            if len(unread) == 1:
                (combination,) = unread.values()
                for item in self.upcoming.ids((kind, names), combination):
                    row_values = lookup.columns.made((item, *combination[1:]))
                    if row_values not in lookup.read:
                        unread[row_values] = (item, *combination[1:])
            for read in self._ask(kind, names, list(unread.values())):
                key = table_cache.key(read)
                table_cache.rows[key] = read
                lookup.add(key, read)
            lookup.read.update(unread)
        keys = {key: None for row_values in hold for key in lookup.keys.get(row_values, ())}
        dirty, stored_rows, values = table_cache.dirty, table_cache.rows, lookup.values
        rows = [dirty[key] if key in dirty else stored_rows.get(key) for key in keys]
        rows = [row for row in rows if row is not None and values(row) in hold]
        return sorted(rows, key=table_cache.key) if len(rows) > 1 else rows

    def _ask(
        self, kind: Any, names: tuple[str, ...], wanted: Sequence[tuple[Any, ...]]
    ) -> list[Any]:
        """Return the rows in the database whose columns `names` have one of the combinations of
        values in `wanted`. The combinations differ only in their first value.
        """
        rest = wanted[0][1:]
        records: list[Any] = []
        for start in range(0, len(wanted), _ASKED):
            first = [values[0] for values in wanted[start : start + _ASKED]]
            # the list is filled up to a power of two with its last value: lists of any length then
            # need only ten statements, which fit into the driver's cache of prepared statements
            first += first[-1:] * ((1 << (len(first) - 1).bit_length()) - len(first))
            combination = wanted[start] if len(first) == 1 else (first, *rest)
            pairs = zip(names, combination, strict=True)
            empty = frozenset([name for name, value in pairs if value is None])
            statement = reading(kind, self._dialect, self._read, names, len(first), empty)
            convert_first, *ways = statement.binds
            made = [convert_first(value) if convert_first else value for value in first]
            values = [made] if len(first) > 1 and self._dialect == "postgresql" else made
            values += [
                way(rest_value) if way else rest_value
                for way, rest_value in zip(ways, rest, strict=True)
            ]
            parameters = tuple(value for value in values if value is not None)
            records += statement.rows(self._rows(statement.text, parameters))
        return records

    def holds(self, row: type, *key: object) -> bool:
        """Return whether this batch has already read or changed the row with this primary key."""
        table_cache = self._of(row)
        row_key = table_cache.columns.made(key)
        return row_key in table_cache.dirty or row_key in table_cache.rows

    def put(self, row: object) -> None:
        """Insert the row, or replace the row with the same primary key."""
        table_cache = self._kept.get(type(row)) or self._of(type(row))
        key = table_cache.key(row)
        table_cache.dirty[key] = row
        for lookup in table_cache.found.values():
            lookup.add(key, row)

    def drop(self, row: type, *key: object) -> None:
        """Delete the row with this key, if there is one."""
        table_cache = self._of(row)
        table_cache.dirty[table_cache.columns.made(key)] = None

    def drop_all(self, row: type, column: str, value: object) -> None:
        """Delete every row with this value in this column."""
        table_cache = self._of(row)
        table_cache.doomed.setdefault(column, set()).add(value)
        for rows in (table_cache.rows, table_cache.dirty):
            for key, cached_row in rows.items():
                if cached_row is not None and getattr(cached_row, column) == value:
                    rows[key] = None

    def find(self, row: type[R], *where: sa.ColumnElement[bool]) -> list[R]:
        """Return the rows that meet the SQL conditions, sorted by key. The batch's changes of the
        table are written first, so that this takes several times as long as `having`.
        """
        self.flush(row)
        table: sa.Table = row.table  # type: ignore[attr-defined]
        result = self._db.execute(sa.select(table).where(*where).order_by(*table.primary_key))
        return [row(*values) for values in result]

    def select_rows(
        self, select: sa.Select[Any], values: Mapping[str, Any], *rows: type
    ) -> list[Any]:
        """Return the result of a query on these tables, after writing the batch's changes of them.
        The query must be a constant; its values are named parameters.
        """
        for row in rows:
            self.flush(row)
        statement = question(select, self._dialect, self._read)
        all_values = {**statement.fixed, **values}
        made = {
            name: way(all_values[name]) if way else all_values[name]
            for name, way in statement.binds.items()
        }
        parameters = tuple(made[name] for name in statement.order) if statement.order else made
        return [
            through(statement.conversions, record)
            for record in self._rows(statement.text, parameters)
        ]

    def flush(self, only: type | None = None) -> None:
        """Write the changes, of one table or of all, with one statement for each table."""
        changes: list[tuple[type, list[object]]] = []
        for kind in [only] if only else list(self._kept):
            table_cache = self._of(kind)
            doomed, table_cache.doomed = table_cache.doomed, {}
            for column, values in doomed.items():
                self._delete(kind, (column,), [(value,) for value in sorted(values)])
            if not table_cache.dirty:
                continue
            changed, table_cache.dirty = table_cache.dirty, {}
            table_cache.rows.update(changed)
            gone = [key for key, row in changed.items() if row is None]
            if gone:
                self._delete(
                    kind, key_names(kind), [table_cache.columns.key_values(key) for key in gone]
                )
            if len(gone) < len(changed):
                changes.append((kind, [row for row in changed.values() if row is not None]))
        with (
            DriverErrors(self._db, "INSERT"),
            self._at_once() if len(changes) > 1 else nullcontext(),
        ):
            for kind, rows in changes:
                self._write(kind, rows)

    def _at_once(self) -> AbstractContextManager[object]:
        """Send several statements to a server together, so that the server answers once. With an
        answer to each table's statement, a batch would wait for a processor twenty times on a busy
        machine.
        """
        if self._dialect != "postgresql":
            return nullcontext()
        driven: Any = self._db.connection.driver_connection
        return cast(AbstractContextManager[object], driven.pipeline())

    def _write(self, kind: type, rows: Sequence[object]) -> None:
        table: sa.Table = kind.table  # type: ignore[attr-defined]
        without = self._lacking.get(table.name, frozenset())
        statement, read, made = upsert(kind, self._dialect, self._schema, without)
        columns: list[Any] = list(zip(*map(read, rows), strict=True))
        for number, values in made:
            columns[number] = values(columns[number])
        if self._dialect == "postgresql":
            self._tell(statement, tuple(columns))
        else:
            self._tell(statement, list(zip(*columns, strict=True)), many=True)

    def _delete(
        self, kind: type, names: tuple[str, ...], rows: Sequence[tuple[object, ...]]
    ) -> None:
        statement, binds = delete(kind, self._dialect, self._schema, names)
        with DriverErrors(self._db, "DELETE"):
            self._tell(statement, [through(binds, row) for row in rows], many=True)

    def _tell(self, statement: str, given: Sequence[Any], *, many: bool = False) -> None:
        """Execute a statement of the batch through the driver."""
        lock(self._db)
        (self._cursor.executemany if many else self._cursor.execute)(statement, given)
