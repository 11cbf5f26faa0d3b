"""Measure how many log entries a second are recorded on a store with accounts while one process
updates the views.

One writer and several writers are measured, each in its own process: with entries that name a case,
with entries that name none, and with bare appends to the log for comparison. Measurements with one
writer and with several take turns, because a shared machine changes its speed. Run alone:
`python -m bench.recording [TURNS]`.
"""

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from multiprocessing.synchronize import Barrier
from pathlib import Path
from queue import Empty
from statistics import median
from typing import Any

from commands.families import referral
from commands.information import observation
from installation.opening import open_system
from installation.settings import Settings
from projections import all_views
from projections.kernel import runner
from tests.access.staff import Staff
from tests.commands.office import START, WORDS, Office, opened
from tests.postgres import databases, running
from tests.processes import until
from web.follower import following

#: The number of entries that all writers together record.
TOGETHER = 3_200
#: The seconds within which all writers and the process that updates the views must have opened the
#: store.
OPENED = 300.0
WRITERS = (1, 2, 8, 16)
#: How often each number of writers is measured when this benchmark runs alone.
TURNS = 3
#: The entries of each writer that are not measured: a new process first reads data that it needs
#: only once.
WARM = 5
WORKER = "dc.reed"
#: The server's setting for the most connections: a writer who names a case opens up to seven
#: connections, and a server permits a hundred by default.
ROOM = "max_connections = 200"
#: The value that replaces a case if only the append to the log is measured.
APPEND = "append"


@dataclass(frozen=True)
class Rate:
    """The figures of some writers that record entries at the same time: their entries a second
    (`rate`), the wait that one entry in 100 exceeds (`p99`), the seconds until the views showed
    the last entry (`lag`), and the processor time of one writer (`work`)."""

    database: str
    words: str
    writers: int
    rate: float
    p99: float
    lag: float
    work: float


def measure(turns: int) -> Iterator[Rate]:
    """Yield the measured speed of recording entries, with and without a case, for each number of
    writers on both databases."""
    for database, place, url in _stores():
        office = opened(place, url)
        staff = Staff(office)
        staff.hire(WORKER, "detective")
        case = referral.receive(office.desk, staff.now(WORKER), child="Ann Ash").id
        office.system.keep_up()
        with following(office.settings, True):
            until(office.system.views.followed, "nobody follows the views", within=OPENED)
            for turn in range(turns):
                for words, named in (("append", APPEND), ("no case", None), ("a case", str(case))):
                    for writers in _in_turn(turn):
                        yield _rate(office, database, words, named, writers, TOGETHER // writers)
        office.system.close()


def _in_turn(turn: int) -> tuple[int, ...]:
    first = turn % len(WRITERS)
    return WRITERS[first:] + WRITERS[:first]


def _stores() -> Iterator[tuple[str, Path, str | None]]:
    with tempfile.TemporaryDirectory() as place:
        yield "SQLite", Path(place) / "store", None
    with running([ROOM]) as server, tempfile.TemporaryDirectory() as place:
        yield "PostgreSQL", Path(place), databases(server)()


def _rate(
    office: Office, database: str, words: str, case: str | None, writers: int, entries: int
) -> Rate:
    forked = multiprocessing.get_context("forkserver")
    forked.set_forkserver_preload(
        ["installation.system", "commands.information.observation", "tests.commands.office"]
    )
    ready, took = forked.Barrier(writers + 1), forked.Queue()
    arguments = (office.settings, case, entries, ready, took)
    processes = [forked.Process(target=_write, args=arguments) for _ in range(writers)]
    for process in processes:
        process.start()
    ready.wait(OPENED)
    begun = time.monotonic()
    each_took, each_worked = zip(*[_writer_result(took, processes) for _ in processes], strict=True)
    waits = sorted(wait for writer_waits in each_took for wait in writer_waits)
    seconds = time.monotonic() - begun
    lag = _lag(office)
    for process in processes:
        process.join()
    p99 = waits[len(waits) * 99 // 100]
    work = sum(each_worked) / len(waits)
    return Rate(database, words, writers, len(waits) / seconds, p99, lag, work)


def _writer_result(took: Any, processes: list[Any]) -> tuple[list[float], float]:
    """Wait until one writer process has ended, and return the seconds of its entries and its
    processor time. Raises AssertionError if a writer failed.
    """
    while True:
        try:
            result: tuple[list[float], float] = took.get(timeout=1)
        except Empty:
            assert not any(process.exitcode for process in processes), "a writer failed"
        else:
            return result


def _write(settings: Settings, case: str | None, entries: int, ready: Barrier, took: Any) -> None:
    """Run one writer process, which looks up its user's rights for each entry."""
    system = open_system(settings, now=START.replace(year=START.year + 1))
    desk, log = system.briefly(WORKER).desk, system.logs["evidence"]
    reader = system.briefly(WORKER).reader
    submissions = [
        observation.prepare(desk, reader, words=WORDS).submissions["evidence"]
        for _ in range(entries + WARM if case == APPEND else 0)
    ]

    def record() -> None:
        if submissions:
            log.append([submissions.pop()])
        else:
            request = system.briefly(WORKER)
            observation.record(request.desk, request.reader, words=WORDS, case=case)

    for _ in range(WARM):
        record()
    waits = []
    ready.wait(OPENED)
    worked = time.process_time()
    for _ in range(entries):
        begun = time.monotonic()
        record()
        waits.append(time.monotonic() - begun)
    took.put((waits, time.process_time() - worked))
    system.close()


def _lag(office: Office) -> float:
    """Wait until the views have read the whole log; return the seconds that it took."""
    views, logs, begun = all_views.knowledge(), office.system.logs, time.monotonic()
    heads = runner.heads(views, logs)

    def complete() -> bool:
        with office.system.views.asking() as (db, _):
            return not runner.lacking(db, views, logs, heads, runner.SkippedFacts())

    until(complete, "the views are not followed")
    return time.monotonic() - begun


HEADING = "database    words     writers  records/s   p99 ms  views after s  work ms"


def line(rate: Rate) -> str:
    return (
        f"{rate.database:<11} {rate.words:<9} {rate.writers:>7} {rate.rate:>10,.0f} "
        f"{rate.p99 * 1000:>8.1f} {rate.lag:>14.2f} {rate.work * 1000:>8.2f}"
    )


def in_all(measured: list[Rate]) -> Iterator[str]:
    """Yield a line for each number of writers with the medians of all turns: entries a second,
    compared with bare appends to the log and with two writers, and how far the views were behind
    at most."""
    rates: dict[tuple[str, str, int], float] = {}
    lags: dict[tuple[str, str, int], float] = {}
    for key, turns in groupby(sorted(measured, key=_key), _key):
        several = list(turns)
        rates[key] = median(one.rate for one in several)
        lags[key] = max(one.lag for one in several)
    yield "database    words     writers  median/s  of appends  of 2 writers  views after s"
    for (database, words, writers), rate in rates.items():
        appends, two = rates[database, "append", writers], rates[database, words, 2]
        yield (
            f"{database:<11} {words:<9} {writers:>7} {rate:>9,.0f} {rate / appends:>11.2f} "
            f"{rate / two:>13.2f} {lags[database, words, writers]:>14.2f}"
        )


def _key(rate: Rate) -> tuple[str, str, int]:
    return rate.database, rate.words, rate.writers


def main(turns: int = 1) -> None:
    print(HEADING)
    measured = []
    for rate in measure(turns):
        print(line(rate), flush=True)
        measured.append(rate)
    print(*in_all(measured), sep="\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else TURNS)
