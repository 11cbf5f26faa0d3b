"""Measure how much faster several processes update the views (the tables computed from the log)
than one process does.

A log is filled, and 1, 2 and 4 workers read all of it into an empty generation of the views. The
workers share the views by parts, as `continuum watch` does. The cost of each part alone is measured
first, in processor seconds of this process; the parts should cost about the same. More workers than
processor cores gain nothing. Run alone: `python -m bench.workers [EVENTS]`.
"""

import multiprocessing
import sys
import time
from dataclasses import dataclass
from functools import partial
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

from bench.material import now
from bench.views import fill
from domain import catalogue
from ledger.store.log import Log
from ledger.store.setup import open_postgres
from projections.all_views import PARTS, VIEWS, knowledge
from projections.kernel import runner
from projections.kernel.schema import View
from tests.ledger.known_keys import KnownKeys
from tests.postgres import databases, running

AT_ONCE = (1, 2, 4)


@dataclass(frozen=True)
class Rate:
    """The speed of a number of workers: the facts a second that they read, and the processor
    seconds of the busiest worker. (A busy machine changes the second figure less.)"""

    workers: int
    rate: float
    most: float


def opened(url: str, *, create: bool = False) -> Log:
    return open_postgres(
        url,
        catalogue.by_log(),
        clock=now,
        keys=KnownKeys(),
        create=create,
        synthetic=False,
    )["evidence"]


def single_process_seconds(log: Log, url: str, views: tuple[View, ...]) -> float:
    """Return the processor seconds in which this process reads the whole log into these views."""
    engine = runner.open_views(url)
    runner.create(engine, VIEWS)
    began = time.process_time()
    runner.catch_up(engine, views, {"evidence": log})
    took = time.process_time() - began
    engine.dispose()
    return took


def work(
    store: str, views: str, share: tuple[int, ...], begin: Barrier, took: "Queue[float]"
) -> None:
    """Run one worker: wait for the signal `begin`, update this share of the views to the end of the
    log, and report the processor seconds."""
    log, engine = opened(store), runner.open_views(views)
    own_views = [view for part in share for view in PARTS[part]]
    log.last()
    begin.wait()
    began = time.process_time()
    runner.catch_up(engine, own_views, {"evidence": log})
    took.put(time.process_time() - began)
    engine.dispose()
    log.close()


def shared(store: str, views: str, workers: int) -> tuple[float, float]:
    """Return the seconds in which this many workers read the whole log, and the processor seconds
    of the busiest."""
    engine = runner.open_views(views)
    runner.create(engine, VIEWS)
    engine.dispose()
    parts = range(len(PARTS))
    share_size, spawn = len(parts) // workers, multiprocessing.get_context("spawn")
    took: Queue[float] = spawn.Queue()
    begin = spawn.Barrier(workers + 1)
    tasks = [
        partial(
            work,
            store,
            views,
            tuple(parts[n * share_size : n * share_size + share_size]),
            begin,
            took,
        )
        for n in range(workers)
    ]
    processes = [spawn.Process(target=task) for task in tasks]
    for process in processes:
        process.start()
    begin.wait()  # each worker has imported its modules before it waits here
    began = time.perf_counter()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise RuntimeError("a worker failed")
    return time.perf_counter() - began, max(took.get() for _ in processes)


def run(events: int) -> list[Rate]:
    """Return for each number of workers how many facts they read per second."""
    with running() as server:
        database = databases(server)
        store = database()
        log = opened(store, create=True)
        fill(log, events)
        last = log.last()
        log.close()
        rates = []
        for many in AT_ONCE:
            seconds, most = shared(store, database(), many)
            rates.append(Rate(many, last / seconds, most))
        return rates


def costs(events: int) -> dict[str, float]:
    """Return the cost of each view in microseconds per event, without the time to read the log."""
    with running() as server:
        database = databases(server)
        log = opened(database(), create=True)
        fill(log, events)
        nothing = min(single_process_seconds(log, database(), (view,)) for view in knowledge()[:3])
        micros_by_view = {
            view.name: (single_process_seconds(log, database(), (view,)) - nothing)
            / log.last()
            * 1e6
            for view in knowledge()
        }
        log.close()
    return micros_by_view | {"(reading)": nothing / events * 1e6}


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    if "--costs" in sys.argv:
        for name, micros in sorted(costs(many).items(), key=lambda one: -one[1]):
            sys.stdout.write(f"{micros:8.1f} µs a fact  {name}\n")
    else:
        for rate in run(many):
            told_of = f"{rate.rate:8.0f} facts a second, {rate.most:.1f} s of work at most"
            sys.stdout.write(f"{rate.workers} workers: {told_of}\n")
