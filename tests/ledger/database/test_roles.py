"""Each database role of a PostgreSQL store can do its duty and nothing else."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from access.signing_in.credentials import Credentials
from cli import captured
from console.engine.session import OpenStore
from domain.kernel.envelope import LogUnavailable
from installation.opening import open_system
from installation.settings import Settings
from ledger.database.reads_postgres import CLOSED_TABLES, READS
from ledger.keys.keys import Keys
from tests.commands.office import Office
from tests.support.ledger.roles import Server
from tests.web.api.conftest import client_of
from tests.web.conftest import House
from web.app import make_app

pytestmark = pytest.mark.postgres

FOREIGN = (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable)


@pytest.fixture(scope="module")
def server(fresh_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Server:
    one = Server(fresh_database(), tmp_path_factory.mktemp("home"))
    one.run("admin", "setup", "postgres", "--name", "told")
    one.run("owner", "init", "--synthetic")
    return one


def test_a_store_works_through_its_roles(server: Server, tmp_path: Path) -> None:
    told = server.run("app", "record", "--json", *server.later(), text="A silver Corsa, PK95 ABC")
    item = json.JSONDecoder().raw_decode(told)[0]["id"]
    state = str(tmp_path / "signer")
    policy = tmp_path / "policy.json"
    policy.write_text(server.run("signer", "signer", "init", "--state", state), "utf-8")
    server.run("signer", "signer", "run", "--state", state)
    answer = server.run("app", "verify", "--policy", str(policy))
    assert "integrity proven, completeness proven" in answer
    assert server.run("signer", "verify", "--policy", str(policy)) == answer
    assert "continuum-proof/2" in server.run("app", "proof", item)
    server.run("app", "views", "rebuild")
    server.run("app", "views", "compare")
    assert "may not be used" in server.run("signer", "record", text="words", code=5)


def test_setting_up_again_changes_nothing_and_mends_ownership(server: Server) -> None:
    with psycopg.connect(server.url) as admin:
        admin.execute("ALTER TABLE evidence.evidence_head OWNER TO CURRENT_USER")
    for _ in range(2):
        server.run("admin", "setup", "postgres", "--name", "told")
    with psycopg.connect(server.url) as admin:
        owners = admin.execute(
            "SELECT DISTINCT schemaname, tableowner FROM pg_tables WHERE schemaname IN "
            "('evidence', 'sources', 'product', 'access', 'views', 'views_2')"
        ).fetchall()
    logs = {(log, "told_owner") for log in ("access", "evidence", "product", "sources")}
    # the schema of the older views may be deleted already
    views = {("views", "told_app"), ("views_2", "told_app")}
    assert logs < set(owners) <= logs | views
    server.run("app", "record", *server.later(), text="He was outside again")


EVENT = "(9, gen_random_uuid(), 1, 'x', 'state', 1, gen_random_uuid(), sha256('x'))"


@pytest.mark.parametrize(
    "statement",
    [
        f"INSERT INTO evidence.evidence_events VALUES {EVENT}",
        "UPDATE evidence.evidence_events SET seq = 9",
        "UPDATE evidence.evidence_head SET seq = 0",
        "UPDATE evidence.evidence_origin SET origin = 'another'",
        "DELETE FROM evidence.evidence_events",
        "DELETE FROM evidence.evidence_commands",
        "TRUNCATE evidence.evidence_events",
        "DROP TABLE access.access_events",
        "ALTER TABLE evidence.evidence_events DISABLE TRIGGER ALL",
        "CREATE TABLE evidence.mine ()",
        "CREATE SCHEMA mine",
        "DROP FUNCTION evidence.append_sealed",
        "CREATE FUNCTION evidence.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET session_replication_role = replica",
        "SET ROLE told_owner",
        "ALTER ROLE told_app SUPERUSER",
    ],
)
@pytest.mark.parametrize("duty", ["app", "signer", "eraser"])
def test_nobody_but_the_owner_changes_a_log(server: Server, duty: str, statement: str) -> None:
    with pytest.raises(FOREIGN):
        server.try_(duty, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM evidence.evidence_unique",
        "SELECT wrapped FROM evidence.evidence_keys",
        "SELECT * FROM views.position",
        "SELECT * FROM credentials.people",
        "SET ROLE told_app",
    ],
)
def test_a_signer_reads_what_it_signs_and_no_more(server: Server, statement: str) -> None:
    with pytest.raises(FOREIGN):
        server.try_("signer", statement)


@pytest.mark.parametrize("table", [*CLOSED_TABLES])
def test_the_application_reads_the_source_register_through_its_functions_alone(
    server: Server, table: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        server.try_("app", f"SELECT FROM sources.sources_{table}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        server.try_("app", f"COPY sources.sources_{table} TO STDOUT")
    server.try_("eraser", f"SELECT FROM sources.sources_{table}")


def test_the_source_register_is_worked_with_through_its_functions(
    server: Server, tmp_path: Path
) -> None:
    run = server.run
    clock = server.later()
    told = run("app", "record", "--id", "--heard-from", "X-17", *clock, text="He was seen again")
    with psycopg.connect(server.url) as admin:
        kept = admin.execute("SELECT count(*) FROM sources.sources_events").fetchone()
    assert kept
    assert kept[0] > 0
    run("app", "show", told.strip())
    run("app", "views", "rebuild")
    run("app", "verify", "--allow-unproven", "--open")
    with server.connected("app") as one:
        (there,) = one.execute("SELECT count(*) FROM sources.read_rows(0, 1000)").fetchone() or (0,)
    assert there == kept[0]
    assert "NAME_eraser" in run("app", "backup", str(tmp_path / "b"), code=5)
    run("eraser", "backup", str(tmp_path / "c"), "--keys", str(tmp_path / "k"))


def test_a_hold_is_placed_shown_and_proven_by_the_application(server: Server) -> None:
    """The application's database role can place, show and prove a hold on every front. If a
    function is missing in the database, the owner's role must first run `continuum init`."""
    run = server.run
    words = run("app", "record", "--id", "--heard-from", "X-18", *server.later(), text="Held words")
    item = words.strip()
    place = ("hold", "place", item, "--reason", "asked", "--json")
    one = json.loads(run("app", *place, *server.later()))["hold"]
    assert one in run("app", "hold", "list", "--json")
    assert "was opened with the store's keys" in run("app", "hold", "prove", one)
    assert (
        run("eraser", "hold", "prove", one).splitlines()[:3]
        == (run("app", "hold", "prove", one).splitlines()[:3])
    )
    asked = run("app", "erase", item, "--basis", "part-3-s47", "--json", *server.later())
    one_erasure = json.loads(asked)["id"]
    by = ("--user", "di.okoro")
    run("eraser", *by, "erase", "--approve", one_erasure, *server.later())
    assert "Held words" in run("app", "show", item, *server.later())
    settings = Settings(store=server.of("app"), home=server.home)
    with closing(open_system(settings, now=server.told)) as system:
        office = Office(system, settings)
        screen = House(office, make_app(system)).somebody("ds.hart")
        assert "No item under the hold lost a key" in screen.get(f"/records/holds/{one}").text
        told = client_of(office, "ds.hart").get(f"/api/v1/holds/{one}/proof")
        assert told.json()["whole"] is True, told.text
    with psycopg.connect(server.url) as admin:
        admin.execute("DROP FUNCTION sources.read_destructions")
    assert "run `continuum init` once" in run("app", "hold", "prove", one, code=5)
    run("owner", "init", *server.later())
    assert "was opened" in run("app", "hold", "prove", one)


@pytest.mark.parametrize(
    ("duty", "functions"),
    [
        ("app", {"take_turn", "append_sealed", "send_out"} | {f"read_{one}" for one in READS}),
        ("signer", set()),
    ],
)
def test_the_functions_of_a_log_are_called_by_whom_they_are_for(
    server: Server, duty: str, functions: set[str]
) -> None:
    with psycopg.connect(server.of(duty)) as one:
        found = one.execute(
            "SELECT proname FROM pg_proc WHERE has_function_privilege(oid, 'EXECUTE') "
            "AND pronamespace::regnamespace::text IN ('evidence', 'sources', 'product', 'access')"
        )
        assert {name for (name,) in found} == functions


def test_the_functions_that_destroy_keys_are_the_erasers(server: Server) -> None:
    shred = "SELECT product.shred_keys('{}', '{}', '{}', '{}', '{}', '{}')"
    rewrap = "SELECT product.rewrap_keys('{}', '{}', '{}', '{}')"
    for statement in (f"SELECT product.take_turn(); {shred}", rewrap):
        server.try_("eraser", statement)
    for duty in ("app", "signer"):
        for statement in (shred, rewrap, "SET ROLE told_eraser"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                server.try_(duty, statement)


def test_the_eraser_rotates_keys_and_the_application_does_not(server: Server) -> None:
    rotate = ("keys", "rotate", *server.later())
    server.run("eraser", *rotate)
    server.run("app", "keys", "status")
    server.run("app", *rotate, code=5)
    server.run("eraser", *rotate)
    server.run("app", "record", *server.later(), text="Seen again.")


def test_credentials_are_the_applications_no_matter_who_made_their_tables(server: Server) -> None:
    def opened(duty: str) -> Credentials:
        where = (server.of(duty), server.home / "credentials.db")
        clock = lambda: datetime(2026, 11, 25, tzinfo=UTC)  # noqa: E731
        return Credentials(where, Keys.load(server.home / "keys"), clock, lambda user: True)

    for duty in ("eraser", "app"):
        one = opened(duty)
        one.invite("dc.reed")
        one.close()
    with pytest.raises(LogUnavailable, match="permission denied"):
        opened("signer")
    with psycopg.connect(server.url) as admin:
        admin.execute("DROP SCHEMA credentials CASCADE")
    with pytest.raises(LogUnavailable, match="continuum setup postgres"):
        opened("app")
    server.run("admin", "setup", "postgres", "--name", "told")
    opened("app").close()
    with psycopg.connect(server.url) as admin:
        readers = admin.execute(
            "SELECT rolname FROM pg_roles WHERE NOT rolsuper AND rolname NOT LIKE 'pg\\_%' "
            "AND has_schema_privilege(rolname, 'credentials', 'USAGE')"
        ).fetchall()
        owners = admin.execute(
            "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'credentials'"
        ).fetchall()
    assert owners == [("told_app",)]
    assert sorted(readers) == [("told_app",), ("told_eraser",), ("told_owner",)]


def test_what_cannot_be_set_up_is_reported_in_a_sentence(server: Server, tmp_path: Path) -> None:
    assert "small letters" in server.run("admin", "setup", "postgres", "--name", "A b", code=2)
    assert "The roles of the database cannot be set up" in server.run(
        "app", "setup", "postgres", code=5
    )
    ended, _, err = captured(["--store", str(tmp_path), "setup", "postgres"], "", OpenStore())
    assert (ended, "postgresql://" in err) == (2, True)


def test_the_owner_makes_the_second_place_for_views_of_an_older_store(server: Server) -> None:
    server.run("app", "views", "rebuild")
    server.run("app", "views", "rebuild")  # the rebuilt views are in the first schema again
    with psycopg.connect(server.url) as admin:
        current = admin.execute("SELECT number FROM views.generation").fetchone()
        assert current
        first = current[0] % 2 == 0
    if not first:
        server.run("app", "views", "rebuild")
    with psycopg.connect(server.url) as admin:
        admin.execute("DROP SCHEMA views_2 CASCADE")
    refused = server.run("app", "views", "rebuild", code=5)
    assert "continuum init" in refused
    server.run("app", "record", *server.later(), text="and again")
    server.run("owner", "init", *server.later())
    server.run("app", "views", "rebuild")
    server.run("app", "views", "compare")
