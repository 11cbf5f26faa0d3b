"""Measure a store of a police force's size: many records on a server, several workers that update
the views, and a second site that copies the log.

Two servers run on this machine. Records are appended to the first server in batches of 1,000, and
the second server copies its log, while two workers update the first server's views. Then two other
workers update the second server's views. The results are the speeds, how far the second site and
the views were behind at the end, the time of `verify` at the second site, the disk space, and
whether both sites' views are equal row by row. Run alone: `python -m bench.force [RECORDS]`.
"""

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.sites import opened, ready
from bench.views import fill
from installation import sites
from installation.settings import Settings
from ledger.audit.parallel_scan import examine_in_halves
from ledger.store.setup import open_records
from projections.all_views import PARTS, VIEWS
from projections.kernel import fingerprint, runner
from tests.ledger.two_servers import Machine, two
from tests.processes import until

WORKERS = 2
SEQ = "SELECT seq FROM evidence.evidence_head"
SIZE = "SELECT pg_database_size(current_database())"
#: The seconds that a worker waits before it looks again at a log that had no new record.
PAUSE = 0.05
LONG = 7_200.0


def query_number(url: str, question: str) -> int:
    with psycopg.connect(url, autocommit=True) as server:
        row = server.execute(question.encode()).fetchone()
    return int(row[0]) if row else 0


def work(store: str, views: str, share: tuple[int, ...], end: int) -> None:
    """Run one worker, which updates its share of the views until they have read `end` records."""
    log, engine = opened(store), runner.open_views(views)
    own_views = [view for part in share for view in PARTS[part]]
    while True:
        last = log.last()
        runner.catch_up(engine, own_views, {"evidence": log})
        if last >= end:
            break
        time.sleep(PAUSE)
    engine.dispose()
    log.close()


@contextmanager
def working(store: str, views: str, end: int) -> Iterator[None]:
    """Within the block, run processes that together update all views. At the end of the block, wait
    until each process has updated its share up to the record `end`."""
    engine = runner.open_views(views)
    runner.create(engine, VIEWS)
    engine.dispose()
    spawn = multiprocessing.get_context("spawn")
    # each worker updates an equal share of the views, as the processes of a server do
    share_size = len(PARTS) // WORKERS
    shares = [tuple(range(n * share_size, n * share_size + share_size)) for n in range(WORKERS)]
    processes = [spawn.Process(target=work, args=(store, views, share, end)) for share in shares]
    for process in processes:
        process.start()
    try:
        yield
        for process in processes:
            process.join()
        if any(process.exitcode for process in processes):
            raise RuntimeError("a worker failed")
    finally:
        for process in processes:
            process.kill()


def print_line(title: str, text: str) -> None:
    sys.stdout.write(f"{title}: {text}\n")
    sys.stdout.flush()


def measure(first: Machine, second: Machine, place: Path, records: int) -> None:
    """Append this many records; measure and print how fast the views and the second site follow."""
    here, there = first.database(), second.database()
    log = opened(here)
    settings = Settings(store=here, home=place, user="bench")
    other = settings.model_copy(update={"store": there})
    sites.publish(settings, "first")
    sites.follow(other, "second", here, witness=False)
    until(lambda: ready(other), "the tables are not copied")
    views = {"first": first.database(), "second": second.database()}
    began = time.perf_counter()
    with working(here, views["first"], records):
        fill(log, records)
        last, filled = log.last(), time.perf_counter()
        print_line("appended", f"{last:,} records, {last / (filled - began):,.0f} a second")
        until(lambda: query_number(there, SEQ) >= last, "the second site stays behind", within=LONG)
        print_line(
            "the second site had all", f"{time.perf_counter() - filled:.1f} s after the last"
        )
    finished = time.perf_counter()
    print_line("the first site's views had all", f"{finished - filled:.0f} s after the last")
    print_line(
        "facts a second into its views", f"{last / (finished - began):,.0f} by {WORKERS} workers"
    )
    began = time.perf_counter()
    with working(there, views["second"], last):
        pass
    took = time.perf_counter() - began
    print_line("the second site's views", f"{took:.0f} s, {last / took:,.0f} facts a second")
    records_there = open_records(there)["evidence"]
    began = time.perf_counter()
    examination = examine_in_halves(
        records_there, there, "evidence", records_there.origin(), (last,)
    )
    took = time.perf_counter() - began
    print_line(
        "verify at the second site",
        f"{took:.0f} s, {'odd' if examination.has_differences else 'whole'}",
    )
    for name, url in (("log", here), ("views", views["first"])):
        print_line(f"disk of the {name}", f"{query_number(url, SIZE) / 2**30:.2f} GiB")
    hashes = set()
    for url in views.values():
        engine = runner.open_views(url)
        with engine.connect() as db:
            hashes.add(fingerprint.of(db, VIEWS))
        engine.dispose()
    print_line("the views of both sites", "the same" if len(hashes) == 1 else "DIFFERENT")
    log.close()


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with two() as (a, b), tempfile.TemporaryDirectory() as home:
        measure(a, b, Path(home), many)
