"""Tables of views, made from row classes, the same on SQLite and PostgreSQL.

A row class is a frozen Struct of msgspec, because msgspec makes and copies it many times as fast as
a dataclass; its table has a column for each field, in the same order. The types of columns are in
`projections.kernel.column_types`.

The file is long because columns, rows and views are declared with the same types.
"""

import re
import sqlite3
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from importlib import import_module
from threading import RLock
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Protocol,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.compiler import DDLCompiler

from access.ids import Id
from domain.kernel.decoding import read_id
from domain.kernel.envelope import Event, LogName, Recorded
from projections.kernel.column_types import Moment, OrderedText, Packed
from projections.kernel.database import Db

if TYPE_CHECKING:
    from projections.kernel.batch import RowBatch

#: Errors of a database of views that cannot be read or written. SQLite's own errors can occur while
#: a file is copied.
ViewsTrouble = (sa.exc.SQLAlchemyError, sqlite3.Error)
R = TypeVar("R", bound=Any)
metadata = sa.MetaData()


class Row(Protocol):
    """The interface of a row: a frozen Struct with a table."""

    table: ClassVar[sa.Table]
    __struct_fields__: ClassVar[tuple[str, ...]]


_PLAIN: dict[Any, Callable[[], sa.types.TypeEngine[Any]]] = {
    str: OrderedText,
    int: lambda: sa.BigInteger().with_variant(sa.Integer, "sqlite"),
    float: sa.Double,
    bool: sa.Boolean,
    UUID: Id,
    datetime: Moment,
    date: sa.Date,
}


def _column_type(hint: object) -> tuple[sa.types.TypeEngine[Any], bool]:
    nullable = False
    if get_origin(hint) in (Union, types.UnionType):
        members = [member for member in get_args(hint) if member is not type(None)]
        nullable, hint = True, members[0]
    if hint in _PLAIN:
        return _PLAIN[hint](), nullable
    if get_origin(hint) in (tuple, dict):
        return Packed(hint), nullable
    return OrderedText(), nullable  # for example, a `Literal` of codes


class _Table:
    """The table of a row class. It is made when it is first used, because most commands need few
    tables."""

    def __init__(self, row: Any, make: Callable[[Any], sa.Table]) -> None:
        self._row, self._make = row, make

    def __get__(self, row: object, kind: type) -> sa.Table:
        with _MAKING:
            if vars(self._row)["table"] is self:
                self._row.table = self._make(self._row)
        table: sa.Table = self._row.table
        return table


#: Only one thread at a time makes a table, because SQLAlchemy refuses a second table of a name.
_MAKING = RLock()


def rows(
    name: str,
    *,
    key: tuple[str, ...],
    index: tuple[tuple[str, ...], ...] = (),
    sparse: tuple[tuple[str, ...], ...] = (),
    in_order_of_writing: bool = False,
) -> Any:
    """Return a class decorator that gives a frozen Struct its table. `key` is the primary key, and
    `index` are further indexes. `sparse` are indexes whose first column is mostly empty and never
    looked up as empty: they contain only the rows with a value in that column.

    SQLite stores rows in the order of their key and repeats the key in every index. Set
    `in_order_of_writing` for a wide row with a random key and several indexes: SQLite then stores
    the rows in the order in which they are written, so that a batch changes few pages.
    """

    def decorate(row: R) -> R:
        if not (issubclass(row, Struct) and row.__struct_config__.frozen):
            raise TypeError(f"{row.__name__} is not a frozen Struct of msgspec: make it one")
        row.table = _Table(row, partial(_table, name, key, index, sparse, in_order_of_writing))
        return row

    return decorate


def _table(
    name: str,
    key: tuple[str, ...],
    index: tuple[tuple[str, ...], ...],
    sparse: tuple[tuple[str, ...], ...],
    in_order_of_writing: bool,
    row: Any,
) -> sa.Table:
    hints = get_type_hints(row)
    columns = []
    for field in row.__struct_fields__:
        kind, nullable = _column_type(hints[field])
        columns.append(sa.Column(field, kind, primary_key=field in key, nullable=nullable))
    numbered = [hints[field] for field in key] == [int] or in_order_of_writing
    # otherwise the key would have its columns in the order of the fields
    in_order = sa.PrimaryKeyConstraint(*key)
    table = sa.Table(name, metadata, *columns, in_order, sqlite_with_rowid=numbered)
    for names in (*index, *sparse):
        info = {"sparse": names[0]} if names in sparse else {}
        sa.Index(f"{name}_by_{'_'.join(names)}", *(table.c[n] for n in names), info=info)
    _unsampled(
        table, [c.name for c in columns if isinstance(c.type, (OrderedText, Packed, sa.Date))]
    )
    return table


def _unsampled(table: sa.Table, columns: Sequence[str]) -> None:
    """Turn off PostgreSQL's statistics on these columns: the planner's samples are written to its
    write-ahead log, where erased words would survive."""
    none = ", ".join(f'ALTER COLUMN "{name}" SET STATISTICS 0' for name in columns)
    if none:
        ddl: sa.DDL = sa.DDL(f"ALTER TABLE %(fullname)s {none}")  # type: ignore[no-untyped-call]
        sa.event.listen(table, "after_create", ddl.execute_if(dialect="postgresql"))


@compiles(CreateTable, "postgresql")
def _unlogged(create: CreateTable, compiler: DDLCompiler, **options: object) -> str:
    """Create a view's table as UNLOGGED on PostgreSQL: erased words must not survive in its
    write-ahead log."""
    sql: str = compiler.visit_create_table(create, **options)  # type: ignore[no-untyped-call]
    return sql.replace("CREATE TABLE", "CREATE UNLOGGED TABLE", 1)


@compiles(CreateIndex)
def _sparse(create: CreateIndex, compiler: DDLCompiler, **options: object) -> str:
    """Limit a sparse index to the rows that have a value in its first column. SQLAlchemy's own
    option for this would load the server's dialect in each command on files.
    """
    sql: str = compiler.visit_create_index(create, **options)  # type: ignore[no-untyped-call]
    column = create.element.info.get("sparse")
    return f"{sql} WHERE {compiler.preparer.quote(column)} IS NOT NULL" if column else sql


#: The statements that give a table its whole-word index. Then the database keeps the index up to
#: date.
_WHOLE_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        "sqlite",
        "after_create",
        "CREATE VIRTUAL TABLE {0}_words USING fts5(words, content='{0}', content_rowid='seq')",
    ),
    (
        "sqlite",
        "after_create",
        "INSERT INTO {0}_words({0}_words, rank) VALUES ('secure-delete', 1)",
    ),
    # Turning secure deletion on changes the format of the index, which connections that are already
    # open regard as damage. This entry, deleted below, makes the change at once.
    ("sqlite", "after_create", "INSERT INTO {0}_words(rowid, words) VALUES (0, 'first')"),
    ("sqlite", "after_create", "INSERT INTO {0}_words({0}_words) VALUES ('optimize')"),
    (
        "sqlite",
        "after_create",
        "INSERT INTO {0}_words({0}_words, rowid, words) VALUES ('delete', 0, 'first')",
    ),
    ("sqlite", "after_create", "INSERT INTO {0}_words({0}_words) VALUES ('optimize')"),
    (
        "sqlite",
        "after_create",
        """CREATE TRIGGER {0}_in AFTER INSERT ON {0} BEGIN
               INSERT INTO {0}_words(rowid, words) VALUES (new.seq, new.words);
           END""",
    ),
    (
        "sqlite",
        "after_create",
        """CREATE TRIGGER {0}_out AFTER DELETE ON {0} BEGIN
               INSERT INTO {0}_words({0}_words, rowid, words)
               VALUES ('delete', old.seq, old.words);
           END""",
    ),
    ("sqlite", "before_drop", "DROP TABLE IF EXISTS {0}_words"),
    (
        "postgresql",
        "after_create",
        """ALTER TABLE %(fullname)s ADD COLUMN vector tsvector GENERATED ALWAYS AS
           (array_to_tsvector(string_to_array(words, ' '))) STORED""",
    ),
    ("postgresql", "after_create", "ALTER TABLE %(fullname)s ALTER COLUMN vector SET STATISTICS 0"),
    ("postgresql", "after_create", "CREATE INDEX {0}_words ON %(fullname)s USING gin (vector)"),
)


def index_whole_words(row: R) -> R:
    """Class decorator: give a row class with the key `seq` a whole-word index (FTS5 or tsvector)
    over its field `words`, which has tokens separated by blanks. Rows of such a class must be
    inserted and deleted, never replaced.
    """
    for dialect, event, statement in _WHOLE_WORDS:
        ddl: sa.DDL = sa.DDL(statement.format(row.table.name))  # type: ignore[no-untyped-call]
        sa.event.listen(row.table, event, ddl.execute_if(dialect=dialect))
    row.table.info["whole words"] = True
    return row


def index_fits(db: Db, table: sa.Table) -> bool:
    """Return whether the table's whole-word index has exactly the table's words. Return True for a
    table without such an index, and on PostgreSQL, which computes the index itself. The check may
    write to `db`.
    """
    if "whole words" not in table.info or db.dialect.name == "postgresql":
        return True
    index = sa.table(f"{table.name}_words", sa.column(f"{table.name}_words"), sa.column("rank"))
    try:
        db.execute(sa.insert(index).values(["integrity-check", 1]))
    except sa.exc.DatabaseError as error:
        if isinstance(error, sa.exc.OperationalError):
            raise
        return False
    return True


def lacks(db: Db, row: Any, column: str) -> bool:
    """Return whether the stored table lacks this column, because an older release made the table;
    all its rows are then read as empty in the column.
    """
    lacking = db.get_execution_options().get("lacking") or {}
    return column in lacking.get(row.table.name, ())


def in_key_order(db: Db, table: sa.Table) -> Iterator[tuple[Any, ...]]:
    """Yield a table's rows in the order in which Python compares their keys, each with the key
    first.

    SQLite permits a Boolean or an id in another form; such a value is yielded as stored.
    """
    keys = list(table.primary_key)
    columns: list[Any] = [*keys, *(column for column in table.columns if not column.primary_key)]
    truths = [at for at, column in enumerate(columns) if isinstance(column.type, sa.Boolean)]
    for at in truths:
        columns[at] = sa.type_coerce(columns[at], sa.Integer)
    ids = [at for at, column in enumerate(columns) if isinstance(column.type, Id)]
    ids = ids if db.dialect.name == "sqlite" else []
    for at in ids:
        columns[at] = sa.type_coerce(columns[at], sa.types.NullType)
    select = sa.select(*columns).order_by(*keys)
    for row in db.execute(select, execution_options={"yield_per": 1000}):
        values = list(row)
        for at in truths:
            values[at] = {0: False, 1: True}.get(values[at], values[at])
        for at in ids:
            values[at] = read_id(values[at]) if isinstance(values[at], bytes) else values[at]
        yield tuple(values)


_REFERENCE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=$|:\d+$)", re.IGNORECASE)


def causes(fact: Recorded) -> tuple[UUID, ...]:
    """Return the items that a fact names as its causes, by id or reference. The word "none-known"
    is not an item."""
    matches = (_REFERENCE.match(cause) for cause in fact.because_of)
    return tuple(UUID(reference.group()) for reference in matches if reference)


@dataclass(frozen=True, slots=True)
class View:
    """A view: its row classes (`rows`), the logs that it reads, and the function `apply`, which
    changes the rows for a fact.

    If facts that are already recorded now lead to other rows, increase `version`; every store then
    makes the view again (tests/kept/folds.json).

    `left` handles facts of erased items, for a view that stores something about them, for example a
    number. `ahead` reads all rows that many facts need, with one statement for each kind of row.

    `passes` are events that never change the view and are so frequent that its position is not
    updated for them. `moved_by`, if set, are the only events that change decisions based on the
    view, or that remove rows which readers may no longer see; a base class includes all its
    subclasses.

    `follows` is for rows without an item's id: each entry is two row classes and a column name. A
    row of the first class stays as long as a row of the second class has the same value in this
    column.

    With `when_queried`, the view is updated only when it is queried, so that other queries do not
    wait for it; this is for views of the access log.
    """

    name: str
    rows: tuple[type, ...]
    apply: Callable[[Recorded, "RowBatch"], None]
    logs: tuple[LogName, ...] = ("evidence",)
    left: Callable[[Recorded, "RowBatch"], None] | None = None
    passes: frozenset[type[Event]] = frozenset()
    version: int = 1
    moved_by: frozenset[type[Event]] | None = None
    follows: tuple[tuple[type, type, str], ...] = ()
    ahead: Callable[[Sequence[Recorded], "RowBatch"], None] | None = None
    when_queried: bool = False


class ListedView(View):
    """A view whose name, logs, definition hash and `when_queried` come from a list. The view's
    module is imported only when another attribute is needed.
    """

    __slots__ = ("definition", "module")
    definition: str
    module: str

    def __init__(
        self,
        name: str,
        module: str,
        definition: str,
        logs: tuple[LogName, ...],
        when_queried: bool,
    ) -> None:
        for field, value in (
            ("name", name),
            ("logs", logs),
            ("when_queried", when_queried),
            ("definition", definition),
            ("module", f"projections.{module}"),
        ):
            object.__setattr__(self, field, value)

    def declared(self) -> View:
        """Return the view from its module, which is imported for this."""
        view: View = import_module(self.module).VIEW
        return view

    def __getattr__(self, name: str) -> Any:
        if name not in View.__slots__:
            raise AttributeError(name)
        for field in View.__slots__:
            object.__setattr__(self, field, getattr(self.declared(), field))
        return object.__getattribute__(self, name)


@rows("positions", key=("view", "log"))
class Position(Struct, frozen=True):
    """The position up to which a view has read a log."""

    table: ClassVar[sa.Table]
    view: str
    log: str
    position: int


def read_to(db: Db, view: View, log: LogName) -> int:
    """Return the position up to which this view has read this log."""
    c = Position.table.c
    position = db.execute(sa.select(c.position).where(c.view == view.name, c.log == log)).scalar()
    return position or 0


@rows("set_aside", key=("view", "log", "seq"))
class SetAside(Struct, frozen=True):
    """A fact that a view could not apply and therefore left out."""

    table: ClassVar[sa.Table]
    view: str
    log: str
    seq: int
    reason: str


@rows("definitions", key=("view",))
class Definition(Struct, frozen=True):
    """The definition with which a view was made, and the release that made it (`program`). `struck`
    means that rows were removed although the facts from which they were made are still in the log,
    so that the view has to be made again.
    """

    table: ClassVar[sa.Table]
    view: str
    definition: str
    program: str
    struck: bool


def struck(db: Db, views: Sequence[str]) -> bool:
    """Return whether one of these views has to be made again, because rows were removed although
    the facts from which they were made are still in the log.
    """
    c = Definition.table.c
    where = c.view.in_(views), c.struck
    return db.execute(sa.select(c.view).where(*where).limit(1)).first() is not None


#: The tables that the runner writes, and no view's function `apply`.
_KEPT_BY = (Position, SetAside, Definition)


def tables_of(views: Sequence[View]) -> list[sa.Table]:
    """Return the tables of these views, and the tables about views: of their positions,
    definitions, and facts that they could not apply.
    """
    rows: list[Any] = [*_KEPT_BY, *(row for view in views for row in view.rows)]
    return list(dict.fromkeys(row.table for row in rows))
