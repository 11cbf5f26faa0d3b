"""Measure analyses of the whole network, in one process and on Spark, for 10,000, 100,000 and
1,000,000 links. A network has one person for each five links.

`bench.network` makes the network, in a database of views in a file. CPU seconds are the sum over
all processes, including Spark's Java and its workers: on a shared machine they are more reliable
than the clock. Spark runs on `local[2]`; its start is measured separately. Run alone: `python -m
bench.analysing [LINKS …]`; with --local Spark is left out.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar, get_args

import numpy as np
import psutil

from analytics import spark
from analytics.engine import Engine, run_analysis
from analytics.local import Local
from analytics.parts import Parts
from bench.network import READER, START, fill
from domain.kernel.codes import Analysis
from network.measures.link_stream import LinkPortion, LinkStream, all_ids
from projections import all_views
from projections.intelligence.links import LinkFilter
from projections.kernel.runner import create, open_views

T = TypeVar("T")
WHATS: tuple[Analysis, ...] = get_args(Analysis)
STRETCH = 1_000_000
_THIS = psutil.Process()


def spent() -> float:
    """Return the CPU seconds of this process and of its live child processes."""
    total = 0.0
    for process in (_THIS, *_THIS.children(recursive=True)):
        try:
            cpu_times = process.cpu_times()
        except psutil.Error:
            continue
        total += cpu_times.user + cpu_times.system
    return total


def measured_call(work: Callable[[], T]) -> tuple[float, float, T]:
    """Call `work`; return the CPU seconds and the elapsed seconds of the call, and its result."""
    cpu, clock = spent(), perf_counter()
    result = work()
    return spent() - cpu, perf_counter() - clock, result


def report(links: int, place: Path, *, with_spark: bool) -> Iterator[str]:
    """Yield the measured lines for a network of one size, each as soon as its figure is
    measured.
    """
    engine = open_views(place / "views.db")
    create(engine, all_views.VIEWS)
    fill(engine, links // 5, links, hubs=3)
    link_filter = LinkFilter(as_known=START.replace(year=2100))
    with engine.connect() as db:
        last = links + links // 5 + 10_000_000

        def read() -> tuple[LinkStream, list[LinkPortion]]:
            stream = LinkStream.begun(db, READER, all_ids(db), link_filter, "all")
            return stream, [
                stream.stretch(db, READER, at, at + STRETCH) for at in range(0, last, STRETCH)
            ]

        cpu, clock, (stream, portions) = measured_call(read)
    people = len(stream.ids)
    a, b = (np.concatenate([getattr(portion, end) for portion in portions]) for end in "ab")
    yield f"{links:,} links: {people:,} people, {len(a):,} ties"
    yield f"  {'read':<22} {cpu:8.1f} CPU s {clock:8.1f} s"
    local = answers(lambda: Local(people, a, b))
    yield from (f"  local  {line}" for line in result_lines(local))
    if not with_spark:
        return
    parts = Parts(place)
    for number, portion in enumerate(portions, start=1):
        if len(portion.a):
            parts.write(number, portion)
    cpu, clock = spent(), perf_counter()
    (place / "spark").mkdir()
    with spark.started(
        "local[2]", place / "spark", people, parts.files(), len(a), lambda number: None
    ) as other:
        other.degrees()
        cpu, clock = spent() - cpu, perf_counter() - clock
        yield f"  spark  {'started, and read':<18} {cpu:8.1f} CPU s {clock:8.1f} s"
        beside = answers(lambda: other)
        yield from (f"  spark  {line}" for line in result_lines(beside))
    for analysis in WHATS:
        apart = np.abs(local[analysis][2] - beside[analysis][2]).max()
        assert apart <= (1e-6 if analysis == "pagerank" else 0), (analysis, apart)
    yield "  both say the same"


def answers(made: Callable[[], Engine]) -> dict[Analysis, tuple[float, float, Any]]:
    """Run each analysis on the engine that `made` makes; return its CPU seconds, its elapsed
    seconds and its result.
    """
    return {analysis: measured_call(partial(_answer, made, analysis)) for analysis in WHATS}


def _answer(made: Callable[[], Engine], analysis: Analysis) -> Any:
    return run_analysis(made(), analysis)


def result_lines(results: dict[Analysis, tuple[float, float, Any]]) -> Iterator[str]:
    for analysis, (cpu, clock, _) in results.items():
        yield f"{analysis:<18} {cpu:8.1f} CPU s {clock:8.1f} s"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("links", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    options.add_argument("--local", action="store_true", help="without Spark")
    arguments = options.parse_args()
    for links in arguments.links:
        with tempfile.TemporaryDirectory() as place:
            for line in report(links, Path(place), with_spark=not arguments.local):
                print(line, flush=True)


if __name__ == "__main__":
    main()
