"""Measure how long recording an entry takes while another process does long work.

One process updates the views, and another records entries again and again, alternately with and
without a case. Meanwhile other processes do one job after another: build a generation of the views,
import a file, back up the store, erase people, and make a pack of proofs. Before each job,
recording is measured without the job. The aim for the longest wait is three times the 99th
percentile without the job. A line is printed as soon as it is measured. Run alone: `python -m
bench.waiting [EVENTS [ROWS [SUBJECTS [DATABASE]]]]`; with 3000 500 20 the benchmark takes three
minutes on a quiet machine.
"""

import csv
import multiprocessing
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

import cli
from bench.generations import _fill, _outdated
from commands.erasure import erasure
from commands.families import referral
from commands.information import observation
from commands.kernel import entity
from console.engine.session import OpenStore
from ingest.importing.load import import_files
from installation import safekeeping
from installation.opening import open_system
from installation.settings import Settings
from installation.system import System
from tests.postgres import databases, running
from web.follower import following
from web.server.view_rebuilder import ViewRebuilder
from web.serving import settle

AIM = 3.0
NOW = datetime(2012, 1, 1, tzinfo=UTC)
#: The number of entries recorded before each job, and the seconds between two entries.
ALONE, PAUSE = 1_000, 0.005
#: The seconds after which a job is stopped; by then enough entries were recorded.
LONGEST = 300.0
_FORKED = multiprocessing.get_context("forkserver")


@dataclass(frozen=True)
class Row:
    """What one long job does to users who record entries: the job's seconds, whether it ended, and
    how many entries were recorded. `alone` and `meanwhile` are the waits without and with the
    job: the wait that one entry in a hundred exceeds, and the longest."""

    database: str
    what: str
    seconds: float
    ended: bool
    times: int
    alone: tuple[float, float]
    meanwhile: tuple[float, float]


@dataclass(frozen=True)
class Sizes:
    """The sizes of the jobs: events in the store at the beginning, imported rows, and erased
    people.
    """

    events: int = 20_000
    rows: int = 10_000
    subjects: int = 1_000


def measure(sizes: Sizes | None = None, database: str | None = None) -> Iterator[Row]:
    """Yield the figures of each job on both databases, or on `database` only."""
    chosen = sizes or Sizes()
    if database in (None, "SQLite"):
        with tempfile.TemporaryDirectory() as place:
            yield from _measured("SQLite", Path(place) / "store", None, chosen)
    if database in (None, "PostgreSQL"):
        with running() as server, tempfile.TemporaryDirectory() as place:
            yield from _measured("PostgreSQL", Path(place) / "store", databases(server)(), chosen)


def _measured(database: str, home: Path, url: str | None, sizes: Sizes) -> Iterator[Row]:
    settings = Settings(store=url or str(home), home=home)
    system = open_system(settings, create=True, synthetic=True, now=NOW)
    _fill(system, sizes.events)
    case = referral.receive(system.desk, system.reader, child="Ann Ash").id
    people = _people(system, sizes.subjects)
    words = observation.record(system.desk, system.reader, words="seen by the arcade").id
    _sign(settings, home)
    system.keep_up()
    system.close()
    long: dict[str, Callable[[], bool]] = {
        "a generation of the views": lambda: _elsewhere(_generation, settings),
        f"an import of {sizes.rows:,}": lambda: _elsewhere(_import, settings, sizes.rows),
        "a backup": lambda: _elsewhere(_backup, settings, home.parent / "backup"),
        "a pack of proofs": lambda: _elsewhere(_pack, settings, words, home.parent / "a.pack"),
        f"an erasure of {sizes.subjects:,}": lambda: _elsewhere(_erase, settings, people),
    }
    with following(settings, True), _recording(settings, str(case)) as waits:
        for task, go in long.items():
            waits()  # discard the waits recorded before the measurement
            alone: list[float] = []
            while len(alone) < ALONE:
                alone += waits()
            began = time.monotonic()
            ended = go()
            seconds = time.monotonic() - began
            meanwhile = waits()
            yield Row(
                database, task, seconds, ended, len(meanwhile), _longest(alone), _longest(meanwhile)
            )


def _longest(waits: list[float]) -> tuple[float, float]:
    ordered = sorted(waits)
    return ordered[len(ordered) * 99 // 100], ordered[-1]


@contextmanager
def _recording(settings: Settings, case: str) -> Iterator[Callable[[], list[float]]]:
    """Record entries in another process during the block. Yield a function that returns the seconds
    of each entry recorded since its last call."""
    ours, theirs = _FORKED.Pipe()
    process = _FORKED.Process(target=_record, args=(settings, case, theirs))
    process.start()
    ours.recv()

    def told() -> list[float]:
        ours.send("tell")
        waits: list[float] = ours.recv()
        return waits

    try:
        yield told
    finally:
        ours.send("end")
        process.join()


def _record(settings: Settings, case: str, pipe: Any) -> None:
    system = open_system(settings, now=NOW.replace(year=NOW.year + 1))
    # load beforehand what the first request of a page would otherwise load, as a server does
    settle()
    waits: list[float] = []
    pipe.send("ready")
    while True:
        for named in (None, case):
            began = time.monotonic()
            request = system.briefly("bench")
            observation.record(request.desk, request.reader, words="a silver Corsa", case=named)
            waits.append(time.monotonic() - began)
            time.sleep(PAUSE)
        if pipe.poll():
            if pipe.recv() == "end":
                break
            pipe.send(waits)
            waits = []
    system.close()


def _elsewhere(do: Callable[..., None], settings: Settings, *told: object) -> bool:
    """Run the function `do` in a separate process, until it returns or the time limit is over;
    return whether it returned."""
    process = _FORKED.Process(target=do, args=(settings, *told))
    process.start()
    process.join(LONGEST)
    if ended := not process.is_alive():
        assert process.exitcode == 0, do.__name__
    else:
        process.terminate()
        process.join()
    return ended


def _opened(settings: Settings) -> System:
    return open_system(settings, now=NOW.replace(year=NOW.year + 1))


def _generation(settings: Settings) -> None:
    # the process exits normally, so that its own child processes end with it
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    system = _opened(settings)
    before = system.views._places.current()
    with _outdated(system):
        ViewRebuilder(settings, synthetic=True).make()
    assert system.views._places.current() != before
    system.close()


def _import(settings: Settings, rows: int) -> None:
    system = _opened(settings)
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "log.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(("Date", "Time", "What happened", "Who told you", "Your name"))
            for n in range(rows):
                words = f"Seen by the arcade with Baz, silver Corsa PK95 ABC ({n})"
                writer.writerow(("14/02/2011", "22:15", words, "Jade", "Marion Oakes"))
        report = import_files(
            system.desk, system.reader, [file], originals=system.originals, now=NOW
        )
    assert report.read == rows
    system.close()


def _backup(settings: Settings, into: Path) -> None:
    system = _opened(settings)
    safekeeping.back_up(system, into, None)
    system.close()


def _pack(settings: Settings, item: UUID, into: Path) -> None:
    _line(settings, "pack", str(item), str(into), "--wait", "0")


def _sign(settings: Settings, home: Path) -> None:
    state = str(home.parent / "signer")
    _line(settings, "signer", "init", "--state", state)
    _line(settings, "signer", "run", "--state", state)


def _line(settings: Settings, *words: str) -> None:
    where = ("--store", settings.store, "--home", str(settings.home), "--user", "bench")
    store = OpenStore()
    code, _, err = cli.captured([*where, *words], "", store)
    store.close()
    assert code == 0, err


def _people(system: System, many: int) -> list[UUID]:
    made = [
        entity.prepare_person(system.desk, system.reader, name=f"Zed{n:x} Quib{n:x}", known=True)
        for n in range(many)
    ]
    return [receipt.id for receipt in system.desk.save(made)]


def _erase(settings: Settings, people: list[UUID]) -> None:
    system = _opened(settings)
    second = msgspec.structs.replace(system.reader, name="di.okoro")
    proposed, _ = erasure.propose(system.desk, system.reader, people, "part-3-s47")
    approval = erasure.approve(system.desk, second, proposed.id, system)
    assert approval.certificate
    system.close()


HEADING = (
    f"{'ms':<12}{'meanwhile':<28}{'p99 alone':>10}{'p99':>8}{'times':>7}"
    f"{'longest alone':>15}{'longest':>9}{'for s':>7}{'records':>9}"
)


def line(row: Row) -> str:
    (alone, worst), (meanwhile, longest) = row.alone, row.meanwhile
    return (
        f"{row.database:<12}{row.what:<28}{1000 * alone:>10.0f}{1000 * meanwhile:>8.0f}"
        f"{meanwhile / alone:>7.1f}{1000 * worst:>15.0f}{1000 * longest:>9.0f}"
        f"{row.seconds:>7.1f}{row.times:>9}{'' if row.ended else '  (broken off)'}"
    )


def main(sizes: Sizes | None = None, database: str | None = None) -> None:
    print(HEADING)
    for measured in measure(sizes, database):
        print(line(measured), flush=True)
    print(f"aim: at most {AIM:.0f} times the p99 alone")


if __name__ == "__main__":
    main(Sizes(*map(int, sys.argv[1:4])), *sys.argv[4:5])
