"""Measure how fast the event store is, compared with the bare database driver on the same rows.

The store and the driver work alternately, batch by batch, so that a noisy machine slows both.

*Appending* is compared with inserts of prepared rows (*raw*), with a loop that encodes, encrypts
and writes the same bytes without a log (*a bare loop*, bare.py), and with an append of unencrypted
events (*unsealed*). *Replaying* returns events in batches of 1,000, compared with a loop that
selects, decrypts and decodes them; it is measured in a newly opened log and with cached keys. Run
alone: `python -m bench.store [EVENTS]`.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg

from bench.bare import Bare
from bench.material import BATCH, CATALOGUE, Seen, SeenInClear, ids, submissions
from bench.sides import PostgresSide, Side, SQLiteSide
from domain.kernel.envelope import Event, Fact, Submission
from ledger.proof.leaf import prefix
from tests.postgres import running

SINGLES = 1000
"""The number of single appends; each append waits for the disk."""

AT_HAND = 40_000
"""The number of events for which twice as many keys fit into memory."""


@dataclass(frozen=True)
class Speed:
    """Events a second of the product and of the bare driver in one comparison."""

    what: str
    database: str
    ours: float
    raw: float
    aim: float

    @property
    def ratio(self) -> float:
        return self.ours / self.raw


class Turns:
    """The seconds that the product and the bare driver took for the same work. They take turns in
    being first, batch by batch of the work."""

    def __init__(self) -> None:
        self.spent = [0.0, 0.0]
        self._taken = 0

    def take(self, ours: Callable[[], object], raw: Callable[[], object]) -> None:
        turns = [(0, ours), (1, raw)]
        if self._taken % 2:
            turns.reverse()
        for i, act in turns:
            began = time.perf_counter()
            act()
            self.spent[i] += time.perf_counter() - began
        self._taken += 1

    def speed(self, title: str, side: Side, events: int, aim: float) -> Speed:
        ours, raw = (events / spent for spent in self.spent)
        return Speed(title, side.name, ours, raw, aim)


def _bare(side: Side) -> Bare:
    return Bare(CATALOGUE["evidence"], prefix(side.log.origin()))


def raw_inserts(side: Side, events: int) -> Speed:
    """Compare the speed of encrypted appends with plain inserts of prepared rows."""
    bare, turns, first = _bare(side), Turns(), side.log.last() + 1
    new = ids(first * 10)
    for seq in range(first, first + events, BATCH):
        batch = submissions(BATCH, new)
        rows, _ = bare.rows(batch, seq)
        turns.take(lambda: side.log.append(batch), lambda: side.write(rows))  # noqa: B023
    return turns.speed("sealed append, raw inserts", side, events, 0.25)


def bare_loop(side: Side, events: int) -> Speed:
    """Compare the speed of encrypted appends with a plain loop that encodes, encrypts and writes
    the same events without a log."""
    bare, turns, first = _bare(side), Turns(), side.log.last() + 1
    new = ids(first * 10)
    for seq in range(first, first + events, BATCH):
        batch = submissions(BATCH, new)
        turns.take(
            lambda: side.log.append(batch),  # noqa: B023
            lambda: side.write(*bare.rows(batch, seq)),  # noqa: B023
        )
    return turns.speed("sealed append, a bare loop", side, events, 0.7)


def one_unsealed(side: Side) -> Speed:
    """Compare the speed of single encrypted appends with single unencrypted appends. Each append
    begins a new stream."""
    turns, new = Turns(), ids(side.log.last() * 10)
    for _ in range(SINGLES):
        (sealed,) = submissions(1, new)
        clear = _in_clear(sealed, new)
        turns.take(lambda: side.log.append([sealed]), lambda: side.log.append([clear]))  # noqa: B023
    return turns.speed("one append, unsealed", side, SINGLES, 0.9)


def _in_clear(sealed: Submission, new: Iterator[UUID]) -> Submission:
    (fact,) = sealed.facts
    event: Event = SeenInClear(*[getattr(fact.event, name) for name in Seen.__struct_fields__])
    return Submission(next(new), sealed.digest, (Fact(next(new), 1, fact.header, event),))


def one_raw(side: Side) -> Speed:
    """Compare the speed of single encrypted appends with single INSERT statements of the driver.
    (PostgreSQL waits less often for these.)"""
    bare, turns, first = _bare(side), Turns(), side.log.last() + 1
    new = ids(first * 10)
    for seq in range(first, first + SINGLES):
        batch = submissions(1, new)
        rows, _ = bare.rows(batch, seq)
        turns.take(lambda: side.log.append(batch), lambda: side.write(rows))  # noqa: B023
    return turns.speed("one append, raw insert", side, SINGLES, 0.0)


def replaying(side: Side, events: int, *, at_hand: bool) -> Speed:
    """Compare the speed of reading the log from its beginning with the bare driver. With `at_hand`,
    the data keys are already in the caches; otherwise the log was just opened."""
    bare, log = _bare(side), side.again()

    def raw(after: int) -> object:
        rows = side.read(after)
        if not at_hand:
            bare.open(side.read_keys(list({row[1] for row in rows})))
        return bare.told(rows)

    if at_hand:
        for after in range(0, events, BATCH):
            log.read(after, BATCH)
            bare.open(side.read_keys(list({row[1] for row in side.read(after)})))
    turns = Turns()
    for after in range(0, events, BATCH):
        turns.take(lambda: log.read(after, BATCH), lambda: raw(after))  # noqa: B023
    log.close()
    title = "replay, keys at hand" if at_hand else "replay, opened again"
    return turns.speed(title, side, events, 0.75)


def measure(events: int = 100_000) -> list[Speed]:
    """Return all speeds on both databases, with about `events` facts in each database."""
    speeds: list[Speed] = []
    part = -(-events // 2 // BATCH) * BATCH
    with tempfile.TemporaryDirectory(prefix="continuum-bench-") as directory, running() as server:
        place = Path(directory)
        urls = [server.get_uri(database=name) for name in ("ours", "raw")]
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name in ("ours", "raw"):
                connection.execute(f"CREATE DATABASE {name}".encode())
        sides: list[Side] = [SQLiteSide(CATALOGUE, place), PostgresSide(CATALOGUE, *urls)]
        for side in sides:
            speeds += [
                bare_loop(side, part),
                raw_inserts(side, part),
                replaying(side, 2 * part, at_hand=False),
                replaying(side, min(part, AT_HAND), at_hand=True),
                one_unsealed(side),
                one_raw(side),
            ]
            side.close()
    return speeds


def table(speeds: Sequence[Speed]) -> str:
    head = f"{'events a second':<28}{'database':<12}{'ours':>10}{'raw':>10}{'ratio':>7}{'aim':>6}"
    lines = [
        f"{s.what:<28}{s.database:<12}{s.ours:>10,.0f}{s.raw:>10,.0f}{s.ratio:>7.2f}"
        + (f"{s.aim:>6.2f}" if s.aim else "")
        for s in speeds
    ]
    return "\n".join([head, *lines])


if __name__ == "__main__":
    print(table(measure(*map(int, sys.argv[1:2]))))
