"""Where does each item stand between information, intelligence and evidence, and why?

An observation is information until a report grades it; evidence is an item of its own that points
back to the words. Every interval names the event that began it and the person behind that event.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from math import ceil
from typing import Any, ClassVar, Literal
from uuid import UUID

import sqlalchemy as sa

from access import scope
from domain.envelope import Recorded
from domain.evidence import (
    EvidenceExcluded,
    EvidenceGathered,
    EvidenceUndermined,
    EvidenceWithdrawn,
)
from domain.intelligence import ItemGraded, ReportWithdrawn
from domain.observation import ObservationRecorded, ObservationWithdrawn
from domain.values import STAGES, Reader, Stage
from projections.batch import Batch
from projections.schema import MICROSECOND, Db, View, rows

HOUR = timedelta(hours=1) // MICROSECOND

Status = Literal["live", "withdrawn", "excluded", "undermined"]


@rows("stages", key=("item", "seq"), index=(("report",), ("left",)))
@dataclass(frozen=True, slots=True)
class StageRow:
    """An item at a stage from `entered` until `left` (None: still), as the log knew it. `seq` is
    the log position of the event that moved it there; `report` the one that graded it."""

    table: ClassVar[sa.Table]
    item: UUID
    seq: int
    stage: Stage
    status: Status
    grade: str | None
    report: UUID | None
    team: str
    entered: datetime
    left: datetime | None
    moved_by: str
    moved_how: str
    by: str


@rows("stages_now", key=("item",))
@dataclass(frozen=True, slots=True)
class NowRow:
    """Which of an item's rows is the open one."""

    table: ClassVar[sa.Table]
    item: UUID
    seq: int


def apply(fact: Recorded, batch: Batch) -> None:
    match fact.event:
        case ObservationRecorded():
            _enter(batch, fact, "information")
        case ItemGraded() as event:
            grade = event.grade.label
            _move(
                batch,
                fact,
                event.observation,
                stage="intelligence",
                grade=grade,
                report=fact.stream,
            )
        case ReportWithdrawn():
            c = StageRow.table.c
            for row in batch.find(StageRow, c.report == fact.stream, c.left.is_(None)):
                _move(batch, fact, row.item, status="withdrawn")
        case EvidenceGathered():
            _enter(batch, fact, "evidence")
        case EvidenceExcluded():
            _move(batch, fact, fact.stream, status="excluded")
        case EvidenceUndermined():
            _move(batch, fact, fact.stream, status="undermined")
        case ObservationWithdrawn() | EvidenceWithdrawn():
            _move(batch, fact, fact.stream, status="withdrawn")


def _enter(batch: Batch, fact: Recorded, stage: Stage) -> None:
    how = fact.event.stored.name
    batch.put(
        StageRow(
            fact.stream,
            fact.seq,
            stage,
            "live",
            None,
            None,
            fact.team,
            fact.recorded,
            None,
            fact.ref,
            how,
            fact.by,
        )
    )
    batch.put(NowRow(fact.stream, fact.seq))


def _move(batch: Batch, fact: Recorded, item: UUID, **changes: Any) -> None:
    now = batch.get(NowRow, item)
    row = batch.get(StageRow, item, now.seq) if now else None
    if row is None:
        return
    batch.put(replace(row, left=fact.recorded))
    after = replace(
        row,
        seq=fact.seq,
        entered=fact.recorded,
        moved_by=fact.ref,
        moved_how=fact.event.stored.name,
        by=fact.by,
        **changes,
    )
    batch.put(after)
    batch.put(NowRow(item, fact.seq))


VIEW = View("continuum", (StageRow, NowRow), apply)


# --- queries ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dwell:
    """How long items stayed at a stage before they left it, by the log's clock. `median` and
    `p95` are hours, None where nothing has left it yet; `staying` counts what is there still."""

    stage: Stage
    left: int
    staying: int
    median: float | None
    p95: float | None


def _current(as_known: datetime | None) -> list[sa.ColumnElement[bool]]:
    c = StageRow.table.c
    if as_known is None:
        return [c.left.is_(None)]
    return [c.entered <= as_known, sa.or_(c.left.is_(None), c.left > as_known)]


def stand(db: Db, reader: Reader, as_known: datetime | None = None) -> list[StageRow]:
    """Where every item stood at a moment (None: now), oldest first."""
    table = StageRow.table
    where = (*_current(as_known), scope.sees(reader, table.c.item))
    select = sa.select(table).where(*where).order_by(table.c.seq, table.c.item)
    found = [StageRow(*row) for row in db.execute(select)]
    return _shown(db, reader, scope.checked(db, reader, found, lambda row: row.item))


def counts(db: Db, reader: Reader, as_known: datetime | None = None) -> dict[str, int]:
    """How many items stood at each stage; what no longer stands is counted apart, by its status,
    as "information withdrawn". Every stage is there, also where it holds nothing."""
    c = StageRow.table.c
    grouped = (
        sa.select(c.stage, c.status, sa.func.count())
        .where(*_current(as_known), scope.counts(reader, c.item))
        .group_by(c.stage, c.status)
    )
    found: Counter[str] = Counter()
    for stage, status, number in db.execute(grouped):
        found[stage if status == "live" else f"{stage} {status}"] += number
    rest = sorted(key for key in found if key not in STAGES)
    return {key: found[key] for key in (*STAGES, *rest)}


def dwell(db: Db, reader: Reader) -> list[Dwell]:
    """Median and 95th percentile (nearest rank) of the time spent live at each stage.

    A new grade is no move: the time at a stage runs on through it.
    """
    c = StageRow.table.c
    # of very many rows little is asked: they come as the database has them
    times = (sa.type_coerce(c.entered, sa.BigInteger), sa.type_coerce(c.left, sa.BigInteger))
    columns = (sa.type_coerce(c.item, sa.Text), c.stage, c.status, *times)
    counted = scope.counts(reader, c.item)
    select = sa.select(*columns).where(counted).order_by(c.item, c.seq)
    hours: dict[str, list[float]] = defaultdict(list)
    staying: Counter[str] = Counter()
    for (_, stage, status), stay in groupby(db.execute(select), key=lambda row: tuple(row[:3])):
        if status != "live":
            continue
        spells = list(stay)
        if spells[-1].left is None:
            staying[stage] += 1
        else:
            hours[stage].append((spells[-1].left - spells[0].entered) / HOUR)
    return [
        Dwell(
            stage,
            len(hours[stage]),
            staying[stage],
            _percentile(hours[stage], 0.5),
            _percentile(hours[stage], 0.95),
        )
        for stage in STAGES
    ]


def _percentile(values: list[float], share: float) -> float | None:
    if not values:
        return None
    return round(sorted(values)[ceil(len(values) * share) - 1], 2)


def story(db: Db, reader: Reader, item: UUID) -> list[StageRow]:
    """Every stage of one item, oldest first."""
    table = StageRow.table
    seen = scope.sees(reader, table.c.item)
    select = sa.select(table).where(table.c.item == item, seen).order_by(table.c.seq)
    found = [StageRow(*row) for row in db.execute(select)]
    return _shown(db, reader, scope.checked(db, reader, found, lambda row: row.item))


def _shown(db: Db, reader: Reader, found: list[StageRow]) -> list[StageRow]:
    """The stages; where the report that graded it is hidden, so are its grade and its author. The
    place in the log, which counts what others record, is told to nobody."""
    if not reader.closed:
        return found
    seen = scope.seen(db, reader, {row.report for row in found if row.report})
    return [
        replace(row, seq=number)
        if row.report is None or row.report in seen
        else replace(row, seq=number, grade=None, report=None, moved_by="", by="")
        for number, row in enumerate(found, start=1)
    ]
