"""Copy the logs of a PostgreSQL server to files, and back into an empty database.

The copy has the form of a store on files: the same code checks it, and it can be read without a
server. All logs are read in one transaction, which sees the database at one moment. The transaction
uses the role that erases, because the application's role may not read the tables of the source
register. Copying back needs the owner's role.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier

from domain.kernel.envelope import LogName, LogUnavailable
from ledger.backup import copy_sqlite
from ledger.database.datastore_postgres import PostgresLogDatastore
from ledger.database.reads_postgres import reads_tables

_BATCH = 2000
_COLUMNS = (
    "SELECT table_name, column_name, udt_name FROM information_schema.columns "
    "WHERE table_schema = %s AND starts_with(table_name, %s) ORDER BY table_name, ordinal_position"
)


def dump(url: str, files: Mapping[LogName, Path], only: Sequence[str] = ()) -> None:
    """Write each log of a server into its file: all its tables, or only the tables in `only`.

    Raises LogUnavailable.
    """
    with _connected(url) as server, server.transaction():
        server.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for log, path in files.items():
            if not reads_tables(server.cursor(), log):
                raise LogUnavailable(
                    f"This database user may not copy the {log} log: make backups as the "
                    "role that erases (NAME_eraser)."
                )
            theirs = _tables(server, log)
            for table, columns in copy_sqlite.tables(path, log, only).items():
                shared = [name for name in columns if name in theirs.get(table, ())]
                if shared:
                    with closing(_read(server, log, table, shared)) as rows:
                        copy_sqlite.fill(path, table, shared, rows)


def fill(url: str, files: Mapping[LogName, Path]) -> None:
    """Copy the logs in these files into the tables of a server, either all of the logs or none. The
    tables have to exist, and must have no records.

    Raises LogUnavailable.
    """
    with _connected(url) as server, server.transaction():
        for log, path in files.items():
            theirs = _tables(server, log)
            for table, columns in copy_sqlite.tables(path, log).items():
                kinds = {name: theirs[table][name] for name in columns}
                _replace(server, log, table, kinds, copy_sqlite.rows(path, table, columns))


def records(url: str, logs: Sequence[LogName]) -> int:
    """Return how many of these logs have a record; 0 for a database without logs."""
    with _connected(url) as server:
        count = 0
        for log in logs:
            table = SQL("{}.{}").format(Identifier(log), Identifier(f"{log}_events"))
            made = server.execute("SELECT to_regclass(%s)", (table.as_string(),)).fetchone()
            if made and made[0]:
                cursor = server.execute(SQL("SELECT FROM {} LIMIT 1").format(table))
                count += cursor.rowcount
        return count


def _tables(server: psycopg.Connection[Any], log: LogName) -> dict[str, dict[str, str]]:
    columns_by_table: dict[str, dict[str, str]] = {}
    for table, column, kind in server.execute(_COLUMNS, (log, f"{log}_")):
        columns_by_table.setdefault(table, {})[column] = kind
    return columns_by_table


def _read(
    server: psycopg.Connection[object], log: LogName, table: str, columns: Sequence[str]
) -> Generator[tuple[Any, ...]]:
    query = SQL("SELECT {} FROM {}.{} ORDER BY 1").format(
        SQL(", ").join(map(Identifier, columns)), Identifier(log), Identifier(table)
    )
    with server.cursor("copying", binary=True) as cursor:
        cursor.itersize = _BATCH
        cursor.execute(query)
        yield from cursor


def _replace(
    server: psycopg.Connection[Any],
    log: LogName,
    table: str,
    kinds: Mapping[str, str],
    rows: Iterator[tuple[Any, ...]],
) -> None:
    name = SQL("{}.{}").format(Identifier(log), Identifier(table))
    columns = SQL(", ").join(map(Identifier, kinds))
    with server.cursor() as cursor:
        # only update the head: it also says whether the store is synthetic, which must not change
        if table.endswith("_head"):
            for row in rows:
                changes = SQL(", ").join(SQL("{} = %s").format(Identifier(c)) for c in kinds)
                cursor.execute(SQL("UPDATE {} SET {}").format(name, changes), row)
            return
        cursor.execute(SQL("DELETE FROM {}").format(name))
        uuids = [number for number, kind in enumerate(kinds.values()) if kind == "uuid"]
        copying = SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(name, columns)
        with cursor.copy(copying) as copy:
            copy.set_types(list(kinds.values()))
            for row in rows:
                values = list(row)
                for number in uuids:
                    values[number] = UUID(bytes=values[number])
                copy.write_row(values)


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[Any]]:
    data = PostgresLogDatastore(url, "evidence")
    try:
        with data.get_connection() as connection:
            yield connection
    finally:
        data.close()
