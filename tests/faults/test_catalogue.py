"""No known fault of the event store library is possible in this product.

If a test in another file covers a fault, this module names that test.
"""

import importlib
import inspect
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from commands.people_and_teams import store_admin
from domain.kernel.envelope import LogUnavailable
from domain.people_and_teams.store_admin import FileReceived
from ledger.store.mapper import STATE_CAP
from tests.commands.conftest import either
from tests.commands.office import Office
from tests.conftest import Store
from tests.ledger.events import CATALOGUE, Closed, Counted, Noted, submission
from tests.ledger.sealing import Sealed, seal
from tests.support.ledger.trouble import tamper

__all__ = ["either"]

SEAL = "tests.ledger.proof.test_seal_faults"
#: For each fault that another file covers, the test; the test runs on both databases if it can.
ELSEWHERE = {
    "edit a payload": (SEAL, "test_an_edited_record_is_named"),
    "change a topic": (SEAL, "test_an_edited_record_is_named"),
    "edit a payload and its leaf": (SEAL, "test_an_edit_with_its_leaf_made_to_fit_is_a_fork"),
    "delete the last event": (SEAL, "test_the_last_event_deleted"),
    "swap the order": (SEAL, "test_the_order_swapped"),
    "insert a back-dated event": (SEAL, "test_an_event_back_dated"),
    "an id given twice": (SEAL, "test_the_seq_of_a_deleted_event_is_never_given_again"),
    "restored from .dump": (SEAL, "test_a_log_restored_from_a_dump_is_the_same_log"),
    "a failed append leaves a gap": (SEAL, "test_a_failed_append_leaves_no_gap_in_the_tree"),
    "another record's content": (SEAL, "test_what_one_record_holds_moved_into_another"),
    "an event of more than the cap": (
        "tests.ledger.store.test_mapper",
        "test_size_is_capped_both_ways",
    ),
    "a number of one's own": (
        "tests.ledger.database.test_rights",
        "test_the_application_may_do_nothing_else",
    ),
    "a poison event": (
        "tests.projections.kernel.test_runner",
        "test_a_poison_fact_is_set_aside_and_the_rest_goes_on",
    ),
    "a reader misses a late commit": (
        "tests.ledger.store.test_processes",
        "test_four_writers_and_a_reader_that_follows",
    ),
    "a retry after a lost answer": (
        "tests.ledger.store.test_trouble",
        "test_a_connection_lost_after_commit_repeats_nothing",
    ),
}
ONE_DATABASE = {
    "restored from .dump",
    "an event of more than the cap",
    "a number of one's own",
    "a retry after a lost answer",
}


@pytest.mark.parametrize("row", ELSEWHERE)
def test_the_row_is_tested_where_its_subject_is(row: str) -> None:
    module, name = ELSEWHERE[row]
    test = getattr(importlib.import_module(module), name)
    on_both = {"store", "sealed", "log", "views"}
    assert row in ONE_DATABASE or on_both & set(inspect.signature(test).parameters)


def test_every_test_that_the_page_of_faults_names_exists() -> None:
    root = Path(__file__).parents[2]
    page = (root / "docs" / "faults.md").read_text("utf-8")
    named = re.findall(r"`(tests/[\w/]+)\.py::(\w+)`", page)
    assert all("`tests/" in row for row in page.splitlines() if re.match(r"\| (?!fault)\w", row))
    missing = [
        f"{module}.py::{name}"
        for module, name in named
        if not hasattr(importlib.import_module(module.replace("/", ".")), name)
    ]
    assert (bool(named), missing) == (True, [])


@pytest.fixture
def sealed(store: Store) -> Iterator[Sealed]:
    one = seal(store)
    yield one
    one.records.close()


def blob(store: Store, content: bytes) -> str:
    return f"'\\x{content.hex()}'" if store.url else f"x'{content.hex()}'"


def test_a_topic_that_names_a_module_imports_nothing(store: Store) -> None:
    log = store.open(CATALOGUE)["evidence"]
    log.append([submission(Closed(), Counted(1))])
    tamper(store, "UPDATE evidence_events SET topic = 'antigravity:fly' WHERE seq = 1")
    before = set(sys.modules)
    aside: list[int] = []
    assert [fact.seq for fact in log.read(0, 9, lambda seq, reason: aside.append(seq))] == [2]
    assert aside == [1]
    assert set(sys.modules) == before


def test_a_bomb_is_never_unpacked(store: Store) -> None:
    """Stored data are never decompressed, so that a small record cannot expand into a huge one."""
    log = store.open(CATALOGUE)["evidence"]
    log.append([submission(Noted("words"), Counted(1))])
    bomb = zlib.compress(b"\0" * (9 * STATE_CAP))
    tamper(store, f"UPDATE evidence_events SET state = {blob(store, bomb)} WHERE seq = 1")
    assert [fact.seq for fact in log.read(0, 9, lambda seq, reason: None)] == [2]


@pytest.mark.parametrize("column", ["originator_id", "topic", "state", "recorded", "leaf"])
def test_no_record_has_a_hole(store: Store, column: str) -> None:
    log = store.open(CATALOGUE)["evidence"]
    log.append([submission(Counted(1))])
    with pytest.raises(Exception, match=r"(?i)not.null"):
        tamper(store, f"UPDATE evidence_events SET {column} = NULL")
    assert [fact.event for fact in log.read(0, 9)] == [Counted(1)]


@pytest.mark.parametrize("words", ['{"_type_": "uuid_hex", "_data_": "x"}', "a\0b", "\u202ex", ""])
def test_words_are_only_words(store: Store, words: str) -> None:
    log = store.open(CATALOGUE)["evidence"]
    stream = uuid4()
    log.append([submission(Noted(words), stream=stream)])
    assert [fact.event for fact in log.history(stream)] == [Noted(words)]


def test_names_that_a_library_would_obey_are_only_names(either: Office) -> None:
    """Imported data may contain keys that have a meaning for the event-sourcing library, such as
    the name of a class. They are stored as plain data."""
    odd = {"_type_": "uuid_hex", "_data_": "x", "a\0b": "c\0d"}
    prepared = store_admin.prepare_file(
        either.desk,
        either.reader,
        command_id=uuid4(),
        received=FileReceived("links", 1, "", "ab" * 32, name="a\0b", mapping=odd),
    )
    either.desk.save([prepared])
    (event,) = (fact.event for fact in either.system.logs["evidence"].history(prepared.item))
    assert isinstance(event, FileReceived)
    assert event.mapping == odd
    assert either.system.views.compare() == []


def test_records_swapped_between_logs_are_found(sealed: Sealed) -> None:
    """`verify` detects records that were swapped between two logs. A record's hash includes the
    name of its log, so it does not fit in another log."""
    sealed.tamper(
        f"UPDATE evidence_events SET leaf = {blob(sealed.store, bytes(32))} WHERE seq = 2"
    )
    report = sealed.audit()
    assert [(finding.what, finding.seq) for finding in report.findings] == [("edited", 2)]


@pytest.mark.postgres
def test_triggers_are_not_the_control(sealed: Sealed) -> None:
    """The owner of a database can bypass every trigger, and `verify` still detects the change."""
    sealed.tamper("UPDATE evidence_events SET recorded = recorded + 1 WHERE seq = 12")
    assert [finding.what for finding in sealed.audit().findings] == ["edited"]


@pytest.mark.postgres
def test_the_application_cannot_play_a_replica(application: Store) -> None:
    assert application.url
    with (
        psycopg.connect(application.url) as server,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        server.execute("SET session_replication_role = replica")


@pytest.mark.postgres
def test_the_application_chooses_no_number(application: Store) -> None:
    """A function in the database assigns a record's number and time, and the application has no
    other way to write.
    """
    log = application.open(CATALOGUE, create=False)["evidence"]
    ((fact,),) = log.append([submission(Closed())])
    assert fact.seq == 1
    nobody = make_conninfo(application.url or "", options="-c session_replication_role=replica")
    stranger = Store(application.home, nobody).open(CATALOGUE, create=False)["evidence"]
    with pytest.raises(LogUnavailable):
        stranger.append([submission(Closed())])
    stranger.close()
