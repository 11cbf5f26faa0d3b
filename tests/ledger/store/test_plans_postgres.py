"""PostgreSQL plans the statements that write a record a single time. It does not plan them again
after it has counted the tables' rows."""

from pathlib import Path

import psycopg
import pytest

from ledger.store.log import records_after
from ledger.store.recorder_postgres import PostgresLogRecorder
from tests.conftest import Store
from tests.ledger.events import CATALOGUE, Counted, submission

pytestmark = pytest.mark.postgres
PLANNED = "SELECT custom_plans, statement FROM pg_prepared_statements"


def test_a_server_that_has_counted_plans_no_record_again(postgres_url: str, tmp_path: Path) -> None:
    store = Store(tmp_path, postgres_url)
    filled = store.open(CATALOGUE)["evidence"]
    filled.append([submission(*map(Counted, range(3_000)))])
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("ANALYZE")
    logs = store.open(CATALOGUE, create=False)
    log = logs["evidence"]
    for number in range(20):
        log.append([submission(Counted(number))])
        records_after(logs, {"evidence": frozenset()}, {"evidence": log.last() - 1}, 10)
        log.read(log.last() - 1, 10)
    recorder = log.recorder
    assert isinstance(recorder, PostgresLogRecorder)
    with recorder.datastore.get_connection() as connection:
        planned = connection.execute(PLANNED).fetchall()
    assert len(planned) > 2
    assert all(again == 0 for again, _ in planned), planned
    for one in store.opened:
        one.close()
