"""Measure how long it takes to record an entry, and to open a page of the queue, while the views
are rebuilt.

This process sends both requests again and again: first alone, then while another process builds the
next generation of the views, as with `serve`. The aim for the longest wait is three times the 99th
percentile without a rebuild. The time and the disk space of the rebuild are also measured. Run
alone: `python -m bench.generations [EVENTS]`.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from access.database import reading, writing
from bench.views import Families
from commands.information import observation
from installation.opening import open_system
from installation.settings import Settings
from installation.system import System
from projections.information import queue
from projections.kernel.schema import Definition
from tests.postgres import databases, running
from web.server.view_rebuilder import ViewRebuilder

#: The aim for the longest wait while views are rebuilt, as a multiple of the 99th percentile
#: without a rebuild.
AIM = 3.0
#: The number of rounds of requests without a rebuild, and the seconds within which a rebuild must
#: end.
ALONE, PATIENCE = 300, 3600.0
_ON_SERVER = (
    "SELECT sum(pg_total_relation_size(format('%%I.%%I', schemaname, tablename)::regclass)) "
    "FROM pg_tables WHERE schemaname IN ('views', 'views_2')"
)
NOW = datetime(2012, 1, 1, tzinfo=UTC)
CLOCKS = queue.Clocks()


@dataclass
class Waits:
    """The seconds of each request that was sent to record an entry, and of each request for a page
    of the queue.
    """

    record: list[float] = field(default_factory=list)
    queue: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """The figures of one database. For both requests: the 99th percentile without a rebuild and the
    longest wait during one, in seconds. For the rebuild: its seconds, the bytes of the views, and
    the most additional bytes that it needed.
    """

    database: str
    events: int
    alone: tuple[float, float]
    meanwhile: tuple[float, float]
    rounds: int
    seconds: float
    size: int
    more: int


def measure(events: int) -> list[Row]:
    """Return the figures of each database, with this many events in the store."""
    rows = []
    with tempfile.TemporaryDirectory() as place:
        rows.append(_measured("sqlite", Path(place) / "store", str(Path(place) / "store"), events))
    with running() as server, tempfile.TemporaryDirectory() as place:
        rows.append(_measured("postgresql", Path(place), databases(server)(), events))
    return rows


def _measured(database: str, home: Path, store: str, events: int) -> Row:
    settings = Settings(store=store, home=home)
    system = open_system(settings, create=True, synthetic=True, now=NOW)
    try:
        _fill(system, events)
        system.keep_up()
        alone = Waits()
        for _ in range(ALONE):
            _round(system, alone)
        with _outdated(system):
            meanwhile, begun = Waits(), time.monotonic()
            beside = ViewRebuilder(settings, synthetic=True)
            before = system.views._places.current()
            size = most = _size(system, home)
            beside()
            while system.views._places.current() == before:
                assert time.monotonic() - begun < PATIENCE
                _round(system, meanwhile)
                most = max(most, _size(system, home))
            seconds = time.monotonic() - begun
        return Row(
            database,
            events,
            (_p99(alone.record), _p99(alone.queue)),
            (max(meanwhile.record), max(meanwhile.queue)),
            len(meanwhile.record),
            seconds,
            size,
            most - size,
        )
    finally:
        system.close()


def _size(system: System, home: Path) -> int:
    """Return the size of all views in bytes; the views are in files or in schemas of the database
    server.
    """
    if "://" not in system.settings.store:
        return sum(file.stat().st_size for file in home.glob("views-*.db*") if file.exists())
    with reading(system.views.engine) as db:
        return int(db.exec_driver_sql(_ON_SERVER).scalar() or 0)


def _fill(system: System, events: int) -> None:
    """Record this many events, as a team records them in some years."""
    log, batch = system.logs["evidence"], []
    for submission in Families().submissions():
        batch.append(submission)
        if len(batch) == 100:
            log.append(batch)
            batch = []
            if log.last() >= events:
                return


@contextmanager
def _outdated(system: System) -> Iterator[None]:
    """Make the product treat all views as outdated, as after a release that changed them."""
    with writing(system.views.engine) as db:
        db.execute(Definition.table.update().values(definition="of before"))
    yield


def _round(system: System, waits: Waits) -> None:
    def record() -> None:
        observation.record(system.desk, system.reader, words="A silver Corsa by the arcade.")

    def page() -> None:
        with system.reading() as db:
            queue.page(db, system.reader, system.clock(), CLOCKS)

    for ask, into in ((record, waits.record), (page, waits.queue)):
        into.append(_timed(ask))


def _timed(ask: Callable[[], object]) -> float:
    begun = time.monotonic()
    ask()
    return time.monotonic() - begun


def _p99(waits: list[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.99)]


def table(rows: list[Row]) -> str:
    waits = f"{'':12}{'record p99':>12}{'longest':>10}{'queue p99':>12}{'longest':>10}"
    lines = [f"{waits}{'made in':>10}{'rounds':>8}{'views':>10}{'more':>10}"]
    for row in rows:
        (record, page), (longest, last) = row.alone, row.meanwhile
        lines.append(
            f"{row.database:12}{1000 * record:>9.1f} ms{1000 * longest:>7.1f} ms"
            f"{1000 * page:>9.1f} ms{1000 * last:>7.1f} ms{row.seconds:>8.1f} s"
            f"{row.rounds:>8}{row.size / 1e6:>7.1f} MB{row.more / 1e6:>7.1f} MB"
        )
    return "\n".join([*lines, f"aim: the longest at most {AIM:.0f} times the p99 alone"])


if __name__ == "__main__":
    print(table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)))
