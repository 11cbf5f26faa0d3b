"""A database of the installation: a SQLite file, or a schema of a PostgreSQL database.

Views and credentials are kept in one, each with tables and rights of its own.
"""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, NewType

import sqlalchemy as sa
from sqlalchemy.util import LRUCache

#: How SQLAlchemy writes the schema that an engine's tables are in until a statement is run, so that
#: text of our own may say it likewise.
SCHEMA = "__[SCHEMA__none]"

#: The views for what a person looks at: perhaps some facts behind, never in what they may see.
QuestionDb = NewType("QuestionDb", sa.Connection)
#: The views for what a command decides on or writes down: complete up to the head of the logs when
#: it began. It answers any question as well.
DecisionDb = NewType("DecisionDb", QuestionDb)

#: Statements that a connection to a file keeps as SQLite worked them out, each some 50 KB: a page
#: takes up to a hundred, and each reader has their own. The connection that was let go of last is
#: taken first, for its own are at hand.
_STATEMENTS = 512

#: A schema is whose it is: the application's, which makes its tables.
_HOLDER = sa.text(
    "SELECT nspowner::regrole::text FROM pg_namespace "
    "WHERE nspname = :schema AND pg_has_role(nspowner, 'MEMBER')"
)


class _Compiled(LRUCache[Any, Any]):
    """What statements were compiled to, for all engines of a process that speak alike. SQLAlchemy
    keeps it for each engine by itself, and there is one for each generation of the views, each
    comparison and each picture of a past day: each would compile every statement again, which
    takes longer than to run it where there are few rows."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_spoken(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_spoken(key), value)


def _spoken(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """The key under which SQLAlchemy keeps a statement, with what an engine speaks in place of what
    is each engine's own. A server's version is known once the engine has spoken to it."""
    dialect, *rest = key
    return type(dialect), getattr(dialect, "server_version_info", None), *rest


#: What all engines have in common: what they raise quotes no value, and they share so many
#: statements, more than the views and the questions about them have together.
_COMMON: dict[str, Any] = {
    "hide_parameters": True,
    "execution_options": {"compiled_cache": _Compiled(2000)},
}


def open_database(
    place: str | Path | None,
    schema: str,
    *,
    pragmas: Sequence[str],
    options: str = "",
    at_once: int,
) -> sa.Engine:
    """The engine of a file, which gets these `pragmas`, or of a server's schema, whose connections
    get these `options`; of None, a database of one connection, which is gone with it. `at_once`
    connections of a process to a server are kept, and as many more made in a rush. What it raises
    never quotes a value."""
    if place is None or isinstance(place, Path):

        def prepare(connection: Any, record: Any) -> None:
            connection.isolation_level = None
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")

        if place is None:
            engine = sa.create_engine(
                "sqlite://", creator=_passing, poolclass=sa.StaticPool, **_COMMON
            )
        else:
            _close(place)
            kept = {"timeout": 30, "cached_statements": _STATEMENTS}
            engine = sa.create_engine(
                f"sqlite:///{place}", connect_args=kept, pool_use_lifo=True, **_COMMON
            )
        sa.event.listen(engine, "connect", prepare)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    return sa.create_engine(
        sa.make_url(place).set(drivername="postgresql+psycopg"),
        connect_args={"options": f"-csearch_path={schema} {options}".strip()},
        pool_size=at_once,
        max_overflow=at_once,
        **_COMMON,
    )


def _passing() -> sqlite3.Connection:
    """SQLite's own temporary database: in memory, and what has no room there in a file that has no
    name, so that it is gone also when the process is killed."""
    return sqlite3.connect("", check_same_thread=False)


def _close(path: Path) -> None:
    """A file for its owner alone, made if it is missing; one of an older release is closed."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        for part in (path, *(path.with_name(path.name + one) for one in ("-wal", "-shm"))):
            with suppress(FileNotFoundError, PermissionError):
                if part.stat().st_mode & 0o077:
                    part.chmod(0o600)
    except OSError:
        return  # opening it says so in words


def within(engine: sa.Engine, schema: str) -> sa.Engine:
    """The same engine, on which every name of a table is written with this schema: what a
    transaction reads never hangs on a search path, which others may move beneath it."""
    return engine.execution_options(schema_translate_map={None: schema})


def schema_of(db: sa.Connection) -> str:
    """The schema with which names of tables are written on this connection."""
    return str(db.get_execution_options()["schema_translate_map"][None])


def written_schema(db: sa.Connection) -> str:
    """The schema of the tables that are written: where they are read in another shape than they
    have, it is not the one that is read."""
    return str(db.get_execution_options().get("writes") or schema_of(db))


def written(db: sa.Connection) -> dict[str, Any]:
    """The options of a statement that writes: see `written_schema`."""
    schema = db.get_execution_options().get("writes")
    return {"schema_translate_map": {None: schema}} if schema else {}


def _begin_sqlite(db: sa.Connection) -> None:
    """A writer takes the lock at once; readers never wait for it, nor it for them."""
    writes = db.get_execution_options().get("writing", False)
    db.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def reading(engine: sa.Engine) -> sa.Connection:
    """A connection to read with. On a server each statement sees what is committed then, as it
    would within a transaction there (READ COMMITTED), which costs two more rounds."""
    if engine.dialect.name == "postgresql":
        return engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    return engine.connect()


def writing(engine: sa.Engine) -> AbstractContextManager[sa.Connection]:
    """One transaction to write with."""
    return engine.execution_options(writing=True).begin()


def each_value(
    column: sa.ColumnElement[Any], *where: sa.ColumnElement[bool], name: str
) -> tuple[sa.Select[Any], sa.ColumnElement[Any]]:
    """A selection, under this name, of the values of an indexed column where something holds, each
    once and in order, and its column: each value is found behind the one before, so that of one
    that many rows have not every row is read."""
    first = sa.select(sa.func.min(column).label("value")).where(*where)
    found = first.cte(name, recursive=True)
    after = first.where(column > found.c.value).scalar_subquery()
    found = found.union_all(sa.select(after).where(found.c.value.is_not(None)))
    return sa.select(found.c.value).where(found.c.value.is_not(None)), found.c.value


def make(db: sa.Connection, tables: sa.MetaData, schema: str) -> None:
    """Make the tables where they are missing, and their schema; one process at a time."""
    if db.dialect.name == "postgresql":
        db.execute(sa.text("SELECT pg_advisory_xact_lock(20101031)"))
        holder = db.scalar(_HOLDER, {"schema": schema})
        if holder is None:
            db.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
        else:
            db.exec_driver_sql(f"SET LOCAL ROLE {holder}")
    tables.create_all(db)
