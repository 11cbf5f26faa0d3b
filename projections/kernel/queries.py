"""How rows are asked for, alike on both databases: by many ids at once, by the words that they
hold, and how many there are."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from projections.kernel.database import Db

Selected = sa.Select[Any] | sa.CompoundSelect[Any]
#: Ids stand in it as the columns of SQLite hold them.
_MANY = msgspec.json.Encoder(uuid_format="hex")
#: So many questions of a kind are kept as they were put into words, each for one reader.
PREPARED = 512
#: A figure on a page is exact up to this: behind it all rows would be read to say how many.
COUNTED = 1_000


def holding(
    db: Db,
    row: Any,
    tokens: Sequence[str],
    *where: sa.ColumnElement[bool],
    of_few: bool = False,
) -> sa.ColumnElement[bool]:
    """The condition that a row holds every token: as a word, or (from three letters on) as the
    beginning of one; and that this holds of it as well. `of_few`: it is asked of few rows, which
    are found by something else; SQLite would begin with all that hold the tokens."""
    table: sa.Table = row.table
    if db.dialect.name == "postgresql":
        found = sa.select(table.c.seq).where(_fits(tokens), *where).scalar_subquery()
        return table.c.seq == sa.any_(sa.func.array(found))  # asked apart: the index is used
    index, match = _match(table, tokens)
    asked = table.c.seq + 0 if of_few else table.c.seq
    return sa.and_(asked.in_(sa.select(index.c.rowid).where(match)), *where)


def _fits(tokens: Sequence[str]) -> sa.ColumnElement[bool]:
    """On PostgreSQL, that the words of a row hold every token."""
    wanted = " & ".join(f"'{token}'{':*' if len(token) > 2 else ''}" for token in tokens)
    vector: sa.ColumnElement[Any] = sa.column("vector", postgresql.TSVECTOR)
    return vector.op("@@", is_comparison=True)(sa.cast(wanted, postgresql.TSQUERY))


def _match(table: sa.Table, tokens: Sequence[str]) -> tuple[sa.TableClause, sa.ColumnElement[bool]]:
    """The words of a table's rows on SQLite, and that those of a row hold every token."""
    wanted = " AND ".join(f'"{token}"{"*" if len(token) > 2 else ""}' for token in tokens)
    index = sa.table(f"{table.name}_words", sa.column("rowid", sa.BigInteger))
    return index, sa.column(index.name).op("MATCH", is_comparison=True)(wanted)


#: So many of the newest rows are looked through on a server before its index of words is asked.
NEWEST = 2_000


def newest_holding(
    db: Db,
    row: Any,
    tokens: Sequence[str],
    where: sa.ColumnElement[bool],
    most: int,
    columns: Sequence[sa.Column[Any]],
) -> Selected:
    """These columns of the rows that hold every token (as `holding` has it) and of which this holds
    as well, so many of the newest, the newest first. SQLite's index gives them in that order, so
    that no more of them are read; PostgreSQL's gives them all, so that a word that many hold is
    looked for among the newest before."""
    table: sa.Table = row.table
    newest = sa.select(*columns).order_by(table.c.seq.desc()).limit(most).where(where)
    if db.dialect.name == "postgresql":
        seq = table.c.seq
        behind = sa.select(seq).order_by(seq.desc()).offset(NEWEST).limit(1).scalar_subquery()
        last = sa.func.coalesce(behind, 0)
        # asked whether it is true that they fit, the server does not begin with all that do
        few = newest.where(seq > last, _fits(tokens).is_(sa.true()))
        rest = newest.where(seq <= last, holding(db, row, tokens))
        return after_another([few, rest]).limit(most)  # where the first are enough, only those
    index, match = _match(table, tokens)
    # from the words to the rows: with a bare column SQLite might look up the words of every row
    both = index.join(table, table.c.seq == index.c.rowid + 0)
    found = sa.select(*columns).select_from(both).where(match, where)
    return found.order_by(index.c.rowid.desc()).limit(most)


def after_another(each: Sequence[Selected]) -> sa.CompoundSelect[Any]:
    """What each of these finds in its own order, up to its own limit, in one question."""
    return sa.union_all(*(sa.select(one.subquery()) for one in each))


def texts(
    dialect: sa.Dialect, told: Collection[str] | sa.BindParameter[Any], name: str
) -> sa.TableValuedAlias:
    """These texts, or those that are told at once, as a table with one column, `value`."""
    value = sa.column("value", sa.Text())
    if not isinstance(told, sa.BindParameter):
        told = sa.literal(as_one(dialect, told), _many(dialect, sa.Text()))
    if dialect.name == "postgresql":
        return sa.func.unnest(told).table_valued(value, name=name).render_derived()
    return sa.func.json_each(told).table_valued(value, name=name)


def one_of(db: Db, column: sa.ColumnElement[UUID], ids: Collection[UUID]) -> sa.ColumnElement[bool]:
    """The condition that a column holds one of many ids, which are told as one value: to bind each
    takes longer than the answer."""
    return one_of_told(column, told_at_once(db.dialect, ids))


def told_at_once(dialect: sa.Dialect, ids: Collection[UUID] | None = None) -> sa.BindParameter[Any]:
    """Many ids as one value; without any a place for it, `ids`, that is filled `as_one` later."""
    kind = _many(dialect, sa.Uuid())
    return (
        sa.bindparam("ids", type_=kind) if ids is None else sa.literal(as_one(dialect, ids), kind)
    )


def texts_at_once(dialect: sa.Dialect, name: str) -> sa.BindParameter[Any]:
    """A place of this name for many texts as one value, that is filled `as_one` later."""
    return sa.bindparam(name, type_=_many(dialect, sa.Text()))


def _many(dialect: sa.Dialect, kind: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    return postgresql.ARRAY(kind) if dialect.name == "postgresql" else sa.Text()


def as_one(
    dialect: sa.Dialect, values: Collection[UUID] | Collection[str]
) -> list[UUID | str] | str:
    """What stands for many ids, or many texts, in one value."""
    if dialect.name == "postgresql":
        return list(values)
    return _MANY.encode(list(values)).decode()


class _OneOf(FunctionElement[bool]):
    """That a column holds one of the many for which one value stands. It is an element of its own:
    to put the same together of SQLAlchemy's takes four times as long as the answer."""

    inherit_cache = True  # and no type: of a Boolean SQLite would be asked whether it equals 1


@compiles(_OneOf, "sqlite")
def _in_sqlite(element: _OneOf, compiler: SQLCompiler, **said: Any) -> str:
    column, told = (compiler.process(each, **said) for each in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({told})))"  # noqa: S608 (compiled)


@compiles(_OneOf, "postgresql")
def _in_postgresql(element: _OneOf, compiler: SQLCompiler, **said: Any) -> str:
    column, told = (compiler.process(each, **said) for each in element.clauses)
    return f"({column} = ANY ({told}))"


def one_of_told(
    column: sa.ColumnElement[Any], told: sa.BindParameter[Any]
) -> sa.ColumnElement[bool]:
    """The condition that a column holds one of the ids, or texts, that are told at once."""
    return _OneOf(column, told)


def each_of(
    db: Db,
    select: sa.Select[*tuple[Any, ...]],
    column: sa.ColumnElement[UUID],
    ids: Collection[UUID],
) -> list[Any]:
    """The selected rows whose column holds one of these ids; for none nothing is asked."""
    return list(db.execute(select.where(one_of(db, column, ids))).all()) if ids else []


class ByIds:
    """What is selected of the rows whose column holds one of many ids: a question that hangs on no
    reader, put into words once. For no ids nothing is asked, unless it is asked `always`."""

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
        said = self._said.get(db.dialect.name)
        if said is None:
            these = one_of_told(self._column, told_at_once(db.dialect))
            said = self._said[db.dialect.name] = self._select.where(these)
        return db.execute(said, {"ids": as_one(db.dialect, ids)}).all()


def counted(db: Db, select: Selected, most: int = COUNTED) -> int:
    """How many rows are selected; `most` + 1 for more than that."""
    number: int = db.execute(counting(select, most + 1)).scalar_one()
    return number


def counting(select: Selected, most: int | sa.ColumnElement[int]) -> sa.Select[int]:
    """The question how many rows are selected, up to so many."""
    return sa.select(sa.func.count()).select_from(select.limit(most).subquery())


def figure(number: int) -> str:
    """What `counted` found, as it is said: "12", "more than 1,000"."""
    return f"{number:,}" if number <= COUNTED else f"more than {COUNTED:,}"
