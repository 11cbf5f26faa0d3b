"""One generation of the views: which of them are as today's program makes them, and how the others
are read and followed until the next generation is made.

Where a table only lacks columns, facts go on being applied to it without them, and they read as
empty. A view with a table that takes no rows of today's shape is frozen: it is shown as it stood,
the *picture*, and loses the rows of what was taken away since (`taking`).
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, get_origin

import sqlalchemy as sa

from access.database import schema_of, written_schema
from domain.kernel.envelope import LogUnavailable
from projections.generations import definition
from projections.kernel.column_types import OrderedText, Packed
from projections.kernel.database import Db
from projections.kernel.schema import Definition, Position, View, tables_of

_MADE_AGAIN = (
    "the views are being made again after an update, so nothing is decided by them yet: try again "
    "in a moment (continuum views status tells how far it is)"
)


@dataclass(frozen=True)
class Generation:
    """A generation that is read. `engine` is for its tables as they are, `shown` reads them in
    today's shape and `follows` applies facts to them; all one where the shapes are the same.
    `outdated` are the views that are to be made again; the `frozen` of these are not followed, and
    by the `undecidable` tables nothing is decided. `program` is the release that made it."""

    number: int
    engine: sa.Engine
    shown: sa.Engine
    follows: sa.Engine
    outdated: frozenset[str]
    frozen: frozenset[str]
    program: str
    undecidable: frozenset[str] = frozenset()

    def following(self, views: Sequence[View]) -> list[View]:
        """Those of these views that facts are applied to."""
        return [view for view in views if view.name not in self.frozen]

    def decided(self, db: Db) -> Db:
        """The same connection, on which a statement that reads a frozen view raises
        LogUnavailable: nothing is decided by what it does not tell any more."""
        return db.execution_options(undecidable=self.undecidable) if self.undecidable else db

    @property
    def newer(self) -> bool:
        """Whether a later release made it, whose views this one must not make otherwise."""
        return _ordered(self.program) > _ordered(_program())


def refuse_deciding_by(shown: sa.Engine) -> None:
    """See to what `Generation.decided` promises."""

    def before(db: Db, statement: object, many: object, one: object, options: object) -> None:
        frozen = db.get_execution_options().get("undecidable", frozenset())
        if not frozen or not isinstance(statement, sa.sql.ClauseElement):
            return
        for part in sa.sql.visitors.iterate(statement):
            if isinstance(part, sa.Table) and part.name in frozen:
                raise LogUnavailable(_MADE_AGAIN)

    sa.event.listen(shown, "before_execute", before)


@cache
def _program() -> str:
    """This release: what reads it out of the installation is loaded where it is asked."""
    from importlib.metadata import version

    return version("continuum-safeguarding")


def _ordered(program: str) -> tuple[int, ...]:
    return tuple(int(part) for part in program.split(".") if part.isdigit())


@dataclass(frozen=True)
class GenerationRecord:
    """What a generation says of its views: their definitions, and which of them lost rows."""

    definitions: Mapping[str, str]
    struck: frozenset[str]
    program: str

    def differing(self, views: Sequence[View]) -> frozenset[str]:
        """The views that have another definition today."""
        known = self.definitions
        return frozenset(v.name for v in views if known.get(v.name) != definition.of(v))


def held(db: Db) -> GenerationRecord | None:
    """What a generation says of itself; None for one that holds nothing, such as a server's after
    its crash. A release that kept no definitions says nothing of any view."""
    there, schema = sa.inspect(db), schema_of(db)
    if there.has_table(Definition.table.name, schema=schema):
        said = [Definition(*row) for row in db.execute(sa.select(Definition.table))]
        if said:
            return GenerationRecord(
                {one.view: one.definition for one in said},
                frozenset(one.view for one in said if one.struck),
                said[0].program,
            )
    older = there.has_table(Position.table.name, schema=schema)
    if older and db.execute(sa.select(Position.table).limit(1)).first():
        return GenerationRecord({}, frozenset(), "0")
    return None


def write_down(db: Db, views: Sequence[View]) -> None:
    """By which definitions a generation is made."""
    db.execute(sa.delete(Definition.table))
    program = _program()
    told = [
        {"view": v.name, "definition": definition.of(v), "program": program, "struck": False}
        for v in views
    ]
    db.execute(sa.insert(Definition.table), told)


# --- tables of another shape --------------------------------------------------------------------

_OF_SQLITE = (
    'SELECT t.name, c.name, lower(c.type), c."notnull", c.pk FROM sqlite_schema t, '
    "pragma_table_info(t.name) c WHERE t.type = 'table' "
    "AND t.name IN (SELECT value FROM json_each(?))"
)
_OF_POSTGRES = (
    "SELECT t.relname, c.attname, lower(format_type(c.atttypid, c.atttypmod)), c.attnotnull, "
    "EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary "
    "AND c.attnum = ANY (i.indkey)) "
    "FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid "
    "WHERE t.relnamespace = to_regnamespace(%s) AND t.relkind = 'r' "
    "AND c.attnum > 0 AND NOT c.attisdropped AND t.relname = ANY(%s)"
)
#: Kept by PostgreSQL itself, beside the columns of a table with a whole-word index.
_VECTOR = "vector"


class _Column(NamedTuple):
    """A column as it is: its type, whether it has to hold something, whether it is of the key."""

    kind: str
    needed: bool
    key: bool


@dataclass(frozen=True)
class Shape:
    """The columns of a generation's tables as they are; `schema` is where they are."""

    schema: str
    tables: Mapping[str, Mapping[str, _Column]]

    def lacking(self, views: Sequence[View], speech: sa.Dialect) -> dict[str, frozenset[str]]:
        """The columns of today that a table of these views does not have, by table."""
        return {
            table.name: frozenset(c.name for c in table.columns if not self._has(table, c, speech))
            for table in tables_of(views)
        }

    def frozen(self, views: Sequence[View], speech: sa.Dialect) -> frozenset[str]:
        """The views with a table that takes no rows of today."""
        lacking = self.lacking(views, speech)
        return frozenset(
            view.name
            for view in views
            if not all(self._takes(row.table, lacking) for row in view.rows)  # type: ignore[attr-defined]
        )

    def _takes(self, table: sa.Table, lacking: Mapping[str, frozenset[str]]) -> bool:
        there = self.tables.get(table.name, {})
        owed = {name for name, one in there.items() if one.needed} - set(table.columns.keys())
        keys = {column.name for column in table.primary_key}
        another = lacking[table.name] & set(there)  # of the same name and another type
        same = keys == {name for name, one in there.items() if one.key}
        return bool(there) and not owed and not another and same

    def _has(self, table: sa.Table, column: sa.Column[object], speech: sa.Dialect) -> bool:
        kind = str(column.type.compile(speech)).partition(" COLLATE")[0].lower()
        there = self.tables.get(table.name, {}).get(column.name)
        return there is not None and there.kind == kind

    def pictures(self, views: Sequence[View], speech: sa.Dialect) -> Iterator[str]:
        """The statements that lay a temporary view over every table of these views, in the shape
        of today."""
        lacking, quote = self.lacking(views, speech), speech.identifier_preparer.quote
        for table in tables_of(views):
            parts = []
            for column in table.columns:
                name = quote(column.name)
                empty = f"{_empty(column, speech)} AS {name}"
                parts.append(empty if column.name in lacking[table.name] else name)
            there = self.tables.get(table.name, {})
            parts += [_VECTOR] if _VECTOR in there else []
            name = quote(table.name)
            source = f"FROM {self.schema}.{name}" if there else "WHERE 1 = 0"
            yield f"CREATE TEMP VIEW {name} AS SELECT {', '.join(parts)} {source}"


def shape(db: Db, names: Collection[str]) -> Shape:
    """The tables of these names of the generation that is read here, as they are."""
    schema = written_schema(db)
    if db.dialect.name == "postgresql":
        found = db.exec_driver_sql(_OF_POSTGRES, (schema, list(names)))
    else:
        found = db.exec_driver_sql(_OF_SQLITE, (json.dumps(list(names)),))
    tables: dict[str, dict[str, _Column]] = {}
    for table, column, kind, needed, key in found:
        tables.setdefault(table, {})[column] = _Column(kind, bool(needed), bool(key))
    return Shape(schema, tables)


def _empty(column: sa.Column[object], speech: sa.Dialect) -> str:
    """What stands for a value that was not written, as SQL of the column's type."""
    empty = _nothing(column)
    kind = str(column.type.compile(speech)).partition(" COLLATE")[0]
    return f"CAST({empty} AS {kind})" if speech.name == "postgresql" else empty


def _nothing(column: sa.Column[object]) -> str:
    kind = column.type
    if column.nullable:
        return "NULL"
    if isinstance(kind, Packed):
        return "'{}'" if get_origin(kind.kind) is dict else "'[]'"
    if isinstance(kind, OrderedText):
        return "''"
    if isinstance(kind, sa.Uuid):
        return f"'{0:032x}'"
    if isinstance(kind, sa.Date):
        return "'1970-01-01'"
    return "false" if isinstance(kind, sa.Boolean) else "0"
