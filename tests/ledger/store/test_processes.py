"""If several processes write to one log, no record is lost or doubled, even if a process is killed.
No reader misses a record."""

import random
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest

from domain.kernel.envelope import Recorded
from tests import forked
from tests.conftest import Store
from tests.ledger.events import Counted, Noted
from tests.ledger.writer import command_id, open_log
from tests.processes import LIMIT, child, run_on, until
from tests.support.ledger.processes import backends, settle

ROOT = Path(__file__).parents[3]
Start = Callable[..., subprocess.Popen[str]]


def place(store: Store) -> str:
    return store.url or str(store.home)


@pytest.fixture
def start() -> Iterator[Start]:
    """Yield a function that starts processes which write to a log; the processes end with the
    test.
    """
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with ExitStack() as started:

        def starts(
            *arguments: object, module: str = "tests.ledger.writer"
        ) -> subprocess.Popen[str]:
            command = forked.module(module, *arguments)
            return started.enter_context(child(command, cwd=ROOT, text=True, **pipes))

        yield starts


def start_together(processes: list[subprocess.Popen[str]]) -> None:
    """Let all writing processes start at the same moment, once they are ready."""
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()


def finish(process: subprocess.Popen[str]) -> set[int]:
    """Wait for the end of a writing process; return the numbers that it reported as
    acknowledged.
    """
    assert process.stdin
    assert process.stdout
    assert process.stderr
    with process.stdin, process.stdout, process.stderr:
        # communicate() would lose bytes that readline() has read beyond the end of a line
        out, errors = process.stdout.read(), process.stderr.read()
    process.wait(LIMIT)
    assert process.returncode <= 0, errors
    return {int(number) for number in out.split()}


def test_four_writers_and_a_reader_that_follows(store: Store, start: Start) -> None:
    log = open_log(place(store), create=True)
    sizes = {"a": (150, 1), "b": (150, 1), "c": (900, 7), "d": (2000, 20)}
    total = sum(2 * count for count, _ in sizes.values())
    writers = [start(place(store), name, *size, 1, *sizes) for name, size in sizes.items()]
    start_together(writers)
    seen: list[Recorded] = []

    def follows() -> bool:
        page = log.read(len(seen), 200)
        assert [f.seq for f in page] == [*range(len(seen) + 1, len(seen) + 1 + len(page))]
        seen.extend(page)
        return len(seen) >= total

    until(follows, "not all is read", pause=0)
    for writer in writers:
        finish(writer)
    assert len(seen) == total == log.last()
    assert log.read(total, 1) == []
    assert log.read(0, total) == seen
    expected = {command_id(name, n) for name, (count, _) in sizes.items() for n in range(count)}
    assert Counter(fact.command_id for fact in seen) == Counter(dict.fromkeys(expected, 2))
    recorded = [fact.recorded for fact in seen]
    assert recorded == sorted(set(recorded))
    names = [fact.event.words for fact in seen if isinstance(fact.event, Noted)]
    last = {name: at for at, name in enumerate(names)}
    first = {name: at for at, name in reversed([*enumerate(names)])}
    assert max(first.values()) < min(last.values()), "one came to its end before another began"
    log.close()


@pytest.mark.parametrize(("threads", "sizes"), [(1, (1, 3, 60)), (8, (1, 3))])
def test_a_writer_killed_in_mid_append(
    store: Store, start: Start, threads: int, sizes: tuple[int, ...]
) -> None:
    log = open_log(place(store), create=True)
    rng = random.Random(7)
    for size in sizes:
        flying = size * threads
        name = f"killed-{rng.random()}"
        ours = set(backends(store))
        writer = start(place(store), name, 100_000, size, threads)
        start_together([writer])
        assert writer.stdout
        first = writer.stdout.readline()
        run_on(rng.uniform(0.01, 0.15))
        writer.kill()
        acknowledged = {int(n) for n in first.split()} | finish(writer)
        settle(store, ours)
        stored = facts_by_command(log.read(0, 1_000_000))
        mine = {n for n in range(max(acknowledged) + 2 * flying) if command_id(name, n) in stored}
        assert acknowledged <= mine
        # commands that were being written when the process was killed; each is recorded completely
        # or not at all
        assert len(mine - acknowledged) <= flying
        assert len(mine) % size == 0
        assert all(stored[command_id(name, n)] == [Noted, Counted] for n in mine)
        # a second run repeats the stored commands without doubling them, and records the missing
        # ones
        count = max(mine) + 1 + size
        repeating = start(place(store), name, count, size, threads)
        start_together([repeating])
        assert finish(repeating) == set(range(count))
        again = facts_by_command(log.read(0, 1_000_000))
        assert all(again[command_id(name, n)] == [Noted, Counted] for n in range(count))
        assert len(again) == len(stored) + count - len(mine)
    assert [fact.seq for fact in log.read(0, 1_000_000)] == [*range(1, log.last() + 1)]
    log.close()


def facts_by_command(facts: list[Recorded]) -> dict[UUID, list[type]]:
    found: dict[UUID, list[type]] = {}
    for fact in facts:
        found.setdefault(fact.command_id, []).append(type(fact.event))
    return found


def test_several_processes_make_the_same_store_at_once(store: Store, start: Start) -> None:
    makers = [start(place(store), n, module="tests.ledger.maker") for n in range(4)]
    start_together(makers)
    assert [finish(maker) for maker in makers] == [{0}, {1}, {2}, {3}]
    log = open_log(place(store))
    assert [fact.seq for fact in log.read(0, 10)] == [1, 2, 3, 4]
    log.close()
