"""How long an ego network takes among 100,000 people and 500,000 links, at the 95th percentile.

A quarter of the ends are drawn with a heavy tail, so that some people are hubs of hundreds of
links, as in real networks. A tenth of the links are ungraded, one person in fifty was judged the
same as another. Run it alone with `python -m tests.bench.network`.
"""

import argparse
import random
import statistics
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from domain.identity import pair_stream
from domain.values import Grade, Reader
from network.view import ego
from projections.links import LinkRow, rank
from projections.people import CategoryRow, EntityRow, JudgementRow, NameRow
from projections.runner import create, open_views
from projections.schema import Db

READER = Reader("bench", "team-a", "police")
START = datetime(2010, 1, 1, tzinfo=UTC)
GRADES = ("1A", "1B", "2B", "2C", "2D", "3C", "3D", "2E", "1C", None)
AIM_MS = 300.0


def person(number: int) -> UUID:
    return UUID(int=number << 64)


def fill(engine: sa.Engine, people: int, links: int, seed: int = 1) -> None:
    """A synthetic network straight in the views' tables."""
    draw = random.Random(seed)
    at = START
    with engine.begin() as db:
        ids = [person(number + 1) for number in range(people)]
        _insert(db, EntityRow, (
            EntityRow(one, seq, "person", None, (), "bench", "team-a", at)
            for seq, one in enumerate(ids)
        ))  # fmt: skip
        _insert(db, NameRow, (
            NameRow(one, seq, f"Person {seq}", f"person {seq}", "name", True, at)
            for seq, one in enumerate(ids)
        ))  # fmt: skip
        _insert(db, CategoryRow, (
            CategoryRow(one, seq, "person-of-interest", "told", "bench", at, None)
            for seq, one in enumerate(ids)
        ))  # fmt: skip
        _insert(db, LinkRow, _links(ids, links, draw))
        twins = (draw.sample(ids, 2) for _ in range(people // 50))
        _insert(db, JudgementRow, (
            JudgementRow(
                pair_stream(a, b), seq, "entities", a, b, "same", "told", "bench", at, None
            )
            for seq, (a, b) in enumerate(twins)
        ))  # fmt: skip


def _links(ids: list[UUID], links: int, draw: random.Random) -> Iterator[LinkRow]:
    for number in range(links):
        skewed = draw.random() ** 2 if draw.random() < 0.5 else draw.random()
        a = ids[int(skewed * len(ids))]
        b = draw.choice(ids)
        while b == a:
            b = draw.choice(ids)
        label = draw.choice(GRADES)
        known = START + timedelta(minutes=number)
        yield LinkRow(
            UUID(int=(1 << 100) + number), number, 1, a, b, "associate",
            "intelligence" if label else "information", label,
            rank(Grade.parse(label)) if label else None, "P" if label else None,
            draw.choice(ids), UUID(int=(2 << 100) + number), None, None, None, False,
            "team-a", 1.0, None, None, None, known, None,
        )  # fmt: skip


def _insert(db: Db, row: Any, rows: Iterable[Any]) -> None:
    names = [column.name for column in row.table.columns]
    waiting: list[dict[str, Any]] = []
    for one in rows:
        waiting.append({name: getattr(one, name) for name in names})
        if len(waiting) == 20_000:
            db.execute(sa.insert(row.table), waiting)
            waiting.clear()
    if waiting:
        db.execute(sa.insert(row.table), waiting)


def measure(engine: sa.Engine, around: list[UUID], hops: int) -> str:
    """What an ego network around each of these takes, a connection each."""
    taken: list[float] = []
    sizes: list[int] = []
    for who in around:
        start = perf_counter()
        with engine.connect() as db:
            found = ego(db, READER, who, hops)
        taken.append((perf_counter() - start) * 1000)
        sizes.append(found.graph.number_of_edges())
    cuts = statistics.quantiles(taken, n=100)
    return (
        f"p50 {cuts[49]:4.0f} ms  p95 {cuts[94]:4.0f} ms  worst {max(taken):4.0f} ms  "
        f"(links shown: median {statistics.median(sizes):.0f}, most {max(sizes)})"
    )


def report(people: int = 100_000, links: int = 500_000, times: int = 200) -> list[str]:
    """The lines that the bench prints."""
    draw = random.Random(2)
    with tempfile.TemporaryDirectory() as home:
        engine = open_views(Path(home) / "views.db")
        create(engine)
        fill(engine, people, links)
        lines = [
            f"ego network, {people:,} people, {links:,} links, SQLite; aim: p95 {AIM_MS:.0f} ms",
        ]
        everybody = [person(draw.randrange(people) + 1) for _ in range(times)]
        hubs = _best_connected(engine, 50)
        for name, around in (("anybody", everybody), ("the 50 hubs", hubs)):
            lines += [
                f"  {name:<11} {hops} hop(s): {measure(engine, around, hops)}" for hops in (1, 2)
            ]
        engine.dispose()
    return lines


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
    asked = parser.parse_args()
    for line in report(asked.people, asked.links, asked.times):
        print(line)


if __name__ == "__main__":
    main()
