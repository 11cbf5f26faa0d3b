"""Measure how fast the views follow the log, compared with the bare database driver doing the same
writes.

*Raw* is the driver, which repeats the statements of the views in another database, without reading
or deciding anything. The two work alternately, so that a noisy machine slows both. A rebuild from
four times as many events should not need more memory. Run alone: `python -m bench.views [EVENTS]`.
"""

import re
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, cast
from unittest import mock
from uuid import UUID

import psycopg
from msgspec.structs import replace

from domain import catalogue
from domain.families.referral import CaseOpened, ReferralReceived, WorkerAllocated
from domain.forms.things import normal_form
from domain.information.observation import (
    ObservationAssessed,
    ObservationRead,
    ObservationRecorded,
    ObservationTaken,
    ObservationTriaged,
)
from domain.intelligence.entity import AliasAdded, PersonClassified, PersonRecorded, ThingRecorded
from domain.intelligence.intelligence_report import ItemGraded, ReportOpened
from domain.intelligence.link import LinkAsserted
from domain.kernel.envelope import Event, Fact, Header, Submission
from domain.kernel.values import Grade, Handling, LinkKind, Mention, Reader
from ledger.store.log import Log
from ledger.store.setup import open_sqlite
from projections import search
from projections.all_views import VIEWS
from projections.kernel import runner
from projections.kernel.batch import RowBatch
from tests.ledger.known_keys import KnownKeys
from tests.postgres import running

AIM = 0.5
AIM_SEARCH = 0.3
#: The most events that are measured on a server, because the ratio changes little with more.
SERVED = 30_000
#: Two sizes of the log, in events; a rebuild must need the same memory for both.
SIZES = (2_500, 10_000)
START = datetime(2010, 1, 1, tzinfo=UTC)
#: The number of families of one worker.
OF_A_WORKER = 25
WORKER = "psw.ellis"
READER = Reader("bench", "Engage", "police")
GIVEN = (
    "Barry",
    "Sharon",
    "Kayleigh",
    "Sean",
    "Zoe",
    "Darren",
    "Tasha",
    "Wayne",
    "Lee",
    "Chantelle",
)
SYLLABLES = ("mar", "lo", "kel", "vin", "ha", "ro", "den", "stor", "wick", "ple", "tor", "ber")
TALK = re.findall(
    r"\w+",
    """
    she was dropped at the end of the road again about ten by a silver car and would not say where
    she had been all evening the driver is older and waits by the station with two more lads they
    call him something short her phone rings all night and she has a new one nobody bought
    """,
)


class Families:
    """Makes commands such as a team gives: log entries with mentions and, after some entries, a
    person, a car, a case, a decision, a grade and links. With `at_work`, each family has a
    worker who records its entries, and there are places where people and cars were seen."""

    def __init__(self, seed: int = 1, *, at_work: bool = False) -> None:
        self._draw = Random(seed)
        self._made = 0
        self._at_work = at_work
        self._places: dict[str, UUID] = {}
        self._header = Header(WORKER, "Engage", "police", "part-3")

    def _id(self) -> UUID:
        self._made += 1
        mixed = self._made * 0x9E3779B97F4A7C15 % 2**62
        return UUID(int=(1_300_000_000_000 + self._made) << 80 | 7 << 76 | 2 << 62 | mixed)

    def _name(self) -> str:
        draw = self._draw
        family = "".join(draw.choices(SYLLABLES, k=draw.randint(2, 4)))
        return f"{draw.choice(GIVEN)} {family.title()}"

    def submissions(self) -> Iterator[Submission]:
        """Yield commands without end. They come in groups of 23 facts, or of about 29 with
        `at_work`."""
        draw = self._draw
        for group in count():
            case, child, man, car, report, link = (self._id() for _ in range(6))
            if self._at_work and group >= OF_A_WORKER:
                worker = f"psw.{group // OF_A_WORKER}"
                self._header = replace(self._header, by=worker)
            plate = "".join(draw.choices("ABCDEFGHJKLMN", k=2)) + "95" + f"{draw.choice('XYZ')}AB"
            yield self._command(
                (child, PersonRecorded(known=True, under_18=True, name=self._name())),
                (child, PersonClassified("vulnerable-child", "referred")),
                (case, CaseOpened(child, "Engage", f"ENG-{self._made}")),
                (case, ReferralReceived(concern="out at night")),
            )
            yield self._command(
                (man, PersonRecorded(known=True, name=self._name())),
                (man, AliasAdded("nickname", draw.choice(GIVEN)[:3])),
                (car, ThingRecorded("vehicle", plate, plate)),
            )
            entries = [self._id() for _ in range(5)]
            for entry in entries:
                name = self._name().lower()
                words = " ".join(draw.choices(TALK, k=30)) + f" {name} {plate}"
                at = words.index(name)
                mentions = (
                    Mention(at, at + len(name), "person", name, 0.9),
                    Mention(len(words) - len(plate), len(words), "vrm", plate, 0.9),
                )
                yield self._command(
                    (entry, ObservationRecorded("snippet", "verbatim", words, case, START)),
                    (entry, ObservationRead("v1", mentions)),
                )
            yield self._command((entries[0], ObservationTaken()))
            yield self._command((entries[1], ObservationTriaged("no-value", "heard before")))
            yield self._command(
                (report, ReportOpened("IR1", case)),
                (report, ItemGraded(1, entries[0], Grade("B", "2"), Handling("P"))),
                (entries[0], ObservationAssessed(report, 1)),
                (link, LinkAsserted(man, car, "uses", "intelligence", entries[0], report, 1)),
            )
            if self._at_work:
                allocated = WorkerAllocated(self._header.by, "child", True)
                yield self._command((case, allocated), first=2)
                if group % 5 == 0:
                    suspect = PersonClassified("suspect", "seen with her by two neighbours")
                    yield self._command((man, suspect), first=2)
                    met = self._graded(man, child, "associate", entries[0], report)
                    yield self._command((self._id(), met))
                owns = self._graded(man, car, "owns", entries[0], report)
                yield self._command((self._id(), owns))
                for entry in (man, car, car):
                    yield from self._seen(entry, entries[0], report)

    def _seen(self, item: UUID, words: UUID, report: UUID) -> Iterator[Submission]:
        """Yield the commands that record where a person or a car was seen."""
        name = f"{self._draw.randint(1, 40)} Mill Lane, Town {self._draw.choice('ABCDEF')}"
        if name not in self._places:
            self._places[name] = self._id()
            place = ThingRecorded("place", name, normal_form("place", name)[0])
            yield self._command((self._places[name], place))
        link = self._graded(item, self._places[name], "seen-at", words, report)
        yield self._command((self._id(), link))

    def _graded(
        self, item: UUID, other: UUID, kind: LinkKind, words: UUID, report: UUID
    ) -> LinkAsserted:
        """Return an event that asserts a graded link between two items. The link is based on this
        entry and on the first item of this report.
        """
        draw = self._draw
        grade = Grade.parse(f"{draw.randint(1, 3)}{draw.choice('ABCDE')}")
        return LinkAsserted(
            item, other, kind, "intelligence", words, report, 1, grade=grade, handling="P"
        )

    def _command(self, *told: tuple[UUID, Event], first: int = 0) -> Submission:
        """Return a command that records these events, each in its stream. `first` is the number of
        events that a stream already has."""
        versions: dict[UUID, int] = {}
        facts = []
        for stream, event in told:
            before = 2 if isinstance(event, ObservationTaken | ObservationTriaged) else first
            before = 3 if isinstance(event, ObservationAssessed) else before
            versions[stream] = versions.get(stream, before) + 1
            facts.append(Fact(stream, versions[stream], self._header, event))
        return Submission(self._id(), b"d" * 32, tuple(facts))


def fill(log: Log, events: int) -> None:
    """Record about `events` facts in the log, in batches of about 1,000."""
    batch: list[Submission] = []
    waiting = 0
    for submission in Families().submissions():
        batch.append(submission)
        waiting += len(submission.facts)
        if waiting >= runner.BATCH:
            log.append(batch)
            batch, waiting = [], 0
            if log.last() >= events:
                return


@dataclass(frozen=True)
class Speed:
    """The speeds of the views and of the bare driver. `aim` is the least ratio of the two, or the
    greatest value of `ours`."""

    what: str
    database: str
    ours: float
    raw: float | None
    aim: str

    @property
    def ratio(self) -> float | None:
        return self.ours / self.raw if self.raw else None


class Raw:
    """The bare database driver. It repeats in another database the SQL statements that the views
    ran."""

    def __init__(self, url: Path | str) -> None:
        twin = runner.open_views(url)
        runner.create(twin, VIEWS)
        self.written: list[tuple[str, Any, bool]] = []
        self._lent = twin.raw_connection()
        self._db = cast(Any, self._lent.driver_connection)
        if isinstance(url, str):
            # the driver begins no transaction by itself, because this class begins and ends them
            self._db.autocommit = True

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Within the block, save the SQL statements that the views run for each batch, so that the
        bare driver can repeat them.
        """
        tell = RowBatch._tell

        def told(batch: RowBatch, statement: str, given: Any, *, many: bool = False) -> None:
            self.written.append((statement, given, many))
            tell(batch, statement, given, many=many)

        with mock.patch.object(RowBatch, "_tell", told):
            yield

    def repeat(self) -> float:
        """Run again the statements saved since the last call; return the seconds."""
        began = time.perf_counter()
        self._db.execute("BEGIN")
        cursor = self._db.cursor()
        for statement, parameters, many in self.written:
            (cursor.executemany if many else cursor.execute)(statement, parameters)
        self._db.execute("COMMIT")
        self.written.clear()
        return time.perf_counter() - began

    def close(self) -> None:
        self._lent.invalidate()


def catching_up(log: Log, name: str, ours: Path | str, twin: Path | str, last: int) -> Speed:
    """Let all views read the log up to the event `last`, in batches of 1,000, and let the bare
    driver repeat their statements. Return the events a second of both."""
    engine = runner.open_views(ours)
    runner.create(engine, VIEWS)
    raw = Raw(twin)
    spent, repeated = 0.0, 0.0
    for until in range(runner.BATCH, last + runner.BATCH, runner.BATCH):
        with raw.listening():
            began = time.perf_counter()
            runner.catch_up(engine, VIEWS, {"evidence": log}, until={"evidence": min(until, last)})
            spent += time.perf_counter() - began
        repeated += raw.repeat()
    raw.close()
    engine.dispose()
    return Speed("catch-up of all views, events/s", name, last / spent, last / repeated, f">={AIM}")


def memory(log: Log, place: Path) -> Speed:
    """Return the most megabytes that a rebuild of the views needs: for a short log, and for a log
    of four times the length."""
    peaks: list[float] = []
    for until in SIZES:
        engine = runner.open_views(place / f"memory-{until}.db")
        runner.create(engine, VIEWS)
        tracemalloc.start()
        runner.rebuild(engine, VIEWS, {"evidence": log}, until={"evidence": until})
        peaks.append(tracemalloc.get_traced_memory()[1] / 2**20)
        tracemalloc.stop()
        engine.dispose()
    few, many = SIZES
    title = f"rebuild, MiB: {many:,} / {few:,} events"
    return Speed(title, "SQLite", peaks[1], peaks[0], "<=1.25")


def searching(name: str, url: Path | str) -> Speed:
    """Return the 95th percentile of the time of a search, in milliseconds."""
    searches = (
        "Barry",
        "sharron",
        "shaz",
        "silver car",
        "AB95",
        "95XAB",
        "marlokel",
        "new one nobody",
    )
    engine = runner.open_views(url)
    took: list[float] = []
    with engine.connect() as db:
        for words in searches * 10:
            began = time.perf_counter()
            search.search(db, READER, words)
            took.append((time.perf_counter() - began) * 1000)
    engine.dispose()
    took.sort()
    return Speed(
        "search, ms at the 95th percentile", name, took[int(len(took) * 0.95)], None, "<=300"
    )


def measure(events: int = 100_000) -> list[Speed]:
    """Return all speeds of the views, with `events` facts in the log."""
    speeds: list[Speed] = []
    with tempfile.TemporaryDirectory(prefix="continuum-bench-") as directory, running() as server:
        place = Path(directory)
        ticks = iter(range(10**9))
        log = open_sqlite(
            place,
            {"evidence": catalogue.by_log()["evidence"]},
            clock=lambda: START + timedelta(seconds=next(ticks)),
            keys=KnownKeys(),
            create=True,
        )["evidence"]
        fill(log, events)
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name in ("ours", "twin"):
                connection.execute(f"CREATE DATABASE {name}".encode())
        ours, twin = (server.get_uri(database=name) for name in ("ours", "twin"))
        last, path = log.last(), place / "ours.db"
        speeds.append(catching_up(log, "SQLite", path, place / "twin.db", last))
        speeds.append(catching_up(log, "PostgreSQL", ours, twin, min(last, SERVED)))
        speeds.append(searching("SQLite", path))
        speeds.append(searching("PostgreSQL", ours))
        speeds.append(memory(log, place))
        log.close()
    return speeds


def table(speeds: Sequence[Speed]) -> str:
    lines = [f"{'':<36}{'database':<12}{'ours':>10}{'raw':>10}{'ratio':>7}{'aim':>8}"]
    for s in speeds:
        raw, ratio = (f"{s.raw:,.0f}", f"{s.ratio:.2f}") if s.raw else ("-", "-")
        lines.append(f"{s.what:<36}{s.database:<12}{s.ours:>10,.0f}{raw:>10}{ratio:>7}{s.aim:>8}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(measure(*map(int, sys.argv[1:2]))))
