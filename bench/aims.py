"""The figures for which users wait, each with its aim and whether it was *met* or *missed*.

This module measures the processor seconds of commands in new processes, and of a server's first
page. The other figures come from other benchmarks. `python -m bench.aims` runs this module alone,
without the other figures.
"""

import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx
import psutil

from bench import cold, folds, ingest, integrity, pages, store, views
from tests.processes import child, until
from tests.web.conftest import free_port

#: Commands as a user types them, each with the most processor seconds that it should take.
COMMANDS = {"--help": 0.10, "record --help": 0.15, "queue": 0.45, "record": 0.40}
TIMES = 5
#: The number of links in the store on which the commands run.
LINKS = 200
#: The aims for imports of each kind of file, in rows a second.
IMPORTS = {
    "provenance log, words read": 1_000.0,
    "links form": 2_000.0,
    "the same log again": 5_000.0,
}
#: The aims: the seconds to rebuild the views from 100,000 events, and the events a second when the
#: views catch up with the log.
REBUILD, CATCH_UP = 30.0, 6_000.0
#: Lists that became slower as the store grew in an earlier version, by their names in
#: `bench.pages`.
PAGES = frozenset({"list: network-victims", "list: network-counts", "retention"})
#: The aims: seconds until a server's first page, and mebibytes of memory of a worker and of the
#: follower.
FIRST_PAGE, WORKER, FOLLOWER = 1.0, 150.0, 120.0
#: The number of workers of the server whose memory is measured, and the most mebibytes that all its
#: processes together should need.
WORKERS, ALL = 2, 2 * WORKER + FOLLOWER


@dataclass(frozen=True)
class Figure:
    """A measured value and its aim. The aim is the greatest allowed value or, if `least` is set,
    the least. If `growth` is set and the aim is missed, the whole run fails."""

    what: str
    value: float
    aim: float
    least: bool = False
    growth: bool = False

    @property
    def met(self) -> bool:
        return self.value >= self.aim if self.least else self.value <= self.aim


def commands() -> Iterator[Figure]:
    """Yield the processor seconds of each command in `COMMANDS`, run in a new process."""
    with _store() as home:
        for words, aim in COMMANDS.items():
            arguments = ["--store", str(home), "--user", cold.WHO, *words.split()]
            if words == "--help":
                arguments = [words]
            text = "She was at the station with Baz in a blue Corsa again"
            took = [cold.alone(arguments, f"{text}, {turn}") for turn in range(TIMES)]
            yield Figure(f"{words}, processor seconds", median(took) / 1000, aim)


@contextmanager
def _store() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="continuum-bench-") as place:
        home = Path(place) / "store"
        cold.imported(home, Path(place) / "ties.csv", LINKS)
        yield home


def server() -> Iterator[Figure]:
    """Yield the processor seconds of a server until its first page, and the memory of a server with
    two workers.
    """
    with _store() as home:
        with _serving(home, 1) as first:
            yield Figure("first page of a server, processor seconds", _worked(first), FIRST_PAGE)
        with _serving(home, WORKERS) as first:
            below = [process for process in first.children(recursive=True) if _is_ours(process)]
            workers = [process for process in below if process.net_connections("tcp")]
            yield Figure("the largest of two workers, MiB", max(map(_memory_of, workers)), WORKER)
            others = [process for process in [first, *below] if process not in workers]
            yield Figure(
                "the largest process beside them, MiB", max(map(_memory_of, others)), FOLLOWER
            )
            yield Figure(
                "all processes of this server, MiB", sum(map(_memory_of, [first, *below])), ALL
            )


@contextmanager
def _serving(home: Path, workers: int) -> Iterator[psutil.Process]:
    """Start a server with this many worker processes, and yield its processes once each worker
    answers.
    """
    port = free_port()
    line = [*cold.PROGRAM, "--store", str(home), "serve", "--port", str(port)]
    line += ["--workers", str(workers)]
    with child(line, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as chief:
        first = psutil.Process(chief.pid)
        until(lambda: _gives(port), "the server gives no page")
        if workers > 1:
            until(lambda: len(_listening(first)) == workers, "not every process serves")
        yield first
        for process in first.children(recursive=True):
            process.terminate()


def _listening(first: psutil.Process) -> list[psutil.Process]:
    return [process for process in first.children(recursive=True) if process.net_connections("tcp")]


def _gives(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/offline", timeout=5).is_success
    except httpx.HTTPError:
        return False


def _worked(first: psutil.Process) -> float:
    times = [process.cpu_times() for process in [first, *first.children(recursive=True)]]
    return float(sum(time.user + time.system for time in times))


def _is_ours(process: psutil.Process) -> bool:
    """Return whether a process belongs to the server, and is not a helper of the standard library
    for shared memory.
    """
    return "resource_tracker" not in " ".join(process.cmdline())


def _memory_of(process: psutil.Process) -> float:
    """Return the mebibytes of memory of a process. Memory that it shares with other processes
    counts only by its share, if the system reports it.
    """
    memory = process.memory_full_info()
    return float(getattr(memory, "pss", memory.rss) / 2**20)


def of_folds(costs: Mapping[int, folds.Costs]) -> Iterator[Figure]:
    """Yield the processor microseconds of one event in all views (the tables computed from the
    log), for each size of the store, and how many times larger this cost is in a store of ten
    times the size."""
    micros, rows, size = folds.AIMS
    for events, view_costs in costs.items():
        title = f"a fact in all views of {events:,}, processor µs"
        yield Figure(title, folds.in_all(view_costs, "micros"), micros)
    first, last = folds.tenth_and_all(costs)
    times = folds.in_all(last, "micros") / folds.in_all(first, "micros")
    yield Figure("… at ten times as many, times", times, folds.GROWTH, growth=True)
    yield Figure("a fact in all views, rows", folds.in_all(last, "rows"), rows)
    yield Figure("a fact in all views, bytes", folds.in_all(last, "size"), size)


def of_rebuild(rebuilt: pages.Rebuilt) -> Iterator[Figure]:
    """Yield the seconds of a rebuild of all views by two processes, and the bytes of the views for
    each event.
    """
    yield Figure("a rebuild of all views by two processes, s", rebuilt.clock, REBUILD)
    yield Figure("… processor seconds", rebuilt.processor, REBUILD)
    yield Figure("an event in all views, with looks, bytes", rebuilt.size, folds.AIMS[2])


def of_imports(speeds: Sequence[ingest.Speed]) -> Iterator[Figure]:
    """Yield how many rows of each kind of file an import reads in a second."""
    for speed in speeds:
        if speed.what in IMPORTS:
            yield Figure(f"{speed.what}, rows/s", speed.rate, IMPORTS[speed.what], least=True)


def of_store(speeds: Sequence[store.Speed]) -> Iterator[Figure]:
    """Yield the cost of an encrypted append to the log, compared with an unencrypted append."""
    for speed in speeds:
        if speed.what == "one append, unsealed":
            title = f"a sealed append beside an unsealed one, {speed.database}"
            yield Figure(title, speed.ratio, speed.aim, least=True)


def of_integrity(cost: integrity.Cost) -> Iterator[Figure]:
    """Yield how long an audit takes to find the records whose key is missing."""
    if cost.seconds is not None:
        yield Figure(f"{cost.what}, s, {cost.where}", cost.seconds, integrity.KEYLESS_IN)


def of_pages(took: Sequence[pages.Took]) -> Iterator[Figure]:
    """Yield the time of each list in `PAGES`, and its aim."""
    for timing in took:
        if timing.what in PAGES:
            yield Figure(f"{timing.what}, ms, {timing.database}", timing.again, pages.AIM)


def of_views(speeds: Sequence[views.Speed]) -> Iterator[Figure]:
    """Yield how many events a second the views read when they catch up, and this speed as a share
    of the bare database driver's."""
    for speed in speeds:
        if speed.what.startswith("catch-up") and speed.ratio:
            title = f"catch-up beside the bare driver, {speed.database}"
            yield Figure(title, speed.ratio, views.AIM, least=True)
            yield Figure(f"… events/s, {speed.database}", speed.ours, CATCH_UP, least=True)


def table(figures: Sequence[Figure]) -> str:
    lines = [f"{'':<56}{'figure':>10}{'aim':>10}"]
    for figure in figures:
        verdict = "met" if figure.met else "missed"
        lines.append(
            f"{figure.what:<56}{short(figure.value):>10}{short(figure.aim):>10}  {verdict}"
        )
    return "\n".join(lines)


def short(value: float) -> str:
    """Return a figure with as many digits as a reader needs."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


if __name__ == "__main__":
    print(table([*commands(), *server()]))
