"""Meetings: their agenda, minutes and boards, and their decisions with the basis and result of
each.

A part of a meeting about a family, a person or a thing is shown only to readers who see that
subject; parts that the reader does not see are not counted either.

The file is long because it is one view.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import ClassVar, TypeVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.intelligence.for_decision import Facts, items_in_facts, within
from domain.intelligence.meeting import (
    BoardKept,
    Decided,
    ItemAdded,
    MeetingCalled,
    MeetingCalledOff,
    MeetingHeld,
    ResultTold,
)
from domain.kernel.codes import Board, Doer, MeetingKind, Task, TaskState
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.queries import is_one_of
from projections.kernel.schema import View, causes, rows


@rows("meetings", key=("id",), index=(("team", "starts"), ("starts",)))
class MeetingRow(Struct, frozen=True):
    """A meeting. `off` is the reason why it was cancelled, `held` the time when its minutes were
    begun.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("starts", "begins", "moment"),
        Column("kind", "kind of meeting"),
        Column("team", "team"),
        Column("chair", "led by"),
        Column("place", "place"),
        Column("state", "status"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("-starts", "id")
    table: ClassVar[sa.Table]
    id: UUID
    kind: MeetingKind
    team: str
    starts: datetime
    chair: str
    place: str | None
    by: str
    off: str | None = None
    held: datetime | None = None
    came: tuple[str, ...] = ()
    others: str | None = None
    agenda: tuple[UUID, ...] = ()

    @property
    def state(self) -> str:
        """Return the state of the meeting in words."""
        if self.off is not None:
            return f"called off: {self.off}"
        return "held" if self.held else "to come"


@rows("meeting_items", key=("id",), index=(("meeting",),))
class AddedRow(Struct, frozen=True):
    """An item that a person added to a meeting's agenda."""

    table: ClassVar[sa.Table]
    id: UUID
    meeting: UUID
    words: str
    case: UUID | None
    about: UUID | None
    by: str
    recorded: datetime


@rows("meeting_decisions", key=("id",), index=(("meeting",), ("case",), ("about",), ("owner",)))
class DecisionRow(Struct, frozen=True):
    """A decision of a meeting. `state` is None until the decision's owner records a state.
    `rests_on` are the items on which the decision is based, `became` the items that resulted from
    it.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("due", "due", "day"),
        Column("words", "decision"),
        Column("task", "task"),
        Column("doer", "carried out by"),
        Column("owner", "owner"),
        Column("standing", "status"),
        Column("result", "result"),
        Column("rests_on", "based on"),
        Column("became", "led to"),
        Column("chart", "map", "id"),
        Column("chart_version", "version of the map", "figure"),
        Column("chart_as_known", "map as known", "moment"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("due", "id")
    table: ClassVar[sa.Table]
    id: UUID
    meeting: UUID
    words: str
    task: Task
    owner: str
    due: date
    doer: Doer
    case: UUID | None
    about: UUID | None
    by: str
    recorded: datetime
    rests_on: tuple[UUID, ...]
    chart: UUID | None
    chart_version: int | None
    chart_as_known: datetime | None
    state: TaskState | None = None
    result: str | None = None
    became: tuple[UUID, ...] = ()
    told_by: str | None = None
    told: datetime | None = None

    @property
    def standing(self) -> str:
        """Return the state of the decision in one word."""
        return self.state or "open"

    @property
    def is_open(self) -> bool:
        """Return whether the result of the decision is still due."""
        return self.state in (None, "under-way")


@rows("meeting_boards", key=("id",), index=(("meeting",), ("case",)))
class BoardRow(Struct, frozen=True):
    """A board, list or picture that a meeting was shown; `shown` are the items on it that the
    reader sees.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("recorded", "saved", "moment"),
        Column("kind", "kind of chart"),
        Column("title", "title"),
        Column("shown", "people and items shown"),
        Column("to", "shown to"),
        Column("sha256", "hash"),
        Column("id", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "id")
    table: ClassVar[sa.Table]
    id: UUID
    meeting: UUID
    kind: Board
    title: str
    shown: tuple[UUID, ...]
    case: UUID | None
    sha256: str | None
    by: str
    recorded: datetime
    to: tuple[str, ...] = ()


@rows("meeting_people", key=("board",), index=(("meeting",),))
class PeopleRow(Struct, frozen=True):
    """A board of people (the suspected people about whom a meeting has to decide), with the facts
    about them as they were shown to the meeting.
    """

    table: ClassVar[sa.Table]
    board: UUID
    meeting: UUID
    recorded: datetime
    facts: tuple[Facts, ...]


def apply(fact: Recorded, batch: RowBatch) -> None:
    item, by, at = fact.stream, fact.by, fact.recorded
    match fact.event:
        case MeetingCalled():
            batch.put(row_of(MeetingRow, fact))
        case MeetingCalledOff() as off:
            if row := batch.get(MeetingRow, item):
                batch.put(replace(row, off=off.reason))
        case MeetingHeld() as held:
            if row := batch.get(MeetingRow, item):
                batch.put(
                    replace(row, held=at, came=held.came, others=held.others, agenda=held.agenda)
                )
        case ItemAdded():
            batch.put(row_of(AddedRow, fact))
        case Decided() as decided:
            rests_on = causes(fact)
            batch.put(row_of(DecisionRow, fact, due=decided.by, rests_on=rests_on))
        case ResultTold() as result:
            if decision := batch.get(DecisionRow, item):
                batch.put(
                    replace(
                        decision,
                        state=result.state,
                        result=result.words,
                        became=tuple(dict.fromkeys((*decision.became, *result.became))),
                        told_by=by,
                        told=at,
                    )
                )
        case BoardKept() as board:
            batch.put(row_of(BoardRow, fact))
            if board.facts:
                batch.put(PeopleRow(item, board.meeting, at, (board.facts,)))


VIEW = View("meetings", (MeetingRow, AddedRow, DecisionRow, BoardRow, PeopleRow), apply)

# --- queries ------------------------------------------------------------------------------------

R = TypeVar("R", MeetingRow, AddedRow, DecisionRow, BoardRow)


def list_meetings(db: Db, reader: Reader, *, team: str | None = None) -> list[MeetingRow]:
    """Return the meetings, or only the meetings of `team`, the latest first."""
    c = MeetingRow.table.c
    where = [scope.in_use(c.id), *([c.team == team] if team else [])]
    return _read(db, reader, MeetingRow, where, (c.starts.desc(), c.id))


def get(db: Db, reader: Reader, meeting: UUID) -> MeetingRow | None:
    """Return this meeting, if the reader sees it."""
    c = MeetingRow.table.c
    found_rows = _read(db, reader, MeetingRow, [c.id == meeting], (c.id,))
    if not found_rows:
        return None
    return replace(found_rows[0], agenda=_visible_only(db, reader, found_rows[0].agenda))


def before(db: Db, reader: Reader, meeting: MeetingRow) -> datetime | None:
    """Return when the last earlier meeting of the same team and kind began; None if no such meeting
    was held.
    """
    c = MeetingRow.table.c
    where = [
        *(c.team == meeting.team, c.kind == meeting.kind, c.starts < meeting.starts),
        *(c.held.is_not(None), c.off.is_(None)),
    ]
    found_rows = _read(db, reader, MeetingRow, where, (c.starts.desc(), c.id))
    return found_rows[0].starts if found_rows else None


def added(db: Db, reader: Reader, meeting: UUID) -> list[AddedRow]:
    """Return the items that people added to the agenda of this meeting."""
    c = AddedRow.table.c
    return _read(
        db, reader, AddedRow, [c.meeting == meeting, scope.in_use(c.id)], (c.recorded, c.id)
    )


def decisions(
    db: Db,
    reader: Reader,
    *,
    meeting: UUID | None = None,
    about: UUID | None = None,
    owner: str | None = None,
    only_open: bool = False,
    team: str | None = None,
) -> list[DecisionRow]:
    """Return decisions, sorted by due day: of a meeting, about a family or an item, of an owner, or
    of a team's meetings; with `only_open`, those that are not carried out yet.
    """
    c, m = DecisionRow.table.c, MeetingRow.table.c
    where = [scope.in_use(c.id)]
    if meeting:
        where.append(c.meeting == meeting)
    if about:
        where.append(sa.or_(c.case == about, c.about == about))
    if owner:
        where.append(c.owner == owner)
    if team:
        where.append(c.meeting.in_(sa.select(m.id).where(m.team == team)))
    if only_open:
        where.append(sa.or_(c.state.is_(None), c.state == "under-way"))
    found_rows = _read(db, reader, DecisionRow, where, (c.due, c.id))
    return _cut(db, reader, found_rows)


def decided(db: Db, reader: Reader, ids: Collection[UUID]) -> list[DecisionRow]:
    """Return those of these decisions that the reader sees."""
    c = DecisionRow.table.c
    return _cut(
        db, reader, _read(db, reader, DecisionRow, [is_one_of(db, c.id, ids)], (c.due, c.id))
    )


def boards(db: Db, reader: Reader, meeting: UUID) -> list[BoardRow]:
    """Return the boards that this meeting was shown."""
    c = BoardRow.table.c
    found_rows = _read(
        db, reader, BoardRow, [c.meeting == meeting, scope.in_use(c.id)], (c.recorded, c.id)
    )
    seen = scope.visible_items(db, reader, {item for row in found_rows for item in row.shown})
    return [
        replace(row, shown=tuple(item for item in row.shown if item in seen)) for row in found_rows
    ]


def read_shown_board(db: Db, reader: Reader, meeting: UUID) -> tuple[datetime, Facts] | None:
    """Return the time when a board of people for decision was last shown at this meeting, and the
    facts on the board. Facts that name an item which the reader does not see are left out. Return
    None if there is no such board, or the reader does not see it.
    """
    c = PeopleRow.table.c
    where = [c.meeting == meeting, scope.in_use(c.board)]
    db_rows = scope.read(db, reader, c.board, where, (c.recorded, c.board))
    if not db_rows:
        return None
    row = PeopleRow(*db_rows[-1])
    (facts,) = row.facts
    return row.recorded, visible_facts(db, reader, facts)


def visible_facts(db: Db, reader: Reader, facts: Facts) -> Facts:
    """Return the facts of a board without those that name an item which the reader does not see."""
    seen = scope.visible_items(db, reader, items_in_facts(facts))
    cases = {looked_case.case for looked_case in facts.looked}
    return within(facts, seen, scope.reached(db, reader, "evidence", cases))


def about_people(db: Db, reader: Reader, ids: Collection[UUID]) -> list[DecisionRow]:
    """Return the decisions about these people, sorted by day."""
    c = DecisionRow.table.c
    where = [is_one_of(db, c.about, ids), scope.in_use(c.id)]
    return [] if not ids else _read(db, reader, DecisionRow, where, (c.due, c.id))


def _cut(db: Db, reader: Reader, found_rows: list[DecisionRow]) -> list[DecisionRow]:
    named = {item for row in found_rows for item in (*row.rests_on, *row.became, row.chart) if item}
    seen = scope.visible_items(db, reader, named)

    def only(ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
        return tuple(item for item in ids if item in seen)

    cut = [replace(row, rests_on=only(row.rests_on), became=only(row.became)) for row in found_rows]
    return [
        row
        if row.chart in seen
        else replace(row, chart=None, chart_version=None, chart_as_known=None)
        for row in cut
    ]


def _visible_only(db: Db, reader: Reader, ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
    seen = scope.visible_items(db, reader, ids)
    return tuple(item for item in ids if item in seen)


def _read(
    db: Db,
    reader: Reader,
    kind: type[R],
    where: Sequence[sa.ColumnElement[bool]],
    order: tuple[sa.ColumnElement[object], ...],
) -> list[R]:
    """Return the rows of the class `kind` that the reader sees. A row about a person or an item is
    visible only to readers who see the person or item.
    """
    c = kind.table.c
    select = sa.select(kind.table).where(*where, scope.sees(reader, c.id)).order_by(*order)
    rows_of = (kind(*row) for row in db.execute(select))
    return scope.checked(db, reader, rows_of, lambda row: row.id)
