"""Measure questions about a network of 100,000 people and 500,000 links: the network around a
person, a path between two people, the map of all people, and the groups. With `--kept` the
questions use a stored index, otherwise none.

A quarter of the ends of links belong to a few people, so that some people have hundreds of links,
as in real networks; each of the `--hubs` has 10,000. A tenth of the links are ungraded, and one
person in fifty was merged with another. Figures are CPU milliseconds. Run it alone with `python -m
bench.network [--people N] [--links N] [--hubs N]`.
"""

import argparse
import random
import statistics
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from time import process_time
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from msgspec.structs import replace

from domain.intelligence.identity import pair_stream
from domain.kernel.values import Grade, Reader
from network.index.index import VIEWS, of
from network.measures.groups import groups
from network.picture.top_links_picture import foremost
from network.query.graph_builder import GRADED
from network.query.paths import path
from network.query.view import Extent, ego
from projections import all_views
from projections.intelligence.links import LinkFilter, LinkRow, rank
from projections.intelligence.people import CategoryRow, EntityRow, JudgementRow, NameRow
from projections.kernel.column_types import to_micros
from projections.kernel.database import Db, Engine
from projections.kernel.runner import create, open_views
from projections.kernel.schema import Position

T = TypeVar("T")
READER = Reader("bench", "team-a", "police")
START = datetime(2010, 1, 1, tzinfo=UTC)
GRADES = ("1A", "1B", "2B", "2C", "2D", "3C", "3D", "2E", "1C", None)
AIM_MS = 100.0
DAY, YEAR = 86_400_000_000, timedelta(days=365)


def person(number: int) -> UUID:
    return UUID(int=number << 64)


def fill(engine: sa.Engine, people: int, links: int, seed: int = 1, hubs: int = 0) -> None:
    """Write a synthetic network directly into the views' tables. Each of this many `hubs` is linked
    to 10,000 people, or to a tenth of all people if that is fewer.
    """
    with engine.begin() as db:
        ids = [person(number + 1).bytes for number in range(people)]
        at = to_micros(START)
        _insert(db, EntityRow, (
            (person_id, seq, "person", None, "[]", "bench", "team-a", at, 0, None, None, None)
            for seq, person_id in enumerate(ids)
        ))  # fmt: skip
        _insert(db, NameRow, (
            (person_id, seq, f"Person {seq}", f"person {seq}", "name", 1, at)
            for seq, person_id in enumerate(ids)
        ))  # fmt: skip
        _insert(db, CategoryRow, (
            (person_id, seq, "person-of-interest", "told", "bench", at, None)
            for seq, person_id in enumerate(ids)
        ))  # fmt: skip
        _insert(db, LinkRow, _links(ids, links, np.random.default_rng(seed), hubs))
        draw = random.Random(seed)
        twins = (draw.sample(range(people), 2) for _ in range(people // 50))
        _insert(db, JudgementRow, (
            (pair_stream(person(a + 1), person(b + 1)).bytes, seq, "entities", ids[a], ids[b],
             "same", "told", "bench", at, None)
            for seq, (a, b) in enumerate(twins)
        ))  # fmt: skip


def ends(people: int, links: int, draw: np.random.Generator, hubs: int = 0) -> Any:
    """Return the numbers of the two people of each link. Some people have very many links, and each
    of the first `hubs` people is linked to 10,000 others, or to a tenth of all people if that is
    fewer.
    """
    skewed = np.where(draw.random(links) < 0.5, draw.random(links) ** 2, draw.random(links))
    a, b = (skewed * people).astype(np.int64), draw.integers(0, people, links)
    b = np.where(a == b, (b + 1) % people, b)
    many = min(10_000, people // 10)
    for hub in range(hubs):
        met = draw.choice(people - 1, many, replace=False) + 1
        a[hub * many : (hub + 1) * many] = (met + hub) % people
        b[hub * many : (hub + 1) * many] = hub
    b = np.where(a == b, (b + 1) % people, b)
    return a, b


def _links(
    ids: list[bytes], links: int, draw: np.random.Generator, hubs: int
) -> Iterator[tuple[Any, ...]]:
    start_micros = to_micros(START)
    ranks = [rank(Grade.parse(label)) if label else None for label in GRADES]
    for start in range(0, links, 1_000_000):
        size = min(1_000_000, links - start)
        a, b = ends(len(ids), size, draw, hubs if start == 0 else 0)
        grades, roots = draw.integers(0, len(GRADES), size), draw.integers(0, len(ids), size)
        starts = draw.integers(0, 10 * 365, size)
        for number, (first, other, grade, root, since) in enumerate(
            zip(a.tolist(), b.tolist(), grades.tolist(), roots.tolist(), starts.tolist(),
                strict=True), start
        ):  # fmt: skip
            label, valid = GRADES[grade], start_micros + since * DAY
            yield (
                ((1 << 100) + number).to_bytes(16), number, 1, ids[first], ids[other], "associate",
                "intelligence" if label else "information", label, ranks[grade],
                "P" if label else None, ids[root], ((2 << 100) + number).to_bytes(16), None, None,
                None, 0, "team-a", 1.0, None, valid, valid + 90 * DAY,
                start_micros + number * 60_000_000,
                None, None,
            )  # fmt: skip


def _insert(db: Db, row: Any, rows: Iterator[tuple[Any, ...]]) -> None:
    """Insert rows with a statement of the database driver itself (SQLite's or the server's)."""
    names = [f'"{column.name}"' for column in row.table.columns]
    statement = (
        f"INSERT INTO main.{row.table.name} ({', '.join(names)}) "
        f"VALUES ({', '.join('?' * len(names))})"
    )
    while batch := list(islice(rows, 20_000)):
        db.exec_driver_sql(statement, batch)


def around(engine: Engine, whom: list[UUID], hops: int) -> str:
    """Return as text the time to answer the network around each of these people, and the number of
    links shown."""
    sizes: list[int] = []

    def ask(db: Db, who: UUID) -> None:
        sizes.append(ego(db, READER, who, hops).graph.number_of_edges())

    text = _times_of(engine, whom, ask)
    return f"{text}  (links shown: median {statistics.median(sizes):.0f}, most {max(sizes)})"


def _times_of(engine: Engine, questions: list[T], ask: Callable[[Db, T], object]) -> str:
    """Return as text the time of the function `ask`, which is called once for each element of
    `questions` with a connection of its own."""
    taken: list[float] = []
    for question in questions:
        start = process_time()
        with engine.connect() as db:
            ask(db, question)
        taken.append((process_time() - start) * 1000)
    if len(taken) == 1:
        return f"{taken[0]:7,.0f} ms"
    cuts = statistics.quantiles(taken, n=100)
    return f"p50 {cuts[49]:5,.0f} ms  p95 {cuts[94]:5,.0f} ms  worst {max(taken):5,.0f} ms"


def report(
    people: int = 100_000,
    links: int = 500_000,
    times: int = 200,
    hubs: int = 0,
    *,
    kept: bool = False,
) -> Iterator[str]:
    """Yield lines with the measured times of questions about a network of this size."""
    with tempfile.TemporaryDirectory() as home:
        engine = open_views(Path(home) / "views.db")
        create(engine, all_views.VIEWS)
        fill(engine, people, links, hubs=hubs)
        yield f"{people:,} people, {links:,} links, {hubs} hubs, SQLite; aim: p95 {AIM_MS:.0f} ms"
        draw = random.Random(2)
        anybody = [person(number + 1) for number in draw.sample(range(people), times)]
        if not kept:
            yield "without an index"
            yield from _around_and_between(engine, anybody)
        yield f"with an index, made from the views' tables in {_times_of(engine, [None], _indexed)}"
        yield from _around_and_between(engine, anybody)
        yield from _of_all(engine)
        engine.dispose()


def _around_and_between(engine: Engine, anybody: list[UUID]) -> Iterator[str]:
    best = _best_connected(engine, min(len(anybody), 50))
    for name, whom in (("anybody", anybody), ("the best tied", best)):
        for hops in (1, 2):
            yield f"  {name:<13} {hops} hop(s): {around(engine, whom, hops)}"
    ends = list(pairwise(anybody))
    between = _times_of(engine, ends, lambda db, two: path(db, READER, *two))
    yield f"  a path between two    : {between}"


def _of_all(engine: Engine) -> Iterator[str]:
    window = replace(GRADED, since=START + 2 * YEAR, until=START + 7 * YEAR)

    def mapped(db: Db, link_filter: LinkFilter) -> object:
        return foremost(db, READER, Extent(), link_filter, "all", 300)

    def together(db: Db, link_filter: LinkFilter) -> object:
        return groups(db, READER, link_filter=link_filter)

    for when, chosen_filter in (("now", GRADED), ("in a window", window)):
        yield f"  the 300 best tied of all, {when}: {_times_of(engine, [chosen_filter], mapped)}"
        yield f"  groups that hang together, {when}: {_times_of(engine, [chosen_filter], together)}"
    leiden = _times_of(
        engine, [GRADED], lambda db, now: groups(db, READER, link_filter=now, method="leiden")
    )
    yield f"  groups by Leiden: {leiden}"


def _indexed(db: Db, _: None) -> None:
    """Build the index of the network in memory, as a process does before it answers its first
    question about the network.
    """
    for view in VIEWS:
        db.execute(sa.insert(Position.table).values(view=view, log="evidence", position=1))
    db.commit()
    of(db)


def _best_connected(engine: sa.Engine, number: int) -> list[UUID]:
    table = LinkRow.table
    count = sa.func.count().label("links")
    with engine.connect() as db:
        select = sa.select(table.c.a, count).group_by(table.c.a).order_by(count.desc())
        return [row.a for row in db.execute(select.limit(number))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--links", type=int, default=500_000)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--hubs", type=int, default=0)
    parser.add_argument("--kept", action="store_true")
    arguments = parser.parse_args()
    for line in report(
        arguments.people, arguments.links, arguments.times, arguments.hubs, kept=arguments.kept
    ):
        print(line, flush=True)


if __name__ == "__main__":
    main()
