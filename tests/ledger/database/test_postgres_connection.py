"""A prepared statement gives the same answers and errors as the same statement that is sent by a
cursor.
"""

import threading
from collections.abc import Iterator

import psycopg
import pytest

from ledger.database.postgres_arrays import as_int, bigint
from ledger.database.postgres_connection import LogConnection
from tests.processes import LIMIT, until

pytestmark = pytest.mark.postgres
DOUBLE = b"SELECT $1::int8 * 2"


@pytest.fixture
def connection(postgres_url: str) -> Iterator[LogConnection]:
    with LogConnection.connect(postgres_url, autocommit=True) as made:
        yield made


def doubled(connection: LogConnection, number: int) -> int:
    return as_int(connection.query(DOUBLE, [bigint(number)]).get_value(0, 0) or b"")


@pytest.mark.parametrize("number", [0, 1, -1, 255, 256, 2**61, -(2**61)])
def test_numbers_go_there_and_come_back(connection: LogConnection, number: int) -> None:
    assert doubled(connection, number) == 2 * number


def test_nothing_told_is_null(connection: LogConnection) -> None:
    assert connection.query(DOUBLE, [None]).get_value(0, 0) is None


def test_a_statement_is_prepared_once(connection: LogConnection) -> None:
    for number in range(20):
        assert doubled(connection, number) == 2 * number
    kept = connection.execute("SELECT statement FROM pg_prepared_statements").fetchall()
    assert kept == [(DOUBLE.decode(),)]


def test_what_fails_is_reported_as_with_a_cursor_and_the_next_is_answered(
    connection: LogConnection,
) -> None:
    with pytest.raises(psycopg.errors.UndefinedColumn, match="unheard"):
        connection.query(b"SELECT unheard", [])
    with pytest.raises(psycopg.errors.NumericValueOutOfRange):
        doubled(connection, 2**63 - 1)
    assert doubled(connection, 4) == 8
    with pytest.raises(psycopg.errors.DivisionByZero), connection.transaction():
        connection.query(b"SELECT 1 / $1::int8", [bigint(0)])
    assert doubled(connection, 5) == 10


def test_a_connection_that_is_gone_is_reported_as_one(
    connection: LogConnection, postgres_url: str
) -> None:
    assert doubled(connection, 1) == 2
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))
    for _ in range(2):
        with pytest.raises(psycopg.OperationalError):
            doubled(connection, 1)


def test_other_threads_go_on_while_the_server_is_waited_for(
    connection: LogConnection, postgres_url: str
) -> None:
    """Other threads go on while one thread waits for the server. In the test, the waiting thread
    waits for a lock that this thread releases.
    """
    connection.execute(f"SET lock_timeout = '{LIMIT:.0f}s'")
    heard: list[object] = []
    asks = b"SELECT 'mine' FROM pg_advisory_lock(1)"
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(1)")
        asked = threading.Thread(target=lambda: heard.append(connection.query(asks, [])))
        asked.start()
        waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        until(lambda: other.execute(waits).fetchone() == (1,), "it does not wait")
        assert not heard
        other.execute("SELECT pg_advisory_unlock(1)")
    asked.join()
    assert len(heard) == 1
