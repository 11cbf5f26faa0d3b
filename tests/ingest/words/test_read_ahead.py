"""Other processes read the mentions in an import's later entries while earlier rows are
recorded.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any

import pytest

from ingest.files.problems import BadFile, FilePosition
from ingest.files.rejects import ID
from ingest.forms.table_plan import TablePlan
from ingest.importing import load, read_and_record
from ingest.importing.load import import_files
from ingest.reading import Entry
from ingest.words import read_ahead
from ingest.words.read_ahead import ReadAhead, Reading, read_entries
from tests.ingest.conftest import FakeIntake, Importing, entry, log_csv, opened

NOW = datetime(2011, 2, 14, 22, 15, tzinfo=UTC)


def make_entry(words: str) -> Entry:
    return Entry(words, NOW, ("Tilly Marsh",), frozenset({"Town A"}))


ENTRIES = [
    make_entry(f"Baz drove her to Town A in a blue Corsa at {hour}pm") for hour in range(1, 6)
]


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    """Return a list of the entries that this process read itself, because no other process had read
    them ahead."""
    found: list[Entry] = []

    def reads(entries: Sequence[Entry]) -> list[Reading]:
        if current_thread() is main_thread():
            found.extend(entries)
        return read_entries(entries)

    monkeypatch.setattr(read_ahead, "read_entries", reads)
    return found


def test_a_process_reads_what_this_one_would() -> None:
    with ReadAhead(large=0, free=1) as ahead:
        ahead.begin(ENTRIES)
        assert [ahead.read(one) for one in ENTRIES] == read_entries(ENTRIES)


class AtOnce(ThreadPoolExecutor):
    """An executor that has done each task when it returns the task's future."""

    def submit(self, work: Callable[..., Any], *given: Any) -> Future[Any]:  # type: ignore[override]
        future = super().submit(work, *given)
        wait([future])
        return future


class Starting(Executor):
    """An executor whose process starts when `start` is called: until then no task is done."""

    def __init__(self) -> None:
        self._tasks: list[tuple[Future[Any], Callable[[], Any]]] = []
        self._threads = AtOnce(1)

    def submit(self, work: Callable[..., Any], *given: Any) -> Future[Any]:  # type: ignore[override]
        future: Future[Any] = Future()
        self._tasks.append((future, partial(work, *given)))
        return future

    def start(self) -> None:
        for future, work in self._tasks:
            future.set_result(self._threads.submit(work).result())
        self._tasks.clear()


def test_only_a_large_file_starts_processes(read_here: list[Entry]) -> None:
    started: list[int] = []

    def start(number: int) -> Executor:
        started.append(number)
        return AtOnce(number)

    with ReadAhead(start, large=6, free=2) as ahead:
        ahead.begin(ENTRIES)
        assert (started, ahead.batches) == ([], 0)
        ahead.begin([make_entry("and again"), make_entry("and again"), ENTRIES[0]])
        assert (started, ahead.batches) == ([2], 4)
        assert [ahead.read(make_entry("and again"))] == read_entries([make_entry("and again")])
        assert read_here == []
        ahead.read(ENTRIES[1])
    assert read_here == ENTRIES, "those that were begun together"


def test_rows_are_read_here_until_another_process_has_started(read_here: list[Entry]) -> None:
    started: list[Starting] = []

    def start(_: int) -> Executor:
        started.append(Starting())
        return started[0]

    with ReadAhead(start, large=6, free=1) as ahead:
        ahead.begin(ENTRIES[:1], more=4)
        assert started == []
        for one in ENTRIES[1:4]:
            ahead.begin([one], more=4)
            assert [ahead.read(one)] == read_entries([one])
        assert (len(started), ahead.batches) == (1, 0)
        assert read_here == ENTRIES[1:4]
        started[0].start()
        assert ahead.batches == 2
        ahead.begin(ENTRIES[4:], more=1)
        started[0].start()
        assert [ahead.read(one) for one in ENTRIES] == read_entries(ENTRIES)
    assert read_here == [*ENTRIES[1:4], ENTRIES[0]]


def test_without_a_second_processor_words_are_read_here(read_here: list[Entry]) -> None:
    with ReadAhead(large=0, free=0) as ahead:
        ahead.begin(ENTRIES)
        assert ahead.batches == 0
        for _ in range(2):
            ahead.read(ENTRIES[0])
    assert read_here == ENTRIES


class Broken(Executor):
    """An executor for tests that behaves as if its worker process was killed, before or while it
    reads an entry."""

    def __init__(self, later: bool) -> None:
        self._later = later

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        if not self._later:
            raise BrokenProcessPool
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool())
        return future


@pytest.mark.parametrize("later", [False, True])
def test_words_are_read_here_once_a_process_was_killed(later: bool, read_here: list[Entry]) -> None:
    with ReadAhead(lambda _: Broken(later), large=0, free=1) as ahead:
        ahead.begin(ENTRIES)
        assert [ahead.read(ENTRIES[0])] == read_entries(ENTRIES[:1])
        ahead.begin(ENTRIES)
        assert ahead.batches == 0
        ahead.read(ENTRIES[0])
    assert read_here == [*ENTRIES[:later], *ENTRIES]


# --- imports whose entries are read ahead --------------------------------------------------------


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return a function that makes imports read all entries ahead in other processes, in batches of
    two rows."""

    def made() -> None:
        monkeypatch.setattr(read_and_record, "BATCH", 2)
        monkeypatch.setattr(load, "ReadAhead", partial(ReadAhead, AtOnce, large=0, free=2))

    return made


def test_an_import_that_reads_ahead_records_the_same(
    tmp_path: Path, eager: Callable[[], None], read_here: list[Entry]
) -> None:
    log = log_csv(
        tmp_path / "log.csv",
        *(entry(f"Baz picked her up at {hour}pm") for hour in range(1, 10)),
        entry("Baz picked her up at 9pm", date="31/02/2011"),
        entry("Baz picked her up at 9pm"),
    )
    found = []
    for number in range(2):
        system = opened(tmp_path / f"store{number}", None, "importer")
        bring_in = partial(import_files, system.desk, system.reader, [log], now=system.clock())
        report = bring_in(originals=system.originals)
        events = [fact.event for fact in system.logs["evidence"].read(0, 1000)]
        found.append(
            (
                report.recorded,
                report.already_recorded,
                [type(event) for event in events],
                report.flags,
            )
        )
        if number:
            assert read_here == []
            again = bring_in(originals=system.originals)
            assert (again.recorded, again.already_recorded) == (0, report.recorded)
        system.close()
        read_here.clear()
        eager()
    assert found[0] == found[1]


def test_rows_before_a_damaged_one_are_recorded(
    intake: FakeIntake, imports: Importing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a row of a file is damaged, all rows before it are recorded, even rows whose text another
    process was still reading."""
    reads = TablePlan.reads

    def damaged(plan: TablePlan) -> Iterator[object]:
        yield from list(reads(plan))[:3]
        raise BadFile(FilePosition("log.csv"), "it is damaged", "save it again")

    monkeypatch.setattr(TablePlan, "reads", damaged)
    monkeypatch.setattr(read_and_record, "BATCH", 1)
    intake.ahead = 2
    rows: Sequence[tuple[str, ...]] = [entry(f"He rang {number} times") for number in range(5)]
    with pytest.raises(BadFile, match="damaged"):
        imports(log_csv(tmp_path / "log.csv", *rows))
    assert [observation.words.splitlines()[0] for observation in intake.observations] == [
        f"He rang {number} times" for number in range(3)
    ]


def test_a_row_that_a_batch_before_it_recorded_is_known(
    intake: FakeIntake, imports: Importing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If two rows have the same id, the second is recognised as a repetition, even if both rows
    were read ahead before the first was recorded."""
    monkeypatch.setattr(read_and_record, "BATCH", 1)
    intake.ahead = 3
    carried = "3f2504e0-4f89-51d3-9a0c-0305e82c3301"
    log = log_csv(tmp_path / "log.csv", entry("one"), entry("two"))
    told = log.read_text("utf-8").splitlines()
    log.write_text("\n".join([f"{told[0]},{ID}", *(f"{t},{carried}" for t in told[1:])]))
    report = imports(log)
    assert (report.recorded, report.already_recorded) == (1, 1)
