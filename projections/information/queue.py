"""The assessment queue: the observations that wait for an assessor, since when, when they are due,
and which assessor took them.

An observation leaves the queue after a final decision, an assessment or a withdrawal. Whether an
observation is overdue is computed at each query and never stored.

The file is long because it is one view.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import force_setattr, replace

from access.who_may import scope
from domain.clocks import CLOCKS
from domain.data_protection.retention import (
    RestrictionChanged,
    RestrictionPlaced,
)
from domain.families.referral import CaseOpened
from domain.information.observation import (
    IMPORTED_FILE,
    IMPORTED_ROW,
    NoValueAudited,
    ObservationAssessed,
    ObservationMoved,
    ObservationRead,
    ObservationRecorded,
    ObservationRedacted,
    ObservationTaken,
    ObservationTriaged,
    ObservationWithdrawn,
    Outcome,
    UrgencyLowered,
    UrgencyRaised,
)
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from domain.people_and_teams.two_person import ProposalConfirmed, ProposalMade, ProposalRefused
from projections.kernel.batch import RowBatch
from projections.kernel.column_types import to_micros
from projections.kernel.database import Db
from projections.kernel.queries import COUNTED, PREPARED, counted, is_one_of, place_of
from projections.kernel.schema import View, lacks, rows

#: Outcomes of triage (None: no decision yet) after which the item still waits, for an assessor or
#: for more information.
OPEN_OUTCOMES = (None, "assess", "more-needed")
#: Shown in place of an item's words for a reader who may see when the item is due, but not the
#: item.
NOT_SHOWN = "(not shown)"


@rows(
    "queue",
    key=("observation",),
    index=(("open", "rank", "told", "recorded"),),
    sparse=(("case",), ("row_of", "single")),
)
class QueueRow(Struct, frozen=True):
    """An observation that waits for a decision or has had one.

    `told` is when a worker heard the observation or, if that is unknown, when it was recorded.
    `proposed` are signs of urgency in its text. `withdrawal` is the user who proposed to withdraw
    it, while the proposal waits for a second person.

    If the observation is the entry about an imported network, `file` is the network's code; if it
    is one row of such a network, `row_of` is that code. A row (`single`) is in the queue only if an
    assessor decided to assess it by itself.

    `open` and `rank` follow from the other fields and are stored for the index: whether the
    observation is in the queue, and how urgent it is (0: a person marked it urgent, 1: its text has
    signs of urgency, 2: neither).
    """

    table: ClassVar[sa.Table]
    observation: UUID
    seq: int
    case: UUID | None
    team: str
    by: str
    told: datetime
    recorded: datetime
    words: str
    urgent: bool
    urgent_reason: str | None
    waiting: bool = True
    lowered: bool = False
    proposed: tuple[str, ...] = ()
    taken_by: str | None = None
    taken_at: datetime | None = None
    outcome: Outcome | None = None
    decided: datetime | None = None
    decided_by: str | None = None
    sampled: bool = False
    assessed: datetime | None = None
    withdrawn: datetime | None = None
    restricted: bool = False
    urgent_since: datetime | None = None
    withdrawal: str | None = None
    open: bool = True
    rank: int = 2
    file: str | None = None
    row_of: str | None = None
    single: bool = False

    def __post_init__(self) -> None:
        signs = bool(self.proposed) and not self.lowered
        rank = 0 if self.urgent else 1 if signs else 2
        # A restricted entry is out of the queue unless it is urgent.
        force_setattr(self, "open", self.waiting and (not self.restricted or rank < 2))
        force_setattr(self, "rank", rank)


@rows("queue_cases", key=("case",))
class CaseTeamRow(Struct, frozen=True):
    """The team of a case. An observation that is moved to the case is then the team's."""

    table: ClassVar[sa.Table]
    case: UUID
    team: str


def apply(fact: Recorded, batch: RowBatch) -> None:
    at = fact.recorded
    match fact.event:
        case ObservationRecorded() as event:
            batch.put(
                QueueRow(
                    fact.stream,
                    fact.seq,
                    event.case,
                    fact.team,
                    fact.by,
                    min(event.told or at, at),
                    at,
                    event.words,
                    event.urgent,
                    event.urgent_reason,
                    urgent_since=at if event.urgent else None,
                    waiting=event.channel != IMPORTED_ROW,
                    file=_file(event, IMPORTED_FILE),
                    row_of=_file(event, IMPORTED_ROW),
                    single=event.channel == IMPORTED_ROW,
                )
            )
        case ObservationRead() as event if event.urgency_signs:
            # a correction may have new signs of urgency, although a person has lowered the urgency
            # before
            if row := batch.get(QueueRow, fact.stream):
                signs = tuple(dict.fromkeys((*row.proposed, *event.urgency_signs)))
                since = _since(batch, fact)
                _change(batch, fact, proposed=signs, lowered=False, urgent_since=since)
        case UrgencyRaised() as event:
            _change(
                batch,
                fact,
                urgent=True,
                lowered=False,
                urgent_reason=event.reason,
                urgent_since=_since(batch, fact),
                **_singled_out(batch, fact),
            )
        case UrgencyLowered() as event:
            reason = event.reason
            _change(
                batch, fact, urgent=False, lowered=True, urgent_reason=reason, urgent_since=None
            )
        case ObservationTaken():
            _change(batch, fact, taken_by=fact.by, taken_at=at)
        case ProposalMade(what="withdraw-words", by=by):
            _change(batch, fact, withdrawal=by)
        case ProposalConfirmed(what="withdraw-words") | ProposalRefused(what="withdraw-words"):
            _change(batch, fact, withdrawal=None)
        case CaseOpened() as event:
            batch.put(CaseTeamRow(fact.stream, event.team))
        case ObservationMoved() as event:
            _change(batch, fact, case=event.case, **_elsewhere(batch, fact.stream, event.case))
        case ObservationTriaged() as event:
            _change(
                batch,
                fact,
                outcome=event.outcome,
                decided=at,
                decided_by=fact.by,
                sampled=event.sampled,
                **(_singled_out(batch, fact) if event.outcome in OPEN_OUTCOMES else {}),
            )
        case NoValueAudited(answer="assess"):
            _change(
                batch,
                fact,
                outcome=None,
                decided=None,
                decided_by=None,
                taken_by=None,
                taken_at=None,
            )
        case ObservationAssessed():
            _change(batch, fact, assessed=at)
        case ObservationWithdrawn():
            _change(batch, fact, withdrawn=at)
        case ObservationRedacted() as event:
            _change(batch, fact, words=event.words, urgent_reason=None)
        case RestrictionChanged() as event:
            if row := batch.get(QueueRow, event.item):
                batch.put(replace(row, restricted=event.placed))


def _file(event: ObservationRecorded, channel: str) -> str | None:
    """Return the code of the imported network that an entry is about, if the entry came by this
    channel; otherwise None.
    """
    return event.origin.file if event.channel == channel and event.origin else None


def _singled_out(batch: RowBatch, fact: Recorded) -> dict[str, Any]:
    """Return the fields to change in the row of an observation that is to be assessed by itself and
    no longer together with its imported network; {} if it already was assessed by itself.
    """
    row = batch.get(QueueRow, fact.stream)
    return {"single": False, "told": fact.recorded} if row and row.single else {}


def _elsewhere(batch: RowBatch, item: UUID, case: UUID | None) -> dict[str, Any]:
    """Return the fields to change in the row of an observation that is moved to another case: if
    the case belongs to another team, the new team and no assessor; otherwise {}.
    """
    row, to = batch.get(QueueRow, item), batch.get(CaseTeamRow, case) if case else None
    if row is None or to is None or row.team == to.team:
        return {}
    return {"team": to.team, "taken_by": None, "taken_at": None}


def _since(batch: RowBatch, fact: Recorded) -> datetime:
    """Return the time since when an observation is urgent; if it is marked urgent again, the time
    stays the same.
    """
    row = batch.get(QueueRow, fact.stream)
    return row.urgent_since if row and row.urgent_since else fact.recorded


def _change(batch: RowBatch, fact: Recorded, **changes: Any) -> None:
    if row := batch.get(QueueRow, fact.stream):
        outcome = changes.get("outcome", row.outcome)
        ended = row.assessed or row.withdrawn or not {"assessed", "withdrawn"}.isdisjoint(changes)
        single = changes.get("single", row.single)
        waiting = not ended and not single and outcome in OPEN_OUTCOMES
        batch.put(replace(row, **changes, waiting=waiting))


VIEW = View(
    "queue", (QueueRow, CaseTeamRow), apply, version=3, moved_by=frozenset({RestrictionPlaced})
)


# --- queries ------------------------------------------------------------------------------------


class Clocks(Struct, frozen=True):
    """The time limits for an urgent item and for any other item, counted from when a worker heard
    the item; and the person on call, who gets an urgent item if no assessor has taken it in time.
    """

    urgent: timedelta = CLOCKS["urgent-words"].within
    other: timedelta = CLOCKS["words-waiting"].within
    on_call: str | None = None


class QueueItem(Struct, frozen=True):
    """An item of the queue at a moment.

    `urgent` means that a person marked the item urgent (`raised`), or that its text has signs of
    urgency and no assessor lowered it. `goes_to` is the person on call, once an urgent item is
    overdue and no assessor has taken it. `withdrawal` is the user who proposed to withdraw the
    item; a second person has to decide. A `restricted` item is in the queue only while it is
    urgent.
    """

    id: UUID
    told: datetime
    learned: datetime
    age_hours: float
    due: datetime
    overdue: bool
    urgent: bool
    raised: bool
    proposed: tuple[str, ...]
    taken_by: str | None
    goes_to: str | None
    case: UUID | None
    team: str
    by: str
    outcome: Outcome | None
    words: str
    withdrawal: str | None = None
    restricted: bool = False


#: The ranks of waiting items: 0 if a person marked the item urgent, 1 if its text has signs of
#: urgency, 2 otherwise. Each rank has its own query: for a condition such as "rank < 2", PostgreSQL
#: without statistics expects a third of the table.
_RANKS = (0, 1, 2)
_URGENT = (0, 1)


def _urgent(row: QueueRow) -> bool:
    return row.rank in _URGENT


def _due(row: QueueRow, clocks: Clocks) -> datetime:
    return row.told + (clocks.urgent if _urgent(row) else clocks.other)


def _fetch(db: Db, reader: Reader, *where: sa.ColumnElement[bool]) -> list[QueueRow]:
    """Return the rows whose due time the reader may see. The row of an item that the reader may not
    see has no content.
    """
    table = QueueRow.table
    clocked = scope.may_act_on(reader, "see-clock", table.c.observation)
    select = sa.select(table).where(*where, clocked).order_by(table.c.seq)
    return _shown(db, reader, [QueueRow(*row) for row in db.execute(select)])


def _shown(db: Db, reader: Reader, found_rows: list[QueueRow]) -> list[QueueRow]:
    if not reader.closed:
        return found_rows
    cases = {row.case for row in found_rows if row.case}
    seen = scope.visible_items(db, reader, {row.observation for row in found_rows} | cases)
    filed = [
        row if row.case is None or row.case in seen else replace(row, case=None)
        for row in found_rows
    ]
    return [
        row
        if row.observation in seen
        else replace(row, words=NOT_SHOWN, urgent_reason=None, withdrawal=None)
        for row in filed
    ]


def waited(db: Db, reader: Reader, at: datetime, *, most: int) -> tuple[list[QueueRow], bool]:
    """Return the observations that still waited for a decision at the moment `at`, the longest
    waiting first: at most `most` of them, and whether there are more. Their urgency at that time is
    not returned, and items that are restricted today are left out.
    """
    c = QueueRow.table.c
    undecided = [sa.or_(end.is_(None), end > at) for end in (c.decided, c.assessed, c.withdrawn)]
    clocked = scope.may_act_on(reader, "see-clock", c.observation)
    select = sa.select(QueueRow.table)
    select = select.where(c.recorded <= at, *undecided, clocked, sa.not_(c.restricted))
    select = select.order_by(c.told, c.seq).limit(most + 1)
    found_rows = _shown(db, reader, [QueueRow(*row) for row in db.execute(select)])
    return found_rows[:most], len(found_rows) > most


def queue(
    db: Db, reader: Reader, now: datetime, clocks: Clocks, *, overdue_only: bool = False
) -> list[QueueItem]:
    """Return all waiting items: first those that a person marked urgent, then those with signs of
    urgency, then the others; each group by due time.
    """
    return page(db, reader, now, clocks, overdue_only=overdue_only, limit=None)[0]


class QueuePosition(NamedTuple):
    """An item's position in the queue: its rank, when a worker heard it (µs), and when it was
    recorded (µs)."""

    rank: int
    told: int
    recorded: int


class QueueTally(Struct, frozen=True):
    """How many items in the queue for assessment wait, are overdue and are urgent. Large numbers
    are counted only up to a limit.
    """

    waiting: int
    overdue: int
    urgent: int


def _open_and_rank(db: Db) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[int]]:
    """Return two SQL expressions: whether an observation is in the queue, and its rank there. They
    are columns of the table or, if an earlier release made the table without these columns, are
    computed.
    """
    return _ranked(older=lacks(db, QueueRow, "rank"))


def _ranked(*, older: bool) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[int]]:
    c = QueueRow.table.c
    if not older:
        return c.open, c.rank
    signs = sa.and_(c.proposed != (), sa.not_(c.lowered))
    rank = sa.case((c.urgent, 0), (signs, 1), else_=2)
    return sa.and_(c.waiting, sa.or_(sa.not_(c.restricted), rank < 2)), rank


class _Sorted:
    """The order and the conditions of the queue, in a form with which the database uses the table's
    index.
    """

    def __init__(self, db: Db, reader: Reader, now: datetime, clocks: Clocks) -> None:
        c = QueueRow.table.c
        there, rank = _open_and_rank(db)
        # `coalesce` lets the database look up the reader's few items first, and not all waiting
        # items
        if scope.sees_little(reader):
            there = sa.func.coalesce(there, sa.false())
        received_at = sa.type_coerce(c.told, sa.BigInteger)
        # Within a rank, the item that a worker heard first is due first.
        self.order = (rank, received_at, sa.type_coerce(c.recorded, sa.BigInteger))
        self.where = [there, scope.may_act_on(reader, "see-clock", c.observation, singly=True)]
        self.urgent = rank.in_(_URGENT)
        urgent, other = to_micros(now - clocks.urgent), to_micros(now - clocks.other)
        self.late = received_at < sa.case((self.urgent, urgent), else_=other)
        #: One condition for each rank: the database counts the overdue items in the index, and
        #: reads no other items.
        self.late_of_each = [
            sa.and_(rank == rank_value, received_at < (urgent if rank_value in _URGENT else other))
            for rank_value in _RANKS
        ]


def tally(
    db: Db, reader: Reader, now: datetime, clocks: Clocks, *, most: int = COUNTED
) -> QueueTally:
    """Return how many items in the queue for assessment wait, are overdue and are urgent. A number
    above `most` is returned as `most` + 1.
    """
    sorting = _Sorted(db, reader, now, clocks)
    select = sa.select(sa.literal(1)).select_from(QueueRow.table).where(*sorting.where)
    return QueueTally(
        counted(db, select, most),
        counted(db, sa.union_all(*(select.where(late) for late in sorting.late_of_each)), most),
        counted(db, select.where(sorting.urgent), most),
    )


def oldest(db: Db) -> datetime | None:
    """Return when a worker heard the oldest waiting item. The time is for the operator of the
    store, who learns nothing else about the item.
    """
    there, _ = _open_and_rank(db)
    first: datetime | None = db.scalar(sa.select(sa.func.min(QueueRow.table.c.told)).where(there))
    return first


def place(db: Db, reader: Reader, observation: UUID) -> QueuePosition | None:
    """Return an item's position in the queue, even if the item no longer waits; None if the reader
    may not see its due time.
    """
    row = get(db, reader, observation)
    return _place(row) if row else None


def _place(row: QueueRow) -> QueuePosition:
    return QueuePosition(row.rank, to_micros(row.told), to_micros(row.recorded))


def count_after(
    db: Db,
    reader: Reader,
    now: datetime,
    clocks: Clocks,
    after: QueuePosition,
    *,
    overdue_only: bool = False,
) -> int:
    """Return how many waiting items come after the position `after` in the queue; with
    `overdue_only`, how many overdue items. A number above `COUNTED` is returned as `COUNTED` + 1.
    """
    sorting = _Sorted(db, reader, now, clocks)
    where = [
        *sorting.where,
        *([sorting.late] if overdue_only else []),
        _comes_after(sorting, after),
    ]
    return counted(db, sa.select(sa.literal(1)).select_from(QueueRow.table).where(*where))


def _comes_after(sorting: _Sorted, after: QueuePosition) -> sa.ColumnElement[bool]:
    return sa.tuple_(*sorting.order) > place_of(sorting.order, after)


def page(
    db: Db,
    reader: Reader,
    now: datetime,
    clocks: Clocks,
    *,
    overdue_only: bool = False,
    after: QueuePosition | None = None,
    skip: int = 0,
    limit: int | None = 50,
    undecided: bool = False,
) -> tuple[list[QueueItem], QueuePosition | None]:
    """Return a page of waiting items in the order of `queue`: at most `limit` items (all if it is
    None), after the position `after` or the first `skip` items. Also return the position of the
    last item if more follow; otherwise None. With `undecided`, the page has only items without a
    decision.
    """
    sorting = _Sorted(db, reader, now, clocks)
    where = [*sorting.where, *([sorting.late] if overdue_only else [])]
    if after:
        where.append(_comes_after(sorting, after))
    if undecided:
        where.append(QueueRow.table.c.outcome.is_(None))
    select = sa.select(QueueRow.table).where(*where).order_by(*sorting.order)
    if limit is not None:
        select = select.offset(skip).limit(limit + 1)
    found_rows = [QueueRow(*row) for row in db.execute(select)]
    page_rows = found_rows[:limit]
    last = _place(page_rows[-1]) if len(found_rows) > len(page_rows) else None
    return [_waiting(row, now, clocks) for row in _shown(db, reader, page_rows)], last


def _waiting(row: QueueRow, now: datetime, clocks: Clocks) -> QueueItem:
    due = _due(row, clocks)
    late = _urgent(row) and now > due and row.taken_by is None
    return QueueItem(
        id=row.observation,
        told=row.told,
        learned=row.recorded,
        age_hours=round((now - row.told) / timedelta(hours=1), 2),
        due=due,
        overdue=now > due,
        urgent=_urgent(row),
        raised=row.urgent,
        proposed=() if row.words == NOT_SHOWN else row.proposed,
        taken_by=row.taken_by,
        goes_to=clocks.on_call if late else None,
        case=row.case,
        team=row.team,
        by=row.by,
        outcome=row.outcome,
        words=row.words,
        withdrawal=row.withdrawal,
        restricted=row.restricted,
    )


class Unread(Struct, frozen=True):
    """An urgent item that no assessor has taken, and the time since when it is urgent."""

    id: UUID
    team: str
    since: datetime
    case: UUID | None


def _untaken(reader: Reader, *, older: bool) -> list[sa.ColumnElement[bool]]:
    """Return the SQL conditions that an item is urgent, and that no assessor has taken it or
    decided about it. `older` is true if an earlier release made the table.
    """
    c = QueueRow.table.c
    there, rank = _ranked(older=older)
    nobody = c.taken_by.is_(None), c.outcome.is_(None)
    return [
        there,
        rank.in_(_URGENT),
        *nobody,
        scope.may_act_on(reader, "see-clock", c.observation, singly=True),
    ]


@lru_cache(maxsize=PREPARED)
def _how_many_untaken(reader: Reader, *, older: bool) -> sa.Select[int]:
    """Return the query for the number of urgent items that no assessor has taken. The query is
    compiled once for each reader, because every page shows the number.
    """
    where = _untaken(reader, older=older)
    return sa.select(sa.func.count()).select_from(QueueRow.table).where(*where)


def untaken(db: Db, reader: Reader) -> list[Unread]:
    """Return the urgent items that no assessor has taken, the longest waiting first."""
    c, where = QueueRow.table.c, _untaken(reader, older=lacks(db, QueueRow, "rank"))
    since = sa.func.coalesce(c.urgent_since, c.recorded)
    select = sa.select(QueueRow.table).where(*where).order_by(since, c.seq)
    found_rows = _shown(db, reader, [QueueRow(*row) for row in db.execute(select)])
    return [
        Unread(row.observation, row.team, row.urgent_since or row.recorded, row.case)
        for row in found_rows
    ]


def untaken_count(db: Db, reader: Reader) -> tuple[int, str, datetime] | None:
    """Return three values about the urgent items that no assessor has taken: their number; and for
    the one that has waited longest, its team and since when it waits. Return None if there is no
    such item.
    """
    c, older = QueueRow.table.c, lacks(db, QueueRow, "rank")
    count = db.execute(_how_many_untaken(reader, older=older)).scalar_one()
    if not count:
        return None
    where = _untaken(reader, older=older)
    since = sa.func.coalesce(c.urgent_since, c.recorded)
    columns = c.team, c.urgent_since, c.recorded
    first = db.execute(sa.select(*columns).where(*where).order_by(since, c.seq).limit(1)).one()
    return count, first.team, first.urgent_since or first.recorded


def get(db: Db, reader: Reader, observation: UUID) -> QueueRow | None:
    """Return the row of this observation in the queue for assessment, even if it has been assessed.
    Return None if the observation has no row, or the reader may not see its due time.
    """
    found_rows = _fetch(db, reader, QueueRow.table.c.observation == observation)
    return found_rows[0] if found_rows else None


def of(db: Db, reader: Reader, observations: Collection[UUID]) -> list[QueueRow]:
    """Return the rows of these observations in the queue for assessment, also of observations that
    have been assessed.
    """
    return _fetch(db, reader, is_one_of(db, QueueRow.table.c.observation, observations))


def rows_of_file(db: Db, entry: UUID) -> list[UUID]:
    """Return the log entries for those rows of an imported network that are assessed together with
    the network. `entry` is the log entry about the network; for any other entry the result is [].
    Readers' rights are not checked.
    """
    c = QueueRow.table.c
    file = db.scalar(sa.select(c.file).where(c.observation == entry))
    if file is None:
        return []
    select = sa.select(c.observation).where(c.row_of == file, c.single)
    return list(db.scalars(select.order_by(c.observation)))


def filed_in(db: Db, case: UUID) -> set[UUID]:
    """Return the observations of a case that were not withdrawn. Readers' rights are not
    checked."""
    c = QueueRow.table.c
    select = sa.select(c.observation).where(c.case == case, c.withdrawn.is_(None))
    return set(db.scalars(select))


def cases_with(db: Db, words: Collection[UUID]) -> set[UUID]:
    """Return the cases under which these observations are filed. Readers' rights are not
    checked."""
    c = QueueRow.table.c
    select = sa.select(c.case).where(c.case.is_not(None), c.observation.in_(sorted(words)))
    return set(db.scalars(select))


def undecided_in(db: Db, reader: Reader, case: UUID) -> list[UUID]:
    """Return the items of a case that still wait for an assessor's decision, oldest first."""
    c = QueueRow.table.c
    clocked = scope.may_act_on(reader, "see-clock", c.observation)
    select = sa.select(c.observation).where(c.case == case, c.waiting, clocked)
    return list(db.execute(select.order_by(c.observation)).scalars())


def urgent_in(db: Db, reader: Reader, cases: Collection[UUID]) -> list[QueueRow]:
    """Return the observations in these cases that a person marked urgent and that are still open,
    oldest first."""
    c = QueueRow.table.c
    urgent = is_one_of(db, c.case, cases), c.open, c.rank == 0
    found_rows = _fetch(db, reader, *urgent) if cases else []
    return sorted(found_rows, key=lambda row: (row.recorded, row.observation))
