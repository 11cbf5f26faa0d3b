"""Ids in the tables of views: the type of their columns, and their form in SQL that is written as
text.
"""

import re
import sqlite3
from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from domain.kernel.decoding import read_id

#: Encodes ids as hexadecimal digits, which SQLite reads with its function `unhex`.
_HEX = msgspec.json.Encoder(uuid_format="hex")
_LITERAL = re.compile(r"\buuid '([0-9a-f]{32})'")


class Id(sa.Uuid[UUID]):  # noqa: TID251 (the only such class)
    """A column type for ids, which takes 16 bytes: UUID on PostgreSQL, a BLOB on SQLite. In that
    form both databases order ids alike, as `UUID.int` does.
    """

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[UUID | None], bytes | None]:
        """Return the function that converts an id to a BLOB. PostgreSQL's dialect has a type of its
        own."""
        return lambda value: None if value is None else value.bytes

    def result_processor(
        self, dialect: sa.Dialect, coltype: object
    ) -> Callable[[bytes | str | None], UUID | None]:
        """Return the function that reads an id from a file of SQLite."""
        return read_id

    def literal_processor(self, dialect: sa.Dialect) -> Callable[[UUID], str]:
        """Return the function that writes an id into SQL text, as PostgreSQL writes it."""
        return lambda value: f"uuid '{value.hex}'"


@compiles(Id, "sqlite")
def _blob(kind: Id, compiler: object, **options: object) -> str:
    return "BLOB"


def as_json(values: Collection[UUID] | Collection[str]) -> str:
    """Return ids (as hexadecimal digits) or texts as JSON, in which SQLite takes many values as one
    parameter."""
    return _HEX.encode(list(values)).decode()


def add_unhex(connection: sqlite3.Connection) -> None:
    """Give a connection the function `unhex`, if its version of SQLite has none."""
    if sqlite3.sqlite_version_info < (3, 41):
        connection.create_function("unhex", 1, bytes.fromhex, deterministic=True)


class _Text(sa.ColumnClause[Any]):
    """SQL that is written as text."""

    inherit_cache = True


def sql_text(text: str) -> sa.ColumnElement[Any]:
    """Return an SQL expression from this text. Ids in the text are written in PostgreSQL's form; on
    SQLite each id is replaced by SQLite's form. Quoted text is never mistaken for an id, because
    each quotation mark in it is doubled.
    """
    return _Text(text, is_literal=True)


@compiles(_Text, "sqlite")
def _in_sqlite(element: _Text, compiler: SQLCompiler, **options: Any) -> str:
    return _LITERAL.sub(r"X'\1'", compiler.visit_column(element, **options))


class HexDigits(FunctionElement[str]):
    """An SQL expression for a column's ids, each as 32 lower-case hexadecimal digits."""

    type = sa.Text()
    inherit_cache = True


@compiles(HexDigits)
def _digits(element: HexDigits, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    if compiler.dialect.name == "postgresql":
        return f"replace(CAST({column} AS TEXT), '-', '')"
    return f"lower(hex({column}))"
