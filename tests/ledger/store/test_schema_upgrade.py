"""The tables of a store are upgraded to today's form in numbered steps. A store that a newer
program has upgraded is refused."""

import sqlite3
from contextlib import closing

import psycopg
import pytest

from domain.kernel.envelope import LogUnavailable
from ledger.store import schema_upgrade
from tests.conftest import Store
from tests.ledger.events import CATALOGUE, Counted, submission

STEPS = (
    "CREATE INDEX {log}_topics ON {place}{log}_events (topic)",
    """CREATE INDEX {log}_times ON {place}{log}_events (recorded);
    CREATE INDEX {log}_both ON {place}{log}_events (topic, recorded)""",
)

#: The number of upgrade steps of this program, for stores on files and on servers.
FILES, SERVERS = schema_upgrade.FILE_STEPS, schema_upgrade.SERVER_STEPS


def add_upgrade_steps(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """Simulate a program that has this many additional upgrade steps."""
    some = STEPS[:steps]
    files = tuple(step.replace("{place}", "") for step in some)
    monkeypatch.setattr(schema_upgrade, "FILE_STEPS", (*FILES, *files))
    server = tuple(step.replace("{place}", "{log}.") for step in some)
    monkeypatch.setattr(schema_upgrade, "SERVER_STEPS", (*SERVERS, *server))


def indexes(store: Store) -> set[str]:
    """Return the indexes on the evidence log that the upgrade steps create."""
    if store.url:
        with psycopg.connect(store.url) as server:
            found = server.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'evidence'")
            names = {name for (name,) in found}
    else:
        with closing(sqlite3.connect(store.home / "log.db")) as file:
            found_here = file.execute("SELECT name FROM sqlite_schema WHERE type = 'index'")
            names = {name for (name,) in found_here}
    return names & {f"evidence_{one}" for one in ("topics", "times", "both")}


def test_an_older_store_gets_each_step_once_and_in_order(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = store.open(CATALOGUE)["evidence"]
    log.append([submission(Counted(1))])
    for known, made in ((1, 1), (2, 3), (2, 3)):
        add_upgrade_steps(monkeypatch, known)
        again = store.open(CATALOGUE, create=bool(store.url))["evidence"]
        assert [fact.event for fact in again.read(0, 9)] == [Counted(1)]
        assert len(indexes(store)) == made


def test_a_store_of_a_newer_release_is_refused_in_plain_words(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_upgrade_steps(monkeypatch, 2)
    store.open(CATALOGUE)["evidence"].append([submission(Counted(1))])
    add_upgrade_steps(monkeypatch, 1)
    for create in (False, True):
        with pytest.raises(LogUnavailable, match=r"Nothing was changed"):
            store.open(CATALOGUE, create=create)["evidence"].read(0, 9)
    add_upgrade_steps(monkeypatch, 2)
    assert [f.event for f in store.open(CATALOGUE, create=False)["evidence"].read(0, 9)] == [
        Counted(1)
    ]


def test_a_step_that_fails_leaves_the_form_as_it_was(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.open(CATALOGUE)["evidence"].append([submission(Counted(1))])
    add_upgrade_steps(monkeypatch, 1)
    broken = (*schema_upgrade.FILE_STEPS, "CREATE INDEX nonsense ON {log}_nothing (x)")
    monkeypatch.setattr(schema_upgrade, "FILE_STEPS", broken)
    monkeypatch.setattr(schema_upgrade, "SERVER_STEPS", broken)
    with pytest.raises(LogUnavailable):
        store.open(CATALOGUE, create=True)
    assert indexes(store) == set()
    add_upgrade_steps(monkeypatch, 0)
    assert len(store.open(CATALOGUE, create=False)["evidence"].read(0, 9)) == 1


@pytest.mark.postgres
def test_a_server_waits_for_its_owner(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    if not store.url:
        pytest.skip("a file is brought up by the person who opens it")
    store.open(CATALOGUE)
    add_upgrade_steps(monkeypatch, 1)
    with pytest.raises(LogUnavailable, match="as the owner"):
        store.open(CATALOGUE, create=False)["evidence"].read(0, 9)
