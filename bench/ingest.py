"""Measure how many rows a second are imported into a store on disk: until the last row is recorded,
and until all views show it. Another process updates the views, as on the command line.

For the figures *hubs*, very many people have a link to one town: a link should cost the same,
however many there are. For comparison, networkx and, if it is installed, DuckDB read the same links
into memory. Run alone: `python -m bench.ingest [ROWS]`.
"""

import csv
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from random import Random
from time import perf_counter
from unittest import mock

import networkx as nx

from ingest.importing.load import import_files
from ingest.importing.plan import plans
from ingest.importing.read_and_record import ImportProgress
from ingest.words.context import Context
from installation.opening import open_system
from installation.settings import load_settings
from installation.system import System
from web.follower import following_an_import

SNIPPETS = Path(__file__).parents[1] / "tests" / "data"
NOW = datetime(2012, 1, 1, tzinfo=UTC)
#: The aim for imports in rows a second: 10,000 rows in half a minute.
AIM = 10_000 / 30
LOG = ("Date", "Time", "What happened", "Who told you", "How do you know it is true?", "Car",
       "Child / case", "Your name")  # fmt: skip
CASES = 40
#: The number of rows of a log in which each car appears.
SEEN = 15
LETTERS = "ABCDEFGHJKLMNOPRSTUVWXY"
COLOURS = ("silver", "black", "white", "blue", "red", "grey", "dark blue", "green")
MODELS = ("Corsa", "Golf", "Transit", "Astra", "Focus", "Audi A3", "BMW", "Fiesta", "Polo", "Clio")
HUBS = (100, 1_000, 10_000)


@dataclass(frozen=True)
class Speed:
    """How many rows of one kind of file were imported, and in how many seconds."""

    what: str
    rows: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.rows / self.seconds


def _files(directory: Path, rows: int) -> dict[str, Path]:
    snippets = sorted(SNIPPETS.glob("snippets-*.jsonl"))
    lines = [line for file in snippets for line in file.read_text("utf-8").splitlines() if line]
    texts = [json.loads(line)["text"] for line in lines]
    draw = Random(1)
    cars = [_car(draw) for _ in range(max(rows // SEEN, 1))]
    log = [
        ("14/02/2011", "22:15", f"{texts[n % len(texts)]} ({n})", "Jade", "she told me",
         draw.choice(cars), f"C-{n % CASES}", "Marion Oakes")
        for n in range(rows)
    ]  # fmt: skip
    referrals = [(f"C-{n}", f"Tilly Marsh {n}", "14", "01/02/2011", "worried", "medium")
                 for n in range(CASES)]  # fmt: skip
    links = [(f"P{n % 997}", f"P{n % 1009 + 1000}", "2011-01-01") for n in range(rows)]
    tables: dict[str, Sequence[Sequence[str]]] = {
        "referrals": [("Reference", "Child's name", "Age", "Received", "Concern", "Threshold"),
                      *referrals],
        "provenance log": [LOG, *log],
        "links form": [("source", "target", "valid_from"), *links],
    }  # fmt: skip
    files = {}
    for name, table_rows in tables.items():
        files[name] = directory / f"{name}.csv"
        with files[name].open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(table_rows)
    return files


def _car(draw: Random) -> str:
    first, last = ("".join(draw.choices(LETTERS, k=number)) for number in (2, 3))
    colour, model = draw.choice(COLOURS), draw.choice(MODELS)
    return f"{colour} {model} {first}{draw.randint(91, 99)} {last}"


def measure(rows: int = 10_000) -> list[Speed]:
    """Import a provenance log and a file of links of `rows` rows each, then the same log again;
    return the speeds."""
    with tempfile.TemporaryDirectory() as directory:
        files = _files(Path(directory), rows)
        settings = load_settings(store=str(Path(directory) / "store"), user="bench")
        system = open_system(settings, create=True, synthetic=True, now=NOW)
        speeds: list[Speed] = []
        steps = (
            ("referrals", "referrals"),
            ("provenance log", "provenance log, words read"),
            ("links form", "links form"),
            ("provenance log", "the same log again"),
        )
        for file, title in steps:
            speeds += _imported(system, files[file], title)
        system.close()
        start = perf_counter()
        (plan,) = plans(files["provenance log"], Context(NOW))
        read = sum(1 for _ in plan.reads())
        speeds.append(Speed("reading the log's rows alone", read, perf_counter() - start))
        speeds += _other_programs(files["links form"], rows)
    return speeds[2:]


def _imported(system: System, file: Path, title: str) -> Iterator[Speed]:
    """Import a file. Yield how fast its rows were recorded in the log, and how fast all views
    showed them.
    """
    recorded: list[float] = []

    def progressed(progress: ImportProgress) -> None:
        recorded.append(perf_counter())
        follow(progress.recorded)

    start = perf_counter()
    with _lean_processes(), following_an_import(system) as follow:
        report = import_files(
            *(system.desk, system.reader, [file]),
            originals=system.originals,
            now=NOW,
            on_progress=progressed,
        )
    yield Speed(title, report.read, recorded[-1] - start)
    yield Speed("… with all views", report.read, perf_counter() - start)


@contextmanager
def _lean_processes() -> Iterator[None]:
    """Let new processes load only the modules that they need, as on the command line. Otherwise
    each process would import this module first.
    """
    with mock.patch.multiple(sys.modules["__main__"], __spec__=None, __file__=None):
        yield


def _other_programs(file: Path, rows: int) -> Iterator[Speed]:
    """Yield how fast networkx and, if it is installed, DuckDB read the same file of links into
    memory."""
    start = perf_counter()
    with file.open(encoding="utf-8", newline="") as form_file:
        graph = nx.Graph((row["source"], row["target"]) for row in csv.DictReader(form_file))
    yield Speed("the form alone, by networkx", rows, perf_counter() - start)
    assert graph.number_of_edges()
    if not find_spec("duckdb"):
        return
    start = perf_counter()
    with import_module("duckdb").connect() as db:
        db.execute(f"CREATE TABLE links AS SELECT * FROM read_csv('{file}')")
        (count,) = db.execute("SELECT count(*) FROM links").fetchone()
    yield Speed("the form alone, by DuckDB", rows, perf_counter() - start)
    assert count == rows


def hubs(sizes: Sequence[int] = HUBS) -> list[Speed]:
    """Return two speeds for each number in `sizes`: of importing a file in which this many people
    have a link to one town, and of rebuilding the views of the store afterwards."""
    speeds = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory) / "hub.csv"
            rows = ((f"P{n}", "person", "Town A", "place", "frequents") for n in range(size))
            with file.open("w", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows(
                    [("source", "source_kind", "target", "target_kind", "link"), *rows]
                )
            settings = load_settings(store=str(Path(directory) / "store"), user="bench")
            system = open_system(settings, create=True, synthetic=True, now=NOW)
            for action in ("imported", "rebuilt"):
                start = perf_counter()
                if action == "imported":
                    import_files(
                        system.desk, system.reader, [file], originals=system.originals, now=NOW
                    )
                else:
                    system.views.rebuild()
                speeds.append(Speed(f"a hub of {size:,}, {action}", size, perf_counter() - start))
            system.close()
    return speeds


def table(speeds: Sequence[Speed]) -> str:
    lines = [f"{'':32}{'rows':>8}{'seconds':>9}{'rows/s':>9}{'aim':>8}"]
    for speed in speeds:
        aimed = not any(word in speed.what for word in ("again", "alone", "rebuilt", "views"))
        aim = f"{AIM:8.0f}" if aimed else ""
        lines.append(f"{speed.what:32}{speed.rows:8,}{speed.seconds:9.1f}{speed.rate:9.0f}{aim}")
    return "\n".join(lines)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(table([*measure(count), *hubs([size for size in HUBS if size <= count])]))
