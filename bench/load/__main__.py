"""Measure many users at the same time on a real server with PostgreSQL: `make load`.

The server, the database and the tool that plays the users share this machine's cores, so the times
are upper bounds. The benchmark also checks on any machine that every acknowledged record is in the
log exactly once.
"""

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

import httpx
import psutil
import psycopg

from commands.information import observation
from domain.information.observation import ObservationRecorded
from ingest.importing.load import import_files
from installation.opening import open_system
from installation.settings import Settings
from installation.system import System
from tests.postgres import databases, running
from tests.processes import LIMIT, child
from tests.web.conftest import free_port

CAVIAR = Path(__file__).parents[2] / "tests" / "data" / "caviar"
#: Nicknames of the people in the network; each is followed by a number.
CALLED = ("Baz", "Tel", "Shaz", "Mo", "Daz", "Kez", "Ste", "Jaz")
#: The most milliseconds that a read should take.
AIM = 300


def filled(url: str, home: Path, items: int) -> System:
    """Fill a store with a network of people, and with this many log entries in the queue."""
    settings = Settings(store=url, home=home, user="ds.hale")
    system = open_system(settings, create=True, synthetic=True)
    system.clock.given_time = None
    import_files(
        system.desk,
        system.reader,
        network_files(home),
        originals=system.originals,
        now=system.clock(),
        form="links",
    )
    drafts = [
        observation.prepare(
            system.desk, system.reader, words=f"Baz was in Mill Lane, in PK95 ABC, number {number}"
        )
        for number in range(items)
    ]
    for start in range(0, items, 500):
        system.desk.save(drafts[start : start + 500])
    system.keep_up()
    return system


def network_files(home: Path) -> list[Path]:
    """Write the files of the Caviar network with nicknames in place of the people's numbers, so
    that users can search for them; return the files' paths."""
    made = []
    for phase in sorted(CAVIAR.glob("phase-*.csv")):
        head, *rows = phase.read_text().split()
        lines = [
            ",".join(f"{CALLED[int(number) % len(CALLED)]} {number}" for number in row.split(","))
            for row in rows
        ]
        made.append(home / phase.name)
        made[-1].write_text("\n".join([head, *lines]) + "\n")
    return made


@contextmanager
def serving(url: str, home: Path, workers: int) -> Iterator[tuple[str, psutil.Process]]:
    """Run `continuum serve` as an operator does; yield its address and its process."""
    port = free_port()
    command = [sys.executable, "-m", "cli", "--store", url, "--home", str(home), "serve"]
    more = ["--workers", str(workers)] if workers > 1 else []
    address = f"http://127.0.0.1:{port}"
    serve = [*command, "--port", str(port), *more]
    with (home / "serve.log").open("w") as log, child(serve, stderr=log) as process:
        _wait_for(address, workers)
        yield address, psutil.Process(process.pid)
        process.terminate()
        process.wait(LIMIT)


def _wait_for(address: str, workers: int) -> None:
    """Wait until every worker has opened the store, because the port accepts connections before
    that.
    """
    answered = 0
    while answered < 3 * workers:
        with suppress(httpx.TransportError):
            answered += httpx.get(f"{address}/offline", timeout=30).is_success
        time.sleep(0.2)


def spent(process: psutil.Process) -> float:
    """Return the seconds of processor time that the server and its workers have used."""
    times = [part.cpu_times() for part in (process, *process.children(recursive=True))]
    return sum(part.user + part.system for part in times)


def connected(url: str) -> int:
    """Return the number of open connections to the database."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    with psycopg.connect(url) as connection:
        count: int = connection.execute(query).fetchall()[0][0]
    return count


def played(address: str, home: Path, users: int, seconds: int) -> list[dict[str, str]]:
    """Run the load tool, which plays the users. Return the measured times of each kind of request;
    print failed requests."""
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("people.py"))),
            *("--headless", "--host", address, "--users", str(users)),
            *("--spawn-rate", str(max(1, users // 5)), "--run-time", f"{seconds}s"),
            *("--csv", str(home / "load"), "--only-summary", "--stop-timeout", "10"),
            "--reset-stats",
        ],
        env=os.environ | {"LOAD_ACKNOWLEDGED": str(home / "acknowledged")},
        # the load tool's exit code is ignored, because the table shows the failed requests
        check=False,
        capture_output=True,
        text=True,
    )
    if not (home / "load_stats.csv").exists():
        raise SystemExit(ran.stderr)
    with (home / "load_failures.csv").open() as file:
        for row in csv.DictReader(file):
            sys.stdout.write(f"{row['Occurrences']} x {row['Name']}: {row['Error']}\n")
    with (home / "load_stats.csv").open() as file:
        return list(csv.DictReader(file))


def count_lost_and_repeated(system: System, acknowledged: list[UUID]) -> tuple[int, int]:
    """Return the number of acknowledged commands that are missing from the log, and the number that
    are in it twice."""
    log, command_ids = system.logs["evidence"], set[UUID]()
    records_by_command: Counter[UUID] = Counter()
    for start in range(0, log.last(), 5_000):
        for fact in log.read(start, 5_000):
            command_ids.add(fact.command_id)
            records_by_command[fact.command_id] += isinstance(fact.event, ObservationRecorded)
    return len(set(acknowledged) - command_ids), sum(
        records_by_command[item] > 1 for item in acknowledged
    )


def main() -> None:
    """Fill a store, serve it, let users work on it, print the times, and check that no record was
    lost or doubled."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--items", type=int, default=2_000)
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="continuum-load-"))
    with running() as server:
        system = filled(databases(server)(), home / "home", arguments.items)
        with serving(system.settings.store, home / "home", arguments.workers) as (address, process):
            before = spent(process)
            rows = played(address, home, arguments.users, arguments.seconds)
            work, connections = spent(process) - before, connected(system.settings.store)
        acknowledged = (home / "acknowledged").read_text().split()
        lost, twice = count_lost_and_repeated(
            system, [UUID(command_id) for command_id in acknowledged]
        )
        system.close()
    shutil.rmtree(home)
    sys.stdout.write(table(rows))
    request_count = next(int(row["Request Count"]) for row in rows if row["Name"] == "Aggregated")
    sys.stdout.write(
        f"\nThe server alone worked {work / max(request_count, 1) * 1000:.1f} ms a request "
        "and held "
        f"{connections} connections; so many wanted to work at once on {os.cpu_count()} cores: "
        f"{os.getloadavg()[0]:.1f}\n"
    )
    reads = [row for row in rows if row["Name"].startswith("read ")]
    slow = [row["Name"] for row in reads if float(row["95%"]) > AIM]
    sys.stdout.write(
        f"{len(acknowledged)} commands acknowledged, {lost} of them lost, {twice} there twice; "
        f"reads slower than {AIM} ms (p95): {', '.join(slow) or 'none'}\n"
    )
    raise SystemExit(bool(lost or twice))


def table(rows: list[dict[str, str]]) -> str:
    columns = ("50%", "95%", "99%", "Max Response Time")
    lines = [
        f"{'':<40}{'count':>8}{'failed':>8}{'a second':>10}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}"
    ]
    for row in rows:
        name = row["Name"]
        figures = "".join(f"{float(row[column]):>8.0f}" for column in columns)
        lines.append(
            f"{name:<40}{row['Request Count']:>8}{row['Failure Count']:>8}"
            f"{float(row['Requests/s']):>10.1f}{figures}"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
