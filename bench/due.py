"""Measure how long the list of due items takes, with a hundred thousand open ones.

Entries, cases and notes of years are written into the views of due items and of access. A manager,
a detective and a worker then request their first page, a page far down the list, and the overdue
items, each with a count. *Bare* is the time in which the database driver alone reads all rows of
the table once. The cost of one fact in the view of due items is compared with its cost in the view
of the queue. Run alone: `python -m bench.due [ITEMS]`.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import UUID

import psycopg

from access.database import reading, writing
from domain.families.charity_support import NoteWritten
from domain.families.referral import CaseOpened, WorkerAllocated
from domain.information.observation import ObservationRecorded
from domain.kernel.envelope import Event, Recorded
from domain.kernel.values import Reader, Role
from projections import all_views, due
from projections.due import DueFilter
from projections.information import queue
from projections.kernel import runner
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db, Engine
from projections.kernel.schema import View
from projections.people_and_teams import item_access
from tests.postgres import databases, running

#: The aim in seconds for a page of due items with their count, with a hundred thousand open items.
AIM = 1.0
TIMES = 5
START = datetime(2010, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=700)
PAGE = 100
TEAMS = ("Engage", "Deter", "Cherish", "Freedom")
READERS: dict[str, Role] = {"manager": "manager", "detective": "detective", "worker": "psw"}
#: How many facts of a family start a deadline.
OPEN = 7


@dataclass(frozen=True)
class Took:
    """The seconds to answer one question about due items, and the seconds in which the bare
    database driver reads each row of the table once."""

    what: str
    database: str
    ours: float
    bare: float


def facts(items: int) -> Iterator[Recorded]:
    """Yield facts of families until this many items are due. The due items are cases without a
    worker or without a worker for the parents, notes with a review date, and entries to assess.
    """
    seq = 0
    for number in range(-(-items // OPEN)):
        team, case = TEAMS[number % len(TEAMS)], UUID(int=number * 100 + 1)
        events: list[tuple[UUID, Event]] = [
            (case, CaseOpened(UUID(int=number * 100 + 2), team)),
            (case, WorkerAllocated("psw.ellis", "parents")),
            (UUID(int=number * 100 + 3), _note(case)),
        ]
        events += [(UUID(int=number * 100 + 10 + n), _words(case, number + n)) for n in range(4)]
        for stream, event in events:
            seq += 1
            at = START + timedelta(minutes=seq)
            yield _recorded(seq, stream, at, team, event)


def _note(case: UUID) -> NoteWritten:
    day = date(2013, 1, 1)
    return NoteWritten(case, "parent", "view", "opinion", "worn out", "psw.ellis", "visits", day)


def _words(case: UUID, number: int) -> ObservationRecorded:
    urgent = number % 50 == 0
    return ObservationRecorded("snippet", "verbatim", f"words {number}", case, urgent=urgent)


def _recorded(seq: int, stream: UUID, at: datetime, team: str, event: Event) -> Recorded:
    version = 2 if isinstance(event, WorkerAllocated) else 1
    return Recorded(
        log="evidence",
        seq=seq,
        stream=stream,
        version=version,
        recorded=at,
        by="ds.hart",
        team=team,
        controller="police",
        regime="part-3",
        event=event,
        because_of=(),
        command_id=stream,
    )


def fold(engine: Engine, view: View, facts: Sequence[Recorded]) -> float:
    """Apply these facts to one view, a table computed from facts; return the microseconds for each
    fact."""
    began = time.perf_counter()
    for start in range(0, len(facts), runner.BATCH):
        with writing(engine) as db:
            batch = RowBatch(db)
            for fact in facts[start : start + runner.BATCH]:
                view.apply(fact, batch)
            batch.flush()
    return (time.perf_counter() - began) * 1_000_000 / len(facts)


def reader(role: Role) -> Reader:
    """Return a reader of one team with this role; a worker is assigned to two hundred families."""
    cases = frozenset(UUID(int=number * 400 + 1) for number in range(200))
    return Reader(
        "psw.ellis",
        "Engage",
        "police",
        closed=True,
        roles=frozenset({role}),
        teams=frozenset({"Engage"}),
        cases=cases if role == "psw" else frozenset(),
    )


def measure(items: int = 100_000) -> tuple[list[Took], list[tuple[str, str, float]]]:
    """Return the seconds of the questions and the microseconds of a fact, on both databases."""
    recorded_facts = list(facts(items))
    took: list[Took] = []
    cost: list[tuple[str, str, float]] = []
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "views.db"
        _measured(
            "SQLite", runner.open_views(path), recorded_facts, lambda: _sqlite(path), took, cost
        )
    with running() as server:
        url = databases(server)()
        _measured(
            "PostgreSQL", runner.open_views(url), recorded_facts, lambda: _postgres(url), took, cost
        )
    return took, cost


def _measured(
    database: str,
    engine: Engine,
    facts: Sequence[Recorded],
    bare: Callable[[], int],
    took: list[Took],
    cost: list[tuple[str, str, float]],
) -> None:
    try:
        runner.create(engine, all_views.VIEWS)
        views = item_access.VIEW, due.VIEW, queue.VIEW
        cost += [(database, view.name, fold(engine, view, facts)) for view in views]
        read = _median(bare)
        for who, role in READERS.items():
            for question, ask in _questions(reader(role)):
                with reading(engine) as db:
                    took.append(Took(f"{who}, {question}", database, _median(ask, db), read))
    finally:
        engine.dispose()


def _questions(somebody: Reader) -> Iterator[tuple[str, Callable[[Db], object]]]:
    def page(db: Db, due_filter: DueFilter, skip: int = 0) -> object:
        rows = due.page(db, somebody, NOW, due_filter, skip=skip, most=PAGE)
        return rows, due.count(db, somebody, NOW, due_filter)

    yield "first page", lambda db: page(db, DueFilter())
    yield "page 100", lambda db: page(db, DueFilter(), 100 * PAGE)
    yield "mine", lambda db: page(db, DueFilter(mine=True))
    yield "past", lambda db: page(db, DueFilter(past=True))
    yield "the team's, danger", lambda db: page(db, DueFilter(team="Engage", tier="danger"))
    yield (
        "every past item counted",
        lambda db: due.count(db, somebody, NOW, DueFilter(), most=10**6),
    )


def _median(ask: Callable[..., object], *of: object) -> float:
    def once() -> float:
        began = time.perf_counter()
        ask(*of)
        return time.perf_counter() - began

    return median(once() for _ in range(TIMES))


def _sqlite(path: Path) -> int:
    db = sqlite3.connect(path)
    try:
        return len(db.execute("SELECT * FROM due WHERE NOT ended ORDER BY due").fetchall())
    finally:
        db.close()


def _postgres(url: str) -> int:
    with psycopg.connect(url, options="-csearch_path=views") as db:
        return len(db.execute("SELECT * FROM due WHERE NOT ended ORDER BY due").fetchall())


def table(measured: tuple[list[Took], list[tuple[str, str, float]]]) -> str:
    took, cost = measured
    lines = [f"{'what is due':38} {'database':10} {'ours':>9} {'bare':>9} {'ratio':>6}"]
    lines += [
        f"{timing.what:38} {timing.database:10} {timing.ours * 1000:6.0f} ms "
        f"{timing.bare * 1000:6.0f} ms "
        f"{timing.ours / timing.bare:6.2f}{'' if timing.ours < AIM else f'  aim {AIM} s'}"
        for timing in took
    ]
    lines += [
        f"a fact of {view:28} {database:10} {micros:6.1f} µs" for database, view, micros in cost
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)))
