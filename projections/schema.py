"""How a view keeps its rows: tables made from row classes, the same on SQLite and PostgreSQL.

A row class is a frozen dataclass; its table has one column a field, in the same order. Times are
whole microseconds since 1970 in UTC, so both databases order and compare them alike.
"""

import dataclasses
import re
import sqlite3
import types
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
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

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateTable
from sqlalchemy.sql.compiler import DDLCompiler

from domain.decoded import decoder, read_id
from domain.envelope import Event, LogName, Recorded

if TYPE_CHECKING:
    from projections.batch import Batch

Db = sa.Connection
Engine = sa.Engine
#: What a database says that cannot be read or written: SQLite's own too, where a file is copied.
ViewsTrouble = (sa.exc.SQLAlchemyError, sqlite3.Error)
R = TypeVar("R", bound=Any)
Rows = sa.Select[Any] | sa.CompoundSelect[Any]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
metadata = sa.MetaData()
#: Ids as the columns of SQLite hold them.
_IDS = msgspec.json.Encoder(uuid_format="hex")


@lru_cache(maxsize=4096)
def to_micros(moment: datetime) -> int:
    """Microseconds since 1970. The moment must know its time zone."""
    return (moment - EPOCH) // MICROSECOND


class Moment(sa.types.TypeDecorator[datetime]):
    """A time in UTC, stored as whole microseconds."""

    impl = sa.BigInteger
    cache_ok = True

    def bind_processor(self, dialect: object) -> Callable[[datetime | None], int | None]:
        return lambda value: None if value is None else to_micros(value)

    def result_processor(
        self, dialect: object, coltype: object
    ) -> Callable[[int | None], datetime | None]:
        return lambda value: None if value is None else EPOCH + timedelta(microseconds=value)


class Uuid(sa.Uuid[UUID]):
    """An id, kept as `sa.Uuid` keeps it; what SQLite tells is read in a third of the time."""

    def result_processor(
        self, dialect: sa.Dialect, coltype: object
    ) -> Callable[[str | None], UUID | None]:
        return read_id


class Told(sa.types.TypeDecorator[str]):
    """Text, in the order of its bytes on both databases.

    PostgreSQL takes no NUL in a text, and words must not be lost for that: it is replaced.
    """

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        return sa.Text(collation="C") if dialect.name == "postgresql" else sa.Text()

    def bind_processor(self, dialect: object) -> Callable[[str | None], str | None]:
        return lambda text: text.replace("\0", "\ufffd") if text and "\0" in text else text


class Packed(sa.types.TypeDecorator[Any]):
    """A tuple or a dict of plain values, stored as JSON text."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, kind: object) -> None:
        super().__init__()
        self.kind = kind
        self._encode = msgspec.json.Encoder().encode
        self._decode = decoder(kind)

    def process_bind_param(self, value: object, dialect: object) -> str | None:
        return None if value is None else self._encode(value).decode()

    def process_result_value(self, value: str | None, dialect: object) -> Any:
        return None if value is None else self._decode(value)


class Row(Protocol):
    """A frozen dataclass that knows its table."""

    table: ClassVar[sa.Table]
    __dataclass_fields__: ClassVar[dict[str, Any]]


_PLAIN: dict[Any, Callable[[], sa.types.TypeEngine[Any]]] = {
    str: Told,
    int: lambda: sa.BigInteger().with_variant(sa.Integer, "sqlite"),
    float: sa.Double,
    bool: sa.Boolean,
    UUID: Uuid,
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
    return Told(), nullable  # a Literal of codes


def rows(name: str, *, key: tuple[str, ...], index: tuple[tuple[str, ...], ...] = ()) -> Any:
    """Give a frozen dataclass its table: `key` is the primary key, `index` the further indexes."""

    def decorate(row: R) -> R:
        hints = get_type_hints(row)
        columns = []
        for field in dataclasses.fields(row):
            kind, nullable = _column_type(hints[field.name])
            columns.append(
                sa.Column(field.name, kind, primary_key=field.name in key, nullable=nullable)
            )
        numbered = [hints[field] for field in key] == [int]
        table = sa.Table(name, metadata, *columns, sqlite_with_rowid=numbered)
        for names in index:
            sa.Index(f"{name}_by_{'_'.join(names)}", *(table.c[n] for n in names))
        _unsampled(table, [c.name for c in columns if isinstance(c.type, (Told, Packed, sa.Date))])
        row.table = table
        return row

    return decorate


def _unsampled(table: sa.Table, columns: Sequence[str]) -> None:
    """PostgreSQL samples what tables hold, for its planner, into a catalogue that is in its
    write-ahead log: there erased words would live on."""
    none = ", ".join(f'ALTER COLUMN "{name}" SET STATISTICS 0' for name in columns)
    if none:
        ddl: sa.DDL = sa.DDL(f"ALTER TABLE %(fullname)s {none}")  # type: ignore[no-untyped-call]
        sa.event.listen(table, "after_create", ddl.execute_if(dialect="postgresql"))


@compiles(CreateTable, "postgresql")
def _unlogged(create: CreateTable, compiler: DDLCompiler, **options: object) -> str:
    """Views are UNLOGGED on PostgreSQL: erased words must not live on in its write-ahead log."""
    sql: str = compiler.visit_create_table(create, **options)  # type: ignore[no-untyped-call]
    return sql.replace("CREATE TABLE", "CREATE UNLOGGED TABLE", 1)


#: The whole-word index beside a table, in each database's own kind; it follows the rows by itself.
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
    # The first secure deletion gives the index another format, which connections that are open
    # already take for damage: so it has it from the beginning.
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


def whole_words(row: R) -> R:
    """Give a row class whose key is `seq` a whole-word index (FTS5 or tsvector) over its `words`:
    tokens with one blank between them. Such rows are put and dropped, never replaced."""
    for dialect, event, statement in _WHOLE_WORDS:
        ddl: sa.DDL = sa.DDL(statement.format(row.table.name))  # type: ignore[no-untyped-call]
        sa.event.listen(row.table, event, ddl.execute_if(dialect=dialect))
    row.table.info["whole words"] = True
    return row


def index_fits(db: Db, table: sa.Table) -> bool:
    """Whether the whole-word index of a table, if it has one, holds its words and no others. On
    PostgreSQL the server computes it and nobody writes to it. `db` may write."""
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
) -> Rows:
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
        # one after the other: where the first are enough the others are not asked for
        return sa.union_all(*(sa.select(one.subquery()) for one in (few, rest))).limit(most)
    index, match = _match(table, tokens)
    # from the words to the rows: with a bare column SQLite might look up the words of every row
    both = index.join(table, table.c.seq == index.c.rowid + 0)
    found = sa.select(*columns).select_from(both).where(match, where)
    return found.order_by(index.c.rowid.desc()).limit(most)


def texts(dialect: sa.Dialect, told: Sequence[str], name: str) -> sa.TableValuedAlias:
    """These texts as a table with one column, `value`."""
    value = sa.column("value", sa.Text())
    if dialect.name == "postgresql":
        several = sa.cast(list(told), postgresql.ARRAY(sa.Text()))
        return sa.func.unnest(several).table_valued(value, name=name).render_derived()
    return sa.func.json_each(msgspec.json.encode(list(told)).decode()).table_valued(
        value, name=name
    )


def one_of(db: Db, column: sa.ColumnElement[UUID], ids: Collection[UUID]) -> sa.ColumnElement[bool]:
    """The condition that a column holds one of many ids, which are told as one value: to bind each
    takes longer than the answer."""
    return one_of_told(column, told_at_once(db.dialect, ids))


def told_at_once(dialect: sa.Dialect, ids: Collection[UUID] | None = None) -> sa.BindParameter[Any]:
    """Many ids as one value; without any a place for it, `ids`, that is filled `as_one` later."""
    kind = postgresql.ARRAY(sa.Uuid()) if dialect.name == "postgresql" else sa.Text()
    if ids is None:
        return sa.bindparam("ids", type_=kind)
    return sa.literal(as_one(dialect, ids), kind)


def as_one(dialect: sa.Dialect, ids: Collection[UUID]) -> list[UUID] | str:
    """What stands for many ids in one value."""
    if dialect.name == "postgresql":
        return list(ids)
    return _IDS.encode(list(ids)).decode()


def one_of_told(
    column: sa.ColumnElement[UUID], told: sa.BindParameter[Any]
) -> sa.ColumnElement[bool]:
    """The condition that a column holds one of the ids that are told at once."""
    if isinstance(told.type, sa.ARRAY):
        return column == sa.any_(told)
    some = sa.func.json_each(told).table_valued(sa.column("value", sa.Text()), name="some")
    return column.in_(sa.select(some.c.value))


def each_of(
    db: Db,
    select: sa.Select[*tuple[Any, ...]],
    column: sa.ColumnElement[UUID],
    ids: Collection[UUID],
) -> list[Any]:
    """The selected rows whose column holds one of these ids; for none nothing is asked."""
    return list(db.execute(select.where(one_of(db, column, ids))).all()) if ids else []


def lacks(db: Db, row: Any, column: str) -> bool:
    """Whether the rows that are read here were made before they had this column: it is empty in
    all of them until they are made again."""
    lacking = db.get_execution_options().get("lacking") or {}
    return column in lacking.get(row.table.name, ())


#: So many questions of a kind are kept as they were put into words, each for one reader.
PREPARED = 512
#: A figure on a page is exact up to this: behind it all rows would be read to say how many.
COUNTED = 1_000


def counted(db: Db, select: Rows, most: int = COUNTED) -> int:
    """How many rows are selected; `most` + 1 for more than that."""
    number: int = db.execute(counting(select, most + 1)).scalar_one()
    return number


def counting(select: Rows, most: int | sa.ColumnElement[int]) -> sa.Select[int]:
    """The question how many rows are selected, up to so many."""
    return sa.select(sa.func.count()).select_from(select.limit(most).subquery())


def figure(number: int) -> str:
    """What `counted` found, as it is said: "12", "more than 1,000"."""
    return f"{number:,}" if number <= COUNTED else f"more than {COUNTED:,}"


def in_key_order(db: Db, table: sa.Table) -> Iterator[tuple[Any, ...]]:
    """A table's rows, key first, streamed in the order in which Python compares the keys.

    A truth value that is neither, which SQLite would keep, comes as it stands there.
    """
    keys = list(table.primary_key)
    columns: list[Any] = [*keys, *(column for column in table.columns if not column.primary_key)]
    truths = [at for at, column in enumerate(columns) if isinstance(column.type, sa.Boolean)]
    for at in truths:
        columns[at] = sa.type_coerce(columns[at], sa.Integer)
    select = sa.select(*columns).order_by(*keys)
    for row in db.execute(select, execution_options={"yield_per": 1000}):
        told = list(row)
        for at in truths:
            told[at] = {0: False, 1: True}.get(told[at], told[at])
        yield tuple(told)


_REFERENCE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=$|:\d+$)", re.IGNORECASE)


def causes(fact: Recorded) -> tuple[UUID, ...]:
    """The items that a fact names as its causes, by id or reference; "none-known" names none."""
    found = (_REFERENCE.match(told) for told in fact.because_of)
    return tuple(UUID(reference.group()) for reference in found if reference)


@dataclass(frozen=True)
class View:
    """One question's projection: its rows, the logs it reads, and how one fact changes it. `left`
    is for what a fact leaves behind although its item was erased, such as a number in a row.
    `passes` are events that never change it, and that come so often that it does not move for
    them. `version` is that of its fold: who changes what becomes of facts that are recorded
    already raises it, and every store makes the view again (tests/kept/folds.json). `moved_by`, if
    it is known, are the only events that change what is decided by it, or take out of its rows
    what nobody is to see any more."""

    name: str
    rows: tuple[type, ...]
    apply: Callable[[Recorded, "Batch"], None]
    logs: tuple[LogName, ...] = ("evidence",)
    left: Callable[[Recorded, "Batch"], None] | None = None
    passes: frozenset[type[Event]] = frozenset()
    version: int = 1
    moved_by: frozenset[type[Event]] | None = None


@rows("positions", key=("view", "log"))
@dataclass(frozen=True)
class Position:
    """How far a view has read a log."""

    table: ClassVar[sa.Table]
    view: str
    log: str
    position: int


def read_to(db: Db, view: View, log: LogName) -> int:
    """How far this view has read this log."""
    c = Position.table.c
    found = db.execute(sa.select(c.position).where(c.view == view.name, c.log == log)).scalar()
    return found or 0


@rows("set_aside", key=("view", "log", "seq"))
@dataclass(frozen=True)
class SetAside:
    """A fact that a view could not apply; the rest went on."""

    table: ClassVar[sa.Table]
    view: str
    log: str
    seq: int
    reason: str


@rows("definitions", key=("view",))
@dataclass(frozen=True)
class Definition:
    """By which definition a view was made, and by which release; `struck`: rows were taken out of
    it since that its facts would make otherwise, so that it has to be made again."""

    table: ClassVar[sa.Table]
    view: str
    definition: str
    program: str
    struck: bool


def struck(db: Db, views: Sequence[str]) -> bool:
    """Whether rows were taken out of any of these views that its facts would make otherwise."""
    c = Definition.table.c
    where = c.view.in_(views), c.struck
    return db.execute(sa.select(c.view).where(*where).limit(1)).first() is not None
