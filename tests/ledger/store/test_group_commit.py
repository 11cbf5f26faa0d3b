"""Threads that write at the same moment share a transaction, and each thread gets the same answer
as if it wrote alone.
"""

import random
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from threading import Barrier, Thread
from threading import Event as Signal
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest

from domain.kernel.envelope import (
    CommandReused,
    Conflict,
    Event,
    LogMissing,
    LogUnavailable,
    Recorded,
    Stored,
    Submission,
    UniqueTaken,
)
from ledger.database.batch import LogPosition, RecordBatch
from ledger.store import group_commit
from ledger.store.log import Log
from tests.conftest import Store
from tests.ledger.events import CATALOGUE, Closed, Counted, Noted, submission
from tests.processes import LIMIT, until
from tests.support.ledger.trouble import tamper

Told = tuple[Recorded, ...] | BaseException


class Looked(Event, frozen=True):
    """A test event in a second log that is stored in the same file."""

    stored: ClassVar = Stored("note.looked", "access", "none")


Insert = Callable[[RecordBatch], LogPosition | None]


@pytest.fixture
def log(store: Store) -> Log:
    return store.open(CATALOGUE)["evidence"]


def append_or_error(log: Log, one: Submission) -> Told:
    try:
        return log.append([one])[0]
    except BaseException as error:  # noqa: BLE001 (the test compares the errors)
        return error


class Gate:
    """Delays the first transaction on a log until all other threads wait in the log's queue, and
    lists how many submissions each transaction wrote."""

    def __init__(self, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
        self.log, self.sizes, self.armed = log, list[int](), False
        self.begun, self.open = Signal(), Signal()
        self.insert: Insert = log._store.insert_batch
        monkeypatch.setattr(log._store, "insert_batch", self._held)

    def _held(self, batch: RecordBatch) -> LogPosition | None:
        if self.armed and not self.begun.is_set():
            self.begun.set()
            assert self.open.wait(LIMIT)
        if self.armed:
            self.sizes.append(len(batch.commands))
        return self.insert(batch)

    def told(
        self,
        first: Submission,
        others: Sequence[Submission],
        meanwhile: Callable[[], object] = lambda: None,
    ) -> list[Told]:
        """Append the submission `first` and the submissions `others`, each from a thread of its
        own; return the answers in this order. `meanwhile` is called while the first is delayed
        and the others wait."""
        self.armed = True
        answers: dict[int, Told] = {}
        line = self.log._joining._line

        def write(number: int, one: Submission) -> None:
            answers[number] = append_or_error(self.log, one)

        threads = [Thread(target=write, args=told) for told in enumerate([first, *others])]
        threads[0].start()
        assert self.begun.wait(LIMIT)
        for number, thread in enumerate(threads[1:], start=1):
            thread.start()
            until(lambda wanted=number: len(line) == wanted, "it does not wait")  # type: ignore[misc]
        meanwhile()
        assert not answers, "somebody was answered before anything was written"
        self.open.set()
        for thread in threads:
            thread.join(LIMIT)
        return [answers[number] for number in range(len(threads))]


@pytest.fixture
def gate(log: Log, monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(log, monkeypatch)


def test_who_waits_is_written_in_one_transaction(log: Log, gate: Gate) -> None:
    told = [submission(Noted(f"words {n}"), Counted(n), unique=((b"%d" % n, UUID(int=n)),))
            for n in range(6)]  # fmt: skip
    answers = gate.told(told[0], told[1:])
    assert gate.sizes == [1, 5]
    assert answers == [log.command(one.command_id) for one in told]
    stored = log.read(0, 100)
    assert [fact.event for fact in stored] == [fact.event for one in told for fact in one.facts]
    assert [fact.seq for fact in stored] == [*range(1, 13)]
    assert [log.find(b"%d" % n) for n in range(6)] == [UUID(int=n) for n in range(6)]
    assert log.append([submission(Closed())]) == [(log.read(12, 1)[0],)]


def test_nobody_joins_an_import(log: Log, gate: Gate) -> None:
    large = submission(*map(Counted, range(group_commit.TOGETHER)))
    answers = gate.told(submission(Closed()), [submission(Closed()), large, submission(Closed())])
    assert gate.sizes == [1, 1, 1, 1]
    assert sorted(fact.seq for answer in answers for fact in answer) == [  # type: ignore[union-attr]
        *range(1, group_commit.TOGETHER + 4)
    ]


def test_each_keeps_its_own_verdict(log: Log, gate: Gate) -> None:
    taken, car = uuid4(), uuid4()
    known = submission(Closed(), stream=taken, unique=((b"plate", car),))
    (first,) = log.append([known])
    twice = submission(Counted(2))
    others = [
        submission(Counted(0), stream=taken),
        submission(Counted(1)),
        known,
        twice,
        twice,
        submission(Closed(), command_id=known.command_id, digest=b"another body"),
        submission(Closed(), unique=((b"plate", uuid4()),)),
        submission(),
    ]
    answers = gate.told(submission(Noted("words")), others)
    _, conflict, fine, again, one, same, reused, unique, nothing = answers
    assert isinstance(conflict, Conflict)
    assert (conflict.stream, conflict.version) == (taken, 1)
    assert isinstance(fine, tuple)
    assert [fact.event for fact in fine] == [Counted(1)]
    assert again == first
    assert one == same == log.command(twice.command_id)
    assert isinstance(reused, CommandReused)
    assert isinstance(unique, UniqueTaken)
    assert (unique.digest, unique.stream) == (b"plate", car)
    assert nothing == ()
    assert [fact.seq for fact in log.read(0, 100)] == [1, 2, 3, 4]


@pytest.mark.parametrize("kind", [LogUnavailable, LogMissing])
def test_a_database_that_does_not_take_it_refuses_all_that_wait(
    log: Log, gate: Gate, kind: type[LogUnavailable]
) -> None:
    told = [submission(Noted("words")) for _ in range(5)]

    def gone(_: RecordBatch) -> LogPosition | None:
        raise kind("The disk has no room left.")

    insert, gate.insert = gate.insert, gone
    answers = gate.told(told[0], told[1:])
    assert [type(answer) for answer in answers] == [kind] * 5
    assert len({id(answer) for answer in answers}) == 5, "each has an error of its own"
    assert gate.sizes == [1, 4]
    assert log.last() == 0
    gate.insert = insert
    assert log.append(told) == [log.command(one.command_id) for one in told]


def test_a_full_disk_refuses_all_that_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Store(tmp_path, None).open(CATALOGUE)["evidence"]
    gate = Gate(log, monkeypatch)
    told = [submission(Noted("x" * 100_000)) for _ in range(4)]
    with log._store.datastore.cursor() as c:  # type: ignore[attr-defined]
        (pages,) = c.execute("PRAGMA page_count").fetchone()
        c.execute(f"PRAGMA max_page_count = {pages}")
    answers = gate.told(told[0], told[1:])
    assert [type(answer) for answer in answers] == [LogUnavailable] * 4
    assert all("no room left" in str(answer) for answer in answers)
    assert log.last() == 0
    with log._store.datastore.cursor() as c:  # type: ignore[attr-defined]
        c.execute("PRAGMA max_page_count = 1000000")
    assert [facts[0].seq for facts in log.append(told)] == [1, 2, 3, 4]
    log.close()


def test_an_answer_lost_after_commit_doubles_nothing(log: Log, gate: Gate) -> None:
    told = [submission(Noted("words")) for _ in range(4)]
    insert = gate.insert

    def insert_and_break(batch: RecordBatch) -> LogPosition | None:
        insert(batch)
        raise LogUnavailable("the connection broke after commit")

    gate.insert = insert_and_break
    assert all(isinstance(one, LogUnavailable) for one in gate.told(told[0], told[1:]))
    gate.insert = insert
    again = log.append(told)
    assert log.read(0, 10) == [fact for facts in again for fact in facts]
    assert log.last() == 4


def test_keys_that_were_destroyed_meanwhile_are_looked_up_anew(
    store: Store, log: Log, gate: Gate
) -> None:
    log.append([submission(Noted("so that keys are at hand"))])
    told = [submission(Noted(f"words {n}")) for n in range(4)]
    answers = gate.told(
        told[0],
        told[1:],
        meanwhile=lambda: tamper(store, "UPDATE evidence_head SET shreds = shreds + 1"),
    )
    assert answers == [log.command(one.command_id) for one in told]
    assert log.last() == 5


def test_nobody_waits_for_one_who_was_interrupted(
    log: Log, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(Signal):
        def wait(self, timeout: float | None = None) -> bool:
            raise KeyboardInterrupt

    def interrupt() -> None:
        with monkeypatch.context() as patched:
            patched.setattr(group_commit, "Event", Interrupted)
            stopped.append(append_or_error(log, submission(Counted(1))))

    stopped: list[Told] = []
    answers = gate.told(submission(Closed()), [submission(Closed())], meanwhile=interrupt)
    assert isinstance(stopped[0], KeyboardInterrupt)
    assert all(isinstance(answer, tuple) for answer in answers)
    assert log.append([submission(Closed())])[0][0].seq == 3


def answers_to_all(lots: Sequence[tuple[Log, Sequence[Submission]]]) -> dict[int, list[Told]]:
    """Append the submissions of several threads, which all start at the same moment; return the
    answers.
    """
    together = Barrier(len(lots), timeout=LIMIT)
    answers: dict[int, list[Told]] = {}

    def write(number: int) -> None:
        log, lot = lots[number]
        together.wait()
        answers[number] = [append_or_error(log, one) for one in lot]

    threads = [Thread(target=write, args=(number,)) for number in range(len(lots))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT)
    return answers


def test_what_writers_at_once_are_told_a_serial_run_tells(
    store: Store, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Threads that write at the same moment get the same answers as if they wrote one after
    another, even if their commands conflict, are repeated, or claim the same value of a unique
    index."""
    dice = random.Random(13)
    streams, same = [uuid4() for _ in range(12)], [submission(Counted(n)) for n in range(12)]
    reused = [submission(Closed(), command_id=s.command_id, digest=b"other") for s in same]

    def one(writer: int, number: int) -> Submission:
        match dice.randrange(5):
            case 0:
                return submission(Counted(writer), stream=streams[number % 12])
            case 1:
                return same[number % 12]
            case 2:
                stream = uuid4()
                plate = b"plate %d" % (number % 12)
                return submission(Noted("a car"), stream=stream, unique=((plate, stream),))
            case 3:
                return reused[number % 12]
            case _:
                return submission(Noted(f"{writer} {number}"), Closed())

    lots = [[one(writer, number) for number in range(40)] for writer in range(8)]
    log = store.open(CATALOGUE)["evidence"]
    answers = answers_to_all([(log, lot) for lot in lots])
    pairs = [pair for n, lot in enumerate(lots) for pair in zip(lot, answers[n], strict=True)]
    stored = log.read(0, 10_000)
    assert [fact.seq for fact in stored] == [*range(1, len(stored) + 1)]
    acknowledged = {told for _, told in pairs if isinstance(told, tuple)}
    assert {fact for told in acknowledged for fact in told} == set(stored)
    # in one thread, first the written commands and then the refused ones, the answers are the same
    serial = Store(tmp_path_factory.mktemp("serial"), None).open(CATALOGUE)["evidence"]
    last = len(stored) + 1
    pairs.sort(key=lambda pair: pair[1][0].seq if isinstance(pair[1], tuple) else last)
    with closing(serial):
        for told, answer in pairs:
            assert _without_time(append_or_error(serial, told)) == _without_time(answer)


def _without_time(answer: Told) -> Any:
    """Return a log's answer without its time."""
    if isinstance(answer, BaseException):
        return type(answer), vars(answer)
    return [(fact.seq, fact.stream, fact.version, fact.command_id, fact.event) for fact in answer]


def test_logs_of_one_file_wait_for_each_other_without_asking_sqlite_again_and_again(
    tmp_path: Path,
) -> None:
    """A log waits in this program's own queue for another log in the same file. Left to SQLite, it
    would sleep a tenth of a second between two attempts."""
    logs = Store(tmp_path, None).open({"evidence": [Noted, Closed], "access": [Looked]})
    for log in logs.values():
        with log._store.datastore.cursor() as c:  # type: ignore[attr-defined]
            # if no thread reads, the pool has only one connection
            c.execute("PRAGMA busy_timeout = 0")
    answers = answers_to_all(
        [
            (logs["evidence"], [submission(Closed()) for _ in range(50)]),
            (logs["access"], [submission(Looked()) for _ in range(50)]),
        ]
    )
    assert all(isinstance(told, tuple) for lot in answers.values() for told in lot)
    assert [log.last() for log in logs.values()] == [50, 50]
    for log in logs.values():
        log.close()
