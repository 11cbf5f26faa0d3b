"""The view of the stages of items: which items are information, intelligence or evidence, since
when, and why.

An observation is information until a report grades it. Evidence is an item of its own that refers
to the original log entry. For each time at a stage, the view has the event that began it, and the
event's author.

The file is long because it is one view.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from math import ceil
from typing import Any, ClassVar, Literal
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.families.referral import CaseOpened
from domain.information.observation import (
    ObservationMoved,
    ObservationRecorded,
    ObservationWithdrawn,
)
from domain.intelligence.intelligence_report import ItemGraded, ReportWithdrawn
from domain.justice.evidence import (
    EvidenceGathered,
    EvidenceStatusChanged,
)
from domain.kernel.envelope import Recorded
from domain.kernel.values import STAGES, Reader, Stage
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.queries import ByIds, select_each
from projections.kernel.schema import View, rows

HUNDREDTH = timedelta(hours=1) / 100

Status = Literal["live", "withdrawn", "excluded", "undermined"]


@rows("stages", key=("item", "seq"), sparse=(("report",),))
class StageRow(Struct, frozen=True):
    """An item at a stage from `entered` until `left` (None if it is still at the stage). `seq` is
    the position in the log of the event that moved the item there; `report` is the report that
    graded the item.
    """

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


@rows("stages_now", key=("item",), index=(("case",), ("by", "case")))
class NowRow(Struct, frozen=True):
    """The present team of an item (the team of its case or, without a case, of its author), since
    when it has its stage and status, and the position of the item's last event (`seq`).
    """

    table: ClassVar[sa.Table]
    item: UUID
    seq: int
    since: datetime
    team: str
    case: UUID | None
    by: str


@rows("stages_teams", key=("case",))
class TeamRow(Struct, frozen=True):
    """The team of a case."""

    table: ClassVar[sa.Table]
    case: UUID
    team: str


@rows("stages_stand", key=("team", "stage", "status"))
class StandRow(Struct, frozen=True):
    """The number of a team's items that are at a stage (such as intelligence) with a status (such
    as live or withdrawn).
    """

    table: ClassVar[sa.Table]
    team: str
    stage: Stage
    status: Status
    many: int


@rows("stages_stays", key=("team", "stage", "hundredths"))
class StayRow(Struct, frozen=True):
    """How many of a team's items stayed at a stage for this time before they left it. The time is
    in hundredths of an hour, rounded to three digits, so that there are few rows for any number of
    items.
    """

    table: ClassVar[sa.Table]
    team: str
    stage: Stage
    hundredths: int
    many: int


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case CaseOpened() as event:
            batch.put(TeamRow(fact.stream, event.team))
        case ObservationRecorded() as event:
            _enter(batch, fact, "information", event.case)
        case ObservationMoved() as event:
            _refile(batch, fact, event.case)
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
            for row in batch.having(StageRow, report=fact.stream, left=None):
                _move(batch, fact, row.item, status="withdrawn")
        case EvidenceGathered() as event:
            _enter(batch, fact, "evidence", event.case)
        case EvidenceStatusChanged() as event:
            _move(batch, fact, fact.stream, status=event.status)
        case ObservationWithdrawn():
            _move(batch, fact, fact.stream, status="withdrawn")


def _enter(batch: RowBatch, fact: Recorded, stage: Stage, case: UUID | None) -> None:
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
    team = _team(batch, case) or fact.team
    batch.put(NowRow(fact.stream, fact.seq, fact.recorded, team, case, fact.by))
    _count(batch, team, stage, "live", 1)


def _team(batch: RowBatch, case: UUID | None) -> str | None:
    row = batch.get(TeamRow, case) if case else None
    return row.team if row else None


def _refile(batch: RowBatch, fact: Recorded, case: UUID | None) -> None:
    """Move an item, and the figures about its time at each stage, to the team of another case. If
    `case` is None, the item is in no case and its team does not change.
    """
    now = batch.get(NowRow, fact.stream)
    if now is None:
        return
    team = (_team(batch, case) or fact.team) if case else now.team
    batch.put(replace(now, team=team, case=case))
    if team == now.team:
        return
    found_rows = batch.having(StageRow, item=fact.stream)
    found_rows.sort(key=lambda row: row.seq)
    db_rows = [(row.item, row.stage, row.status, row.entered, row.left) for row in found_rows]
    for whose, more in ((now.team, -1), (team, 1)):
        _count(batch, whose, found_rows[-1].stage, found_rows[-1].status, more)
        for stage, hundredths in _times_at_stages(db_rows):
            if hundredths is not None:
                _stayed(batch, whose, stage, hundredths, more)


def _count(batch: RowBatch, team: str, stage: Stage, status: Status, more: int) -> None:
    before = batch.get(StandRow, team, stage, status)
    number = (before.many if before else 0) + more
    if number:
        batch.put(StandRow(team, stage, status, number))
    else:
        batch.drop(StandRow, team, stage, status)


def _stayed(batch: RowBatch, team: str, stage: Stage, hundredths: int, more: int) -> None:
    before = batch.get(StayRow, team, stage, hundredths)
    number = (before.many if before else 0) + more
    if number:
        batch.put(StayRow(team, stage, hundredths, number))
    else:
        batch.drop(StayRow, team, stage, hundredths)


def _hundredths(stay: timedelta) -> int:
    """Return a duration in hundredths of an hour, rounded to three digits."""
    exact = stay / HUNDREDTH
    step = 10 ** max(0, len(str(int(exact))) - 3)
    return int(round(exact / step) * step)


def _move(batch: RowBatch, fact: Recorded, item: UUID, **changes: Any) -> None:
    now = batch.get(NowRow, item)
    row = batch.get(StageRow, item, now.seq) if now else None
    if now is None or row is None:
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
    if (after.stage, after.status) == (row.stage, row.status):
        batch.put(replace(now, seq=fact.seq))
        return
    if row.status == "live":
        _stayed(batch, now.team, row.stage, _hundredths(fact.recorded - now.since), 1)
    _count(batch, now.team, row.stage, row.status, -1)
    _count(batch, now.team, after.stage, after.status, 1)
    batch.put(replace(now, seq=fact.seq, since=fact.recorded))


VIEW = View("continuum", (StageRow, NowRow, TeamRow, StandRow, StayRow), apply, version=2)


# --- queries ------------------------------------------------------------------------------------


class Dwell(Struct, frozen=True):
    """How long items stay at a stage: from the record of this stage to the record of the next.

    `left` is the number of items that left the stage, `staying` the number still at it. `median`
    and `p95` are hours, None if no item has left the stage.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("stage", "stage"),
        Column("staying", "items at this stage"),
        Column("left", "items that moved on"),
        Column("usually", "median time"),
        Column("latest", "95% of cases within"),
    )
    order: ClassVar[tuple[str, ...]] = ("stage",)
    stage: Stage
    left: int
    staying: int
    median: float | None
    p95: float | None

    @property
    def usually(self) -> str | None:
        """Return, in words, the median time at the stage."""
        return _hours(self.median)

    @property
    def latest(self) -> str | None:
        """Return in words the time after which 95 in 100 items had left the stage."""
        return _hours(self.p95)


def _hours(hours: float | None) -> str | None:
    return None if hours is None else f"{hours:.1f} h"


class StageCount(Struct, frozen=True):
    """The number of items at a stage, or of items that were withdrawn, excluded or undermined at a
    stage.
    """

    columns: ClassVar[tuple[Column, ...]] = (Column("what", "stage"), Column("many", "items"))
    order: ClassVar[tuple[str, ...]] = ("what",)
    what: str
    many: int


def _current(as_known: datetime | None) -> list[sa.ColumnElement[bool]]:
    c = StageRow.table.c
    if as_known is None:
        return [c.left.is_(None)]
    return [c.entered <= as_known, sa.or_(c.left.is_(None), c.left > as_known)]


def counts(db: Db, reader: Reader, as_known: datetime | None = None) -> dict[str, int]:
    """Return the number of items at each stage, also if it is 0. Items that were withdrawn,
    excluded or undermined are counted separately, for example as "information withdrawn".
    """
    number_by_stage: Counter[str] = Counter()
    for stage, status, number in _standing(db, reader, as_known):
        number_by_stage[stage if status == "live" else f"{stage} {status}"] += number
    rest = sorted(key for key in number_by_stage if key not in STAGES)
    return {key: number_by_stage[key] for key in (*STAGES, *rest)}


def _standing(
    db: Db, reader: Reader, as_known: datetime | None = None
) -> Iterator[tuple[Stage, Status, int]]:
    """Yield rows of a stage, a status and a number of items. The caller has to add up the numbers
    of equal rows: for whole teams the numbers are stored sums; the reader's other items are
    counted.
    """
    c, n, s = StageRow.table.c, NowRow.table.c, StandRow.table.c
    figures = scope.figures(reader) if as_known is None else None
    grouped = sa.select(c.stage, c.status, sa.func.count()).group_by(c.stage, c.status)
    if figures is None:
        select = grouped.where(*_current(as_known), scope.counts(reader, c.item))
        if (little := _few_items(reader, c.item)) is not None:
            select = select.where(little)
        yield from (tuple(row) for row in db.execute(select))
        return
    stored_counts = sa.select(s.stage, s.status, s.many)
    if figures.teams is not None:
        stored_counts = stored_counts.where(s.team.in_(sorted(figures.teams)))
        beside = grouped.join(NowRow.table, sa.and_(n.item == c.item, n.seq == c.seq))
        beside = beside.where(_may_count_besides(reader, figures), scope.counts(reader, n.item))
        yield from (tuple(row) for row in db.execute(beside))
    yield from (tuple(row) for row in db.execute(stored_counts))


def _few_items(reader: Reader, item: sa.ColumnElement[UUID]) -> sa.ColumnElement[bool] | None:
    """Return the SQL condition that selects the items that the reader may count, if they are few;
    otherwise None.
    """
    return scope.among_little(reader, item, "see-clock", "see-counts")


def _may_count_besides(reader: Reader, figures: scope.Figures) -> sa.ColumnElement[bool]:
    """Return the SQL condition that the reader may count an item of another team: it belongs to one
    of the reader's cases, or it belongs to no case and the reader recorded it.
    """
    n = NowRow.table.c
    own = sa.and_(n.case.is_(None), n.by == reader.name)
    theirs = sa.or_(own, n.case.in_(sorted(figures.cases)))
    return sa.and_(theirs, n.team.not_in(sorted(figures.teams or ())))


def dwell(db: Db, reader: Reader) -> list[Dwell]:
    """Return for each stage the median and the 95th percentile of the time that items spend at it,
    to three digits. Withdrawn, excluded and undermined items are left out. A new grade does not end
    an item's time at a stage.
    """
    c, n, s = StageRow.table.c, NowRow.table.c, StayRow.table.c
    figures = scope.figures(reader)
    stays: dict[Stage, Counter[int]] = {stage: Counter() for stage in STAGES}
    staying: Counter[Stage] = Counter()
    if figures is None or figures.teams is not None:
        select = sa.select(c.item, c.stage, c.status, c.entered, c.left).order_by(c.item, c.seq)
        if figures:
            select = select.join(NowRow.table, n.item == c.item).where(
                _may_count_besides(reader, figures)
            )
        elif (little := _few_items(reader, c.item)) is not None:
            select = select.where(little)
        db_rows = db.execute(select.where(scope.counts(reader, c.item)))
        for stage, hundredths in _times_at_stages(tuple(row) for row in db_rows):
            if hundredths is None:
                staying[stage] += 1
            else:
                stays[stage][hundredths] += 1
    if figures:
        stored_counts = sa.select(s.stage, s.hundredths, sa.func.sum(s.many)).group_by(
            s.stage, s.hundredths
        )
        stood = StandRow.table.c
        live = sa.select(stood.stage, stood.many).where(stood.status == "live")
        if figures.teams is not None:
            stored_counts = stored_counts.where(s.team.in_(sorted(figures.teams)))
            live = live.where(stood.team.in_(sorted(figures.teams)))
        for stage, hundredths, items in db.execute(stored_counts):
            stays[stage][hundredths] += int(items)
        for stage, items in db.execute(live):
            staying[stage] += items
    return [
        Dwell(
            stage,
            stays[stage].total(),
            staying[stage],
            _percentile(stays[stage], 0.5),
            _percentile(stays[stage], 0.95),
        )
        for stage in STAGES
    ]


def _times_at_stages(
    stays: Iterable[tuple[UUID, Stage, Status, datetime, datetime | None]],
) -> Iterator[tuple[Stage, int | None]]:
    """Yield, for each item and stage, the stage and the time that the item spent at it, in
    hundredths of an hour (None if the item is still there). Only times with the status "live" are
    included.

    Each of `stays` has an item, a stage, a status, and the times of entering and leaving the stage.
    The rows of an item follow each other.
    """
    for (_, stage, status), rows_of in groupby(stays, key=lambda row: row[:3]):
        spells = list(rows_of)
        left = spells[-1][4]
        if status == "live":
            yield stage, None if left is None else _hundredths(left - spells[0][3])


def _percentile(values: Counter[int], share: float) -> float | None:
    rank = ceil(values.total() * share)
    for hundredths in sorted(values):
        rank -= values[hundredths]
        if rank <= 0:
            return hundredths / 100
    return None


def story(db: Db, reader: Reader, item: UUID) -> list[StageRow]:
    """Return every stage that an item has had, oldest first."""
    table = StageRow.table
    seen = scope.sees(reader, table.c.item)
    select = sa.select(table).where(table.c.item == item, seen).order_by(table.c.seq)
    found_rows = [StageRow(*row) for row in db.execute(select)]
    return _shown(db, reader, scope.checked(db, reader, found_rows, lambda row: row.item))


def alive(db: Db, reader: Reader, items: Collection[UUID]) -> set[UUID]:
    """Return those of the items that were never withdrawn, excluded or undermined, whether they are
    information, intelligence or evidence.
    """
    c = StageRow.table.c
    where = *_current(None), c.status == "live", scope.sees(reader, c.item)
    return {item for (item,) in select_each(db, sa.select(c.item).where(*where), c.item, items)}


_s = StageRow.table.c
_STAGES = ByIds(sa.select(_s.item, _s.stage).where(*_current(None)), _s.item)
_STANDING = ByIds(sa.select(StageRow.table).where(*_current(None)), _s.item)


def at(db: Db, reader: Reader, items: Collection[UUID]) -> dict[UUID, Stage]:
    """Return the present stage of each of these items that the reader sees."""
    return dict(map(tuple, _STAGES(db, scope.visible_items(db, reader, items))))


def grades(db: Db, reader: Reader, items: Collection[UUID]) -> dict[UUID, str]:
    """Return the grade of each of these items that was graded in a report that the reader sees."""
    db_rows = _STANDING(db, scope.visible_items(db, reader, items))
    shown = _shown(db, reader, [StageRow(*row) for row in db_rows])
    return {row.item: row.grade for row in shown if row.grade}


def of_case(db: Db, reader: Reader, case: UUID) -> list[StageRow]:
    """Return the present stage of every item of a case, oldest first."""
    c, n = StageRow.table.c, NowRow.table.c
    theirs = sa.select(n.item).where(n.case == case)
    where = (*_current(None), c.item.in_(theirs), scope.sees(reader, c.item))
    select = sa.select(StageRow.table).where(*where).order_by(c.seq, c.item)
    found_rows = [StageRow(*row) for row in db.execute(select)]
    return _shown(db, reader, scope.checked(db, reader, found_rows, lambda row: row.item))


def _shown(db: Db, reader: Reader, found_rows: list[StageRow]) -> list[StageRow]:
    """Return these rows without what the reader may not know: the grade and author of a report that
    the reader does not see, and the position in the log, which would count other people's records.
    """
    if not reader.closed:
        return found_rows
    seen = scope.visible_items(db, reader, {row.report for row in found_rows if row.report})
    return [
        replace(row, seq=number)
        if row.report is None or row.report in seen
        else replace(row, seq=number, grade=None, report=None, moved_by="", by="")
        for number, row in enumerate(found_rows, start=1)
    ]
