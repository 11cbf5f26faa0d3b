"""`verify` detects changes of a log's schema: of tables, functions, owners and rights."""

from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest

from cli import captured
from console.engine.session import OpenStore
from ledger.audit.audit import report_foreign_objects
from ledger.audit.report import LogReport
from ledger.database import postgres_roles
from ledger.database.datastore_postgres import PostgresLogDatastore
from ledger.store.recorder_postgres import PostgresLogRecorder
from ledger.store.setup import _no_clock as no_clock
from ledger.store.setup import open_records
from tests.support.ledger.roles import Server

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server(fresh_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Server:
    one = Server(fresh_database(), tmp_path_factory.mktemp("home"))
    one.run("admin", "setup", "postgres", "--name", "told")
    one.run("owner", "init", "--synthetic")
    return one


def schema_changes(server: Server, duty: str = "app") -> list[str]:
    """Return the changes of the schema that a process with the database role `duty` detects."""
    said = []
    for name, records in open_records(server.of(duty)).items():
        report = LogReport(name)
        report_foreign_objects(records, report)
        assert not report.doubts
        said += [f"{name}: {finding.words}" for finding in report.findings]
        assert (report.integrity == "broken") == bool(report.findings)
        records.close()
    return said


@pytest.mark.parametrize("duty", ["app", "signer", "eraser", "owner"])
def test_a_store_as_it_is_made_has_nothing_foreign(server: Server, duty: str) -> None:
    assert schema_changes(server, duty) == []


#: Changes that an owner of the database makes, each with the finding that must report it.
ATTACKS = {
    "DROP INDEX product.exchange_seq": "CREATE INDEX exchange_seq",
    "CREATE INDEX more ON evidence.evidence_events (topic)": "CREATE INDEX more",
    "ALTER TABLE evidence.evidence_unique DROP CONSTRAINT evidence_unique_pkey": "unique_pkey",
    "ALTER TABLE evidence.evidence_events DROP CONSTRAINT evidence_version": "UNIQUE",
    "ALTER TABLE evidence.evidence_keys ADD CHECK (number < 2)": "keys_number_check1",
    "ALTER TABLE evidence.evidence_keys DROP CONSTRAINT evidence_keys_check": "keys_check",
    "ALTER TABLE evidence.evidence_events ADD more text": "column events.more",
    "ALTER TABLE evidence.evidence_events ALTER leaf DROP NOT NULL": "column events.leaf",
    "ALTER TABLE evidence.evidence_events ALTER recorded SET DEFAULT 1": "column events.recorded",
    "ALTER TABLE evidence.evidence_commands ALTER count TYPE bigint": "column commands.count",
    "CREATE TABLE evidence.evidence_more ()": "table more",
    "CREATE VIEW evidence.more AS SELECT 1": "view more",
    "CREATE OR REPLACE VIEW evidence.evidence_key_seals AS SELECT stream, number, family, key_id, "
    "epoch, destroyed, sha256(key_id) AS sealed FROM evidence.evidence_keys": "view key_seals as",
    "ALTER TABLE evidence.evidence_unique SET UNLOGGED": "unique that a crash empties",
    "ALTER TABLE evidence.evidence_events ENABLE ROW LEVEL SECURITY": "with row security",
    "CREATE FUNCTION evidence.more() RETURNS int LANGUAGE sql AS 'SELECT 1'": "function more",
    "CREATE FUNCTION evidence.take_turn(int) RETURNS int LANGUAGE sql AS 'SELECT 1'": "take_turn",
    "CREATE OR REPLACE FUNCTION evidence.refuse_out_of_turn() RETURNS void LANGUAGE plpgsql "
    "SET search_path = pg_catalog, pg_temp AS 'BEGIN END'": "function refuse_out_of_turn",
    "ALTER FUNCTION evidence.append_sealed SECURITY INVOKER": "function append_sealed",
    "ALTER FUNCTION evidence.append_sealed RESET search_path": "function append_sealed",
    "ALTER FUNCTION evidence.append_sealed SET search_path = told, pg_catalog": "append_sealed",
    "ALTER FUNCTION evidence.shred_keys SET lock_timeout = 0": "function shred_keys",
    "DROP FUNCTION sources.read_rows": "function read_rows: it is not there",
    "ALTER FUNCTION evidence.append_sealed OWNER TO told_app": "is owned by told_app",
    "ALTER TABLE evidence.evidence_events OWNER TO told_app": "events is owned by told_app",
    "GRANT INSERT ON evidence.evidence_events TO told_app": "told_app to INSERT on events",
    "GRANT UPDATE (leaf) ON evidence.evidence_events TO told_app": "UPDATE on events.leaf",
    "GRANT SELECT ON sources.sources_events TO told_app": "told_app to SELECT on events",
    "GRANT SELECT ON evidence.evidence_events TO PUBLIC": "PUBLIC to SELECT on events",
    "GRANT SELECT (wrapped) ON evidence.evidence_keys TO told_signer": "SELECT on keys.wrapped",
    "GRANT EXECUTE ON FUNCTION evidence.shred_keys TO told_app": "told_app to EXECUTE on shred",
    "GRANT EXECUTE ON FUNCTION evidence.take_turn TO PUBLIC": "PUBLIC to EXECUTE on take_turn",
    "GRANT CREATE ON SCHEMA evidence TO told_app": "told_app to CREATE on schema",
    "REVOKE SELECT ON evidence.evidence_events FROM told_signer": "told_signer to SELECT on events",
    "REVOKE EXECUTE ON FUNCTION evidence.append_sealed FROM told_app": "EXECUTE on append_sealed",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_changed_in_a_schema_is_found(server: Server, attack: str) -> None:
    with psycopg.connect(server.url) as admin:
        admin.execute(attack.encode())
        said = []
        for log in postgres_roles.LOGS:
            records = PostgresLogRecorder(
                PostgresLogDatastore(server.url, log), log, no_clock, True
            )
            said += records.differing_as(admin.cursor())
            records.close()
        admin.rollback()
    assert any(ATTACKS[attack] in one for one in said), said
    assert len(said) <= 4, said


def verified(server: Server, duty: str) -> str:
    line = ["--store", server.of(duty), "--home", str(server.home), "verify", "--json"]
    with closing(OpenStore()) as kept:
        ended, out, _ = captured(line, "", kept)
    assert ended == 4
    return out


def test_verify_names_it_and_so_does_the_doctor(server: Server) -> None:
    body = "CREATE OR REPLACE FUNCTION evidence.refuse_out_of_turn() RETURNS void LANGUAGE plpgsql "
    with psycopg.connect(server.url) as admin:
        admin.execute(f"{body} SET search_path = pg_catalog, pg_temp AS 'BEGIN END'".encode())
    for duty in ("app", "signer"):
        assert "refuse_out_of_turn" in verified(server, duty)
    assert "refuse_out_of_turn" in server.run("app", "doctor", *server.later())
    server.run("owner", "init", *server.later())
    assert schema_changes(server) == []


def test_a_store_of_another_release_is_unproven_and_not_broken(server: Server) -> None:
    with psycopg.connect(server.url) as admin:
        admin.execute("COMMENT ON TABLE evidence.evidence_head IS NULL")
        admin.execute("DROP FUNCTION evidence.take_turn")
    report = LogReport("evidence")
    records = open_records(server.of("app"))["evidence"]
    report_foreign_objects(records, report)
    records.close()
    assert (report.findings, "run `continuum init` once" in report.doubts[0]) == ([], True)
    server.run("owner", "init", *server.later())
    assert schema_changes(server) == []
