"""Measure how long it takes to find the shortest path between two people, with the evidence of each
step.

`bench.network` makes the network and writes it into the views' tables. The same run measures
programs that find only the number of steps, without access rules and evidence: networkx and
rustworkx on a graph in memory, and a recursive query in SQLite and (if it is installed) in DuckDB.
Figures are CPU milliseconds; the time to build the other programs' graph or table is given
separately. Run it alone with `python -m bench.paths [PEOPLE] [LINKS]`.
"""

import random
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import process_time
from typing import Any

import networkx as nx
import rustworkx
import sqlalchemy as sa

from bench.network import READER, fill, person
from network.query.paths import path
from projections import all_views
from projections.intelligence import people as people_view
from projections.intelligence.links import LinkRow
from projections.kernel.database import Engine
from projections.kernel.runner import create, open_views

TIMES, FEWER = 50, 10
#: The most links in a path that is searched, as in the product.
MOST = 8
#: The most links of a network for which a recursive query is measured.
RECURSIVE = 50_000
_WAY = """
WITH RECURSIVE met(one, far) AS (
    SELECT {start}, 0 UNION
    SELECT ties.b, far + 1 FROM met JOIN ties ON ties.a = met.one WHERE far < {most}
) SELECT min(far) FROM met WHERE one = {goal}
"""
#: A function that gets the numbers of two people and returns the number of links on a path between
#: them, or None if no path connects them.
Asked = Callable[[int, int], int | None]


def _visible_links(engine: Engine) -> tuple[list[tuple[int, int]], Callable[[int], int]]:
    """Return two things: the links that a reader sees by default, in both directions, as pairs of
    numbers of people; and a function from the number of a record to the number of the person who
    is shown for it."""
    c = LinkRow.table.c
    with engine.connect() as db:
        lead = people_view.clusters(db, READER)
        rows = db.execute(sa.select(c.a, c.b).where(c.rank.is_not(None), c.known_to.is_(None)))
        ends = {tuple(lead.get(end, end).int >> 64 for end in row) for row in rows}
    ties = sorted({way for a, b in ends if a != b for way in ((a, b), (b, a))})
    return ties, lambda one: lead.get(person(one), person(one)).int >> 64


def _networkx(ties: list[tuple[int, int]]) -> Asked:
    graph: Any = nx.Graph(ties)

    def asked(first: int, second: int) -> int | None:
        try:
            return len(nx.bidirectional_shortest_path(graph, first, second)) - 1
        except (nx.NetworkXNoPath, nx.NodeNotFound):
            return None

    return asked


def _rustworkx(ties: list[tuple[int, int]]) -> Asked:
    graph = rustworkx.PyGraph(multigraph=False)
    graph.extend_from_edge_list([(a, b) for a, b in ties if a < b])

    def asked(first: int, second: int) -> int | None:
        lengths = rustworkx.dijkstra_shortest_path_lengths(graph, first, lambda _: 1.0, second)
        return int(lengths[second]) if second in lengths else None

    return asked


def _sqlite(ties: list[tuple[int, int]]) -> Asked:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE ties (a, b, PRIMARY KEY (a, b)) WITHOUT ROWID")
    db.executemany("INSERT INTO ties VALUES (?, ?)", ties)
    return lambda one, other: db.execute(_WAY.format(start=one, goal=other, most=MOST)).fetchone()[
        0
    ]


def _duckdb(ties: list[tuple[int, int]]) -> Asked:
    db: Any = import_module("duckdb").connect(":memory:")
    db.execute("SET threads = 1")
    a, b = ([tie[end] for tie in ties] for end in (0, 1))
    db.execute("CREATE TABLE ties AS SELECT unnest(?::BIGINT[]) a, unnest(?::BIGINT[]) b", [a, b])
    return lambda one, other: db.execute(_WAY.format(start=one, goal=other, most=MOST)).fetchone()[
        0
    ]


BESIDE = {"networkx": _networkx, "rustworkx": _rustworkx, "SQLite": _sqlite, "DuckDB": _duckdb}


def _line(name: str, lasted: list[float], more: str = "") -> str:
    cuts = statistics.quantiles(lasted, n=20)
    return f"  {name:<11} p50 {cuts[9]:8.2f}  p95 {cuts[18]:8.2f}{more}"


def _lengths_and_times(
    ask: Asked, whom: list[tuple[int, int]]
) -> tuple[list[int | None], list[float]]:
    """Ask the function `ask` for the path between the two people of each pair. Return the number of
    links of each path, and the CPU milliseconds of each answer.
    """
    lengths, lasted = list[int | None](), list[float]()
    for first, other in whom:
        start = process_time()
        lengths.append(ask(first, other))
        lasted.append((process_time() - start) * 1_000)
    return lengths, lasted


def report(people: int = 10_000, links: int = 30_000) -> Iterator[str]:
    """Yield lines with the measured times of finding paths between two people. Raises ValueError if
    two programs find paths of different length.
    """
    yield f"Ways between two of {people:,} people with {links:,} links, CPU milliseconds"
    draw = random.Random(2)
    whom = [(draw.randrange(people) + 1, draw.randrange(people) + 1) for _ in range(TIMES)]
    with tempfile.TemporaryDirectory() as home:
        engine = open_views(Path(home) / "views.db")
        create(engine, all_views.VIEWS)
        fill(engine, people, links)
        ties, lead = _visible_links(engine)
        whom = [pair for pair in whom if lead(pair[0]) != lead(pair[1])]

        def ours(first: int, second: int) -> int | None:
            with engine.connect() as db:
                route = path(db, READER, person(first), person(second), max_hops=MOST)
            return len(route.steps) if route else None

        steps, lasted = _lengths_and_times(ours, whom)
        engine.dispose()
    yield _line("ours", lasted, "  with the evidence of each step")
    for name, made in BESIDE.items():
        if name == "DuckDB" and not find_spec("duckdb"):
            yield f"  {name:<11} left out: it is not installed in this environment"
            continue
        recursive = name in ("SQLite", "DuckDB")
        if recursive and links > RECURSIVE:
            yield f"  {name:<11} left out: it follows everything around one end, {MOST} steps far"
            continue
        start = process_time()
        ask = made(ties)
        built = process_time() - start
        sample_size = FEWER if recursive else TIMES
        lead_pairs = [(lead(source), lead(other)) for source, other in whom[:sample_size]]
        lengths, lasted = _lengths_and_times(ask, lead_pairs)
        if [far if far and far <= MOST else None for far in lengths] != steps[:sample_size]:
            raise ValueError(
                f"{name} finds paths of the lengths {lengths}, "
                f"but the right ones are {steps[:sample_size]}"
            )
        yield _line(name, lasted, f"  made in {built:.2f} s")


if __name__ == "__main__":
    for line in report(*map(int, sys.argv[1:3])):
        print(line, flush=True)
