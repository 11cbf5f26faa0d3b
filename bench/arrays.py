"""Measure questions about the whole network as it grows: 10,000, 100,000 and 1,000,000 people.

Each person has five links. Half of the links go to a few people who have very many, and five people
have 10,000 links each. Rows are written directly into an index in memory, because recording a
million people would take a day. Building the index from the views' tables is measured with the rows
that `bench.network` makes. The same run measures networkx, rustworkx, igraph if it is installed,
and a recursive query of SQLite. Figures are CPU seconds and the highest memory of the process. Run
alone: `python -m bench.arrays [PEOPLE …]`.
"""

import argparse
import random
import sqlite3
import statistics
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import process_time
from typing import Any
from unittest import mock

import networkx as nx
import numpy as np
import rustworkx

from bench.network import DAY, READER, START, ends, person
from domain.kernel.values import CATEGORIES
from network.index import index
from network.index.growing_columns import Array, Numbers
from network.index.index import Index
from network.index.view_reader import NEVER
from network.measures import adjacency, partition
from network.query import around
from network.query.graph_builder import GRADED
from projections import all_views
from projections.intelligence import people as people_view
from projections.intelligence.links import LinkFilter
from projections.kernel.column_types import to_micros
from projections.kernel.database import Db
from projections.kernel.runner import create, open_views

#: The largest number of people for which networkx and rustworkx answer the same questions.
BESIDE = 100_000
LINKS, HUBS = 5, 5


def ids(numbers: Array) -> Array:
    """Return ids that sort in the same order as these numbers."""
    halves = np.zeros((len(numbers), 2), ">u8")
    halves[:, 0] = numbers + 1
    return halves.view("S16").reshape(-1)


def filled(people: int, links: int, seed: int = 1) -> Index:
    """Return an index of a network with this many people and links, like the index that is built
    from the views of `bench.network`.
    """
    draw = np.random.default_rng(seed)
    made, size = Index(), links
    made.ids = Numbers(ids(np.arange(people)))
    made.roots = Numbers(ids(np.arange(people)))
    start_micros = to_micros(START)
    made.things.add(
        {"kind": np.zeros(people), "known_from": np.full(people, start_micros),
         "scope": np.zeros(people), "judged": np.zeros(people)}
    )  # fmt: skip
    interest = CATEGORIES.index("person-of-interest")
    made.categories.add(
        {"who": np.arange(people), "code": np.full(people, interest),
         "known_from": np.full(people, start_micros), "known_to": np.full(people, NEVER)}
    )  # fmt: skip
    a, b = ends(people, size, draw, HUBS)
    rank = draw.integers(-1, 13, size)
    since = start_micros + draw.integers(0, 3650, size) * DAY
    names = ids(np.arange(size) + (1 << 40))
    made.links.add(
        {"link": names, "since": np.arange(size), "a": a, "b": b,
         "kind": np.full(size, index.KINDS.index("associate")), "stage": np.ones(size),
         "rank": rank, "root": draw.integers(0, people, size), "team": np.zeros(size),
         "scope": np.zeros(size), "weight": np.ones(size), "exhibited": np.zeros(size, bool),
         "valid_from": since,
         "valid_to": since + 90 * DAY, "known_from": start_micros + np.arange(size),
         "known_to": np.full(size, NEVER)}
    )  # fmt: skip
    return made


def measured_call(ask: Callable[[], Any]) -> tuple[float, Any]:
    """Call `ask`; return the CPU seconds of the call, and its result."""
    start = process_time()
    result = ask()
    return process_time() - start, result


def memory(*, again: bool = False) -> float:
    """Return the most memory, in MiB, that this process has used; with `again`, start a new
    measurement.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    most = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    if again:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return int(most.split()[1]) / 1024


def report(people: int, links: int) -> Iterator[str]:
    """Yield the measured lines for a network of this size, each as soon as its figure is
    measured.
    """
    engine = open_views(None)
    create(engine, all_views.VIEWS)
    made = filled(people, links)
    per_link = made.links.nbytes / made.links.size
    yield (
        f"{people:,} people, {made.links.size:,} links, {per_link:.0f} bytes a link in columns, "
        f"{made.links.nbytes / 2**20:,.0f} MiB of columns"
    )
    memory(again=True)
    with engine.connect() as db, mock.patch.object(index, "of", return_value=made):
        window = LinkFilter(since=START, until=START.replace(year=2015))
        for name, link_filter in (("now", GRADED), ("in a window", window)):
            cost, rows = measured_call(partial(made.visible_rows, db, READER, link_filter))
            yield f"  which links, {name:<28} {cost:8.3f}   ({len(rows):,})"
        cost, ties = measured_call(lambda: adjacency.read_adjacency(db, READER))
        yield f"  ties of all ({len(ties.a):,}){'':<17} {cost:8.2f}   {memory():,.0f} MiB"
        cost, _ = measured_call(lambda: adjacency.read_adjacency(db, READER, link_filter=window))
        yield f"  the same in the window{'':<19} {cost:8.2f}"
        yield from _groups(ties, people)
        yield from _ego(db, made, people)


def _groups(ties: adjacency.LinkedPeople, people: int) -> Iterator[str]:
    matrix = ties.matrix()
    beside = people <= BESIDE
    plain: Any = nx.from_scipy_sparse_array(matrix) if beside else None
    rusty: Any = partition.graph(matrix) if beside else None
    igraph: Any = None
    if find_spec("igraph"):
        installed = import_module("igraph")
        igraph = installed.Graph(
            len(ties), list(zip(ties.a.tolist(), ties.b.tolist(), strict=True))
        )
    comparisons: tuple[tuple[str, Any, Any, Any, Any], ...] = (
        (
            "components",
            lambda: partition.components(matrix),
            lambda: list(nx.connected_components(plain)),
            lambda: rustworkx.connected_components(rusty),
            lambda: igraph.connected_components(),  # noqa: PLW0108 (igraph may not be installed)
        ),
        (
            "k-core",
            lambda: partition.core_numbers(matrix),
            lambda: nx.core_number(plain),
            lambda: rustworkx.core_number(rusty),
            lambda: igraph.coreness(),  # noqa: PLW0108
        ),
        (
            "Leiden, one seed",
            lambda: partition.once(ties.matrix(ties.sure)),
            None,
            None,
            lambda: igraph.community_leiden("modularity"),
        ),
    )
    for name, ours, networkx, rusted, other in comparisons:
        own, _ = measured_call(ours)
        line = f"  {name:<41} {own:8.2f}   {memory(again=True):,.0f} MiB"
        for who, ask in (("networkx", networkx), ("rustworkx", rusted), ("igraph", other)):
            if ask and (igraph if who == "igraph" else beside):
                cost, _ = measured_call(ask)
                line += f"   {who} {cost:.2f} ({cost / max(own, 1e-9):.1f})"
        yield line


_AROUND = """
WITH RECURSIVE met(one, far) AS (
    SELECT ?, 0 UNION SELECT CASE WHEN a = one THEN b ELSE a END, far + 1
    FROM met JOIN ties ON (a = one OR b = one) AND rank >= 0 AND known_to = {never} WHERE far < 2
) SELECT count(DISTINCT one) FROM met
"""


def _ego(db: Db, made: Index, people: int) -> Iterator[str]:
    draw = random.Random(2)
    whom = [draw.randrange(people) for _ in range(100)]
    cost, _ = measured_call(made.by_end)
    yield f"  sorting the links by their ends{'':<10} {cost:8.2f}"
    lasted: list[float] = []
    with mock.patch.object(people_view, "leaders", return_value={}):
        for person_number in whom:
            start = process_time()
            around.around(db, READER, made, [person(person_number)], 2, GRADED)
            lasted.append((process_time() - start) * 1_000)
    cuts = statistics.quantiles(lasted, n=100)
    line = f"  2 hops in the index: p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms"
    if people <= BESIDE:
        with sqlite3.connect(":memory:") as ties:
            ties.execute("CREATE TABLE ties (a, b, rank, known_to)")
            columns = (made.links[name].tolist() for name in ("a", "b", "rank", "known_to"))
            ties.executemany("INSERT INTO ties VALUES (?, ?, ?, ?)", zip(*columns, strict=True))
            for end in ("a", "b"):
                ties.execute(f"CREATE INDEX by_{end} ON ties ({end})")
            slow: list[float] = []
            for person_number in whom:
                start = process_time()
                ties.execute(_AROUND.format(never=NEVER), (person_number,)).fetchall()
                slow.append((process_time() - start) * 1_000)
        cuts = statistics.quantiles(slow, n=100)
        line += f"; recursive query, nothing hidden: p50 {cuts[49]:.1f}, p95 {cuts[94]:.1f}"
    yield line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--links", type=int, default=LINKS, help="for each person")
    arguments = parser.parse_args()
    for people in arguments.people:
        for line in report(people, arguments.links * people):
            print(line, flush=True)


if __name__ == "__main__":
    main()
