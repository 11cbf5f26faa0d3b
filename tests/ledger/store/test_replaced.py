"""If a log's file was replaced, the log does not acknowledge a write to the old file."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from domain.kernel.envelope import IntegrityFailure, LogName, LogUnavailable
from ledger.audit.audit import report_foreign_objects, report_head_time
from ledger.store.log import Log
from tests.commands.office import opened
from tests.ledger.events import Noted, submission
from tests.ledger.sealing import Sealed, sealed_copy


@pytest.fixture
def filed(tmp_path: Path) -> Iterator[Sealed]:
    """Yield an encrypted log in a file."""
    with sealed_copy(tmp_path) as one:
        yield one


def file_of(sealed: Sealed) -> Path:
    return sealed.store.home / "log.db"


def record(log: Log) -> None:
    log.append([submission(Noted("told at the door"))])


def replace(file: Path) -> None:
    older = file.with_suffix(".older")
    with closing(sqlite3.connect(file)) as there, closing(sqlite3.connect(older)) as copy:
        there.backup(copy)
    older.replace(file)


def remove(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("change", [replace, remove])
def test_a_log_whose_file_was_replaced_or_removed_takes_nothing(
    filed: Sealed, change: Callable[[Path], None]
) -> None:
    """A log whose file was replaced or removed refuses to record. (A bug had made `POST` answer 201
    while the entry was lost.)
    """
    record(filed.log)
    last = filed.log.last()
    change(file_of(filed))
    for _ in range(2):
        with pytest.raises(LogUnavailable, match="nothing is recorded"):
            record(filed.log)
        with pytest.raises(LogUnavailable, match="continuum verify"):
            filed.log.last()
    assert last


def test_the_same_file_put_back_is_the_log_again(filed: Sealed) -> None:
    away = file_of(filed).with_suffix(".away")
    file_of(filed).rename(away)
    with pytest.raises(LogUnavailable):
        record(filed.log)
    away.rename(file_of(filed))
    record(filed.log)


@pytest.mark.parametrize("table", ["events", "commands", "head"])
def test_a_trigger_that_swallows_what_is_written_is_noticed(filed: Sealed, table: str) -> None:
    """The log notices a trigger that discards new records (`RAISE(IGNORE)`). (Before, queries were
    not recorded, and the log still counted as proven.)
    """
    act = "UPDATE" if table == "head" else "INSERT"
    filed.tamper(
        f"CREATE TRIGGER hush BEFORE {act} ON evidence_{table} BEGIN SELECT RAISE(IGNORE); END"
    )
    last = filed.log.last()
    with pytest.raises(
        IntegrityFailure, match="The evidence log refuses new records, so this was not recorded"
    ):
        record(filed.log)
    filed.tamper("DROP TRIGGER hush")
    record(filed.log)
    assert filed.log.last() == last + 1


def test_a_log_that_goes_back_under_a_process_takes_nothing(sealed: Sealed) -> None:
    """If the file or the server of a log is replaced by an older copy while a process runs, the
    process refuses to record."""
    last = sealed.log.last()
    sealed.tamper(
        f"DELETE FROM evidence_commands WHERE first_seq > {last - 4}",
        f"DELETE FROM evidence_events WHERE seq > {last - 4}",
        f"UPDATE evidence_head SET seq = {last - 4}",
    )
    with pytest.raises(
        IntegrityFailure,
        match="goes to record 9 only, and went to record",
    ):
        record(sealed.log)
    with pytest.raises(
        IntegrityFailure,
        match="goes to record 9 only, and went to record",
    ):
        sealed.log.last()


def test_what_this_program_did_not_make_beside_a_log_is_reported(sealed: Sealed) -> None:
    """`verify` reports database objects beside a log that this program did not make. (Before, a
    trigger discarded records while `verify` reported that the log was proven.)
    """
    assert sealed.records.foreign() == []
    if sealed.store.url:
        sealed.tamper(
            "CREATE RULE hush AS ON INSERT TO evidence_commands DO INSTEAD NOTHING",
            "CREATE FUNCTION evidence.silent() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN RETURN NULL; END'",
            "CREATE TRIGGER hush BEFORE INSERT ON evidence_unique FOR EACH ROW "
            "EXECUTE FUNCTION evidence.silent()",
        )
        wanted = ["rule hush on evidence_commands", "trigger hush on evidence_unique"]
    else:
        sealed.tamper(
            "CREATE TRIGGER hush BEFORE INSERT ON evidence_unique BEGIN SELECT RAISE(IGNORE); END",
            "ALTER TABLE evidence_head ADD COLUMN more TEXT",
            "CREATE TABLE beside (one TEXT)",
        )
        wanted = ["table beside", "table evidence_head has other columns", "trigger hush"]
    assert sealed.records.foreign() == wanted
    report = sealed.audit()
    report_foreign_objects(sealed.records, report)
    assert report.integrity == "broken"
    assert {finding.what for finding in report.findings} == {"foreign"}
    told = [finding.words.partition(":")[0] for finding in report.findings]
    assert told[: len(wanted)] == wanted
    if sealed.store.url:
        assert "function silent" in told


def test_a_head_that_tells_another_time_than_its_last_record_is_reported(sealed: Sealed) -> None:
    """`verify` reports a log whose stored latest time differs from the time of its last record.
    (Before, the next fact was dated 2061 and signed.)"""
    before = sealed.audit()
    report_head_time(sealed.records, before)
    assert before.findings == []
    sealed.tamper("UPDATE evidence_head SET recorded = recorded + 1577847600000000")
    report = sealed.audit()
    report_head_time(sealed.records, report)
    assert [(finding.what, finding.seq) for finding in report.findings] == [
        ("edited", sealed.log.last())
    ]
    assert report.integrity == "broken"


@pytest.mark.parametrize("change", [replace, remove])
@pytest.mark.parametrize(("name", "file"), [("access", "log.db"), ("sources", "sources.db")])
def test_the_other_logs_files_are_known_too(
    tmp_path: Path, change: Callable[[Path], None], name: LogName, file: str
) -> None:
    office = opened(tmp_path)
    log = office.system.logs[name]
    log.last()
    change(tmp_path / file)
    for _ in range(2):
        with pytest.raises(LogUnavailable, match="nothing is recorded"):
            log.last()
    office.system.close()
