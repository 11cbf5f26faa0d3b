"""Measure whether writers to a log slow each other: how many single encrypted appends a second 1 to
16 writers make at the same time.

The writers are threads of one process, as in a server, or processes, as with several commands.
*Bare* is one loop that encrypts the same bytes and passes them to the driver, with one transaction
for each append. Each figure is the best of a few short runs, which take turns, so that a noisy
machine slows all alike. Run alone: `python -m bench.writers [SECONDS [TURNS]]`.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Barrier, Thread
from typing import IO

from bench.bare import Bare
from bench.material import CATALOGUE, ids, now, submissions
from bench.sides import PostgresSide, Side, SQLiteSide
from domain.kernel.envelope import Submission
from ledger.proof.leaf import prefix
from ledger.store.log import Log
from ledger.store.setup import open_postgres, open_sqlite
from tests.ledger.known_keys import KnownKeys
from tests.postgres import databases, running
from tests.processes import child

AT_ONCE = (1, 2, 4, 8, 16)
ROOT = Path(__file__).parents[1]
_FAR = 1 << 24
"""How far the first id of one writer is from the first id of the next writer."""


@dataclass(frozen=True)
class Rate:
    """The speed of some writers to a log: their appends a second, and the milliseconds that one
    append in 100 exceeds (`slowest`). `how` says whether they are threads or processes."""

    how: str
    database: str
    writers: int
    rate: float
    slowest: float


def opened(place: str) -> Log:
    """Open the evidence log of an existing store."""
    if place.startswith("postgresql:"):
        return open_postgres(
            place, CATALOGUE, clock=now, keys=KnownKeys(), create=False, synthetic=False
        )["evidence"]
    return open_sqlite(Path(place), CATALOGUE, clock=now, keys=KnownKeys(), create=False)[
        "evidence"
    ]


def singles(first: int) -> Iterator[list[Submission]]:
    """Yield commands without end; each records one encrypted fact in a new stream."""
    new = ids(first)
    while True:
        yield submissions(1, new)


def append(log: Log, first: int, seconds: float) -> list[float]:
    """Append to the log for this many seconds; return the seconds of each append."""
    told, spent = singles(first), list[float]()
    end = time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        log.append(next(told))
        spent.append(time.perf_counter() - began)
    return spent


def threads(log: Log, writers: int, first: int, seconds: float) -> list[float]:
    """Append to the log from this many threads for `seconds` seconds; return the duration of each
    append in seconds."""
    spent: list[float] = []
    together = Barrier(writers)

    def write(number: int) -> None:
        together.wait()
        spent.extend(append(log, first + number * _FAR, seconds))

    started = [Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return spent


def processes(place: str, writers: int, first: int, seconds: float) -> list[float]:
    """Append to the log from this many processes for `seconds` seconds; return the duration of each
    append in seconds."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    spent: list[float] = []
    with ExitStack() as started:
        command = [sys.executable, "-m", "bench.writers", place, seconds]
        ends: list[tuple[IO[str], IO[str]]] = []
        for number in range(writers):
            process = started.enter_context(child([*command, first + number * _FAR], **pipes))
            if process.stdin and process.stdout:
                ends.append((process.stdin, process.stdout))
        for _, child_output in ends:
            child_output.readline()
        for child_input, _ in ends:
            print("go", file=child_input, flush=True)
        for _, child_output in ends:
            spent += map(float, child_output.read().split())
    return spent


def bare(side: Side, first: int, seconds: float) -> list[float]:
    """Write encrypted events with the bare driver, without a log, for this many seconds; return the
    seconds of each write."""
    loop, told, spent = Bare(CATALOGUE["evidence"], prefix(side.log.origin())), singles(first), []
    end, seqs = time.perf_counter() + seconds, count(first)
    while (began := time.perf_counter()) < end:
        side.write(*loop.rows(next(told), next(seqs)))
        spent.append(time.perf_counter() - began)
    return spent


@contextmanager
def sides(directory: Path) -> Iterator[list[tuple[Side, str]]]:
    """Yield the stores on SQLite and on PostgreSQL, each with the address of its log; close them
    afterwards."""
    with running() as server:
        fresh = databases(server)
        ours, raw = fresh(), fresh()
        made: list[tuple[Side, str]] = [
            (SQLiteSide(CATALOGUE, directory), str(directory / "ours")),
            (PostgresSide(CATALOGUE, ours, raw), ours),
        ]
        yield made
        for side, _ in made:
            side.close()


def measure(seconds: int = 2, turns: int = 3) -> list[Rate]:
    """Return the appends a second of each number of writers, on both databases."""
    best: dict[tuple[str, str, int], Rate] = {}
    firsts = count(1, 64 * _FAR)
    with (
        tempfile.TemporaryDirectory(prefix="continuum-bench-") as directory,
        sides(Path(directory)) as both,
    ):
        for _ in range(turns):
            for side, place in both:
                runs = [("bare", 1, bare(side, next(firsts), seconds))]
                for writers in AT_ONCE:
                    taken = threads(side.log, writers, next(firsts), seconds)
                    runs.append(("threads", writers, taken))
                    taken = processes(place, writers, next(firsts), seconds)
                    runs.append(("processes", writers, taken))
                for how, writers, spent in runs:
                    rate = Rate(how, side.name, writers, len(spent) / seconds, _slowest(spent))
                    best[how, side.name, writers] = max(
                        rate, best.get((how, side.name, writers), rate), key=lambda one: one.rate
                    )
    return list(best.values())


def _slowest(spent: Sequence[float]) -> float:
    return 1000 * sorted(spent)[len(spent) * 99 // 100]


def table(rates: Sequence[Rate]) -> str:
    head = f"{'writers':<12}{'database':<12}{'at once':>8}{'appends/s':>12}{'p99 ms':>10}"
    lines = [
        f"{rate.how:<12}{rate.database:<12}{rate.writers:>8}{rate.rate:>12,.0f}{rate.slowest:>10.1f}"
        for rate in sorted(rates, key=lambda one: (one.database, one.how, one.writers))
    ]
    return "\n".join([head, *lines])


def write(place: str, seconds: float, first: int) -> None:
    """Run one of several writing processes: wait for a signal, append for this many seconds, and
    print the time of each append."""
    log = opened(place)
    log.append(next(singles(first + _FAR // 2)))
    print("ready", flush=True)
    sys.stdin.readline()
    print(*append(log, first, seconds))
    log.close()


if __name__ == "__main__":
    match sys.argv[1:]:
        case [place, seconds, first]:
            write(place, float(seconds), int(first))
        case given:
            print(table(measure(*map(int, given))))
