"""Measure verification, proofs and the size of an encrypted log.

*Verifying* is the time in which the product reads and checks a log with two processes, compared
with computing the same hashes of records in memory. *Proof* is the time to make and check the proof
of a random record from tiles (stored pieces of the hash tree). *Bytes per event* is the size of the
whole log, compared with the stored events alone. Run alone: `python -m bench.integrity [EVENTS]`.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.material import BATCH, CATALOGUE, ids, now, submissions
from domain.kernel.envelope import Explained, LogName
from ledger.audit.parallel_scan import LARGE, examine_in_halves
from ledger.audit.unreadable import lost_words
from ledger.proof.checkpoint import Checkpoint, sign
from ledger.proof.head_map import HeadMap
from ledger.proof.heads import Collected
from ledger.proof.leaf import SealedRow, leaves_of, make_origin, prefix
from ledger.proof.leaf_scan import pages
from ledger.proof.merkle import Peaks
from ledger.proof.proof import Proven, prove
from ledger.proof.tiles import Writer
from ledger.store.log import Log
from ledger.store.setup import Catalogue, open_postgres, open_records, open_sqlite
from tests.ledger.known_keys import KnownKeys
from tests.postgres import running

MILLION = 1_000_000
ORIGIN = make_origin("bench", "evidence")
PROOFS = 50
#: The size of a log on a server in which the records without a key are searched, and the aim for
#: the search in seconds.
KEYLESS_OF, KEYLESS_IN = 16_000, 0.1
OTHERS: Catalogue = {"sources": (), "product": (), "access": ()}


@dataclass(frozen=True)
class Cost:
    """A measured figure and its aim."""

    what: str
    where: str
    measured: str
    aim: str = ""
    seconds: float | None = None


class Imagined:
    """A stand-in for a log of a million records. Each record is made when it is read."""

    def select_sealed(self, first: int, limit: int) -> list[SealedRow]:
        last = min(first + limit, MILLION + 1)
        return [self._row(seq) for seq in range(first, last)]

    def select_stream(self, stream: UUID) -> list[tuple[int]]:
        return [(stream.int,)]

    @staticmethod
    def _row(seq: int) -> SealedRow:
        number = seq.to_bytes(16, "big")
        return SealedRow(seq, number, 1, "bench.seen@1", number * 30, seq, bytes(32))


def verifying(place: str | Path, where: str) -> Cost:
    """Return the seconds in which the product verifies a log with two processes, and the seconds of
    the bare hashing in one. Each is the best of five, because other programs use the processors,
    too."""
    opened = open_records(place)
    records = opened["evidence"]
    origin, size = records.origin(), records.head()[0]
    start, ours, bare, busy, bare_busy = prefix(origin), [], [], [], []
    for _ in range(5):
        began, before = time.perf_counter(), os.times()
        examination = examine_in_halves(records, place, "evidence", origin, (size,))
        ours.append(time.perf_counter() - began)
        busy.append(_busier(before, os.times()))
        tree, spent, used = Peaks(), 0.0, 0.0
        for page in pages(records, 1):
            began, before = time.perf_counter(), os.times()
            tree.extend(leaves_of(start, page[0].seq, page) or [])
            spent += time.perf_counter() - began
            used += _busier(before, os.times())
        bare.append(spent)
        bare_busy.append(used)
        assert examination.tree.root() == tree.root()
        assert not examination.has_differences
    for log in opened.values():
        log.close()
    ratio, used_ratio = min(bare) / min(ours), min(bare_busy) / min(busy)
    text = f"{ratio:.2f} of bare, {used_ratio:.2f} by processor time"
    speed = f"{size / min(ours):,.0f} a second, {text}"
    return Cost(f"verify {size:,} on two processes", where, speed, "0.60")


def _busier(before: os.times_result, after: os.times_result) -> float:
    """Return the greater of two times: the processor seconds that this process used between
    `before` and `after`, and those of its child processes."""
    mine = after.user + after.system - before.user - before.system
    others = after.children_user + after.children_system
    return max(mine, others - before.children_user - before.children_system)


def finding_missing_text(place: str | Path, where: str) -> Cost:
    """Return how long `verify` takes to find the records whose text is missing without a reason."""
    opened = open_records(place)
    records, nothing = opened["evidence"], Explained(frozenset(), frozenset())
    spent = []
    for _ in range(3):
        began = time.perf_counter()
        assert not list(lost_words(records, "evidence", nothing))
        spent.append(time.perf_counter() - began)
    size = records.head()[0]
    for log in opened.values():
        log.close()
    return Cost(f"words missed, of {size:,}", where, f"{size / min(spent):,.0f} a second")


def _without_keys(url: str) -> Cost:
    """Return how long a server takes to find the records whose key is missing."""
    logs = _made(url)
    log = logs["evidence"]
    new = ids(0)
    for _ in range(0, KEYLESS_OF, BATCH):
        log.append(submissions(BATCH, new))
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("DELETE FROM evidence.evidence_keys WHERE get_byte(key_id, 0) < 16")
    spent = []
    for _ in range(3):
        began = time.perf_counter()
        found = log.key_table.keyless(KEYLESS_OF)
        spent.append(time.perf_counter() - began)
        assert 0 < len(found) < KEYLESS_OF
    for open_log in logs.values():
        open_log.close()
    title = f"records without a key, of {KEYLESS_OF:,}"
    return Cost(title, "PostgreSQL", f"{min(spent):.3f} s", f"{KEYLESS_IN} s", min(spent))


def proving(records: Any, origin: str, size: int, streams: Sequence[UUID], where: str) -> Cost:
    """Return the time of fifty proofs, each of which reads tiles (stored pieces of the hash tree)
    for the first time.
    """
    with tempfile.TemporaryDirectory() as directory:
        tiles, heads = Path(directory), HeadMap(origin)
        writer = Writer(tiles)
        tree, collected = Peaks(report=writer), Collected()
        for page in pages(records, 1):
            tree.extend(leaves_of(prefix(origin), page[0].seq, page) or [])
            collected.take(page)
        heads.update(collected.heads(size))
        heads.write(tiles / "heads", whole=True)
        checkpoint = Checkpoint(origin, size, tree.root(), heads.root())
        note = sign(checkpoint, Ed25519PrivateKey.generate())
        writer.flush(note)
        spent = []
        for stream in streams:
            began = time.perf_counter()
            prove(Proven(records, "evidence", tiles, tiles / "heads"), stream, note)
            spent.append((time.perf_counter() - began) * 1000)
    times = f"{median(spent):.1f} ms, best {min(spent):.1f}, worst {max(spent):.1f}"
    return Cost(f"a proof at {size:,}", where, times, "5 ms")


def keeping(place: str | Path, events: int, where: str) -> Cost:
    """Return the bytes of a log for each event, after SQLite has copied its write-ahead log into
    the database.
    """
    opened = open_records(place)
    states = sum(len(row.state) for page in pages(opened["evidence"], 1) for row in page)
    for log in opened.values():
        log.close()
    if isinstance(place, Path):
        size = sum(file.stat().st_size for file in place.glob("log.db*"))
    else:
        with psycopg.connect(place) as server:
            size = server.execute(
                "SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c "
                "WHERE relnamespace = 'evidence'::regnamespace AND relkind = 'r'"
            ).fetchone()[0]  # type: ignore[index]
    text = f"{size / events:,.0f}, of which the state {states / events:,.0f}"
    return Cost("bytes an event", where, text)


def _filled(log: Any, events: int) -> list[UUID]:
    """Write this many events into a log; return the ids of fifty of their streams."""
    new = ids(0)
    streams = []
    for _ in range(0, events, BATCH):
        batch = submissions(BATCH, new)
        log.append(batch)
        streams.append(batch[0].facts[0].originator_id)
    log.close()
    return random.Random(7).choices(streams, k=PROOFS)


def _made(place: str | Path) -> dict[LogName, Log]:
    catalogue = {**CATALOGUE, **OTHERS}
    if isinstance(place, Path):
        return open_sqlite(place, catalogue, clock=now, keys=KnownKeys(), create=True)
    return open_postgres(
        place, catalogue, clock=now, keys=KnownKeys(), create=True, synthetic=False
    )


def measure(events: int = 100_000) -> list[Cost]:
    """Return all figures of integrity; the measured logs are so large that `verify` uses a second
    process.
    """
    events = -(-max(events, LARGE + 50_000) // BATCH) * BATCH
    sample_ids = [UUID(int=n) for n in random.Random(7).sample(range(1, MILLION), PROOFS)]
    costs = [proving(Imagined(), ORIGIN, MILLION, sample_ids, "records imagined")]
    with tempfile.TemporaryDirectory(prefix="continuum-bench-") as directory, running() as server:
        files = Path(directory) / "store"
        url = server.get_uri()
        for place, where in ((files, "SQLite"), (url, "PostgreSQL")):
            logs = _made(place)
            streams = _filled(logs["evidence"], events)
            for log in logs.values():
                log.close()
            opened = open_records(place)
            records = opened["evidence"]
            costs += [
                verifying(place, where),
                finding_missing_text(place, where),
                proving(records, records.origin(), events, streams, where),
                keeping(place, events, where),
            ]
            for one in opened.values():
                one.close()
    return costs


def keyless() -> Cost:
    """Return how long a new server takes to find the records whose key is missing."""
    with running() as server:
        return _without_keys(server.get_uri())


def table(costs: Sequence[Cost]) -> str:
    return "\n".join(f"{c.what:<36}{c.where:<18}{c.measured:<58}{c.aim:>5}" for c in costs)


if __name__ == "__main__":
    print(table(measure(*map(int, sys.argv[1:2]))))
