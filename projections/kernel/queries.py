"""Parts of queries for SQLite and PostgreSQL alike: many ids as one parameter, rows by the words in
them, and counts.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from access.ids import Id, as_json
from projections.kernel.database import Db

Selected = sa.Select[Any] | sa.CompoundSelect[Any]
#: At most this many compiled queries of a kind are cached, each for one reader.
PREPARED = 512
#: A count on a page is exact only up to this number; beyond, all rows would have to be read.
COUNTED = 1_000


def holding(
    db: Db,
    row: Any,
    tokens: Sequence[str],
    *where: sa.ColumnElement[bool],
    of_few: bool = False,
) -> sa.ColumnElement[bool]:
    """Return the SQL condition that a row has every token and meets `where`. A row has a token if
    one of its words is the token or, for a token of three or more letters, begins with it.

    Set `of_few` if another condition of the query selects few rows: only these rows are then
    checked for the tokens. Otherwise SQLite begins with all rows that have the tokens.
    """
    table: sa.Table = row.table
    if db.dialect.name == "postgresql":
        matching_seq = sa.select(table.c.seq).where(_fits(tokens), *where).scalar_subquery()
        # in a subquery, so that PostgreSQL uses the index of words
        return table.c.seq == sa.any_(sa.func.array(matching_seq))
    index, match = _match(table, tokens)
    seq_column = table.c.seq + 0 if of_few else table.c.seq
    return sa.and_(seq_column.in_(sa.select(index.c.rowid).where(match)), *where)


def _fits(tokens: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return the SQL condition for PostgreSQL that a row has every token (see `holding`)."""
    # imported here, so that a store on files does not load the dialect of the server
    from sqlalchemy.dialects import postgresql

    wanted = " & ".join(f"'{token}'{':*' if len(token) > 2 else ''}" for token in tokens)
    vector: sa.ColumnElement[Any] = sa.column("vector", postgresql.TSVECTOR)
    return vector.op("@@", is_comparison=True)(sa.cast(wanted, postgresql.TSQUERY))


def _match(table: sa.Table, tokens: Sequence[str]) -> tuple[sa.TableClause, sa.ColumnElement[bool]]:
    """Return two values for SQLite: the table of the words in the rows of `table`, and the SQL
    condition that a row of that table has every token (see `holding`).
    """
    wanted = " AND ".join(f'"{token}"{"*" if len(token) > 2 else ""}' for token in tokens)
    index = sa.table(f"{table.name}_words", sa.column("rowid", sa.BigInteger))
    return index, sa.column(index.name).op("MATCH", is_comparison=True)(wanted)


#: PostgreSQL searches this many of the newest rows before it uses its index of words.
NEWEST = 2_000


def newest_holding(
    db: Db,
    row: Any,
    tokens: Sequence[str],
    where: sa.ColumnElement[bool],
    most: int,
    columns: Sequence[sa.Column[Any]],
) -> Selected:
    """Return the query for columns of the `most` newest rows that have every token (see `holding`)
    and meet `where`, newest first.

    SQLite reads the rows from its index in that order and stops after `most`. PostgreSQL would read
    all matching rows from its index; the query therefore searches the newest rows first, which is
    enough for a frequent word.
    """
    table: sa.Table = row.table
    newest = sa.select(*columns).order_by(table.c.seq.desc()).limit(most).where(where)
    if db.dialect.name == "postgresql":
        seq = table.c.seq
        behind = sa.select(seq).order_by(seq.desc()).offset(NEWEST).limit(1).scalar_subquery()
        last = sa.func.coalesce(behind, 0)
        # with "is true", PostgreSQL does not begin with all rows that have the tokens
        few = newest.where(seq > last, _fits(tokens).is_(sa.true()))
        rest = newest.where(seq <= last, holding(db, row, tokens))
        # PostgreSQL runs the second query only if the first one returns too few rows
        return after_another([few, rest]).limit(most)
    index, match = _match(table, tokens)
    # `+ 0` makes SQLite begin with the index of words; otherwise it might look up the words of
    # every row
    both = index.join(table, table.c.seq == index.c.rowid + 0)
    select = sa.select(*columns).select_from(both).where(match, where)
    return select.order_by(index.c.rowid.desc()).limit(most)


def after_another(queries: Sequence[Selected]) -> sa.CompoundSelect[Any]:
    """Return one query with the results of all these queries, each with its own order and limit."""
    return sa.union_all(*(sa.select(query.subquery()) for query in queries))


def texts(
    dialect: sa.Dialect, values: Collection[str] | sa.BindParameter[Any], name: str
) -> sa.TableValuedAlias:
    """Return texts as an SQL table with the single column `value`. The texts are a collection, or
    an SQL parameter that will have them as its value.
    """
    value = sa.column("value", sa.Text())
    if not isinstance(values, sa.BindParameter):
        values = sa.literal(as_parameter(dialect, values), _many(dialect, sa.Text()))
    if dialect.name == "postgresql":
        return sa.func.unnest(values).table_valued(value, name=name).render_derived()
    return sa.func.json_each(values).table_valued(value, name=name)


def is_one_of(
    db: Db, column: sa.ColumnElement[UUID], ids: Collection[UUID]
) -> sa.ColumnElement[bool]:
    """Return the SQL condition that a column holds one of many ids. The ids are one parameter,
    because binding each of them takes longer than the query.
    """
    return is_one_of_parameter(column, ids_parameter(db.dialect, ids))


def ids_parameter(
    dialect: sa.Dialect, ids: Collection[UUID] | None = None
) -> sa.BindParameter[Any]:
    """Return an SQL parameter with these ids as its value. If `ids` is None, return a parameter
    named `ids`; its value is given with the query, in the form that `as_parameter` returns.
    """
    kind = _many(dialect, Id())
    return (
        sa.bindparam("ids", type_=kind)
        if ids is None
        else sa.literal(as_parameter(dialect, ids), kind)
    )


def texts_at_once(dialect: sa.Dialect, name: str) -> sa.BindParameter[Any]:
    """Return the parameter of this name for many texts, whose value `as_parameter` makes later."""
    return sa.bindparam(name, type_=_many(dialect, sa.Text()))


def _many(dialect: sa.Dialect, kind: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    return sa.ARRAY(kind) if dialect.name == "postgresql" else sa.Text()


def as_parameter(
    dialect: sa.Dialect, values: Collection[UUID] | Collection[str]
) -> list[UUID | str] | str:
    """Return ids or texts as the value of one SQL parameter: a list for PostgreSQL, JSON text for
    SQLite.
    """
    if dialect.name == "postgresql":
        return list(values)
    return as_json(values)


class _OneOf(FunctionElement[bool]):
    """The SQL condition that a column holds one of a parameter's many values. It is an SQL element
    of its own: with SQLAlchemy's elements, building the condition takes four times as long as the
    query.
    """

    # the condition has no SQL type: for a Boolean, SQLite would add a comparison with 1
    inherit_cache = True


@compiles(_OneOf, "sqlite")
def _in_sqlite(element: _OneOf, compiler: SQLCompiler, **said: Any) -> str:
    column, parameter = (compiler.process(clause, **said) for clause in element.clauses)
    value = "unhex(value)" if isinstance(next(iter(element.clauses)).type, Id) else "value"
    return f"({column} IN (SELECT {value} FROM json_each({parameter})))"  # noqa: S608 (compiled)


@compiles(_OneOf, "postgresql")
def _in_postgresql(element: _OneOf, compiler: SQLCompiler, **said: Any) -> str:
    column, parameter = (compiler.process(clause, **said) for clause in element.clauses)
    return f"({column} = ANY ({parameter}))"


def is_one_of_parameter(
    column: sa.ColumnElement[Any], parameter: sa.BindParameter[Any]
) -> sa.ColumnElement[bool]:
    """Return the SQL condition that a column's value is one of the ids or texts in a parameter."""
    return _OneOf(column, parameter)


def select_each(
    db: Db,
    select: sa.Select[*tuple[Any, ...]],
    column: sa.ColumnElement[UUID],
    ids: Collection[UUID],
) -> list[Any]:
    """Return the rows of the query `select` whose `column` has one of these ids. Without ids,
    return [] and make no query.
    """
    return list(db.execute(select.where(is_one_of(db, column, ids))).all()) if ids else []


class ByIds:
    """A query for the rows in which a column holds one of many ids. The query is the same for every
    reader and is compiled once. If there are no ids, the query is made only with `always`.
    """

    def __init__(
        self,
        select: sa.Select[*tuple[Any, ...]],
        column: sa.ColumnElement[UUID],
        *,
        always: bool = False,
    ) -> None:
        self._select, self._column, self._always = select, column, always
        self._said: dict[str, sa.Select[*tuple[Any, ...]]] = {}

    def __call__(self, db: Db, ids: Collection[UUID]) -> Sequence[Any]:
        if not (ids or self._always):
            return ()
        select = self._said.get(db.dialect.name)
        if select is None:
            condition = is_one_of_parameter(self._column, ids_parameter(db.dialect))
            select = self._said[db.dialect.name] = self._select.where(condition)
        return db.execute(select, {"ids": as_parameter(db.dialect, ids)}).all()


def place_of(
    order: Sequence[sa.ColumnElement[Any]], values: Sequence[object]
) -> sa.ColumnElement[Any]:
    """Return the values of these columns as an SQL tuple, to be compared with the columns."""
    pairs = zip(values, order, strict=True)
    return sa.tuple_(*(sa.literal(value, column.type) for value, column in pairs))


def counted(db: Db, select: Selected, most: int = COUNTED) -> int:
    """Return the number of selected rows; if it is more than `most`, return `most` + 1."""
    number: int = db.execute(counting(select, most + 1)).scalar_one()
    return number


def counting(select: Selected, most: int | sa.ColumnElement[int]) -> sa.Select[int]:
    """Return the query for the number of selected rows. The query stops counting at `most`."""
    return sa.select(sa.func.count()).select_from(select.limit(most).subquery())


def figure(number: int) -> str:
    """Return a number from `counted` as text, such as "12" or "more than 1,000"."""
    return f"{number:,}" if number <= COUNTED else f"more than {COUNTED:,}"
