"""Erased text cannot be read, and no other text is lost, even if the erasure was interrupted at any
point."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.kernel.envelope import (
    CommandReused,
    Erased,
    LogUnavailable,
    Recorded,
    StillHeld,
    Submission,
    Undecodable,
)
from ledger.database import datastore_sqlite
from ledger.keys.key_table_postgres import PostgresKeyTable
from ledger.keys.key_table_sqlite import SQLiteKeyTable
from ledger.keys.keys import SealBroken
from ledger.keys.keystore import FAMILIES, FileKeyStore
from ledger.keys.sealing import key_id
from ledger.store.log import Log
from ledger.store.mapper import parts
from ledger.store.shred import PAGE, Shredder
from tests import forked
from tests.conftest import Store
from tests.ledger.events import CATALOGUE, Closed, Counted, Noted, Told, facts, submission
from tests.ledger.sealing import Sealed, seal
from tests.processes import child, run_on

CANARY = "seen at the arcade in Town A"


class Place:
    """A store whose keys are files, with the object that destroys keys."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.keys = FileKeyStore(store.home / "keys")
        for family in FAMILIES:
            self.keys.rotate(family)
        store.keys = self.keys
        self.logs = store.open(CATALOGUE)
        self.log = self.logs["evidence"]

    @property
    def shredder(self) -> Shredder:
        tables = {name: log.key_table for name, log in self.logs.items()}
        return Shredder(tables, self.keys)

    def again(self) -> dict[Any, Log]:
        """Return the logs of the same store as if another process had opened them."""
        self.store.keys = FileKeyStore(self.store.home / "keys")
        return self.store.open(CATALOGUE, create=False)

    def note(self, *words: str, stream: UUID | None = None, version: int = 1) -> UUID:
        stream = stream or uuid4()
        self.log.append([submission(*map(Noted, words), stream=stream, version=version)])
        return stream

    def words(self, stream: UUID, log: Log | None = None) -> list[tuple[str, bool]]:
        return [
            (getattr(fact.event, "words", ""), fact.erased)
            for fact in (log or self.log).history(stream)
        ]

    def tamper(self, statement: str) -> None:
        Sealed(self.store, self.log, None, None, "", "").tamper(statement)  # type: ignore[arg-type]


@pytest.fixture
def place(store: Store) -> Place:
    return Place(store)


def on_disk(home: Path) -> bytes:
    return b"".join(file.read_bytes() for file in home.glob("*.db*"))


def test_words_are_nowhere_in_the_files_right_after_they_are_recorded(tmp_path: Path) -> None:
    place = Place(Store(tmp_path, None))
    place.note(CANARY)
    place.logs["sources"].append([submission(Told("Desmond Carrow"))])
    assert b"psw-1" in on_disk(tmp_path)
    assert CANARY.encode() not in on_disk(tmp_path)
    assert b"Carrow" not in on_disk(tmp_path)


def test_the_shredded_are_gone_and_the_others_stay(place: Place) -> None:
    gone, stays = place.note(CANARY, "and again"), place.note("something else")
    source = uuid4()
    place.logs["sources"].append([submission(Told("A parent"), stream=source)])
    before = place.again()["evidence"]
    assert place.words(gone, before)[0] == (CANARY, False)
    ids = {key_id(parts(row[4])[1]) for row in place.log.recorder.select_stream(gone)}  # type: ignore[attr-defined]
    leaves = [record.leaf.hex() for record in place.log.key_table.records([gone.bytes])]
    (told,) = place.shredder.shred({"evidence": [gone]})
    assert told.keys == tuple(sha256(item_id).hexdigest() for item_id in ids)
    assert told.leaves == tuple(leaves)
    assert told.epochs == ("record/1",)
    assert (place.keys.epochs("record"), place.keys.epochs("source")) == ((2,), (1,))
    for log in (place.log, before, place.again()["evidence"]):
        assert place.words(gone, log) == [("[erased]", True), ("[erased]", True)]
        assert place.words(stays, log) == [("something else", False)]
    assert place.logs["sources"].history(source)[0].event == Told("A parent")
    assert place.shredder.shred({"evidence": [gone]}) == (told,)


def test_a_log_that_was_shredded_verifies(store: Store) -> None:
    sealed = seal(store)
    streams = [row.stream for row in sealed.log.read(0, 100)]
    Shredder({"evidence": sealed.log.key_table}, store.keys).shred({"evidence": set(streams)})
    assert sealed.audit(sealed.older, sealed.newest).findings == []
    sealed.log.append([submission(Closed())])
    sealed.signer.round()
    sealed.records.close()


def test_nothing_is_added_to_what_was_erased(place: Place) -> None:
    stream = place.note(CANARY)
    other = place.again()["evidence"]
    other.append([submission(Noted("more"), stream=stream, version=2)])
    place.shredder.shred({"evidence": [stream]})
    for log in (place.log, other):  # the other process has cached the key
        with pytest.raises(Erased, match="record new information as a new item"):
            log.append([submission(Noted("again"), stream=stream, version=3)])
    place.log.append([submission(Counted(1), stream=stream, version=3)])
    assert [fact.version for fact in place.log.history(stream)] == [1, 2, 3]


def test_a_redacted_successor_has_a_key_of_its_own(place: Place) -> None:
    stream = place.note(CANARY)
    redacted = facts(Noted("seen at a place"), stream=stream, version=2)
    place.log.append([Submission(uuid4(), b"", redacted, renews=(stream,))])
    place.note("later", stream=stream, version=3)
    (told,) = place.shredder.shred({"evidence": [stream]}, keep_newest=[stream])
    expected = [("[erased]", True), ("seen at a place", False), ("later", False)]
    assert place.words(stream) == expected
    assert len(told.keys) == len(told.leaves) == 1
    assert place.shredder.shred({"evidence": [stream]}, keep_newest=[stream]) == (told,)
    place.note("and later", stream=stream, version=4)
    assert place.words(stream)[-1] == ("and later", False)


def test_what_was_erased_whole_can_be_renewed_by_name_only(place: Place) -> None:
    stream = place.note(CANARY)
    place.shredder.shred({"evidence": [stream]})
    successor = facts(Noted("redacted"), stream=stream, version=2)
    place.log.append([Submission(uuid4(), b"", successor, renews=(stream,))])
    place.note("later", stream=stream, version=3)
    assert place.words(stream) == [("[erased]", True), ("redacted", False), ("later", False)]


def test_a_command_whose_facts_were_erased_says_so(place: Place) -> None:
    stream, kept = uuid4(), uuid4()
    one = submission(Noted(CANARY), stream=stream, unique=((b"plate", stream),))
    other = submission(Noted("stays"), stream=kept, unique=((b"phone", kept),))
    place.log.append([one, other])
    place.shredder.shred({"evidence": [stream]})
    assert place.log.known_commands([one.command_id]) == {one.command_id}
    for repeated in (
        one,
        Submission(one.command_id, b"body", ()),
        Submission(one.command_id, b"x", ()),
    ):
        with pytest.raises(Erased, match=r"the record of the command .* was erased"):
            place.log.append([repeated])
    assert place.log.find(b"plate") is None
    assert place.log.find(b"phone") == kept
    assert place.log.append([other])[0][0].event == Noted("stays")
    with pytest.raises(CommandReused):
        place.log.append([Submission(other.command_id, b"x", ())])


def test_a_stream_without_sealed_words_loses_its_index(place: Place) -> None:
    stream = uuid4()
    place.log.append([submission(Counted(1), stream=stream, unique=((b"plate", stream),))])
    (told,) = place.shredder.shred({"evidence": [stream]})
    assert (told.keys, told.leaves, told.epochs) == ((), (), ())
    assert place.log.find(b"plate") is None
    assert place.keys.epochs("record") == (1,)


def test_more_keys_than_one_page_follow_the_epoch(place: Place) -> None:
    made = [submission(Noted(f"number {n}")) for n in range(PAGE + 50)]
    place.log.append(made)
    assert place.shredder.rotate() == dict.fromkeys(FAMILIES, 2)
    (record, _, _) = place.shredder.status()
    assert (record.family, record.epochs, record.live) == ("record", (2,), PAGE + 50)
    log = place.again()["evidence"]
    last: Recorded = log.history(made[-1].facts[0].originator_id)[0]
    assert last.event == Noted(f"number {PAGE + 49}")


def test_who_seals_while_keys_move_is_sealed_under_the_new_ones(place: Place) -> None:
    other = place.again()["evidence"]
    other.append([submission(Noted("before"))])
    place.shredder.rotate()
    (after,) = other.append([submission(Noted("after"))])[0]
    assert place.log.history(after.stream)[0].event == Noted("after")
    (row,) = place.log.key_table.select([after.stream.bytes])
    assert row.epoch == 2


# --- restored backups, and damage ----------------------------------------------------------------


def test_a_backup_brought_back_opens_with_no_key_of_today(tmp_path: Path) -> None:
    place = Place(Store(tmp_path / "store", None))
    stream = place.note(CANARY)
    for log in place.logs.values():
        log.key_table.purge()  # this call writes all data into the files
    backup = tmp_path / "backup"
    shutil.copytree(tmp_path / "store", backup, ignore=shutil.ignore_patterns("keys"))
    place.shredder.shred({"evidence": [stream]})
    shutil.copytree(tmp_path / "store" / "keys", backup / "keys")
    keys = FileKeyStore(backup / "keys")
    old = Store(backup, None, keys=keys).open(CATALOGUE, create=False)["evidence"]
    with pytest.raises(LogUnavailable, match=r"record\.1\.kek is missing"):
        old.history(stream)
    old.close()


def test_the_wrapped_key_is_nowhere_in_the_files_afterwards(tmp_path: Path) -> None:
    place = Place(Store(tmp_path, None))
    streams = [place.note(CANARY) for _ in range(40)]
    wrapped = [row.wrapped for row in place.log.key_table.select([s.bytes for s in streams])]
    assert all(one and one in on_disk(tmp_path) for one in wrapped)
    place.shredder.shred({"evidence": streams[:20]})
    left = on_disk(tmp_path)
    assert not [one for one in wrapped if one and one in left]


def test_a_person_who_reads_holds_old_pages_and_the_answer_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a longer timeout would only make the test slower
    monkeypatch.setattr(datastore_sqlite, "LOCK_TIMEOUT", 1)
    place = Place(Store(tmp_path, None))
    stream = place.note(CANARY)
    reader = sqlite3.connect(tmp_path / "log.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM evidence_keys").fetchone()
    with pytest.raises(StillHeld, match="somebody reads"):
        place.shredder.shred({"evidence": [stream]})
    assert place.words(stream) == [("[erased]", True)]
    reader.close()
    (told,) = place.shredder.shred({"evidence": [stream]})
    assert len(told.keys) == 1


@pytest.fixture
def reading(place: Place) -> Iterator[psycopg.Connection]:
    """Open a transaction of another user of the server, which still sees the keys as they were
    before an erasure; yield the user's connection.
    """
    if place.store.url is None:
        pytest.skip("of the server alone")
    with psycopg.connect(place.store.url) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM evidence.evidence_keys")
        yield reader


@pytest.mark.postgres
def test_on_a_server_a_long_transaction_holds_old_rows(
    place: Place, reading: psycopg.Connection
) -> None:
    stream = place.note(CANARY)
    with pytest.raises(StillHeld, match="long transactions"):
        place.shredder.shred({"evidence": [stream]})
    reading.rollback()
    (told,) = place.shredder.shred({"evidence": [stream]})
    assert len(told.keys) == 1


@pytest.mark.postgres
def test_a_moments_transaction_on_the_server_is_waited_for(
    place: Place, reading: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An erasure waits for a short transaction of another database user, which might still read the
    keys, and then continues."""
    stream, pauses = place.note(CANARY), list[float]()

    def waits(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            reading.rollback()
        run_on(seconds)  # let the server end short transactions of its own meanwhile

    monkeypatch.setattr("ledger.keys.key_table_postgres.sleep", waits)
    (told,) = place.shredder.shred({"evidence": [stream]})
    assert len(told.keys) == 1
    assert len(pauses) >= 2


@pytest.mark.parametrize(
    ("statement", "error", "said"),
    [
        ("DELETE FROM evidence_keys", Undecodable, "is not in the log"),
        ("UPDATE evidence_keys SET number = 2", Undecodable, "was changed"),
        ("UPDATE evidence_keys SET family = 'subject'", Undecodable, "was changed"),
        ("UPDATE evidence_keys SET epoch = 2", LogUnavailable, "needs the record key 2"),
        (
            "UPDATE evidence_keys SET wrapped = (SELECT leaf FROM evidence_events LIMIT 1)",
            Undecodable,
            "was changed",
        ),
    ],
)
def test_a_key_that_was_lost_or_changed_is_no_erasure(
    place: Place, statement: str, error: type[Exception], said: str
) -> None:
    stream = place.note(CANARY)
    place.tamper(statement)
    with pytest.raises(error, match=said):
        place.words(stream, place.again()["evidence"])


def test_a_damaged_key_stops_a_rotation_before_anything_is_destroyed(place: Place) -> None:
    stream = place.note(CANARY)
    place.note("another")
    place.tamper(
        "UPDATE evidence_keys SET number = 7 WHERE stream <> "
        "(SELECT originator_id FROM evidence_events WHERE seq = 1)"
    )
    with pytest.raises(Exception, match="nothing more is destroyed"):
        place.shredder.rotate(["record"])
    assert place.keys.epochs("record") == (1, 2)
    assert place.words(stream, place.again()["evidence"]) == [(CANARY, False)]


def test_a_key_that_does_not_open_after_it_was_moved_keeps_the_older_epoch(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys that are moved to a new epoch (a new key-encryption key) are tested first. If a moved
    key cannot be opened, the older epoch remains in use."""
    stream = place.note(CANARY)
    rewrap = SQLiteKeyTable.rewrap if place.store.url is None else PostgresKeyTable.rewrap

    def spoilt(table: Any, rows: Any) -> None:
        rewrap(table, [row._replace(wrapped=bytes(len(row.wrapped))) for row in rows])

    table = place.logs["evidence"].key_table
    before = table.select([stream.bytes])
    monkeypatch.setattr(type(table), "rewrap", spoilt)
    with pytest.raises(SealBroken, match="log does not open after it was encrypted again"):
        place.shredder.rotate(["record"])
    assert place.keys.epochs("record") == (1, 2), "what opened it is not forgotten"
    monkeypatch.undo()
    table.rewrap(before)  # a repair from a backup of the keys leaves this state
    place.shredder.rotate(["record"])
    assert place.words(stream, place.again()["evidence"]) == [(CANARY, False)]


# --- interrupted destruction ---------------------------------------------------------------------


class Stopped(Exception):
    """An exception that a test raises to interrupt work on keys, as if the process ended."""


def calls(place: Place) -> Iterator[tuple[object, str]]:
    yield from ((place.keys, name) for name in ("rotate", "destroy", "wrap", "unwrap"))
    for log in place.logs.values():
        yield from ((log.key_table, name) for name in ("destroy", "rewrap", "purge"))


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", range(10))
def test_stopped_at_any_step_a_repeat_finishes(
    store: Store, step: int, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(store)
    gone, stays = place.note(CANARY), place.note("stays")
    source = uuid4()
    place.logs["sources"].append([submission(Told("A parent"), stream=source)])
    place.logs["sources"].append([submission(Told("Another parent"))])
    steps = list(calls(place))
    target, name = steps[step]
    real: Callable[..., Any] = getattr(target, name)

    def stop(*arguments: Any) -> None:
        if after:
            real(*arguments)
        raise Stopped

    doomed: Any = {"evidence": [gone], "sources": [source]}
    with monkeypatch.context() as patched:
        patched.setattr(target, name, stop)
        with pytest.raises(Stopped):
            place.shredder.shred(doomed)
    logs = place.again()
    assert place.words(stays, logs["evidence"]) == [("stays", False)]
    logs["evidence"].append([submission(Noted("meanwhile"), stream=stays, version=2)])
    told = place.shredder.shred(doomed)
    assert [len(one.keys) for one in told] == [1, 1]
    assert len(place.keys.epochs("record")) == len(place.keys.epochs("source")) == 1
    assert place.words(gone) == [("[erased]", True)]
    assert place.words(stays) == [("stays", False), ("meanwhile", False)]
    for one in told:
        family, epoch = one.epochs[0].split("/")
        assert int(epoch) not in place.keys.epochs(family)


def test_killed_at_any_moment_nothing_that_lives_is_lost(tmp_path: Path) -> None:
    place = Place(Store(tmp_path, None))
    living = [submission(Noted(f"number {n}")) for n in range(3000)]
    place.log.append(living)
    for pause in (0.0, 0.004, 0.012, 0.03, 0.06):
        gone = place.note(CANARY)
        command = forked.module("tests.ledger.shredding", tmp_path, gone)
        with child(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as shredding:
            assert shredding.stdin
            assert shredding.stdout
            shredding.stdout.readline()
            shredding.stdin.write(b"\n")
            shredding.stdin.flush()
            run_on(pause)
            shredding.kill()
            shredding.stdout.read()  # this call returns when the process ends
        log = place.again()["evidence"]
        assert [fact.erased for fact in log.read(0, 3000)] == [False] * 3000
        (told,) = place.shredder.shred({"evidence": [gone]})
        assert len(told.keys) == 1
        assert place.words(gone) == [("[erased]", True)]
        assert len(place.keys.epochs("record")) == 1
    log = place.again()["evidence"]
    events = [fact.event for fact in log.read(0, 3000)]
    assert events == [one.facts[0].event for one in living]
