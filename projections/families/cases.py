"""Cases: their child, team, rating, workers and missing episodes.

On a store without accounts, cases are numbered in the order of the log. Such a number shows how
many cases there are, so on a store with accounts the number is computed from the case's id.

The last activity of a case is the last record in the case or in an item filed under it that the
reader sees. A long time without activity is shown, and is never a sign of safety.

The file is long because all queries about cases read these rows.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.data_protection.retention import (
    RestrictionChanged,
)
from domain.families import referral
from domain.families.missing import nights
from domain.families.referral import (
    CaseClosed,
    CaseFlagged,
    CaseOpened,
    CaseReopened,
    EngagementRecorded,
    ExitAssessed,
    ExitReopened,
    MissingFound,
    MissingGraded,
    MissingReported,
    RatingReopened,
    ReferralReceived,
    ReturnInterviewRecorded,
    ThresholdAssessed,
    WithholdingWeighed,
    WorkerAllocated,
)
from domain.justice import arrest_to_result
from domain.justice.arrest_to_result import (
    ResultRecorded,
    ResultReopened,
)
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader, Threshold
from projections.kernel.batch import RowBatch
from projections.kernel.case_filing import case_of
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.queries import COUNTED, ByIds, counted, is_one_of
from projections.kernel.schema import View, lacks, rows

LEAST_DIGITS = 6
#: Beginnings of the flags on a case: a later fact contradicts its low rating, its exit or its
#: decision of no further action.
UNKNOWING = "rated low without knowing"
LEFT = "exit without knowing"
NOT_PURSUED = "no further action without knowing"


@rows(
    "cases",
    key=("case",),
    index=(
        *(("number",), ("drawn",), ("sought",), ("child",), ("tail",), ("missing",)),
        *(("worker_child",), ("worker_parents",)),
    ),
)
class CaseRow(Struct, frozen=True):
    """A case in its present state.

    `drawn` is the case's number on a store with accounts. `sought` is the team's reference in small
    letters, for look-ups; `tail` are the digits of the id in reverse order. `nights_missing` is the
    number of nights in missing episodes that ended. `returned` is the time since when a return
    interview is due, `back` the time when the child last came back.
    """

    table: ClassVar[sa.Table]
    case: UUID
    number: int
    reference: str | None
    sought: str | None
    child: UUID
    team: str
    opened: datetime
    closed: datetime | None = None
    missing: bool = False
    missing_since: datetime | None = None
    nights_missing: int = 0
    threshold: Threshold = "unknown"
    definition: str | None = None
    worker_child: str | None = None
    worker_parents: str | None = None
    engagement_child: str = "not-known"
    engagement_parents: str = "not-known"
    referrals: int = 0
    flags: tuple[str, ...] = ()
    exit: str | None = None
    tail: str = ""
    drawn: int = 0
    restricted: bool = False
    returned: datetime | None = None
    back: datetime | None = None


@rows("case_numbers", key=("what",))
class NumberRow(Struct, frozen=True):
    """The last case number that was given to a case."""

    table: ClassVar[sa.Table]
    what: str
    last: int


@rows("case_activity", key=("case", "item"))
class ActivityRow(Struct, frozen=True):
    """The time when a case, or an item filed under it, was last recorded or filed."""

    table: ClassVar[sa.Table]
    case: UUID
    item: UUID
    last: datetime


@rows("case_load", key=("team", "child", "parents", "threshold"))
class LoadRow(Struct, frozen=True):
    """The number of open cases of a team with this rating and these workers; an empty name means
    "no worker".
    """

    table: ClassVar[sa.Table]
    team: str
    child: str
    parents: str
    threshold: Threshold
    cases: int


@rows("case_not_pursued", key=("item",), index=(("case", "person"),))
class NotPursuedRow(Struct, frozen=True):
    """A decision of no further action in a case, about a person if one is named. `reopened` means
    that a later fact contradicts the decision.
    """

    table: ClassVar[sa.Table]
    item: UUID
    case: UUID
    person: UUID | None
    reopened: bool = False


def apply(fact: Recorded, batch: RowBatch) -> None:
    item, at = fact.stream, fact.recorded
    match fact.event:
        case event if event.meaning.activity:
            if case := case_of(event):
                batch.put(ActivityRow(case, item, at))
                if isinstance(event, ResultRecorded):
                    _clear_reopened(batch, fact, case, event)
        case CaseOpened() as event:
            number = _number(batch)
            sought = _sought(event.reference) if event.reference else None
            _set(batch, CaseRow(item, number, event.reference, sought, event.child, event.team, at))
            _change(batch, fact, tail=item.hex[::-1], drawn=number_from_id(item))
        case ReferralReceived():
            if row := batch.get(CaseRow, item):
                _change(batch, fact, referrals=row.referrals + 1)
        case (
            ThresholdAssessed()
            | RatingReopened()
            | ExitAssessed()
            | ExitReopened()
            | ResultReopened()
        ):
            _rate(fact, batch)
        case WorkerAllocated() as event:
            _change(batch, fact, **{f"worker_{event.allocated_for}": event.worker})
        case EngagementRecorded() as event:
            _change(batch, fact, **{f"engagement_{event.who}": event.engagement})
        case (
            MissingReported()
            | MissingFound()
            | ReturnInterviewRecorded()
            | MissingGraded()
            | WithholdingWeighed()
        ):
            _missing(fact, batch)
        case CaseFlagged() as event:
            if row := batch.get(CaseRow, item):
                _change(batch, fact, flags=(*row.flags, event.code))
        case CaseClosed():
            _change(batch, fact, closed=at)
        case CaseReopened():
            _change(batch, fact, closed=None)
        case RestrictionChanged() as event:
            if row := batch.get(CaseRow, event.item):
                _set(batch, replace(row, restricted=event.placed))


def _missing(fact: Recorded, batch: RowBatch) -> None:
    """Update a case whose child goes missing, comes back or is interviewed."""
    at = fact.recorded
    match fact.event:
        case MissingReported() as event:
            _change(batch, fact, missing=True, missing_since=event.since or at)
        case MissingFound() as event:
            if row := batch.get(CaseRow, fact.stream):
                spent = row.nights_missing + nights(row.missing_since or at, event.found or at)
                back = event.found or at
                _change(
                    batch,
                    fact,
                    missing=False,
                    missing_since=None,
                    nights_missing=spent,
                    returned=row.returned or back,
                    back=event.found,
                )
        case ReturnInterviewRecorded() as event:
            if row := batch.get(CaseRow, fact.stream):
                still = row.returned and referral.is_for_earlier_return(event, row.back)
                since = row.back if still else None
                _change(batch, fact, returned=row.returned if event.state == "offered" else since)
        case MissingGraded() | WithholdingWeighed():
            _change(batch, fact)


def _rate(fact: Recorded, batch: RowBatch) -> None:
    """Store a rating or an exit assessment. If a later fact contradicts a rating, an exit or a
    decision of no further action, store a flag, which stays until a person decides again.
    """
    match fact.event:
        case ThresholdAssessed(level=level, definition=definition):
            rated = {"threshold": level, "definition": definition}
            _unknown(batch, fact, fact.stream, UNKNOWING, None, **rated)
        case RatingReopened(lacked=lacked):
            _unknown(batch, fact, fact.stream, UNKNOWING, lacked, threshold="medium")
        case ExitAssessed(outcome=outcome):
            _unknown(batch, fact, fact.stream, LEFT, None, exit=outcome)
        case ExitReopened(lacked=lacked):
            _unknown(batch, fact, fact.stream, LEFT, lacked, exit=None)
        case ResultReopened(case=UUID() as case, lacked=lacked):
            if row := batch.get(NotPursuedRow, fact.stream):
                batch.put(replace(row, reopened=True))
            _unknown(batch, fact, case, NOT_PURSUED, lacked)


def _clear_reopened(batch: RowBatch, fact: Recorded, case: UUID, result: ResultRecorded) -> None:
    """Clear the flag of a reopened decision about the person of this result. Flags of decisions
    about other people stay.
    """
    before = batch.having(NotPursuedRow, case=case)
    for row in before:
        if row.person == result.person:
            batch.drop(NotPursuedRow, row.item)
    if result.kind in arrest_to_result.NOT_PURSUED:
        batch.put(NotPursuedRow(fact.stream, case, result.person))
    if not any(row.reopened and row.person != result.person for row in before):
        _unknown(batch, fact, case, NOT_PURSUED, None)


def _unknown(
    batch: RowBatch, fact: Recorded, case: UUID, text: str, lacked: str | None, **changes: Any
) -> None:
    """Replace the flags of a case that begin with `text`. The new flag names the fact `lacked`,
    which was not yet recorded at the time of a decision about the case; if `lacked` is None, there
    is no new flag. `changes` are other fields of the case's row to change.
    """
    row = batch.get(CaseRow, case)
    if row is None:
        return
    flags = tuple(flag for flag in row.flags if not flag.startswith(text))
    if lacked is not None:
        flags = (*flags, text if fact.erased else f"{text}: {lacked}")
    if changes or flags != row.flags:
        _set(batch, replace(row, flags=flags, **changes))
        batch.put(ActivityRow(case, fact.stream, fact.recorded))


def _set(batch: RowBatch, row: CaseRow) -> None:
    """Store the case, and count it among its workers' cases while it is open."""
    before = batch.get(CaseRow, row.case)
    for case, more in ((before, -1), (row, 1)):
        if case and case.closed is None and not case.restricted:
            workers = case.worker_child or "", case.worker_parents or ""
            key = case.team, *workers, case.threshold
            load = batch.get(LoadRow, *key)
            number = (load.cases if load else 0) + more
            if number:
                batch.put(LoadRow(*key, number))
            else:
                batch.drop(LoadRow, *key)
    batch.put(row)


def retire_number(fact: Recorded, batch: RowBatch) -> None:
    """Store that the number of an erased case was used, so that it is not given again."""
    if isinstance(fact.event, CaseOpened):
        _number(batch)


def _number(batch: RowBatch) -> int:
    before = batch.get(NumberRow, "cases")
    number = before.last + 1 if before else 1
    batch.put(NumberRow("cases", number))
    return number


def _change(batch: RowBatch, fact: Recorded, **changes: Any) -> None:
    if row := batch.get(CaseRow, fact.stream):
        _set(batch, replace(row, **changes))
        batch.put(ActivityRow(fact.stream, fact.stream, fact.recorded))


def number_from_id(case: UUID) -> int:
    """Return six digits from the random part of a case's id. If two cases have the same digits,
    neither can be looked up by its number.
    """
    return case.int % 900_000 + 100_000


def _sought(reference: str) -> str:
    return reference.strip().casefold()


VIEW = View(
    "cases", (CaseRow, NumberRow, ActivityRow, LoadRow, NotPursuedRow), apply, left=retire_number
)


# --- queries ------------------------------------------------------------------------------------


class Case(CaseRow, frozen=True):
    """A case, with the time of its last activity."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("number", "no."),
        Column("reference", "reference"),
        Column("child_name", "child"),
        Column("next_due", "next date", "moment"),
        Column("next_what", "next step"),
        Column("team", "team"),
        Column("threshold", "rating"),
        Column("worker_child", "child's worker"),
        Column("worker_parents", "parents' worker"),
        Column("missing", "missing", "mark"),
        Column("restricted", "restricted", "mark"),
        Column("returned", "found, interview due", "moment"),
        Column("opened", "opened", "moment"),
        Column("closed", "closed", "moment"),
        Column("case", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("number", "case")
    last_activity: datetime | None = None
    #: The child and the child's name, if the reader sees the child and the query looked the name
    #: up.
    child_seen: UUID | None = None
    child_name: str | None = None
    #: The next action that is due for the family, and its due time, if the query looked them up.
    next_due: datetime | None = None
    next_what: str | None = None


def _fetch(
    db: Db,
    reader: Reader,
    *where: sa.ColumnElement[bool],
    skip: int | None = None,
    most: int | None = None,
) -> list[Case]:
    """Return the cases that meet the SQL conditions `where` and that the reader sees, sorted by
    number. On a store with accounts, the number of each case is computed from the case's id.
    """
    table, a = CaseRow.table, ActivityRow.table.c
    active = sa.select(sa.func.max(a.last)).where(
        a.case == table.c.case, sa.or_(a.item == a.case, scope.counts(reader, a.item))
    )
    seen = scope.sees(reader, table.c.case, singly=most is not None)
    select = sa.select(table, active.scalar_subquery()).where(*where, seen).order_by(table.c.number)
    cases = [Case(*row) for row in db.execute(select.limit(most).offset(skip))]
    if reader.closed:
        cases = [replace(row, number=row.drawn) for row in cases]
    return scope.checked(db, reader, cases, lambda row: row.case)


def _bearing(db: Db, reader: Reader, reference: str) -> list[Any]:
    """Return the cases of all teams that have this reference and that the reader sees."""
    c = CaseRow.table.c
    where = c.sought == _sought(reference), scope.sees(reader, c.case)
    return list(db.execute(sa.select(c.case, c.team).where(*where).order_by(c.number)))


def by_reference(db: Db, reader: Reader, reference: str) -> UUID | None:
    """Return the case with exactly this reference, ignoring capitals.

    If several cases have the reference, return the only one of the reader's own team; if there is
    no such case, return None, because a guess could show another family.
    """
    return _only_own(_bearing(db, reader, reference), reader)


def _only_own(rows: list[Any], reader: Reader) -> UUID | None:
    own = [row for row in rows if row.team == reader.team]
    fits = own if len(own) == 1 else rows
    return fits[0].case if len(fits) == 1 else None


def find(db: Db, reader: Reader, text: str) -> UUID | None:
    """Return the case that a text names: by the team's reference, else by number, else by the id or
    its ending. Return None if no case fits, or several.
    """
    if bearing := _bearing(db, reader, text):
        return _only_own(bearing, reader)
    c = CaseRow.table.c
    wanted = text.strip().lower().replace("-", "")
    if wanted.isdecimal() and len(wanted) < len(str(2**63)):
        number = c.drawn if reader.closed else c.number
        if numbered := _only(db, reader, number == int(wanted)):
            return numbered
    if len(wanted) < LEAST_DIGITS or set(wanted) - set("0123456789abcdef"):
        return None
    backwards = wanted[::-1]
    return _only(db, reader, c.tail >= backwards, c.tail < backwards + "g")


def _only(db: Db, reader: Reader, *where: sa.ColumnElement[bool]) -> UUID | None:
    """Return the only case that meets the SQL conditions `where` and that the reader sees; None if
    no case or more than one case does.
    """
    c = CaseRow.table.c
    select = sa.select(c.case).where(*where, scope.sees(reader, c.case)).limit(2)
    found_items: list[UUID] = list(db.execute(select).scalars())
    return found_items[0] if len(found_items) == 1 else None


def get(db: Db, reader: Reader, case: UUID) -> Case | None:
    """Return this case in its present state; None if the reader does not see it."""
    cases = _fetch(db, reader, CaseRow.table.c.case == case)
    return cases[0] if cases else None


def of(db: Db, reader: Reader, ids: Collection[UUID]) -> list[Case]:
    """Return the cases with these ids, sorted by number."""
    cases = _fetch(db, reader, is_one_of(db, CaseRow.table.c.case, ids)) if ids else []
    return sorted(cases, key=lambda row: row.number)


_c = CaseRow.table.c
_DRAWN, _NUMBERS, _CHILDREN = (
    ByIds(sa.select(_c.case, one), _c.case) for one in (_c.drawn, _c.number, _c.child)
)


def numbers(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the number of each of these cases that the reader sees, by the case's id. On a store
    with accounts the number is computed from the id; otherwise it is the case's position in the
    order of all cases.
    """
    read_numbers = _DRAWN if reader.closed else _NUMBERS
    return dict(map(tuple, read_numbers(db, scope.visible_items(db, reader, ids))))


def of_child(db: Db, reader: Reader, child: UUID) -> UUID | None:
    """Return a case of this child: an open case before a closed case, and a newer case before an
    older.
    """
    c = CaseRow.table.c
    newest = sa.select(c.case).where(c.child == child, scope.sees(reader, c.case))
    order = newest.order_by(c.closed.is_not(None), c.number.desc())
    return db.execute(order.limit(1)).scalar()


class CaseFilter(Struct, frozen=True):
    """A filter of cases. `every` includes closed cases. `missing` selects cases of missing
    children. `unallocated` selects open cases without a worker for the parents; with `working`,
    workers who are not in `working` do not count. `worker` and `team` select the cases of a worker
    or a team.
    """

    every: bool = False
    missing: bool = False
    unallocated: bool = False
    working: frozenset[str] | None = None
    worker: str | None = None
    team: str | None = None


def list_cases(db: Db, reader: Reader, part: CaseFilter | None = None) -> list[Case]:
    """Return the cases that match the filter and that the reader sees, by number; by default all
    open ones."""
    return _fetch(db, reader, *_of(reader, part or CaseFilter()))


def page(db: Db, reader: Reader, part: CaseFilter, skip: int, most: int) -> tuple[list[Case], int]:
    """Return at most `most` cases that match the filter and that the reader sees, by number, after
    the first `skip`; and the number of all such cases. A large number is counted only as far as is
    needed to know whether another page follows.
    """
    c, where = CaseRow.table.c, _of(reader, part)
    select = sa.select(c.case).where(*where, scope.sees(reader, c.case, singly=True))
    total = counted(db, select, max(COUNTED, skip + most))
    return _fetch(db, reader, *where, skip=skip, most=most), total


def _used(reader: Reader) -> sa.ColumnElement[bool]:
    """Return the condition that the case is not restricted, unless the reader's work is to protect
    the child or the family."""
    c = CaseRow.table.c
    return sa.or_(sa.not_(c.restricted), scope.protecting(reader, c.case))


def _of(reader: Reader, part: CaseFilter) -> list[sa.ColumnElement[bool]]:
    c = CaseRow.table.c
    where = [_used(reader)]
    if part.unallocated or not part.every:
        where.append(c.closed.is_(None))
    if part.unallocated:
        where += _without_worker(part.working)
    if part.missing:
        where.append(c.missing)
    if part.worker:
        where.append(sa.or_(c.worker_child == part.worker, c.worker_parents == part.worker))
    if part.team:
        where.append(c.team == part.team)
    return where


def children(db: Db, reader: Reader, case: UUID | None = None) -> dict[UUID, UUID]:
    """Return the child of every case (or of this case) that the reader sees; closed and restricted
    cases included."""
    return _children(db, reader, [] if case is None else [CaseRow.table.c.case == case])


def rated_low(db: Db, children: Collection[UUID] | None = None) -> dict[UUID, UUID]:
    """Return the open cases rated low, each with its child; with `children`, only of these
    children. Readers' rights are not checked.
    """
    c = CaseRow.table.c
    theirs = [] if children is None else [c.child.in_(sorted(children))]
    where = c.closed.is_(None), c.threshold == "low", *theirs
    return {row.case: row.child for row in db.execute(sa.select(c.case, c.child).where(*where))}


def in_danger(db: Db, ids: Collection[UUID]) -> set[UUID]:
    """Return the cases among these that are open and whose child is missing or rated high. Readers'
    rights are not checked.
    """
    c = CaseRow.table.c
    danger = sa.or_(c.missing, c.threshold == "high")
    where = is_one_of(db, c.case, ids), c.closed.is_(None), danger
    return set(db.scalars(sa.select(c.case).where(*where))) if ids else set()


def list_contradicted(db: Db, reader: Reader) -> list[Case]:
    """Return the cases that the reader sees and in which a later fact contradicts a decision.
    Closed cases are included only if the decision was no further action.
    """
    c = CaseRow.table.c
    flags = sa.type_coerce(c.flags, sa.Text)
    condition = sa.or_(*(flags.contains(flag) for flag in (UNKNOWING, LEFT)))
    return _fetch(
        db, reader, sa.or_(flags.contains(NOT_PURSUED), sa.and_(c.closed.is_(None), condition))
    )


def exited(db: Db) -> dict[UUID, UUID]:
    """Return the open cases whose child has left harm's way, each with its child. Readers' rights
    are not checked."""
    c = CaseRow.table.c
    where = c.closed.is_(None), c.exit.is_not(None)
    return {row.case: row.child for row in db.execute(sa.select(c.case, c.child).where(*where))}


def of_children(db: Db, children: Collection[UUID]) -> set[UUID]:
    """Return the cases of these children. Readers' rights are not checked, because the result is
    used to protect a child.
    """
    c = CaseRow.table.c
    return set(db.scalars(sa.select(c.case).where(c.child.in_(sorted(children)))))


def among_children(db: Db, ones: Collection[UUID]) -> set[UUID]:
    """Return those of these people who are the child of a case. Readers' rights are not checked,
    because the result is used to protect a child.
    """
    c = CaseRow.table.c
    return set(db.scalars(sa.select(c.child).where(c.child.in_(sorted(ones)))))


def children_among(
    db: Db, reader: Reader, children: Collection[UUID], cases: Collection[UUID]
) -> dict[UUID, UUID]:
    """Return the child of each case, for the cases `cases` and for all cases of the children
    `children`. Only cases that the reader sees are returned, including closed and restricted ones.
    """
    found_items: dict[UUID, UUID] = dict(
        map(tuple, _CHILDREN(db, scope.visible_items(db, reader, cases)))
    )
    if children:
        found_items |= _children(db, reader, [is_one_of(db, _c.child, children)])
    return dict(sorted(found_items.items()))


def _children(
    db: Db, reader: Reader, where: Collection[sa.ColumnElement[bool]]
) -> dict[UUID, UUID]:
    c = CaseRow.table.c
    select = sa.select(c.case, c.child).where(*where, scope.sees(reader, c.case))
    found_rows = scope.checked(
        db, reader, db.execute(select.order_by(c.number)), lambda row: row.case
    )
    return dict(tuple(row) for row in found_rows)


def _open(reader: Reader | None = None) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions that the case is open, and not restricted unless the reader's work is
    to protect the child."""
    c = CaseRow.table.c
    return c.closed.is_(None), _used(reader) if reader else sa.not_(c.restricted)


def _without_worker(working: Collection[str] | None) -> list[sa.ColumnElement[bool]]:
    """Return the conditions that no worker supports the parents, unless the child has a worker and
    the parents declined one."""
    c = CaseRow.table.c
    child, parents = (
        worker.is_(None)
        if working is None
        else sa.or_(worker.is_(None), worker.not_in(sorted(working)))
        for worker in (c.worker_child, c.worker_parents)
    )
    return [parents, sa.or_(child, c.engagement_parents != "declined")]


def workers(db: Db) -> set[str]:
    """Return the workers of all families. This is for stores without accounts, on which every
    reader sees everything.
    """
    c = CaseRow.table.c
    queries = (
        sa.select(column).where(column.is_not(None))
        for column in (c.worker_child, c.worker_parents)
    )
    return set(db.scalars(sa.union(*queries)))


def unallocated(
    db: Db, reader: Reader, working: Collection[str] | None = None, most: int | None = None
) -> list[Case]:
    """Return the open cases in which no worker supports the parents, at most `most`. With
    `working`, a worker who is not in `working` does not count. A case is left out if the child has
    a worker and the parents declined one.
    """
    return _fetch(db, reader, *_open(reader), *_without_worker(working), most=most)


def unallocated_count(db: Db, reader: Reader, working: Collection[str] | None = None) -> int:
    """Return how many cases `unallocated` would return without a limit; a large number is counted
    only up to a limit.
    """
    c = CaseRow.table.c
    where = *_open(reader), *_without_worker(working), scope.sees(reader, c.case, singly=True)
    return counted(db, sa.select(c.case).where(*where))


def without_worker(db: Db, working: Collection[str]) -> set[UUID]:
    """Return the open cases that had a worker once and have no worker in `working` now. Readers'
    rights are not checked.
    """
    c = CaseRow.table.c
    had = sa.or_(c.worker_child.is_not(None), c.worker_parents.is_not(None))
    gone = (
        sa.or_(worker.is_(None), worker.not_in(sorted(working)))
        for worker in (c.worker_child, c.worker_parents)
    )
    return set(db.scalars(sa.select(c.case).where(c.closed.is_(None), had, *gone)))


def missing(db: Db, reader: Reader, *, closed: bool = False) -> list[Case]:
    """Return the open cases of children who are missing; with `closed`, also the closed cases."""
    c = CaseRow.table.c
    used = [_used(reader)] if closed else _open(reader)
    return _fetch(db, reader, *used, c.missing)


class Load(Struct, frozen=True):
    """The number of open cases: in all, by team, and by worker; the largest number first."""

    cases: int
    by_team: tuple[tuple[str, int], ...]
    by_worker: tuple[tuple[str, int], ...]


def load(db: Db, reader: Reader) -> Load:
    """Return the number of open cases: in all, by team, and by worker."""
    teams: Counter[str] = Counter()
    workers: Counter[str] = Counter()
    for team, of_child, of_parents, _, number in _load(db, reader):
        teams[team] += number
        for worker in {of_child, of_parents} - {None, ""}:
            workers[worker] += number
    return Load(sum(teams.values()), _most(teams), _most(workers))


def _load(db: Db, reader: Reader) -> Iterator[Any]:
    """Yield the number of open cases by team, workers and rating.

    For a team whose figures the reader may see, the numbers are read from the table of `LoadRow`;
    the reader's other cases are counted one by one. A table that an earlier release made may lack
    the ratings; then all cases are counted.
    """
    c, load_columns = CaseRow.table.c, LoadRow.table.c
    alike = c.team, c.worker_child, c.worker_parents, c.threshold
    counts_query = sa.select(*alike, sa.func.count()).group_by(*alike)
    counts_query = counts_query.where(*_open(), scope.sees(reader, c.case))
    if lacks(db, LoadRow, "threshold"):
        yield from db.execute(counts_query)
        return
    figures = scope.case_figures(reader)
    select = sa.select(LoadRow.table)
    if figures.teams is not None:
        select = select.where(load_columns.team.in_(sorted(figures.teams)))
        beside = c.case.in_(sorted(figures.cases)), c.team.not_in(sorted(figures.teams))
        yield from db.execute(counts_query.where(*beside))
    yield from db.execute(select)


def _most(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def families(db: Db, reader: Reader) -> dict[str, Counter[Threshold]]:
    """Return for each worker how many open cases of each rating they have."""
    counts_by_worker: dict[str, Counter[Threshold]] = {}
    for _, of_child, of_parents, level, number in _load(db, reader):
        for worker in {of_child, of_parents} - {None, ""}:
            counts_by_worker.setdefault(worker, Counter())[level] += number
    return counts_by_worker


def of_teams(db: Db) -> list[tuple[UUID, str]]:
    """Return every open case with its team, so that the account administrator can check that each
    team's cases have a worker.
    """
    c = CaseRow.table.c
    select = sa.select(c.case, c.team).where(c.closed.is_(None)).order_by(c.number)
    return [(row.case, row.team) for row in db.execute(select)]


def worked_by(db: Db, reader: Reader, worker: str) -> list[Case]:
    """Return the open cases in which this worker supports the child or the parents."""
    c = CaseRow.table.c
    working = sa.or_(c.worker_child == worker, c.worker_parents == worker)
    return _fetch(db, reader, *_open(reader), working)


def exits(db: Db, reader: Reader) -> set[UUID]:
    """Return the cases whose child left harm's way, among the cases whose figures the reader may
    see.
    """
    c = CaseRow.table.c
    where = c.exit.is_not(None), scope.may_act_on(reader, "see-counts", c.case)
    return set(db.execute(sa.select(c.case).where(*where)).scalars())


def open_at(db: Db, reader: Reader, teams: Collection[str], at: datetime) -> int:
    """Return the number of cases of these teams that were open at the moment `at`, among the cases
    whose figures the reader may see.
    """
    c = CaseRow.table.c
    still = sa.or_(c.closed.is_(None), c.closed > at)
    theirs = c.team.in_(sorted(teams)), scope.may_act_on(reader, "see-counts", c.case)
    select = sa.select(sa.func.count()).select_from(CaseRow.table)
    return int(db.execute(select.where(c.opened <= at, still, *theirs)).scalar_one())
