"""A log at several sites checks before each write whether its own site may write."""

from pathlib import Path

import psycopg
import pytest

from domain.kernel.envelope import LogUnavailable
from tests.conftest import Store
from tests.ledger.events import CATALOGUE, Counted, submission

pytestmark = pytest.mark.postgres
SITE = "INSERT INTO evidence.evidence_site VALUES (1, 'north', 'all')"
TERM = "INSERT INTO evidence.evidence_terms VALUES ({}, '{}', 0, 1)"


@pytest.mark.parametrize(
    ("told", "refused"),
    [
        ([], None),
        ([SITE, TERM.format(1, "north")], None),
        ([SITE, TERM.format(1, "north"), TERM.format(2, "south")], "south writes since term 2"),
        ([TERM.format(1, "south")], "south writes since term 1"),
        ([SITE], "follows another one"),
    ],
)
def test_a_log_is_written_where_it_is_its_turn(
    postgres_url: str, tmp_path: Path, told: list[str], refused: str | None
) -> None:
    store = Store(tmp_path, postgres_url)
    log = store.open(CATALOGUE)["evidence"]
    log.append([submission(Counted(1))])
    with psycopg.connect(postgres_url, autocommit=True) as server:
        for statement in told:
            server.execute(statement.encode())
    if refused:
        with pytest.raises(LogUnavailable, match=refused):
            log.append([submission(Counted(2))])
    else:
        log.append([submission(Counted(2))])
    assert log.last() == (1 if refused else 2)
    for one in store.opened:
        one.close()
