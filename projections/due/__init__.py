"""Deadlines: each with its subject, its start, its due time, and the person or role that has to
meet it.

The file is long because it reads the deadlines of all tables, in pages and for filters.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import product
from operator import itemgetter
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, structs

from access.ids import HexDigits
from access.who_may import scope
from access.who_may.conditions import reach
from domain.clocks import CLOCKS
from domain.kernel.codes import Clock, Tier
from domain.kernel.values import Reader, Role
from projections.due import evidence, joined, looked, undecided
from projections.due.rights import BY, CLOCKS_OF, checked, is_visible, visibility_parameters
from projections.due.rows import KINDS, UNSAFE, DueRow, JoinedRow, LookedRow, RestrictedRow
from projections.kernel.column_types import EPOCH, to_micros
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.queries import (
    COUNTED,
    PREPARED,
    Selected,
    after_another,
    counting,
    is_one_of,
    texts,
)

VIEW, LOOKED_VIEW, JOINED_VIEW = evidence.VIEW, looked.VIEW, joined.VIEW
LEAST_DIGITS = 6
#: Types of deadline that are shown to readers even if the item is restricted. Deadlines of other
#: types about a restricted item are shown only to their owner, to roles that may end them, and to
#: roles that protect people.
THROUGHOUT: tuple[Clock, ...] = (
    "restriction-review",
    "restriction-request",
    "retention-review",
    "hold-review",
    "hold-confirmation",
)


class DueItem(Struct, frozen=True):
    """A deadline and its state at a moment. `what` says in words what has to be done. `item` is the
    subject of the deadline, and `about` the text that names it for this reader. `shown` are the ids
    of other items that this text names, and `case` is the family's case.

    `owner` is the person who has to meet the deadline; None if anyone in the team with the role
    `owner_role` may meet it. While the deadline is not met, it passes to the roles in `chain`, one
    after another; `escalates_to` is the first of them.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("due", "due", "moment"),
        Column("overdue", "overdue", "mark"),
        Column("what", "due item"),
        Column("about", "about"),
        Column("whose", "owner"),
        Column("tier", "priority"),
        Column("item", "item", "id"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("due", "since", "id")
    id: UUID
    what: str
    clock: Clock
    item: UUID
    since: datetime
    due: datetime
    overdue: bool
    owner: str | None
    owner_role: Role
    escalates_to: Role
    chain: tuple[Role, ...]
    tier: Tier
    team: str
    because: tuple[str, ...]
    about: str | None = None
    case: UUID | None = None
    shown: tuple[UUID, ...] = ()

    @property
    def whose(self) -> str:
        """Return the person or the role that has to meet the deadline, as text."""
        article = "an" if self.owner_role[0] in "aeiou" else "a"
        return self.owner or f"{article} {self.owner_role} of {self.team or 'its team'}"


@dataclass(frozen=True)
class DueFilter:
    """A filter of deadlines: the reader's own (`mine`), those of a person (`owner`) or a team,
    those overdue (`past`) or overdue since a certain time (`past_since`), those of one type
    (`clock`), of all types except `but`, or of one priority (`tier`).

    `after` has, for some types of deadline, the length of time that a police force has set instead
    of the standard. `lost` are people who left or lost a role, each with the types of their
    deadlines that now pass to other people.
    """

    mine: bool = False
    owner: str | None = None
    team: str | None = None
    past: bool = False
    clock: Clock | None = None
    tier: Tier | None = None
    past_since: datetime | None = None
    after: Mapping[Clock, timedelta] = field(default_factory=dict, hash=False)
    but: frozenset[Clock] = frozenset()
    lost: tuple[tuple[str, frozenset[Clock]], ...] = ()


#: The positions of the columns by which deadlines are sorted: due time, start, id.
_KEY = (len(DueRow.table.c), 3, 0)
# Each query is compiled once for each reader, because compiling takes longer than most queries;
# times and limits are named parameters.
_NOW, _PAST_SINCE = (sa.bindparam(name, type_=sa.BigInteger()) for name in ("now", "past_since"))
_SKIP, _MOST, _FEW = (sa.bindparam(name, type_=sa.Integer()) for name in ("skip", "most", "few"))


def listed(db: Db, reader: Reader, now: datetime, due_filter: DueFilter) -> list[DueItem]:
    """Return all deadlines that match the filter, the soonest first."""
    return page(db, reader, now, due_filter)


def page(
    db: Db,
    reader: Reader,
    now: datetime,
    due_filter: DueFilter,
    *,
    skip: int = 0,
    most: int | None = None,
) -> list[DueItem]:
    """Return deadlines, soonest first, after the first `skip`: at most `most` deadlines, or all
    that follow if `most` is None.
    """
    rows = _page(db, reader, now, due_filter, skip, most)
    return [_due(row, now, due_filter) for row in checked(db, reader, rows)]


def pages(
    db: Db, reader: Reader, now: datetime, parts: Sequence[DueFilter], most: int
) -> list[list[DueItem]]:
    """Return the first page of deadlines for each of the filters in `parts`. At most one filter may
    have `past_since`.
    """
    part_rows: list[list[DueRow]] = [[] for _ in parts]
    all_rows = [row for kind in KINDS for row in _first(db, reader, now, parts, kind, most)]
    for row in sorted(all_rows, key=itemgetter(*_KEY)):
        if len(page_rows := part_rows[row.part]) < most:
            page_rows.append(DueRow(*row[: len(DueRow.table.c)]))
    rows = {row.id: row for page_rows in part_rows for row in page_rows}
    standing = {row.id for row in checked(db, reader, list(rows.values()))}
    return [
        [_due(row, now, due_filter) for row in page_rows if row.id in standing]
        for due_filter, page_rows in zip(parts, part_rows, strict=True)
    ]


def _first(
    db: Db, reader: Reader, now: datetime, parts: Sequence[DueFilter], kind: type[DueRow], most: int
) -> Sequence[sa.Row[Any]]:
    """Return the first `most` deadlines of a table for each of the filters in `parts`. Each row
    ends with the number of its filter.
    """
    filters = {number: part for number, part in enumerate(parts) if _may_have(kind, part)}
    if not filters:
        return ()
    values: dict[str, object] = {"skip": 0, "most": most, "few": most}
    for part in filters.values():
        part_values = _values(db, reader, now, part, kind)
        values |= {name: value for name, value in part_values.items() if value is not None}
    alike = tuple((number, _shape(part)) for number, part in filters.items())
    return db.execute(_first_of_each(db.dialect, reader, alike, kind), values).all()


@lru_cache(maxsize=PREPARED)
def _first_of_each(
    dialect: sa.Dialect,
    reader: Reader,
    parts: tuple[tuple[int, DueFilter], ...],
    kind: type[DueRow],
) -> Selected:
    """Return one query for the first deadlines of a table that match each of several filters. Each
    row ends with the number of its filter.
    """
    alike = dialect, reader
    return after_another(
        [
            query.add_columns(sa.literal(number).label("part"))
            for number, due_filter in parts
            for query in _parts(*alike, due_filter, kind, limited=True)[0]
        ]
    )


def _page(
    db: Db, reader: Reader, now: datetime, due_filter: DueFilter, skip: int, most: int | None
) -> list[DueRow]:
    few = None if most is None else skip + most
    arguments = db, reader, now, due_filter
    looks = [row for kind in (LookedRow, JoinedRow) for row in _next_rows(*arguments, kind, 0, few)]
    looks = sorted(looks, key=itemgetter(*_KEY))[:few]
    # the tables of `looks` can contain at most `len(looks)` of the skipped deadlines; all others
    # are in the table of `DueRow`, whose query can skip them
    behind = max(0, skip - len(looks))
    wanted = None if most is None else skip - behind + most
    others = _next_rows(*arguments, DueRow, behind, wanted)
    both: list[Any] = [*others, *looks]
    page_rows = sorted(both, key=itemgetter(*_KEY))[skip - behind :]
    return [DueRow(*row[:-1]) for row in page_rows[:most]]


def _next_rows(
    db: Db,
    reader: Reader,
    now: datetime,
    due_filter: DueFilter,
    kind: type[DueRow],
    skip: int,
    most: int | None,
) -> Sequence[sa.Row[Any]]:
    """Return the next `most` deadlines of one table after the first `skip`, in due order, read by
    the table's own index."""
    if not _may_have(kind, due_filter):
        return ()
    few = None if most is None else skip + most
    values = _values(db, reader, now, due_filter, kind) | {"skip": skip, "most": most, "few": few}
    alike = db.dialect, reader, _shape(due_filter), kind
    # grouped in a tuple, because `_parts` is cached by these arguments
    parts, cut = _parts(*alike, limited=most is not None)
    rows = [row for part in parts for row in db.execute(part, values).all()]
    return rows if cut else sorted(rows, key=itemgetter(*_KEY))[skip:few]


def _shape(due_filter: DueFilter) -> DueFilter:
    """Return the filter with a constant moment, for caching the query; the real moment is a
    parameter."""
    return replace(due_filter, past_since=EPOCH) if due_filter.past_since else due_filter


def _values(
    db: Db, reader: Reader, now: datetime, due_filter: DueFilter, kind: type[DueRow]
) -> dict[str, object]:
    """Return the values of the parameters in the query for this filter."""
    since = to_micros(due_filter.past_since) if due_filter.past_since else None
    values: dict[str, object] = {"now": to_micros(now), "past_since": since}
    return values | visibility_parameters(db, reader, kind, due_filter.clock)


@lru_cache(maxsize=PREPARED)
def _parts(
    dialect: sa.Dialect, reader: Reader, due_filter: DueFilter, kind: type[DueRow], *, limited: bool
) -> tuple[Sequence[sa.Select[Any]], bool]:
    """Return SQL queries for the deadlines of a table that match the filter, and True if the
    queries sort the deadlines and limit their number. If the result is False, the caller has to
    sort and limit the deadlines of all queries together.
    """
    c, at = kind.table.c, _when(kind.table.c, due_filter)
    select: sa.Select[Any] = sa.select(*columns(kind), at.label("at"))
    few = _FEW if limited else None
    # `+ 0` keeps the database from reading the index of all deadlines by due time; a person has few
    # deadlines
    soonest = at + 0, c.since, c.id
    little = _conditions_for_few_items(reader, kind)
    where = _where(dialect, kind, reader, due_filter, at + 0 if little else at)
    if little:
        condition_pairs = product(
            little, _own_groups(reader, kind, due_filter) if due_filter.mine else ((),)
        )
        selects = [
            select.where(*where, *part, *whose).order_by(*soonest)
            for part, whose in condition_pairs
        ]
        return [query.limit(few) for query in selects], False
    where.append(sa.not_(c.ended))
    if not (limited and due_filter.mine):
        full_query = select.where(*where, *_mine(reader, kind, due_filter)).order_by(
            at, c.since, c.id
        )
        return [full_query.limit(_MOST).offset(_SKIP) if limited else full_query], limited
    own, _, *passed = _own_groups(reader, kind, due_filter)
    selects = [select.where(*where, *part).order_by(*soonest).limit(few) for part in (own, *passed)]
    return [*selects, _first_without_owner(dialect, kind, reader, due_filter, where)], False


def next_of_cases(
    db: Db, reader: Reader, now: datetime, due_filter: DueFilter, cases: Collection[UUID]
) -> dict[UUID, DueItem]:
    """Return the soonest deadline of each of these cases: about the case, or about an item filed
    under the case that the reader sees. Only deadlines in the table of `DueRow` are considered, so
    none about readers' accesses, pairs of items or saved searches.
    """
    c, filed = DueRow.table.c, reach("filed")
    at = _when(c, due_filter)
    first = sa.func.row_number().over(partition_by=filed.c.case, order_by=(at, c.since, c.id))
    among = is_one_of(db, filed.c.case, cases), filed.c.id == c.item, scope.sees(reader, c.item)
    # `coalesce` keeps SQLite from reading all running deadlines: it reads only the deadlines of
    # these few items
    running = sa.not_(sa.func.coalesce(c.ended, sa.false()))
    where = *among, running, *_where(db.dialect, DueRow, reader, due_filter, at + 0)
    select = sa.select(*columns(DueRow), filed.c.case, first.label("place")).where(*where)
    ranked = select.subquery()
    values = _values(db, reader, now, due_filter, DueRow)
    found_rows = (
        db.execute(sa.select(ranked).where(ranked.c.place == 1), values).all() if cases else ()
    )
    rows = {row.case: DueRow(*row[: len(DueRow.table.c)]) for row in found_rows}
    items = {row.id for row in checked(db, reader, list(rows.values()))}
    seen = scope.visible_items(db, reader, [row.item for row in rows.values()])
    return {
        case: structs.replace(_due(row, now, due_filter), case=case)
        for case, row in rows.items()
        if row.id in items and row.item in seen
    }


def count(
    db: Db, reader: Reader, now: datetime, due_filter: DueFilter, *, most: int = COUNTED
) -> int:
    """Return how many deadlines match the filter. The number is exact up to `most`; if more match,
    `most` + 1 is returned.
    """
    total = 0
    for kind in KINDS:
        if not _may_have(kind, due_filter) or total > most:
            continue
        values = _values(db, reader, now, due_filter, kind) | {"most": most + 1}
        alike = db.dialect, reader, _shape(due_filter), kind
        # grouped in a tuple, because `_counting` is cached by these arguments
        for part in _counting(*alike):
            total += db.execute(part, values).scalar_one()
    return min(total, most + 1)


@lru_cache(maxsize=PREPARED)
def _counting(
    dialect: sa.Dialect, reader: Reader, due_filter: DueFilter, kind: type[DueRow]
) -> tuple[sa.Select[int], ...]:
    """Return the queries whose results, added up, are the number of deadlines of a table that match
    the filter.
    """
    little, at = _conditions_for_few_items(reader, kind), _when(kind.table.c, due_filter)
    where = _where(dialect, kind, reader, due_filter, at + 0 if little else at)
    parts = little or ((sa.not_(kind.table.c.ended),),)
    select = sa.select(sa.literal(1)).select_from(kind.table)
    return tuple(
        counting(select.where(*where, *part, *whose), _MOST)
        for part, whose in product(
            parts, _own_groups(reader, kind, due_filter) if due_filter.mine else ((),)
        )
    )


def get(db: Db, reader: Reader, item: UUID) -> DueRow | None:
    """Return the running deadline with this id; None if the reader sees no such deadline."""
    rows = fetch(db, reader, lambda c: (c.id == item, sa.not_(c.ended)))
    return rows[0] if rows else None


def visible_ids(db: Db, reader: Reader, ids: Collection[UUID]) -> set[UUID]:
    """Return those of `ids` that are ids of running or ended deadlines which the reader sees."""
    return {row.id for row in fetch(db, reader, lambda c: (c.id.in_(sorted(ids)),))}


def named(db: Db, reader: Reader, ending: str) -> list[UUID]:
    """Return the ids of deadlines, running or ended, that end with the text `ending` (which may be
    a whole id). Only deadlines that the reader sees are returned.
    """
    wanted = ending.strip().lower().replace("-", "")
    if len(wanted) < LEAST_DIGITS or set(wanted) - set("0123456789abcdef"):
        return []

    def fits(c: Any) -> tuple[sa.ColumnElement[bool], ...]:
        return (HexDigits(c.id).like(f"%{wanted}"),)

    return [row.id for row in fetch(db, reader, fits)]


def fetch(
    db: Db, reader: Reader, where: Callable[[Any], tuple[sa.ColumnElement[bool], ...]]
) -> list[DueRow]:
    """Return the rows of all tables of deadlines that match `where` and that the reader sees."""
    rows: list[DueRow] = []
    for kind in KINDS:
        condition = is_visible(db.dialect, reader, kind)
        select = (
            sa.select(*columns(kind))
            .where(*where(kind.table.c), condition)
            .order_by(kind.table.c.id)
        )
        rows += [
            DueRow(*row) for row in db.execute(select, visibility_parameters(db, reader, kind))
        ]
    return checked(db, reader, rows)


def _may_have(kind: type[DueRow], due_filter: DueFilter) -> bool:
    """Return whether this table may have deadlines of the filter's types."""
    return due_filter.clock is None or due_filter.clock in CLOCKS_OF[kind]


def _first_without_owner(
    dialect: sa.Dialect,
    kind: type[DueRow],
    reader: Reader,
    due_filter: DueFilter,
    where: Sequence[sa.ColumnElement[bool]],
) -> sa.Select[Any]:
    """Return the query for the first deadlines that have no owner and that the reader's role may
    meet. For each type and team, the database reads the first deadlines from an index.
    """
    c, shown = kind.table.c, kind.table.alias("shown")
    clock = texts(dialect, _clocks_of_role(reader, kind, due_filter), "a_clock")
    team = texts(dialect, _ours(reader), "a_team")
    first = (
        sa.select(c.id)
        .where(*where, *_without_owner(reader, c), c.clock == clock.c.value, c.team == team.c.value)
        # Sort by the owner, too, although it is always NULL here: otherwise PostgreSQL sorts rows
        # that the index already gives in order.
        .order_by(c.owner, _when(c, due_filter), c.since, c.id)
        .limit(_FEW)
        .correlate(clock, team)
    )
    among: sa.ColumnElement[bool] = shown.c.id.in_(first)
    # PostgreSQL looks the rows up by their key if the condition is an array
    if dialect.name == "postgresql":
        among = shown.c.id == sa.any_(sa.func.array(first.scalar_subquery()))
    row_columns = [shown.c[column.name] for column in DueRow.table.c]
    at = _when(shown.c, due_filter).label("at")
    select = sa.select(*row_columns, at).select_from(clock.join(team, sa.true()).join(shown, among))
    return select.order_by(at, shown.c.since, shown.c.id).limit(_FEW)


def _where(
    dialect: sa.Dialect,
    kind: type[DueRow],
    reader: Reader,
    due_filter: DueFilter,
    at: sa.ColumnElement[int],
) -> list[sa.ColumnElement[bool]]:
    """Return the SQL conditions by which the filter selects deadlines of a table, without the
    condition on the reader's own deadlines (`mine`).

    `at` is the due time. The database can use the index of due times only if `at` is a column, not
    a sum.
    """
    c = kind.table.c
    where = [is_visible(dialect, reader, kind, due_filter.clock)]
    if not scope.protects(reader):
        in_use = c.item.not_in(sa.select(RestrictedRow.table.c.item))
        theirs = [
            clock for clock in CLOCKS if not CLOCKS[clock].ending_roles.isdisjoint(reader.roles)
        ]
        running = c.clock.in_(sorted({*THROUGHOUT, *theirs}))
        where.append(sa.or_(running, c.owner == reader.name, in_use))
    if due_filter.past:
        where.append(at < _NOW)
    if due_filter.past_since:
        where.append(at >= _PAST_SINCE)
    if due_filter.owner:
        where.append(c.owner == due_filter.owner)
    if due_filter.team:
        where.append(c.team == due_filter.team)
    if due_filter.clock:
        where.append(c.clock == due_filter.clock)
    if due_filter.but:
        where.append(c.clock.not_in(sorted(due_filter.but)))
    if due_filter.tier:
        where.append(
            c.clock.in_(
                [tier_clock for tier_clock, rule in CLOCKS.items() if rule.tier == due_filter.tier]
            )
        )
    return where


def columns(kind: type[DueRow]) -> list[sa.Column[Any]]:
    """Return the columns that every table of deadlines has."""
    return [kind.table.c[column.name] for column in DueRow.table.c]


def _when(c: Any, due_filter: DueFilter) -> sa.ColumnElement[int]:
    """Return the due time: as stored, except for types of deadline for which a police force has set
    another time."""
    stored = sa.type_coerce(c.due, sa.BigInteger)
    since = sa.type_coerce(c.since, sa.BigInteger)
    others = [
        (c.clock == clock, since + after // timedelta(microseconds=1))
        for clock, after in due_filter.after.items()
        if after != CLOCKS[clock].after
    ]
    return sa.case(*others, else_=stored) if others else stored


_Conditions: TypeAlias = tuple[sa.ColumnElement[bool], ...]


def _conditions_for_few_items(reader: Reader, kind: type[DueRow]) -> tuple[_Conditions, ...]:
    """Return SQL conditions for a reader who sees few items: the query then begins with these items
    and not with the list of all deadlines. Return () for a reader who sees many items.

    In the table of deadlines about pairs of items, a reader who triages no log entries gets only
    their own deadlines, and deadlines for decisions about links that the reader sees.
    """
    c, waits = kind.table.c, sa.not_(kind.table.c.ended)
    acts = {act for _, group_acts in BY for act in group_acts if act} if kind is DueRow else ()
    little = scope.among_little(reader, c.item, *acts)
    among = () if little is None else (sa.not_(sa.func.coalesce(c.ended, sa.true())), little)
    if kind is DueRow and among:
        return (among,)
    if kind is not JoinedRow or not scope.reaches_nothing(reader, "triage"):
        return ()
    own = waits, c.owner == reader.name, c.clock != undecided.UNDECIDED
    if scope.reaches_nothing(reader, "see-link"):
        return (own,)  # a decision about a link is due only from readers who see the link
    owed_one = (*among, c.clock.concat("") == undecided.UNDECIDED)
    return own, owed_one if among else (waits, c.clock == undecided.UNDECIDED)


def _mine(reader: Reader, kind: type[DueRow], due_filter: DueFilter) -> _Conditions:
    """Return the SQL condition that a deadline is the reader's own; return () if the filter does
    not ask for this.
    """
    if not due_filter.mine:
        return ()
    return (sa.or_(*(sa.and_(*part) for part in _own_groups(reader, kind, due_filter))),)


def _own_groups(
    reader: Reader, kind: type[DueRow], due_filter: DueFilter
) -> tuple[_Conditions, ...]:
    """Return one tuple of SQL conditions for each group of the reader's own deadlines: deadlines of
    which the reader is the owner; deadlines without an owner that the reader's role may meet; and
    deadlines of people who left or lost a role, if they pass to the reader's role.
    """
    c, ours = kind.table.c, kind.table.c.team.in_(_ours(reader))
    theirs = c.clock.in_(_clocks_of_role(reader, kind, due_filter)), ours
    groups = (c.owner == reader.name,), (*_without_owner(reader, c), *theirs)
    passed = [
        sa.and_(c.owner == user, c.clock.in_(user_clocks))
        for user, clocks in due_filter.lost
        if user != reader.name
        and (user_clocks := sorted(clocks & set(_answered(reader, kind, due_filter))))
    ]
    return (*groups, (sa.or_(*passed), ours)) if passed else groups


def _without_owner(reader: Reader, c: Any) -> _Conditions:
    """Return the conditions that a deadline has no owner, and that the reader may meet it."""
    return c.owner.is_(None), sa.or_(c.not_by.is_(None), c.not_by != reader.name)


def _clocks_of_role(reader: Reader, kind: type[DueRow], due_filter: DueFilter) -> list[Clock]:
    """Return the types of deadline in a table, within the filter, that the reader's role has to
    meet before any escalation."""
    clocks = _answered(reader, kind, due_filter)
    return [clock for clock in clocks if not reader.closed or CLOCKS[clock].role in reader.roles]


def _answered(reader: Reader, kind: type[DueRow], due_filter: DueFilter) -> list[Clock]:
    """Return the types of deadline within the filter that a role of the reader may meet, before or
    after an escalation."""
    return [
        clock
        for clock in CLOCKS_OF[kind]
        if due_filter.clock in (None, clock)
        and clock not in due_filter.but
        and (not reader.closed or not CLOCKS[clock].ending_roles.isdisjoint(reader.roles))
    ]


def _ours(reader: Reader) -> list[str]:
    return sorted({reader.team, *reader.teams, ""})


def unsafe(item: DueItem) -> DueItem:
    """Return the deadline for contacting a family, changed because the family has an unsafe contact
    channel: a supervisor has to meet it, and not the family's worker.
    """
    rule = CLOCKS[UNSAFE]
    return structs.replace(
        item,
        what=rule.says,
        clock=UNSAFE,
        owner=None,
        owner_role=rule.role,
        escalates_to=rule.chain[0],
        chain=rule.chain,
        tier=rule.tier,
    )


def _due(row: DueRow, now: datetime, due_filter: DueFilter) -> DueItem:
    rule = CLOCKS[row.clock]
    after = due_filter.after.get(row.clock)
    when = row.since + after if after is not None and after != rule.after else row.due
    return DueItem(
        row.id,
        rule.says,
        row.clock,
        row.item,
        row.since,
        when,
        now > when,
        row.owner,
        rule.role,
        rule.chain[0],
        rule.chain,
        rule.tier,
        row.team,
        (row.ref,),
    )
