"""On PostgreSQL, an acknowledged record is on the disk, whatever the settings of the server and of
its users are.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from domain.kernel.envelope import LogUnavailable
from ledger.database import datastore_postgres
from ledger.store.setup import open_records
from tests.conftest import Store
from tests.ledger.events import CATALOGUE, Counted, submission
from tests.processes import until

pytestmark = pytest.mark.postgres


@contextmanager
def changed(url: str, setting: str, value: str) -> Iterator[None]:
    """Change a setting of the server within the block; wait until new connections see the
    change.
    """

    def shown() -> str:
        with psycopg.connect(url) as server:
            (found,) = server.execute(f"SHOW {setting}".encode()).fetchone() or ("",)
            return str(found)

    before = shown()
    for told, then in ((value, value), ("DEFAULT", before)):
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"ALTER SYSTEM SET {setting} = {told}".encode())
            server.execute("SELECT pg_reload_conf()")
        until(lambda then=then: shown() == then, f"{setting} is not {then}")  # type: ignore[misc]
        if told == value:
            yield


def synchronous(log: Any) -> str:
    with log._store.datastore.get_connection() as connection:
        return str(connection.execute("SHOW synchronous_commit").fetchone()[0])


def test_a_commit_waits_for_the_disk_whatever_is_set(postgres_url: str, tmp_path: Path) -> None:
    lazily = make_conninfo(postgres_url, options="-csynchronous_commit=off")
    logs = Store(tmp_path, lazily).open(CATALOGUE)
    assert synchronous(logs["evidence"]) == "on"
    for value, kept in (("local", "on"), ("remote_apply", "remote_apply")):
        other = Store(
            tmp_path, make_conninfo(postgres_url, options=f"-csynchronous_commit={value}")
        )
        assert synchronous(other.open(CATALOGUE, create=False)["evidence"]) == kept
        for log in other.opened:
            log.close()
    for log in logs.values():
        log.close()


def test_a_session_follows_no_later_change_of_the_server(postgres_url: str, tmp_path: Path) -> None:
    """If the server's durability setting is changed, an open session keeps its own setting. (In an
    earlier version, such a change lost 34 acknowledged records.)"""
    logs = Store(tmp_path, postgres_url).open(CATALOGUE)
    evidence = logs["evidence"]
    evidence.append([submission(Counted(1))])
    with changed(postgres_url, "synchronous_commit", "off"):
        assert synchronous(evidence) == "on"
    for log in logs.values():
        log.close()


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
def test_a_live_store_is_not_written_where_words_could_be_lost(
    fresh_database: Callable[[], str], tmp_path: Path, setting: str
) -> None:
    url = fresh_database()
    live = Store(tmp_path, url)
    log = live.open(CATALOGUE, synthetic=False)["evidence"]
    log.append([submission(Counted(1))])
    told = Store(tmp_path, fresh_database())
    synthetic = told.open(CATALOGUE, synthetic=True)["evidence"]
    with changed(url, setting, "off"):
        again = Store(tmp_path, url)
        with pytest.raises(LogUnavailable, match=f"with {setting} off this server may lose"):
            again.open(CATALOGUE, create=False)["evidence"].append([submission(Counted(2))])
        new = Store(tmp_path, fresh_database())
        with pytest.raises(LogUnavailable, match=f"Set {setting} to on"):
            new.open(CATALOGUE, synthetic=False)
        synthetic.append([submission(Counted(2))])
        records = open_records(url)  # auditors and signers open the records without writing
        assert records["evidence"].head()[0] == 1
    log.append([submission(Counted(2))])
    for record in records.values():
        record.close()
    for one in [*live.opened, *told.opened, *again.opened, *new.opened]:
        one.close()


def test_words_of_a_live_store_cross_no_network_in_the_clear(
    fresh_database: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datastore_postgres, "on_this_machine", lambda _: False)
    live = Store(tmp_path, fresh_database())
    with pytest.raises(LogUnavailable, match=r"unencrypted\. Add sslmode=verify-full"):
        live.open(CATALOGUE, synthetic=False)
    told = Store(tmp_path, fresh_database())
    told.open(CATALOGUE, synthetic=True)
    for log in [*live.opened, *told.opened]:
        log.close()


@pytest.mark.parametrize(
    ("address", "here"),
    [("", True), ("127.0.0.1", True), ("::1", True), ("192.0.2.7", False), ("2001:db8::7", False)],
)
def test_which_addresses_are_of_this_machine(address: str, here: bool) -> None:
    assert datastore_postgres.on_this_machine(address) is here
