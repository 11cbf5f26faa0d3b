"""A statement that is kept by its name is asked as with a cursor, and fails as with one."""

import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from ledger.arrays import as_int, bigint
from ledger.connection_postgres import LogConnection

pytestmark = pytest.mark.postgres
DOUBLE = b"SELECT $1::int8 * 2"


@pytest.fixture
def connection(postgres_url: str) -> Iterator[LogConnection]:
    with LogConnection.connect(postgres_url, autocommit=True) as made:
        yield made


def doubled(connection: LogConnection, number: int) -> int:
    return as_int(connection.ask(DOUBLE, [bigint(number)]).get_value(0, 0) or b"")


@pytest.mark.parametrize("number", [0, 1, -1, 255, 256, 2**61, -(2**61)])
def test_numbers_go_there_and_come_back(connection: LogConnection, number: int) -> None:
    assert doubled(connection, number) == 2 * number


def test_nothing_told_is_null(connection: LogConnection) -> None:
    assert connection.ask(DOUBLE, [None]).get_value(0, 0) is None


def test_a_statement_is_prepared_once(connection: LogConnection) -> None:
    for number in range(20):
        assert doubled(connection, number) == 2 * number
    kept = connection.execute("SELECT statement FROM pg_prepared_statements").fetchall()
    assert kept == [(DOUBLE.decode(),)]


def test_what_fails_is_told_as_with_a_cursor_and_the_next_is_answered(
    connection: LogConnection,
) -> None:
    with pytest.raises(psycopg.errors.UndefinedColumn, match="unheard"):
        connection.ask(b"SELECT unheard", [])
    with pytest.raises(psycopg.errors.NumericValueOutOfRange):
        doubled(connection, 2**63 - 1)
    assert doubled(connection, 4) == 8
    with pytest.raises(psycopg.errors.DivisionByZero), connection.transaction():
        connection.ask(b"SELECT 1 / $1::int8", [bigint(0)])
    assert doubled(connection, 5) == 10


def test_a_connection_that_is_gone_is_told_as_one(
    connection: LogConnection, postgres_url: str
) -> None:
    assert doubled(connection, 1) == 2
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))
    for _ in range(2):
        with pytest.raises(psycopg.OperationalError):
            doubled(connection, 1)


def test_other_threads_go_on_while_the_server_is_waited_for(connection: LogConnection) -> None:
    asked = threading.Thread(target=connection.ask, args=(b"SELECT pg_sleep(0.5)::text", []))
    asked.start()
    begun, steps = time.monotonic(), 0
    while asked.is_alive():
        steps += 1
        time.sleep(0.001)
    assert steps > 20, f"in {time.monotonic() - begun:.2f} s"
