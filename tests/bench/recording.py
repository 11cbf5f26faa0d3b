"""How many words a second are recorded, whole, on a store with accounts while one process follows
the views: by one writer and by several, each a process, with and without a case that is named.
Run alone: `python -m tests.bench.recording [EACH]`.
"""

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from commands import observation, referral
from projections import all_views, runner
from settings import Settings
from system import open_system
from tests.access.staff import Staff
from tests.commands.office import START, WORDS, Office, opened
from tests.postgres import databases, running
from tests.processes import until
from web.serving import following

#: Records of each writer, unless told otherwise.
EACH = 300
WRITERS = (1, 2, 8, 16)
WORKER = "dc.reed"


@dataclass(frozen=True)
class Rate:
    """What so many writers reached together, records a second; the seconds within which 99 of 100
    were taken, and those which the views needed after the last."""

    database: str
    words: str
    writers: int
    rate: float
    p99: float
    lag: float


def measure(each: int = EACH) -> list[Rate]:
    """Both kinds of words by all numbers of writers on both databases."""
    found = []
    for database, place, url in _stores():
        office = opened(place, url)
        staff = Staff(office)
        staff.hire(WORKER, "detective")
        case = referral.receive(office.desk, staff.now(WORKER), child="Ann Ash").id
        office.system.keep_up()
        with following(office.settings, True):
            until(office.system.views.followed, "nobody follows the views")
            found += [
                _rate(office, database, words, named, writers, each)
                for words, named in (("no case", None), ("a case", str(case)))
                for writers in WRITERS
            ]
        office.system.close()
    return found


def _stores() -> Iterator[tuple[str, Path, str | None]]:
    with tempfile.TemporaryDirectory() as place:
        yield "SQLite", Path(place) / "store", None
    with running() as server, tempfile.TemporaryDirectory() as place:
        yield "PostgreSQL", Path(place), databases(server)()


def _rate(
    office: Office, database: str, words: str, case: str | None, writers: int, each: int
) -> Rate:
    spawn = multiprocessing.get_context("spawn")
    ready, took = spawn.Barrier(writers + 1), spawn.Queue()
    told = (office.settings, case, each, ready, took)
    processes = [spawn.Process(target=_write, args=told) for _ in range(writers)]
    for one in processes:
        one.start()
    ready.wait()
    begun = time.monotonic()
    waits = sorted(wait for _ in processes for wait in took.get())
    seconds = time.monotonic() - begun
    lag = _lag(office)
    for one in processes:
        one.join()
    p99 = waits[len(waits) * 99 // 100]
    return Rate(database, words, writers, len(waits) / seconds, p99, lag)


def _write(settings: Settings, case: str | None, each: int, ready: Barrier, took: Any) -> None:
    """One writer, whose rights are looked up for each record."""
    system = open_system(settings, now=START.replace(year=START.year + 1))
    waits = []
    ready.wait()
    for _ in range(each):
        begun = time.monotonic()
        request = system.briefly(WORKER)
        observation.record(request.desk, request.reader, words=WORDS, case=case)
        waits.append(time.monotonic() - begun)
    took.put(waits)
    system.close()


def _lag(office: Office) -> float:
    """Seconds until the views have read all."""
    views, logs, begun = all_views.knowledge(), office.system.logs, time.monotonic()
    heads = runner.heads(views, logs)

    def complete() -> bool:
        with office.system.views.asking() as (db, _):
            return not runner.lacking(db, views, logs, heads, runner.Skimmed())

    until(complete, "the views are not followed")
    return time.monotonic() - begun


def table(rates: list[Rate]) -> str:
    """For people."""
    lines = ["database    words     writers  records/s   p99 ms  views after s"]
    lines += [
        f"{one.database:<11} {one.words:<9} {one.writers:>7} {one.rate:>10,.0f} "
        f"{one.p99 * 1000:>8.1f} {one.lag:>14.2f}"
        for one in rates
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else EACH)))
