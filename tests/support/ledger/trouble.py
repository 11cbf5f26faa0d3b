"""A function that changes a record directly in the database."""

import sqlite3
from contextlib import closing

import psycopg

from tests.conftest import Store


def tamper(store: Store, statement: str) -> None:
    """Run SQL directly on the database, as a person with a database client could."""
    if store.url is None:
        with closing(sqlite3.connect(store.home / "log.db", isolation_level=None)) as connection:
            connection.execute("PRAGMA ignore_check_constraints=ON")
            connection.execute(statement)
    else:
        with psycopg.connect(store.url, autocommit=True) as server:
            server.execute("SET search_path = evidence")
            server.execute(statement.encode())
