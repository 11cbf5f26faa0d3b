"""On PostgreSQL, the application may read tables, but may write only through one database
function.
"""

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from domain.kernel.envelope import LogUnavailable
from tests.conftest import Store
from tests.ledger.events import Closed, Counted, submission

pytestmark = pytest.mark.postgres


def test_the_application_reads_and_appends(application: Store) -> None:
    log = application.open({"evidence": [Closed, Counted]}, create=False)["evidence"]
    (facts,) = log.append([submission(Closed(), Counted(1))])
    assert log.read(0, 10) == list(facts)
    log.close()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO evidence.evidence_events VALUES (7, gen_random_uuid(), 1, 'x', '', 1, NULL)",
        "UPDATE evidence.evidence_events SET topic = 'x'",
        "DELETE FROM evidence.evidence_events",
        "UPDATE evidence.evidence_head SET seq = 0",
        "INSERT INTO evidence.evidence_commands VALUES (gen_random_uuid(), '', 1, 1)",
        "DELETE FROM evidence.evidence_unique",
        "CREATE TABLE evidence.mine ()",
        "DROP FUNCTION evidence.append_sealed",
        "UPDATE evidence.evidence_origin SET origin = 'another'",
    ],
)
def test_the_application_may_do_nothing_else(application: Store, statement: str) -> None:
    assert application.url
    with (
        psycopg.connect(application.url, autocommit=True) as server,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        server.execute(statement.encode())


def test_a_user_without_rights_is_informed(application: Store) -> None:
    assert application.url
    with psycopg.connect(make_conninfo(application.url, user="postgres")) as server:
        server.execute("REVOKE EXECUTE ON FUNCTION evidence.append_sealed FROM application")
    log = application.open({"evidence": [Closed]}, create=False)["evidence"]
    with pytest.raises(LogUnavailable, match="may not be used by this database user"):
        log.append([submission(Closed())])
    assert log.last() == 0
    log.close()
