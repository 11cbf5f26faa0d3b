"""A log reports faults around it clearly, loses no acknowledged record, and continues to work."""

import sqlite3
import stat
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from domain.kernel.envelope import LogUnavailable, Undecodable
from ledger.database import datastore_postgres, datastore_sqlite
from ledger.store.log import Log
from ledger.store.recorder_postgres import PostgresLogRecorder
from ledger.store.recorder_sqlite import SQLiteLogRecorder
from tests.conftest import Store, now
from tests.ledger.events import CATALOGUE, Closed, Counted, Noted, submission
from tests.support.ledger.trouble import tamper


@pytest.fixture
def log(store: Store) -> Log:
    return store.open(CATALOGUE)["evidence"]


def test_an_event_that_cannot_be_read_is_set_aside_by_its_seq(store: Store, log: Log) -> None:
    stream = uuid4()
    log.append([submission(*map(Counted, range(6)), stream=stream)])
    tamper(store, "UPDATE evidence_events SET topic = 'antigravity:fly' WHERE seq = 2")
    bytes_ = "'not what a log writes'" if store.url else "x'6e6f7420776861742061206c6f67'"
    tamper(store, f"UPDATE evidence_events SET state = {bytes_} WHERE seq = 4")
    aside: list[tuple[int, str]] = []
    read = log.read(0, 10, on_error=lambda seq, reason: aside.append((seq, reason)))
    assert [fact.seq for fact in read] == [1, 3, 5, 6]
    assert [seq for seq, _ in aside] == [2, 4]
    assert log.kinds(1, 3) == [(2, None), (3, Counted), (4, Counted)], "nothing is opened for it"
    assert "antigravity" in aside[0][1]
    with pytest.raises(Undecodable) as stopped:
        log.read(0, 10)
    assert (stopped.value.log, stopped.value.seq) == ("evidence", 2)
    with pytest.raises(Undecodable):
        log.history(stream)
    assert [fact.seq for fact in log.read(4, 10)] == [5, 6]


def test_a_damaged_row_is_set_aside_too(tmp_path: Path) -> None:
    store = Store(tmp_path, None)
    log = store.open(CATALOGUE)["evidence"]
    log.append([submission(*map(Counted, range(4)))])
    tamper(store, "UPDATE evidence_events SET originator_id = x'00' WHERE seq = 2")
    tamper(store, f"UPDATE evidence_events SET recorded = {2**62} WHERE seq = 3")
    aside: list[int] = []
    read = log.read(0, 10, on_error=lambda seq, reason: aside.append(seq))
    assert ([fact.seq for fact in read], aside) == ([1, 4], [2, 3])
    log.close()


def test_a_command_whose_facts_were_deleted_gives_no_others(store: Store, log: Log) -> None:
    gone, kept = submission(Counted(1), Counted(2)), submission(Counted(3), Counted(4))
    log.append([gone, kept])
    tamper(store, "DELETE FROM evidence_events WHERE seq = 2")
    assert log.command(kept.command_id) == log.append([kept])[0]
    assert [fact.event for fact in log.append([gone])[0]] == [Counted(1)]


def test_a_deleted_last_event_does_not_free_its_number(store: Store, log: Log) -> None:
    log.append([submission(Counted(1), Counted(2))])
    tamper(store, "DELETE FROM evidence_events WHERE seq = 2")
    ((fact,),) = log.append([submission(Closed())])
    assert fact.seq == 3


def test_a_numbering_set_back_is_refused(store: Store, log: Log) -> None:
    log.append([submission(Counted(1), Counted(2))])
    tamper(store, "UPDATE evidence_head SET seq = 1")
    with pytest.raises(LogUnavailable):
        log.append([submission(Closed())])
    assert [fact.seq for fact in log.read(0, 10)] == [1, 2]


def test_a_closed_log_says_so(log: Log) -> None:
    log.close()
    with pytest.raises(LogUnavailable):
        log.read(0, 1)
    with pytest.raises(LogUnavailable):
        log.append([submission(Closed())])


def test_there_is_no_log_before_it_is_made(store: Store) -> None:
    with pytest.raises(LogUnavailable, match="continuum init"):
        store.open(CATALOGUE, create=False)["evidence"].read(0, 1)
    assert not list(store.home.iterdir())


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    store = Store(home, None)
    logs = store.open(CATALOGUE)
    for log in logs.values():
        log.append([submission()])
    names = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()}
    assert {"log.db", "log.db-wal", "sources.db"} <= set(names)
    assert not any(mode & 0o077 for mode in names.values())
    for log in logs.values():
        log.close()


def test_the_source_lies_in_a_file_of_its_own(tmp_path: Path) -> None:
    store = Store(tmp_path, None)
    logs = store.open({"evidence": [Closed], "product": [], "access": [], "sources": []})
    for log in logs.values():
        log.close()

    def tables(name: str) -> set[str]:
        connection = sqlite3.connect(tmp_path / name)
        found = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        connection.close()
        return {table.partition("_")[0] for (table,) in found}

    assert tables("log.db") == {"evidence", "product", "access", "exchange"}
    assert tables("sources.db") == {"sources"}


def test_acknowledged_means_on_the_disk(tmp_path: Path) -> None:
    log = Store(tmp_path, None).open(CATALOGUE)["evidence"]
    recorder = log.recorder
    assert isinstance(recorder, SQLiteLogRecorder)
    with recorder.datastore.cursor() as c:
        assert c.execute("PRAGMA synchronous").fetchone() == (2,)
        assert c.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    log.close()


def test_a_full_disk_and_then_room_again(tmp_path: Path) -> None:
    log = Store(tmp_path, None).open(CATALOGUE)["evidence"]
    recorder = log.recorder
    assert isinstance(recorder, SQLiteLogRecorder)
    kept = log.append([submission(Noted("before"))])[0]
    # the pool has only this connection, so the log will use it, too
    with recorder.datastore.cursor() as c:
        (pages,) = c.execute("PRAGMA page_count").fetchone()
        c.execute(f"PRAGMA max_page_count = {pages}")
    large = submission(Noted("x" * 100_000), Noted("y" * 100_000))
    with pytest.raises(LogUnavailable, match="the disk is full"):
        log.append([submission(Closed()), large])
    assert log.read(0, 10) == list(kept)
    with recorder.datastore.cursor() as c:
        c.execute("PRAGMA max_page_count = 1000000")
    assert [fact.seq for fact in log.append([large])[0]] == [2, 3]
    log.close()


def test_a_file_locked_for_too_long(tmp_path: Path) -> None:
    log = Store(tmp_path, None).open(CATALOGUE)["evidence"]
    recorder = log.recorder
    assert isinstance(recorder, SQLiteLogRecorder)
    with recorder.datastore.cursor() as c:
        c.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(tmp_path / "log.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LogUnavailable, match="locked"):
        log.append([submission(Closed())])
    assert log.read(0, 1) == []  # a reader need not wait for a writer
    other.execute("ROLLBACK")
    other.close()
    assert log.append([submission(Closed())])
    log.close()


def test_a_file_that_another_process_writes_to_is_requested_again_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If another process writes to the log's file, the log soon tries again. SQLite alone would
    sleep up to a tenth of a second."""
    log = Store(tmp_path, None).open(CATALOGUE)["evidence"]
    other = sqlite3.connect(tmp_path / "log.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    slept: list[float] = []

    def sleeps(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 20:
            other.execute("ROLLBACK")

    monkeypatch.setattr(datastore_sqlite, "sleep", sleeps)
    assert log.append([submission(Closed())])[0][0].seq == 1
    assert slept == [datastore_sqlite.TRIED_AGAIN] * 20
    with log._store.datastore.cursor() as c:  # type: ignore[attr-defined]
        assert c.execute("PRAGMA busy_timeout").fetchone() == (10_000,)
    other.close()
    log.close()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "log.db").write_text("these are not the words you are looking for " * 99)
    with pytest.raises(LogUnavailable, match="not a database"):
        Store(tmp_path, None).open({"evidence": [Closed]})
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(LogUnavailable, match="cannot be made"):
        Store(blocked, None).open({"evidence": [Closed]})


def test_an_opened_file_that_vanished_frees_its_writer(tmp_path: Path) -> None:
    log = Store(tmp_path, None).open({"evidence": [Closed]}, create=True)["evidence"]
    log.close()
    log = Store(tmp_path, None).open({"evidence": [Closed]}, create=False)["evidence"]
    recorder = log.recorder
    assert isinstance(recorder, SQLiteLogRecorder)
    # the pool's only connection is in use, so the log must open another
    with recorder.datastore.get_connection(commit=False):
        (tmp_path / "log.db").rename(tmp_path / "away.db")
        for _ in range(2):
            with pytest.raises(LogUnavailable, match="cannot be opened"):
                log.append([submission(Closed())])
    (tmp_path / "away.db").rename(tmp_path / "log.db")
    assert log.append([submission(Closed())])
    log.close()


@pytest.mark.postgres
def test_a_broken_connection_is_reported_once_and_then_replaced(
    postgres_url: str, tmp_path: Path
) -> None:
    log = Store(tmp_path, postgres_url).open(CATALOGUE)["evidence"]
    log.append([submission(Closed())])
    recorder = log.recorder
    assert isinstance(recorder, PostgresLogRecorder)
    with recorder.datastore.get_connection(), recorder.datastore.get_connection():
        pass  # the pool now has two connections, as after two threads at the same time
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    waiting = submission(Noted("told tonight"))
    with pytest.raises(LogUnavailable, match="does not answer"):
        log.append([waiting])
    (facts,) = log.append([waiting])
    assert log.append([waiting]) == [facts]
    assert log.last() == 2
    log.close()


@pytest.mark.postgres
def test_more_at_once_than_a_server_is_queried_by_are_reported_and_the_next_is_answered(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datastore_postgres, "CONNECT_TIMEOUT", 0.1)
    log = Store(tmp_path, postgres_url).open(CATALOGUE)["evidence"]
    recorder = log.recorder
    assert isinstance(recorder, PostgresLogRecorder)
    with ExitStack() as in_use:
        for _ in range(datastore_postgres.AT_ONCE):
            in_use.enter_context(recorder.datastore.get_connection())
        for _ in range(2):
            with pytest.raises(LogUnavailable, match="too many are using it at once"):
                log.append([submission(Noted("told tonight"))])
    assert log.append([submission(Noted("told tonight"))])
    log.close()


@pytest.mark.postgres
def test_a_connection_lost_after_commit_repeats_nothing(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Store(tmp_path, postgres_url).open(CATALOGUE)["evidence"]
    insert: Any = log.recorder.insert_batch  # type: ignore[attr-defined]

    def insert_and_break(batch: object) -> None:
        insert(batch)
        raise LogUnavailable("the connection broke after commit")

    once = submission(Noted("told tonight"))
    monkeypatch.setattr(log.recorder, "insert_batch", insert_and_break)
    with pytest.raises(LogUnavailable):
        log.append([once])
    monkeypatch.undo()
    (facts,) = log.append([once])
    assert log.read(0, 10) == list(facts)
    log.close()


@pytest.mark.postgres
def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    nowhere = f"postgresql://nobody@/nothing?host={tmp_path}"
    log = Store(tmp_path, nowhere).open({"evidence": [Closed]}, create=False)["evidence"]
    for _ in range(2):
        with pytest.raises(LogUnavailable, match="does not answer"):
            log.last()
    log.close()


@pytest.mark.postgres
def test_a_live_log_takes_no_time_from_outside(tmp_path: Path, postgres_url: str) -> None:
    store = Store(tmp_path, postgres_url)
    log = store.open(CATALOGUE, synthetic=False, clock=lambda: now().replace(year=1999))["evidence"]
    before = now()
    ((fact,),) = log.append([submission(Closed())])
    assert before <= fact.recorded <= now(), "the server stands on this machine"
    pretending = store.open(CATALOGUE, create=False, synthetic=True)["evidence"]
    with pytest.raises(LogUnavailable, match="only a synthetic store"):
        pretending.append([submission(Closed())])
    with pytest.raises(LogUnavailable, match="was made live"):
        store.open(CATALOGUE, create=True, synthetic=True)
    log.close()
    pretending.close()


def test_no_record_carries_home_what_an_import_wrote(tmp_path: Path) -> None:
    """A process that writes a single record does not also copy the data of a large import from the
    write-ahead log into the database file, which would take three flushes instead of one."""
    log = Store(tmp_path, None).open(CATALOGUE)["evidence"]
    home = tmp_path / "log.db"
    grown = home.stat().st_size
    for _ in range(20):
        log.append([submission(*map(Counted, range(150)))])
        before = home.stat().st_mtime_ns
        for _ in range(10):
            log.append([submission(Closed())])
        assert home.stat().st_mtime_ns == before
    assert home.stat().st_size > grown, "the import does it itself"
    log.close()


def test_few_records_carry_home(tmp_path: Path) -> None:
    log = Store(tmp_path, None).open(CATALOGUE)["evidence"]
    carried, before = 0, (tmp_path / "log.db").stat().st_mtime_ns
    for _ in range(600):
        log.append([submission(Closed())])
        now = (tmp_path / "log.db").stat().st_mtime_ns
        carried, before = carried + (now != before), now
    assert carried <= 1
    log.close()
