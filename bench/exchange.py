"""Measure the time from the commit of one force's offer until another force receives the alert over
the hub, with three forces and many tokens.

Tokens are random and are written directly into the hub's table; the connection, the matching and
the alert are the product's own. `continuum-hub run` works in a thread, and each force waits for its
own channel. Run alone: `python -m bench.exchange [TOKENS]`.
"""

import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from secrets import token_bytes
from statistics import quantiles
from tempfile import TemporaryDirectory
from threading import Event, Thread
from uuid import uuid4

import psycopg

from domain.kernel.envelope import Outgoing
from exchange import national
from exchange.hublink import HubLink
from exchange.tokens import Blinded, TokenKey
from tests.exchange.forces import NAMES, Nation, nation

TOKENS = 100_000
OFFERS = 200
WEEK = date(2026, 11, 23)


@dataclass(frozen=True)
class Figure:
    """A measured value, as text, and its name."""

    what: str
    figure: str


def add_tokens(three: Nation, tokens: int) -> None:
    """Add this many blind tokens to the hub, spread over all forces."""
    until = datetime.now(UTC).date() + timedelta(days=90)
    for start in range(0, tokens, 50_000):
        with three.hub.cursor() as cursor:
            copy = (
                "COPY hub.held (force, reference, recipient, token, kind, week, grade, handling, "
                "until, epoch) FROM STDIN"
            )
            with cursor.copy(copy) as rows:
                for number in range(start, min(start + 50_000, tokens)):
                    fields = "vehicle", WEEK, "B", "P", until, 1
                    who = NAMES[number % len(NAMES)]
                    rows.write_row((who, uuid4(), "all", token_bytes(32), *fields))
    three.hub.execute("INSERT INTO hub.tokens SELECT token, 0 FROM hub.held ON CONFLICT DO NOTHING")
    three.hub.execute("ANALYZE hub.held, hub.tokens")


def alerts(three: Nation, offers: int = OFFERS) -> list[float]:
    """Return for each offer the milliseconds from the moment at which one force has recorded it
    until another force reads the alert about it.
    """
    ended, waits = Event(), []

    def matching() -> None:
        with psycopg.connect(three.hub_url, autocommit=True) as hub:
            national.listen(hub)
            while not ended.is_set():
                national.match_all(hub)
                for _ in hub.notifies(timeout=0.2, stop_after=1):
                    break

    worker, chance = Thread(target=matching), Random(1)
    until = datetime.now(UTC).date() + timedelta(days=90)
    worker.start()
    links = {name: HubLink(three.link(name)) for name in NAMES}
    try:
        for _ in range(offers):
            here, there = chance.sample(NAMES, 2)
            token = token_bytes(32)
            offer_fields = "vehicle", WEEK, "B", "P", until, 1, token
            three.forces[here].send(Outgoing(uuid4(), "all", "offer", *offer_fields))
            three.arrived([here])
            _ = links[there].read_messages()
            begun = time.perf_counter()
            three.forces[there].send(Outgoing(uuid4(), "all", "offer", *offer_fields))
            while not (messages := links[here].read_messages()):
                links[here].wait(1.0)
            waits.append((time.perf_counter() - begun) * 1000)
            links[here].acknowledge([message.id for message in messages])
    finally:
        ended.set()
        worker.join()
        for link in links.values():
            link.close()
    return waits


def bulk(three: Nation, rows: int = 20_000) -> float:
    """Return how many offers a second the hub receives and matches when a force sends many offers
    at once."""
    until = datetime.now(UTC).date() + timedelta(days=90)
    offer_fields = "vehicle", WEEK, "B", "P", until, 2
    force = three.forces["aldmere"]
    begun = time.perf_counter()
    for _ in range(rows // 1_000):
        force.send(
            *(
                Outgoing(uuid4(), "all", "offer", *offer_fields, token_bytes(32))
                for _ in range(1_000)
            )
        )
    three.arrived(["aldmere"])
    national.match_all(three.hub)
    return rows / (time.perf_counter() - begun)


def blinding(tokens: int = 2_000) -> float:
    """Return how many blind tokens a force and the key service make together in a second of
    processor time.
    """
    key, begun = TokenKey(b"\1" * 32), time.process_time()
    mine = Blinded([f"vehicle {n}".encode() for n in range(tokens)])
    mine.unblinded(key.evaluate(mine.elements), key.public)
    return tokens / (time.process_time() - begun)


def measure(tokens: int = TOKENS) -> list[Figure]:
    with ExitStack() as stack:
        homes = stack.enter_context(TemporaryDirectory(prefix="continuum-"))
        three = stack.enter_context(nation(Path(homes)))
        add_tokens(three, tokens)
        waits = alerts(three)
        cuts = quantiles(waits, n=20)
        return [
            Figure("tokens at the hub meanwhile", f"{tokens:,}"),
            Figure("commit to alert, half of them within", f"{cuts[9]:.0f} ms"),
            Figure("commit to alert, 19 of 20 within", f"{cuts[18]:.0f} ms"),
            Figure("offered again in bulk and matched", f"{bulk(three):,.0f} rows/s"),
            Figure("tokens blinded, evaluated, proven, unblinded", f"{blinding():,.0f} /CPU s"),
        ]


def table(figures: list[Figure]) -> str:
    wide = max(len(figure.what) for figure in figures)
    return "\n".join(f"{figure.what:{wide}}  {figure.figure:>14}" for figure in figures)


if __name__ == "__main__":
    print(table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else TOKENS)))
