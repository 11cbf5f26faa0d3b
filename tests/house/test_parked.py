"""If a test reuses a database connection that another test closed, the connection has nothing left
of the first test's session, such as settings or locks."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from tests.parked import MOST, PARKED
from tests.postgres import copied, dropped

pytestmark = pytest.mark.postgres

#: SQL statements that leave something in a session: a lock, a setting, a table, a listener.
LEAVES = """SELECT pg_advisory_lock(4711); SET statement_timeout = 4711;
  CREATE TEMP TABLE left_over (); LISTEN left_over; PREPARE left_over AS SELECT 1"""
LEFT = """SELECT
  (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
  current_setting('statement_timeout'), to_regclass('left_over'),
  (SELECT count(*) FROM pg_listening_channels()), (SELECT count(*) FROM pg_prepared_statements)"""


@pytest.fixture
def url(
    postgres_server: Any, fresh_database: Callable[[], str], copied_database: Callable[[str], str]
) -> Iterator[str]:
    """Return the URL of a copied database, whose closed connections later tests may use again."""
    made = copied(postgres_server, fresh_database(), copied_database)
    yield made
    dropped(postgres_server, made)


def closed(url: str, statements: str = "", **more: Any) -> int:
    """Open a connection, execute these statements, and close it; return the number of the server
    process that served it.
    """
    with psycopg.connect(url, **more) as connection:
        connection.execute(statements.encode())
        return connection.info.backend_pid


def test_it_is_used_again_and_nothing_of_its_session_is_left(url: str) -> None:
    first = closed(url, LEAVES, autocommit=True)
    with psycopg.connect(url) as connection:
        assert connection.info.backend_pid == first
        assert connection.execute(LEFT).fetchone() == (0, "0", None, 0, 0)
        assert not connection.autocommit


def test_what_it_had_not_committed_is_taken_back(url: str) -> None:
    connection = psycopg.connect(url)
    connection.execute("CREATE TABLE begun ()")
    connection.close()
    with psycopg.connect(url) as again:
        assert again.info.backend_pid == connection_number(url)
        assert again.execute("SELECT to_regclass('begun')").fetchone() == (None,)


def connection_number(url: str) -> int:
    """Return the number of the only server process with a connection to this database."""
    with psycopg.connect(url, dbname="postgres") as other:
        name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
        asked = "SELECT pid FROM pg_stat_activity WHERE datname = %s"
        ((number,),) = other.execute(asked, [name]).fetchall()
    return int(number)


def test_whoever_closed_it_uses_it_no_more(url: str) -> None:
    connection = psycopg.connect(url)
    connection.close()
    assert connection.closed
    with pytest.raises(psycopg.OperationalError, match="closed"):
        connection.execute("SELECT 1")


def test_one_that_was_opened_with_other_options_is_not_used(url: str) -> None:
    first = closed(url)
    assert closed(url, options="-c statement_timeout=1000") != first


def test_one_that_the_server_has_ended_is_not_used(url: str) -> None:
    first = closed(url)
    closed(url, f"SELECT pg_terminate_backend({first}, 5000)", application_name="another")
    assert closed(url) != first


def test_a_forked_process_does_not_use_those_of_its_parent(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = closed(url)
    monkeypatch.setattr(PARKED, "_owner", os.getppid())
    with psycopg.connect(url) as connection:
        assert connection.info.backend_pid != first


def test_of_a_database_that_is_not_used_again_none_waits(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    assert closed(url) != closed(url)


def test_a_server_has_room_for_others(url: str) -> None:
    opened = [psycopg.connect(url) for _ in range(MOST + 2)]
    for one in opened:
        one.close()
    host, name = (psycopg.conninfo.conninfo_to_dict(url)[part] for part in ("host", "dbname"))
    assert len(PARKED.processes(str(host), str(name))) <= MOST
