"""A reader that waits for new records of a log is notified when they come. A reader that works at
that moment is not notified."""

from collections.abc import Iterator

import psycopg
import pytest

from ledger.database import datastore_postgres
from ledger.database.datastore_postgres import PostgresLogDatastore
from tests.processes import LIMIT

pytestmark = pytest.mark.postgres


@pytest.fixture
def waiting(postgres_url: str) -> Iterator[PostgresLogDatastore]:
    made = PostgresLogDatastore(postgres_url, "evidence")
    yield made
    made.close()


def notify_server(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("NOTIFY told")


def listens(one: PostgresLogDatastore) -> bool:
    assert one._hears
    return bool(one._hears.execute("SELECT pg_listening_channels()").fetchall())


def test_one_who_was_informed_listens_again_when_it_waits_again(
    waiting: PostgresLogDatastore, postgres_url: str
) -> None:
    assert not waiting.wait("told", 0)
    assert listens(waiting), "nothing was told: it goes on listening"
    for _ in range(3):
        notify_server(postgres_url)
    assert waiting.wait("told", LIMIT)
    assert not listens(waiting), "it is at work"
    notify_server(postgres_url)
    assert not waiting.wait("told", 0), "what came before is told by the log"
    notify_server(postgres_url)
    assert waiting.wait("told", LIMIT)


def test_a_server_that_hangs_up_is_queried_again(
    waiting: PostgresLogDatastore, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(datastore_postgres, "sleep", slept.append)
    waiting.wait("told", 0)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        ended = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        assert server.execute(ended).fetchall() == [(True,)]
    assert not waiting.wait("told", LIMIT)
    assert slept == [LIMIT], "it is not asked again and again"
    assert not waiting.wait("told", 0)
    notify_server(postgres_url)
    assert waiting.wait("told", LIMIT)
