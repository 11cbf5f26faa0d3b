"""One generation of the views: which views have the definition of this release, and how the other
views are read and updated until the next generation is made.

A table that only lacks columns still gets new facts, without these columns, which are read as
empty. If a table cannot store this release's rows at all, its view is frozen: it is shown with its
old rows (the *picture*), except for rows of items that were removed since (`taking`).
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple, get_origin

import sqlalchemy as sa
from msgspec import Struct

from access.database import schema_of, written_schema
from access.ids import Id
from domain.kernel.envelope import LogUnavailable
from projections.generations import definition
from projections.kernel.column_types import OrderedText, Packed
from projections.kernel.database import Db
from projections.kernel.older_ids import OLDER_TYPE
from projections.kernel.schema import Definition, Position, View, tables_of

_MADE_AGAIN = (
    "the views are being made again after an update, so no decision can be based on them yet: "
    "try again in a moment (continuum views status shows the progress)"
)


class Generation(Struct, frozen=True):
    """A generation that is being read. `engine` has its tables as they are stored. `shown` reads
    them in the form of this release, and `follows` writes new facts to them; if the stored form is
    that of this release, all three are one engine.

    The `outdated` views have to be made again. Of these views, the `frozen` ones get no new facts.
    No decision may be based on the tables `undecidable`. `program` is the release that made the
    generation.
    """

    number: int
    engine: sa.Engine
    shown: sa.Engine
    follows: sa.Engine
    outdated: frozenset[str]
    frozen: frozenset[str]
    program: str
    undecidable: frozenset[str] = frozenset()

    def following(self, views: Sequence[View]) -> list[View]:
        """Return those of these views that still get new facts: all except the frozen ones, whose
        stored tables this release cannot write.
        """
        return [view for view in views if view.name not in self.frozen]

    def decided(self, db: Db) -> Db:
        """Return a connection on which a statement that reads one of the tables `undecidable`
        raises LogUnavailable. Frozen views lack rows, so that no decision may be based on these
        tables.
        """
        return db.execution_options(undecidable=self.undecidable) if self.undecidable else db

    @property
    def newer(self) -> bool:
        """Return whether a later release made this generation; then this release must not make its
        views again."""
        return _ordered(self.program) > _ordered(_program())


def refuse_deciding_by(shown: sa.Engine) -> None:
    """Let an engine refuse statements that read a frozen view through a connection from
    `Generation.decided`.
    """

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
    """Return the version of this release. The import is local because reading the installed
    package's metadata is slow."""
    from importlib.metadata import version

    return version("continuum-safeguarding")


def _ordered(program: str) -> tuple[int, ...]:
    return tuple(int(part) for part in program.split(".") if part.isdigit())


class GenerationRecord(Struct, frozen=True):
    """The stored record of a generation's views: their definitions, and which of them lost rows."""

    definitions: Mapping[str, str]
    struck: frozenset[str]
    program: str

    def differing(self, views: Sequence[View]) -> frozenset[str]:
        """Return the names of the views whose definition differs from this release's."""
        definitions = self.definitions
        return frozenset(v.name for v in views if definitions.get(v.name) != definition.of(v))


def read_stored_record(db: Db) -> GenerationRecord | None:
    """Return the stored record of a generation's views. Return None for an empty generation, such
    as on a server after a crash. For a generation of a release that stored no definitions, the
    record lists no views.
    """
    there, schema = sa.inspect(db), schema_of(db)
    if there.has_table(Definition.table.name, schema=schema):
        definitions = [Definition(*row) for row in db.execute(sa.select(Definition.table))]
        if definitions:
            return GenerationRecord(
                {entry.view: entry.definition for entry in definitions},
                frozenset(entry.view for entry in definitions if entry.struck),
                definitions[0].program,
            )
    older = there.has_table(Position.table.name, schema=schema)
    if older and db.execute(sa.select(Position.table).limit(1)).first():
        return GenerationRecord({}, frozenset(), "0")
    return None


def write_down(db: Db, views: Sequence[View]) -> None:
    """Store the definitions of the views with which a generation is being made."""
    db.execute(sa.delete(Definition.table))
    program = _program()
    rows = [
        {"view": v.name, "definition": definition.of(v), "program": program, "struck": False}
        for v in views
    ]
    db.execute(sa.insert(Definition.table), rows)


# --- tables of another form ---------------------------------------------------------------------

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
#: The column with the words of a row, which PostgreSQL computes in a table with a full-text index.
_VECTOR = "vector"


class _Column(NamedTuple):
    """A column as it is stored: its type, whether it must have a value, and whether it belongs to
    the key."""

    kind: str
    needed: bool
    key: bool


class Shape(Struct, frozen=True):
    """The stored columns of a generation's tables; `schema` is the tables' schema."""

    schema: str
    tables: Mapping[str, Mapping[str, _Column]]

    def lacking(self, views: Sequence[View], speech: sa.Dialect) -> dict[str, frozenset[str]]:
        """Return for each table of these views the columns of this release that the stored table
        lacks."""
        return {
            table.name: frozenset(c.name for c in table.columns if not self._has(table, c, speech))
            for table in tables_of(views)
        }

    def frozen(self, views: Sequence[View], speech: sa.Dialect) -> frozenset[str]:
        """Return the views that have a table which cannot store this release's rows."""
        lacking = self.lacking(views, speech)
        return frozenset(
            view.name
            for view in views
            if not all(self._takes(row.table, lacking) for row in view.rows)  # type: ignore[attr-defined]
        )

    def _takes(self, table: sa.Table, lacking: Mapping[str, frozenset[str]]) -> bool:
        there = self.tables.get(table.name, {})
        owed = {name for name, stored_column in there.items() if stored_column.needed} - set(
            table.columns.keys()
        )
        keys = {column.name for column in table.primary_key}
        # stored columns of another type than this release's column of the same name
        another = lacking[table.name] & set(there)
        same = keys == {name for name, stored_column in there.items() if stored_column.key}
        return bool(there) and not owed and not another and same

    def _has(self, table: sa.Table, column: sa.Column[object], speech: sa.Dialect) -> bool:
        kind = str(column.type.compile(speech)).partition(" COLLATE")[0].lower()
        there = self.tables.get(table.name, {}).get(column.name)
        kinds = {kind, OLDER_TYPE} if isinstance(column.type, Id) else {kind}
        return there is not None and there.kind in kinds

    def pictures(self, views: Sequence[View], speech: sa.Dialect) -> Iterator[str]:
        """Yield the statements that create temporary SQL views over all tables of these views, with
        the columns of this release."""
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
    """Return the stored columns of the tables with these names."""
    schema = written_schema(db)
    if db.dialect.name == "postgresql":
        rows = db.exec_driver_sql(_OF_POSTGRES, (schema, list(names)))
    else:
        rows = db.exec_driver_sql(_OF_SQLITE, (json.dumps(list(names)),))
    tables: dict[str, dict[str, _Column]] = {}
    for table, column, kind, needed, key in rows:
        tables.setdefault(table, {})[column] = _Column(kind, bool(needed), bool(key))
    return Shape(schema, tables)


def _empty(column: sa.Column[object], speech: sa.Dialect) -> str:
    """Return the SQL of an empty value of this column's type."""
    empty = _nothing(column, speech)
    kind = str(column.type.compile(speech)).partition(" COLLATE")[0]
    return f"CAST({empty} AS {kind})" if speech.name == "postgresql" else empty


def _nothing(column: sa.Column[object], speech: sa.Dialect) -> str:
    kind = column.type
    if column.nullable:
        return "NULL"
    if isinstance(kind, Packed):
        return "'{}'" if get_origin(kind.kind) is dict else "'[]'"
    if isinstance(kind, OrderedText):
        return "''"
    if isinstance(kind, Id):
        return f"X'{0:032x}'" if speech.name == "sqlite" else f"'{0:032x}'"
    if isinstance(kind, sa.Date):
        return "'1970-01-01'"
    return "false" if isinstance(kind, sa.Boolean) else "0"
