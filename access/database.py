"""Open a database of the installation: a SQLite file, or a schema of a PostgreSQL database.

The views that are computed from the logs are in one database, the users' credentials in another,
each with its own tables and rights.
"""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, NewType

import sqlalchemy as sa
from sqlalchemy.util import LRUCache

from access.ids import add_unhex

#: The placeholder for a schema in SQL that is written as text. When a statement is run, SQLAlchemy
#: replaces the placeholder by the schema of an engine's tables.
SCHEMA = "__[SCHEMA__none]"

#: A connection to the views for answering questions. The views may lack the newest facts of the
#: log, except those that decide what a reader may see.
QuestionDb = NewType("QuestionDb", sa.Connection)
#: A connection to the views on which a command bases its decision: the views have read all facts
#: that were in the logs when the command began. It can be used for questions, too.
DecisionDb = NewType("DecisionDb", QuestionDb)

#: Number of statements that SQLite caches for each connection, some 50 KB each. A page uses up to a
#: hundred statements, and they differ for each reader. The pool hands out the connection that was
#: released last, because its cache is the most useful.
_STATEMENTS = 512

#: The query for the role that owns a schema, if the user of the connection is a member of it. This
#: is the application's role, which makes the tables.
_HOLDER = sa.text(
    "SELECT nspowner::regrole::text FROM pg_namespace "
    "WHERE nspname = :schema AND pg_has_role(nspowner, 'MEMBER')"
)


class _Compiled(LRUCache[Any, Any]):
    """Compiled statements, shared by all engines of a process that have the same dialect.
    SQLAlchemy caches compiled statements for each engine, but a process has many engines for the
    same views: for each time they are rebuilt, each comparison and each past day that is shown.
    Compiling a statement takes longer than running it on few rows."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_portable_key(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_portable_key(key), value)


def _portable_key(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return SQLAlchemy's cache key of a statement with the type and the server version of the
    dialect instead of the dialect object, which is another one in each engine. The server version
    becomes available with the first connection.
    """
    dialect, *rest = key
    return type(dialect), getattr(dialect, "server_version_info", None), *rest


#: Options of all engines: errors do not quote values, and the cache of compiled statements has room
#: for all statements of the views and the questions.
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
    """Return the engine of a database. If `place` is a path, the database is a SQLite file, and its
    connections get the settings `pragmas`. If `place` is the address of a server, its connections
    get the settings `options`. If `place` is None, the database is temporary.

    For a server, a process keeps up to `at_once` connections open, and under load opens up to as
    many more. Error messages never contain values from the data.
    """
    if place is None or isinstance(place, Path):

        def prepare(connection: Any, record: Any) -> None:
            connection.isolation_level = None
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")

        if place is None:
            engine = sa.create_engine(
                "sqlite://", creator=_open_temporary, poolclass=sa.StaticPool, **_COMMON
            )
        else:
            _restrict_file(place)
            connect_args = {"timeout": 30, "cached_statements": _STATEMENTS}
            engine = sa.create_engine(
                f"sqlite:///{place}", connect_args=connect_args, pool_use_lifo=True, **_COMMON
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


def _open_temporary() -> sqlite3.Connection:
    """Return a temporary database of SQLite: in memory and, if it grows, in a file without a name,
    which disappears even if the process is killed.
    """
    connection = sqlite3.connect("", check_same_thread=False)
    add_unhex(connection)
    return connection


def _restrict_file(path: Path) -> None:
    """Create a database file that only its owner may use. If the file exists, made by an older
    release, remove other users' rights to it."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        for part in (path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))):
            with suppress(FileNotFoundError, PermissionError):
                if part.stat().st_mode & 0o077:
                    part.chmod(0o600)
    except OSError:
        return  # opening the database reports the error


def within(engine: sa.Engine, schema: str) -> sa.Engine:
    """Return this database engine with `schema` written before the name of each table in its
    statements. So a transaction does not depend on the search path, which other code may change.
    """
    return engine.execution_options(schema_translate_map={None: schema})


def schema_of(db: sa.Connection) -> str:
    """Return the schema whose tables the statements on this database connection read."""
    return str(db.get_execution_options()["schema_translate_map"][None])


def written_schema(db: sa.Connection) -> str:
    """Return the schema to whose tables this connection writes. The connection may read from
    another schema, with temporary SQL views that show the tables with other columns.
    """
    return str(db.get_execution_options().get("writes") or schema_of(db))


def written(db: sa.Connection) -> dict[str, Any]:
    """Return the execution options for a statement that writes on this connection. If the
    connection reads from another schema, the options name the schema to write to.
    """
    schema = db.get_execution_options().get("writes")
    return {"schema_translate_map": {None: schema}} if schema else {}


def _begin_sqlite(db: sa.Connection) -> None:
    """Begin a transaction on SQLite: a writer locks the database at once; readers and the writer
    never wait for each other.
    """
    options = db.get_execution_options()
    if not options.get("late"):
        db.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writing", False) else "BEGIN")


def reading(engine: sa.Engine) -> sa.Connection:
    """Return a connection for reading from this database. On a server, each statement sees the data
    that is committed when the statement runs (as with READ COMMITTED). No transaction is begun,
    which saves two messages to the server.
    """
    if engine.dialect.name == "postgresql":
        return engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    return engine.connect()


def writing(engine: sa.Engine, *, late: bool = False) -> AbstractContextManager[sa.Connection]:
    """Return a transaction for writing to this database. With `late`, a transaction on a SQLite
    file begins only when `lock` is called; until then another process can write.
    """
    return engine.execution_options(writing=True, late=late).begin()


def lock(db: sa.Connection) -> None:
    """Begin the transaction of a connection that `writing` opened with `late`, unless it has begun.
    From then on only this process can write. For any other connection, do nothing.
    """
    if db.get_execution_options().get("late") and db.dialect.name == "sqlite":
        connection: Any = db.connection.driver_connection
        if not connection.in_transaction:
            db.exec_driver_sql("BEGIN IMMEDIATE")


def each_value(
    column: sa.ColumnElement[Any], *where: sa.ColumnElement[bool], name: str
) -> tuple[sa.Select[Any], sa.ColumnElement[Any]]:
    """Return a query for the distinct values of an indexed column, in order, and the query's only
    column. `name` names the query within a larger statement. The query jumps from each value to the
    next in the index, so that it does not read every row of a frequent value.
    """
    first = sa.select(sa.func.min(column).label("value")).where(*where)
    values_query = first.cte(name, recursive=True)
    after = first.where(column > values_query.c.value).scalar_subquery()
    values_query = values_query.union_all(sa.select(after).where(values_query.c.value.is_not(None)))
    return sa.select(values_query.c.value).where(
        values_query.c.value.is_not(None)
    ), values_query.c.value


def make(db: sa.Connection, tables: sa.MetaData, schema: str) -> None:
    """Make the missing tables of a database and, on a server, its schema if it is missing. On a
    server, a lock lets only one process at a time make them.
    """
    if db.dialect.name == "postgresql":
        db.execute(sa.text("SELECT pg_advisory_xact_lock(20101031)"))
        holder = db.scalar(_HOLDER, {"schema": schema})
        if holder is None:
            db.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
        else:
            db.exec_driver_sql(f"SET LOCAL ROLE {holder}")
    tables.create_all(db)
