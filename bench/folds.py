"""Measure the cost of an event in each view, and how it grows with the size of the store.

The events of `bench.views` are applied in batches of 1,000 to views in a file. For each view, the
report gives what one event costs: the microseconds of processor time, the added rows, and the bytes
of tables and indexes. The cost is measured after a tenth of the events and after all of them; for
all views together also at `SIZES`. The writes of a batch are counted separately. A figure that
grows more than `GROWTH` times between a tenth and all is *missed*: ten times as many events must
not make each event slower. Run alone: `python -m bench.folds [EVENTS]`.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from bench.views import START, fill
from domain import catalogue
from ledger.store.setup import open_sqlite
from projections.all_views import VIEWS
from projections.kernel import runner
from projections.kernel.batch import RowBatch
from projections.kernel.database import Engine
from projections.kernel.schema import View
from tests.ledger.known_keys import KnownKeys

#: How many facts are measured just before the store reaches each size.
MEASURED = 5_000
#: The sizes of the store, in facts, at which a fact must cost the same.
SIZES = (5_000, 20_000, 60_000)
#: The aims for all views together: at most this many microseconds, rows and bytes for one fact.
AIMS = (1e6 / 6_000, 9.0, 1_000.0)
#: A figure of a view may grow at most `GROWTH` times. A figure that is below the share `WORTH` of
#: the total of all views may grow more.
GROWTH, WORTH = 1.5, 0.02
WRITES = "(writes)"


def _tables(view: View) -> list[str]:
    return [row.table.name for row in view.rows]  # type: ignore[attr-defined]


TABLES = frozenset(name for view in VIEWS for name in _tables(view))


@dataclass(frozen=True)
class Cost:
    """What one fact costs in one view: microseconds, rows and bytes."""

    micros: float = 0.0
    rows: float = 0.0
    size: float = 0.0


Costs = Mapping[str, Cost]


def measure(events: int = 100_000) -> dict[int, Costs]:
    """Return the cost of a fact in each view, by the size of the store: for the sizes in `SIZES`,
    for a tenth of `events`, and for all `events`.
    """
    with tempfile.TemporaryDirectory(prefix="continuum-bench-") as directory:
        place = Path(directory)
        ticks = iter(range(10**9))
        log = open_sqlite(
            place,
            {"evidence": catalogue.by_log()["evidence"]},
            clock=lambda: START + timedelta(seconds=next(ticks)),
            keys=KnownKeys(),
            create=True,
        )["evidence"]
        fill(log, events)
        engine = runner.open_views(place / "views.db")
        runner.create(engine, VIEWS)
        costs_by_events: dict[int, Costs] = {}
        sizes = {size for size in (*SIZES, events // 10) if size < log.last()}
        for until in (*sorted(sizes), log.last()):
            before = max(until - MEASURED, 0)
            runner.catch_up(engine, VIEWS, {"evidence": log}, until={"evidence": before})
            rows = _rows(engine)
            with _timed() as spent:
                runner.catch_up(engine, VIEWS, {"evidence": log}, until={"evidence": until})
            facts = until - before
            added, taken = _rows(engine) - rows, _sizes(engine)
            of_views = {
                view.name: Cost(
                    spent[view.name] / facts * 1e6,
                    sum(added[name] for name in _tables(view)) / facts,
                    sum(taken[name] for name in _tables(view)) / until,
                )
                for view in VIEWS
            }
            costs_by_events[until] = {**of_views, WRITES: Cost(spent[WRITES] / facts * 1e6)}
        engine.dispose()
        log.close()
    return costs_by_events


def tenth_and_all(costs: Mapping[int, Costs]) -> tuple[Costs, Costs]:
    """Return two of the measured costs: at about a tenth of the largest size of the store, and at
    the largest size."""
    last = max(costs)
    return costs[min(costs, key=lambda size: abs(size - last // 10))], costs[last]


def in_all(costs: Costs, kind: str) -> float:
    """Return the sum over all views of one figure: "micros", "rows" or "size"."""
    return float(sum(getattr(cost, kind) for cost in costs.values()))


@contextmanager
def _timed() -> Iterator[Counter[str]]:
    """Yield a counter of the processor seconds that each view takes within the block, and of its
    database writes.
    """
    spent: Counter[str] = Counter()
    apply, flush = runner._apply, runner._flush

    def applied(batch: RowBatch, view: View, *rest: Any, **how: Any) -> None:
        began = time.process_time()
        apply(batch, view, *rest, **how)
        spent[view.name] += time.process_time() - began  # type: ignore[assignment]

    def flushed(batch: RowBatch) -> None:
        began = time.process_time()
        flush(batch)
        spent[WRITES] += time.process_time() - began  # type: ignore[assignment]

    with mock.patch.multiple(runner, _apply=applied, _flush=flushed):
        yield spent


def _rows(engine: Engine) -> Counter[str]:
    with engine.connect() as db:
        return Counter(
            {
                name: db.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
                for name in TABLES
            }
        )


def _sizes(engine: Engine) -> Counter[str]:
    """Return the bytes of each view's table with its indexes, including the index of words."""
    with engine.connect() as db:
        pages = db.exec_driver_sql("SELECT name, sum(pgsize) FROM dbstat GROUP BY 1").all()
        of_table = db.exec_driver_sql("SELECT name, tbl_name FROM sqlite_master").all()
    tables = {row.name: row.tbl_name for row in of_table}
    sizes: Counter[str] = Counter()
    for name, size in pages:
        table = tables.get(name, name)
        sizes[table if table in TABLES else table.partition("_words")[0]] += size
    return sizes


def table(costs: Mapping[int, Costs], most: int = 20) -> str:
    """Return a table of the views in which an event costs most, one line for each, and the total of
    all views."""
    first, last = tenth_and_all(costs)
    totals = [in_all(last, kind) for kind in ("micros", "rows", "size")]
    dearest = sorted(last, key=lambda name: -last[name].micros)[:most]
    dearest += sorted(set(last) - set(dearest), key=lambda name: -last[name].size)[:5]
    lines = [f"{'':<20}{'µs':>6}{'before':>8}{'rows':>8}{'before':>8}{'bytes':>8}{'before':>8}"]
    for name in dearest:
        now, then = last[name], first[name]
        missed = "  grows" if grows(then, now, totals) else ""
        lines.append(
            f"{name:<20}{now.micros:>6.0f}{then.micros:>8.0f}{now.rows:>8.2f}{then.rows:>8.2f}"
            f"{now.size:>8.0f}{then.size:>8.0f}{missed}"
        )
    for kind, aim, value in zip(("µs", "rows", "bytes"), AIMS, totals, strict=True):
        met = "met" if value <= aim else "missed"
        lines.append(f"all views, {kind} a fact: {value:,.1f} (aim {aim:,.0f}: {met})")
    return "\n".join(lines)


def grows(then: Cost, now: Cost, of_all: Sequence[float]) -> bool:
    """Return whether the time, rows or bytes of one event in a view grew more than `GROWTH` times
    from `then` to `now`, and are large enough to matter. `of_all` are the sums over all views.
    """
    pairs = ((then.micros, now.micros), (then.rows, now.rows), (then.size, now.size))
    return any(
        value > WORTH * whole and value > GROWTH * before
        for (before, value), whole in zip(pairs, of_all, strict=True)
    )


if __name__ == "__main__":
    print(table(measure(*map(int, sys.argv[1:2]))))
