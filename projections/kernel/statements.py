"""SQL statements of a batch, with parameters in the form of the database's driver.

For each fact, a view usually reads a row by its key, or the rows with a certain value. SQLAlchemy's
expressions would take several times as long; each statement is therefore compiled once, here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import registry

from access.ids import Id
from projections.kernel.column_types import OrderedText, no_nul

#: A function that converts a value from its form in Python to its form in the database, or back;
#: None if these forms are the same.
Way: TypeAlias = Callable[[Any], Any] | None


class RowStatement(NamedTuple):
    """A statement that reads whole rows: its text, how each parameter is converted to the
    database's form (`binds`), and the function that makes row objects from the driver's rows
    (`rows`).
    """

    text: str
    binds: Sequence[Way]
    rows: Callable[[Sequence[tuple[Any, ...]]], list[Any]]


class SelectStatement(NamedTuple):
    """A query: its text, its constant values (`fixed`), how each parameter and each column is
    converted to and from the database's form (`binds`, `conversions`), and the names of its
    parameters in order (`order`, empty if the driver passes them by name).
    """

    text: str
    fixed: Mapping[str, Any]
    order: Sequence[str]
    binds: Mapping[str, Way]
    conversions: Sequence[Way]


class DriverErrors:
    """A context manager that raises the driver's errors as SQLAlchemy's errors."""

    __slots__ = ("_db", "_text")

    def __init__(self, db: sa.Connection, text: str) -> None:
        self._db, self._text = db, text

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        drivers = self._db.dialect.loaded_dbapi.Error
        if isinstance(error, drivers):
            raise sa.exc.DBAPIError.instance(
                self._text, None, error, drivers, hide_parameters=True, dialect=self._db.dialect
            ) from error


def through(ways: Sequence[Way], values: Sequence[Any]) -> tuple[Any, ...]:
    """Return the values, each converted by the function at the same position in `ways`; with None
    there, the value is not changed.
    """
    return tuple([way(value) if way else value for way, value in zip(ways, values, strict=True)])


@cache
def key_names(kind: Any) -> tuple[str, ...]:
    """Return the names of the columns of a table's primary key."""
    table: sa.Table = kind.table
    return tuple(column.name for column in table.primary_key)


@cache
def speech_of(dialect: str) -> sa.Dialect:
    """Return SQLAlchemy's dialect for this database's driver."""
    # loaded by name, so that a store on files does not load the server's dialect
    kind = registry.load("postgresql.psycopg" if dialect == "postgresql" else "sqlite")
    return cast(sa.Dialect, kind())


def _bind(kind: sa.types.TypeEngine[Any], speech: sa.Dialect) -> Way:
    return kind.dialect_impl(speech).bind_processor(speech)


def _from_database(kind: sa.types.TypeEngine[Any], speech: sa.Dialect) -> Way:
    if isinstance(kind, sa.Float):
        return None  # a float has the same form in Python and in the database
    return cast(Way, kind.dialect_impl(speech).result_processor(speech, None))


def _type(column: sa.Column[Any], speech: sa.Dialect) -> str:
    return column.type.compile(speech).partition(" COLLATE")[0]


@cache
def reading(
    kind: Any,
    dialect: str,
    schema: str,
    names: tuple[str, ...],
    many: int = 1,
    empty: frozenset[str] = frozenset(),
) -> RowStatement:
    """Return the statement that reads the rows with certain values in the columns `names`. For the
    first column, it accepts `many` values, on PostgreSQL as one list; columns in `empty` have to be
    empty.
    """
    table: sa.Table = kind.table
    speech, server = speech_of(dialect), dialect == "postgresql"
    quote, mark = speech.identifier_preparer.quote, "%s" if server else "?"

    def condition(name: str) -> str:
        if name in empty:
            return f"{quote(name)} IS NULL"
        if many == 1 or name != names[0]:
            return f"{quote(name)} = {mark}"
        if server:
            return f"{quote(name)} = ANY(%s::{_type(table.c[name], speech)}[])"
        return f"{quote(name)} IN ({', '.join('?' * many)})"

    where = " AND ".join(map(condition, names))
    columns = ", ".join(quote(column.name) for column in table.columns)
    return RowStatement(
        f"SELECT {columns} FROM {schema}.{table.name} WHERE {where}",  # noqa: S608
        [_bind(table.c[name].type, speech) for name in names],
        _row_maker(kind, dialect),
    )


@cache
def _row_maker(kind: Any, dialect: str) -> Callable[[Sequence[tuple[Any, ...]]], list[Any]]:
    """Return the function that makes row objects from the rows that the driver returns. Of several
    rows it converts a whole column at once, because looking up the conversion for each value takes
    longer than many conversions.
    """
    ways = [_from_database(column.type, speech_of(dialect)) for column in kind.table.columns]
    converted = [(number, way) for number, way in enumerate(ways) if way]

    def made(rows: Sequence[tuple[Any, ...]]) -> list[Any]:
        if len(rows) < 2:
            return [kind(*through(ways, row)) for row in rows]
        columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
        for number, way in converted:
            columns[number] = map(way, columns[number])
        return list(map(kind, *columns))

    return made


@lru_cache(maxsize=256)
def question(select: sa.Select[Any], dialect: str, schema: str) -> SelectStatement:
    """Return a constant query, compiled to the text that the database's driver executes."""
    speech = speech_of(dialect)
    compiled = select.compile(
        dialect=speech, schema_translate_map={None: schema}, render_schema_translate=True
    )
    binds = {name: _bind(parameter.type, speech) for parameter, name in compiled.bind_names.items()}
    conversions = [_from_database(column.type, speech) for column in select.selected_columns]
    fixed = {
        name: parameter.value
        for parameter, name in compiled.bind_names.items()
        if parameter.value is not None
    }
    return SelectStatement(str(compiled), fixed, compiled.positiontup or (), binds, conversions)


@cache
def delete(
    kind: Any, dialect: str, schema: str, names: tuple[str, ...]
) -> tuple[str, Sequence[Way]]:
    """Return the SQL statement that deletes the rows with certain values in the columns `names`,
    and how each of these values is converted to the database's form.
    """
    table: sa.Table = kind.table
    speech, mark = speech_of(dialect), "%s" if dialect == "postgresql" else "?"
    quote = speech.identifier_preparer.quote
    where = " AND ".join(f"{quote(name)} = {mark}" for name in names)
    binds = [_bind(table.c[name].type, speech) for name in names]
    return f"DELETE FROM {schema}.{table.name} WHERE {where}", binds  # noqa: S608


#: A function that converts all values of a column to the database's form.
ColumnWay: TypeAlias = Callable[[Sequence[Any]], Sequence[Any]]


@cache
def upsert(
    kind: Any, dialect: str, schema: str, without: frozenset[str]
) -> tuple[str, Callable[[Any], tuple[Any, ...]], list[tuple[int, ColumnWay]]]:
    """Return what is needed to write rows: the statement that inserts or replaces a row, the
    function that reads the columns of a row, and the conversions of the columns that need one.

    On SQLite the statement writes one row at a time. On PostgreSQL its parameters are one array for
    each column, as text. The arrays are unnested in the select list and not as tables, because the
    server would store each table in memory that it allocates and frees with every statement.
    """
    table: sa.Table = kind.table
    names = [field for field in kind.__struct_fields__ if field not in without]
    postgres, speech = dialect == "postgresql", speech_of(dialect)
    quoted = {name: speech.identifier_preparer.quote(name) for name in names}
    keys = key_names(kind)
    rest = [quoted[name] for name in names if name not in keys]
    if postgres:
        arrays = ", ".join(f"unnest(%s::{_type(table.c[name], speech)}[])" for name in names)
        values = f"(SELECT {arrays})"
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
    made = _array if postgres else _conversion_of_many
    columns = [(number, made(table.c[name], speech)) for number, name in enumerate(names)]
    return statement, read, [(number, column) for number, column in columns if column]


def _conversion_of_many(column: sa.Column[Any], speech: sa.Dialect) -> ColumnWay | None:
    if type(column.type) in _WHOLE:
        return _WHOLE[type(column.type)]
    bind = _bind(column.type, speech)
    return (lambda values: tuple(map(bind, values))) if bind else None


def _bytes(values: Sequence[UUID | None]) -> Sequence[bytes | None]:
    return [None if value is None else value.bytes for value in values]


def _texts(values: Sequence[str | None]) -> Sequence[str | None]:
    return [no_nul(value) if value and "\0" in value else value for value in values]


#: Conversions of the types of columns that are most often written to a file. They convert a whole
#: column, because looking up the conversion for each value takes longer than writing the value.
_WHOLE: Mapping[type, ColumnWay] = {Id: _bytes, OrderedText: _texts}


def _array(column: sa.Column[Any], speech: sa.Dialect) -> ColumnWay:
    """Return the function that converts the values of a column to one array literal of PostgreSQL.
    With a list of Python, the driver would need several times as long.
    """
    bind = _bind(column.type, speech)
    member = _MEMBERS.get(_type(column, speech), str)

    def array(values: Sequence[Any]) -> str:
        bound_values = map(bind, values) if bind else values
        members = ["NULL" if value is None else member(value) for value in bound_values]
        return f"{{{','.join(members)}}}"

    return array


def _hex(value: UUID) -> str:
    """Return an id as hexadecimal digits, in a third of the time that `UUID.hex` takes. Each fact
    writes its ids to many tables, so that this matters.
    """
    return value.bytes.hex()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


#: How a value is written in an array literal, by column type. For other types, `str` is used.
_MEMBERS: Mapping[str, Callable[[Any], str]] = {"TEXT": _quoted, "UUID": _hex}
