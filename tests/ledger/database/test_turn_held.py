"""Only the writer of a log can take the lock for writing, so no other role of the server can stop
users from recording.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.kernel.envelope import LogHeld
from ledger.database.tables_postgres import HEEDING_LOCK, MIGRATION_LOCK
from projections.generations import schemas
from tests.conftest import Store
from tests.ledger.events import CATALOGUE, Counted, submission
from tests.support.ledger.roles import Server

pytestmark = pytest.mark.postgres

MODES = ("ROW SHARE", "SHARE UPDATE EXCLUSIVE", "SHARE", "ACCESS EXCLUSIVE")
ROWS = ("UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE")
KEYS = [
    *(str(key) for key in range(MIGRATION_LOCK, HEEDING_LOCK + 1)),
    *(f"{schemas._LOCK + space}, {number}" for space in range(4) for number in range(4)),
    "20101031",
]


def take_all(attacker: psycopg.Connection[Any]) -> set[str]:
    """Try, as an attacker, to take each advisory lock, and each lock of a table or its rows; return
    the locks that the attacker got.
    """
    tables = attacker.execute(
        "SELECT schemaname || '.' || tablename FROM pg_tables "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    ).fetchall()
    statements = [
        *(f"SELECT pg_advisory_lock({key})" for key in KEYS),
        *(f"LOCK TABLE {table} IN {mode} MODE" for (table,) in tables for mode in MODES),
        *(f"SELECT FROM {table} FOR {rows}" for (table,) in tables for rows in ROWS),
    ]
    attacker.execute("SET lock_timeout = '50ms'")
    taken = set()
    for statement in statements:
        with suppress(psycopg.Error), attacker.transaction():
            attacker.execute(statement.encode())
            taken.add(statement)
    return taken


@pytest.fixture(scope="module")
def server(
    fresh_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    one = Server(fresh_database(), tmp_path_factory.mktemp("home"))
    with psycopg.connect(one.url) as admin:
        admin.execute("DROP ROLE IF EXISTS stranger")
        admin.execute("CREATE ROLE stranger LOGIN")
    one.run("admin", "setup", "postgres", "--name", "told")
    one.run("owner", "init", "--synthetic")
    one.run("app", "record", *one.later(), text="A silver Corsa, PK95 ABC")
    yield one
    with psycopg.connect(one.url) as admin:
        admin.execute("DROP ROLE stranger")


def test_a_stranger_does_not_connect(server: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="CONNECT privilege"):
        psycopg.connect(server.of("owner").replace("told_owner", "stranger"))


def test_recording_goes_on_while_others_hold_all_locks_that_they_can(server: Server) -> None:
    with server.connected("signer") as signer:
        assert take_all(signer) == set()
        server.run("app", "record", *server.later(), text="He was outside again")
        server.run("owner", "init", *server.later())


def test_what_others_could_hold_by_an_older_set_up_does_not_stop_a_log(
    postgres_url: str, tmp_path: Path
) -> None:
    """On a store that an older release set up, each database role can still take locks that today
    only the writer of a log may take. These locks stop no log."""
    store = Store(tmp_path, postgres_url)
    log = store.open(CATALOGUE)["evidence"]
    with psycopg.connect(postgres_url) as attacker:
        for key in KEYS:
            attacker.execute(f"SELECT pg_advisory_lock({key})".encode())
        log.append([submission(Counted(1))])
        log.require_turn()
    for one in store.opened:
        one.close()


def test_who_keeps_the_turn_is_named(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.store.recorder_postgres._SOON", "SET LOCAL lock_timeout = '20ms'")
    store = Store(tmp_path, postgres_url)
    log = store.open(CATALOGUE)["evidence"]
    log.append([submission(Counted(1))])
    with psycopg.connect(postgres_url) as server:
        server.execute("ALTER FUNCTION evidence.append_sealed SET lock_timeout = '20ms'")
    with psycopg.connect(postgres_url, application_name="psql") as holder:
        holder.execute("SELECT evidence.take_turn()")
        held = f"postgres (process {holder.info.backend_pid}, psql)"
        for asked in (log.require_turn, lambda: log.append([submission(Counted(2))])):
            with pytest.raises(LogHeld) as told:
                asked()
            assert f"The evidence log is locked by {held}; try again" in str(told.value)
    log.require_turn()
    log.append([submission(Counted(2))])
    for one in store.opened:
        one.close()


def test_keys_are_destroyed_by_who_holds_the_turn(postgres_url: str, tmp_path: Path) -> None:
    """Keys are destroyed under the writer's lock. (A program of an older release takes another
    lock, so that a hold could be placed in between.)
    """
    store = Store(tmp_path, postgres_url)
    store.open(CATALOGUE)
    shred = "SELECT evidence.shred_keys('{}', '{}', '{}', '{}', '{}', '{}')"
    with psycopg.connect(postgres_url) as server:
        with (
            pytest.raises(psycopg.errors.RaiseException, match="older program"),
            server.transaction(),
        ):
            server.execute(shred)
        server.execute("SELECT evidence.take_turn()")
        server.execute(shred)
    for one in store.opened:
        one.close()


def test_a_store_that_was_not_brought_up_yet_is_written_to(
    postgres_url: str, tmp_path: Path
) -> None:
    store = Store(tmp_path, postgres_url)
    log = store.open(CATALOGUE)["evidence"]
    with psycopg.connect(postgres_url) as server:
        server.execute("DROP FUNCTION evidence.take_turn")
    log.require_turn()
    for one in store.opened:
        one.close()
