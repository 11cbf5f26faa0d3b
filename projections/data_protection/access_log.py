"""The view of the access log: which user viewed an item, when, for what purpose, and by which
query.

Users see their own accesses. Readers with the right to audit trails see their team's accesses;
readers with the right to access alerts see the accesses of the users in these alerts.

The file is long because accesses are counted, listed and grouped by the same rule of who may see
them.
"""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, timedelta
from statistics import median
from typing import ClassVar, Literal, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from access.who_may.conditions import width
from access.who_may.decide import decide
from domain.data_protection.access_log import (
    ConsultationJustified,
    ConsultedFor,
    RecordConsulted,
    UnusualAccessReviewed,
    unpacked,
)
from domain.forms.local import LONDON
from domain.kernel.acts import Act
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.column_types import to_micros
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import View, lacks, rows

AT_ONCE = 500
#: The hours of the night, in London time.
NIGHT = range(6)
#: Whether a user gave a purpose of access: given, not given although it was required, or not
#: required.
Reason: TypeAlias = Literal["given", "not-given", "not-asked"]
#: A reader needs one of these rights to see who viewed an item.
AT_ITEMS: tuple[Act, ...] = ("see-alerts", "see-trail-items")
#: After a gap of `PAUSE` between a user's accesses, a new session begins. At most `STAY` accesses
#: are read to find the beginning of a session.
PAUSE, STAY = timedelta(hours=2), 500


@rows("looks", key=("seq",), index=(("by",),))
class LookRow(Struct, frozen=True):
    """An access: a query that showed items to a user. `why` is the purpose; `wanted` means that the
    user had to give a purpose. `person` is the person on whose behalf a program sent the query,
    according to the program. `at` is when the access was recorded in the log; `looked` is when it
    happened, which can differ only in a synthetic store.
    """

    table: ClassVar[sa.Table]
    seq: int
    by: str
    team: str
    controller: str
    at: datetime
    query: str
    why: str | None
    wanted: bool
    ids: int
    looked: datetime
    person: str | None = None
    night: bool = False


@rows("lookers", key=("by", "team"))
class LookerRow(Struct, frozen=True):
    """A user of a team with at least one access; `last` is the log position of the newest one."""

    table: ClassVar[sa.Table]
    by: str
    team: str
    last: int


@rows("look_sizes", key=("by", "team", "ids"))
class SizeRow(Struct, frozen=True):
    """The number of days on which a user of a team viewed a certain number of items."""

    table: ClassVar[sa.Table]
    by: str
    team: str
    ids: int
    days: int


@rows("look_days", key=("by", "team", "day"), index=(("day",),))
class LookDayRow(Struct, frozen=True):
    """The accesses of a user of a team on one day in London: how many there were, how many items
    they showed, how many of the accesses were at night, and how many lacked a required purpose.
    `last` is the position of the newest access in the log.
    """

    table: ClassVar[sa.Table]
    by: str
    team: str
    day: date
    looks: int = 0
    ids: int = 0
    nights: int = 0
    silent: int = 0
    last: int = 0


@rows("shown", key=("id", "seq"), index=(("seq",),))
class ShownRow(Struct, frozen=True):
    """An item that an access showed to a user."""

    table: ClassVar[sa.Table]
    id: UUID
    seq: int


@rows("justifications", key=("sitting", "version"))
class JustificationRow(Struct, frozen=True):
    """The purpose that a user gave in a session, or the person for whom a program asked."""

    table: ClassVar[sa.Table]
    sitting: UUID
    version: int
    reason: str | None
    person: str | None = None


@rows("access_reviews", key=("seq",))
class ReviewRow(Struct, frozen=True):
    """The result of a review of a user's accesses."""

    table: ClassVar[sa.Table]
    seq: int
    user: str
    by: str
    at: datetime
    finding: str


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case ConsultationJustified() as event:
            batch.put(JustificationRow(fact.stream, fact.version, event.reason))
        case ConsultedFor() as event:
            row = JustificationRow(fact.stream, fact.version, event.reason, event.person)
            batch.put(row)
        case RecordConsulted() as event:
            justification = event.why and batch.get(JustificationRow, fact.stream, event.why)
            ids = dict.fromkeys(unpacked(event.ids))
            when = event.at or fact.recorded
            look = LookRow(
                fact.seq,
                fact.by,
                fact.team,
                fact.controller,
                fact.recorded,
                event.query,
                justification.reason if justification else None,
                event.wanted,
                len(ids),
                when,
                justification.person if justification else None,
                when.astimezone(LONDON).hour in NIGHT,
            )
            batch.put(look)
            _count(batch, look)
            for item in ids:
                batch.put(ShownRow(item, fact.seq))
        case UnusualAccessReviewed() as event:
            batch.put(ReviewRow(fact.seq, event.user, fact.by, fact.recorded, event.finding))


def _count(batch: RowBatch, look: LookRow) -> None:
    at = look.looked.astimezone(LONDON)
    key = look.by, look.team, at.date()
    before = batch.get(LookDayRow, *key)
    day = before or LookDayRow(*key)
    now = replace(
        day,
        looks=day.looks + 1,
        ids=day.ids + look.ids,
        nights=day.nights + look.night,
        silent=day.silent + (look.wanted and look.why is None),
        last=look.seq,
    )
    batch.put(now)
    batch.put(LookerRow(look.by, look.team, look.seq))
    if before is None or look.ids:
        _size(batch, now, 1)
        if before:
            _size(batch, before, -1)


def _size(batch: RowBatch, day: LookDayRow, more: int) -> None:
    before = batch.get(SizeRow, day.by, day.team, day.ids)
    days = (before.days if before else 0) + more
    if days:
        batch.put(SizeRow(day.by, day.team, day.ids, days))
    else:
        batch.drop(SizeRow, day.by, day.team, day.ids)


VIEW = View(
    "consultations",
    (LookRow, LookerRow, LookDayRow, SizeRow, ShownRow, JustificationRow, ReviewRow),
    apply,
    ("access",),
    version=3,
    when_queried=True,
)


# --- queries ------------------------------------------------------------------------------------


class Consultation(Struct, frozen=True):
    """An access, as a list shows it. `shown` are the items that the access showed; in a list about
    certain items, only those items. `why` is None if no purpose was given. `person` is the person
    on whose behalf a program sent the query, according to the program.

    The next page of a list begins after a `seq`. It is the access's position in the log; on a store
    with accounts it is the time in µs, because positions would show how many accesses other users
    had.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("seq", "no."),
        Column("at", "accessed", "moment"),
        Column("who", "user"),
        Column("team", "team"),
        Column("query", "query"),
        Column("many", "items shown"),
        Column("reason", "purpose"),
        Column("night", "at night", "mark"),
    )
    order: ClassVar[tuple[str, ...]] = ("-seq",)
    seq: int
    at: datetime
    by: str
    team: str
    query: str
    why: str | None
    wanted: bool
    shown: tuple[UUID, ...]
    person: str | None
    night: bool

    @property
    def who(self) -> str:
        """Return the name of the user and, if the user is a program, of the person for whom it
        asked.
        """
        return f"{self.by} for {self.person}" if self.person else self.by

    @property
    def many(self) -> int:
        """Return how many items were shown."""
        return len(self.shown)

    @property
    def reason(self) -> str | None:
        """Return the purpose of the access, or a text that says that none was given."""
        return self.why or ("not given" if self.wanted else None)


class Only(Struct, frozen=True):
    """A filter of accesses: by user, by whether a purpose was given, and by night or day (the day
    begins at six in the morning, London time).
    """

    by: str | None = None
    reason: Reason | None = None
    night: bool | None = None

    def where(self) -> list[sa.ColumnElement[bool]]:
        """Return the filter as SQL conditions on accesses."""
        c = LookRow.table.c
        condition_by_reason: dict[Reason, sa.ColumnElement[bool]] = {
            "given": c.why.is_not(None),
            "not-given": sa.and_(c.why.is_(None), c.wanted),
            "not-asked": sa.and_(c.why.is_(None), ~c.wanted),
        }
        conditions = [c.by == self.by] if self.by else []
        conditions += [condition_by_reason[self.reason]] if self.reason else []
        return conditions if self.night is None else [*conditions, c.night == self.night]


ALL = Only()


class AccessGroup(Struct, frozen=True):
    """The accesses of a user of a team for one purpose: how many there were, how many were at
    night, and when the first and the last were. If `why` is None, no purpose was given; `wanted`
    says whether it was required.
    """

    by: str
    team: str
    why: str | None
    wanted: bool
    looks: int
    nights: int
    first: datetime
    last: datetime


def at(
    db: Db,
    reader: Reader,
    ids: Collection[UUID],
    *,
    before: int | None,
    limit: int,
    only: Only = ALL,
) -> list[Consultation]:
    """Return the accesses that showed any of these items, newest first; `before` is the last `seq`
    of the previous page."""
    found_items: dict[int, list[UUID]] = {}
    c, look = ShownRow.table.c, LookRow.table.c
    conditions = [_may_see_access(reader, *AT_ITEMS), *only.where(), *_before(reader, before)]
    wanted = sorted(set(ids))
    for batch in (wanted[i : i + AT_ONCE] for i in range(0, len(wanted), AT_ONCE)):
        where = [c.id.in_(batch), *conditions]
        looks = sa.select(c.seq).join(LookRow.table, look.seq == c.seq).where(*where)
        newest = looks.distinct().order_by(c.seq.desc()).limit(limit)
        select = sa.select(c.seq, c.id).where(c.id.in_(batch), c.seq.in_(newest))
        for seq, item in db.execute(select):
            found_items.setdefault(seq, []).append(item)
    seqs = sorted(found_items, reverse=True)[:limit]
    rows = _rows(db, look.seq.in_(seqs))
    return [_looked(reader, row, found_items[row.seq]) for row in rows]


def grouped_at(db: Db, reader: Reader, ids: Collection[UUID]) -> list[AccessGroup]:
    """Return the accesses that showed any of these items, grouped by user and purpose; the largest
    group first.
    """
    c, wanted = ShownRow.table.c, sorted(set(ids))
    batches = [wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)]
    shown = [LookRow.table.c.seq.in_(sa.select(c.seq).where(c.id.in_(items))) for items in batches]
    return _grouped(db, sa.or_(sa.false(), *shown), _may_see_access(reader, *AT_ITEMS))


def grouped_by(db: Db, reader: Reader, user: str) -> list[AccessGroup]:
    """Return all accesses of this user, grouped by purpose and team."""
    return _grouped(db, LookRow.table.c.by == user, _may_see_access(reader, "see-alerts"))


def _grouped(db: Db, *where: sa.ColumnElement[bool]) -> list[AccessGroup]:
    c = LookRow.table.c
    unsaid = sa.and_(c.why.is_(None), c.wanted)
    select = sa.select(
        *(c.by, c.team, c.why, unsaid, sa.func.count()),
        sa.func.sum(sa.case((c.night, 1), else_=0)),
        *(sa.func.min(c.looked), sa.func.max(c.looked)),
    )
    groups = [
        AccessGroup(*row)
        for row in db.execute(select.where(*where).group_by(c.by, c.team, c.why, unsaid))
    ]
    often = Counter[str]()
    for group in groups:
        often[group.by] += group.looks
    return sorted(
        groups,
        key=lambda access_group: (
            -often[access_group.by],
            access_group.by,
            access_group.team,
            -access_group.looks,
            access_group.first,
        ),
    )


def by(
    db: Db, reader: Reader, user: str, *, before: int | None, limit: int, only: Only = ALL
) -> list[Consultation]:
    """Return this user's accesses, newest first; `before` is the last `seq` of the previous
    page."""
    where = [_may_see_access(reader, "see-alerts"), *only.where(), *_before(reader, before)]
    found_rows = _rows(db, LookRow.table.c.by == user, *where, limit=limit)
    shown: dict[int, list[UUID]] = {}
    s = ShownRow.table.c
    select = sa.select(s.seq, s.id).where(s.seq.in_([row.seq for row in found_rows]))
    for seq, shown_item in db.execute(select.order_by(s.seq, s.id)):
        shown.setdefault(seq, []).append(shown_item)
    if width(reader, "see-alerts") != "any":
        seen = scope.visible_items(db, reader, {item for ids in shown.values() for item in ids})
        shown = {seq: [item for item in ids if item in seen] for seq, ids in shown.items()}
    return [_looked(reader, row, shown.get(row.seq, [])) for row in found_rows]


def here_before(db: Db, reader: Reader, now: datetime) -> datetime | None:
    """Return the time of the reader's last access before the present session. It is None in the
    reader's first session, or if the session has more than `STAY` accesses.
    """
    c, later = LookRow.table.c, now
    newest = sa.select(c.looked).where(c.by == reader.name).order_by(c.seq.desc()).limit(STAY)
    for at in db.execute(newest).scalars():
        if later - at >= PAUSE:
            moment: datetime = at
            return moment
        later = at
    return None


def _may_see_access(reader: Reader, *acts: Act) -> sa.ColumnElement[bool]:
    """Return the SQL condition that the reader may see an access, by the widest of the rights in
    `acts`. A list of accesses may contain an item's id even if the reader may not see the item.
    """
    c = LookRow.table.c
    return scope.may_see_access_of(reader, c.by, c.team, *acts)


def _before(reader: Reader, number: int | None) -> list[sa.ColumnElement[bool]]:
    c = LookRow.table.c
    if number is None:
        return []
    return [sa.type_coerce(c.at, sa.BigInteger) < number if reader.closed else c.seq < number]


def list_recent_users(db: Db, reader: Reader, limit: int) -> list[str]:
    """Return the users with the newest accesses, among those whose alerts the reader sees; newest
    first."""
    # a store that recorded accesses before the table of users existed lacks them there; their days
    # are read instead
    row_class = LookDayRow if lacks(db, LookerRow, "by") else LookerRow
    c = row_class.table.c
    select = sa.select(c.by).where(_alerted(reader, row_class)).group_by(c.by)
    return list(db.execute(select.order_by(sa.func.max(c.last).desc()).limit(limit)).scalars())


def lookers(db: Db, reader: Reader) -> int:
    """Return the number of users who have an access and whose alerts the reader sees."""
    users = sa.func.count(sa.distinct(LookerRow.table.c.by))
    number: int = db.execute(sa.select(users).where(_alerted(reader, LookerRow))).scalar_one()
    return number


def days(db: Db, reader: Reader, first: date) -> list[LookDayRow]:
    """Return the accesses by user and day, from the day `first` on, of users whose alerts the
    reader sees."""
    c = LookDayRow.table.c
    select = sa.select(LookDayRow.table).where(_alerted(reader, LookDayRow), c.day >= first)
    return [LookDayRow(*row) for row in db.execute(select.order_by(c.by, c.day, c.last))]


class Usual(Struct, frozen=True):
    """How a user usually works: on how many days they viewed anything, and how many items on the
    median day."""

    days: int
    ids: float


def usual(db: Db, reader: Reader, users: Collection[str]) -> dict[str, Usual]:
    """Return how each of these users usually works, if the reader sees the user's alerts.

    For a user of several teams, the items viewed on a day are added up over the teams; such users
    are few, so that their days can be read one by one.
    """
    of, s = LookerRow.table.c, SizeRow.table.c
    user_names = sorted(users)
    teams = sa.select(of.by, sa.func.count()).where(
        of.by.in_(user_names), _alerted(reader, LookerRow)
    )
    many: dict[str, int] = dict(db.execute(teams.group_by(of.by)).all())
    plain = [user for user, number in many.items() if number == 1]
    sizes: dict[str, Counter[int]] = {user: Counter() for user in many}
    sizes_query = sa.select(s.by, s.ids, s.days).where(s.by.in_(plain), _alerted(reader, SizeRow))
    for user, ids, days in db.execute(sizes_query):
        sizes[user][ids] = days
    d = LookDayRow.table.c
    whole = sa.select(d.by, sa.func.sum(d.ids)).group_by(d.by, d.day)
    others = d.by.in_(sorted(many.keys() - set(plain))), _alerted(reader, LookDayRow)
    for user, ids in db.execute(whole.where(*others)):
        sizes[user][int(ids)] += 1
    return {user: Usual(own.total(), median(own.elements())) for user, own in sizes.items()}


def _alerted(reader: Reader, row: type[LookDayRow | LookerRow | SizeRow]) -> sa.ColumnElement[bool]:
    return scope.may_see_access_of(reader, row.table.c.by, row.table.c.team, "see-alerts")


def reviews(db: Db, reader: Reader) -> dict[str, ReviewRow]:
    """Return the newest review of each user's accesses, for a reader with the right to access
    alerts."""
    if not decide(reader, "see-alerts").allowed:
        return {}
    select = sa.select(ReviewRow.table).order_by(ReviewRow.table.c.seq)
    return {row.user: ReviewRow(*row) for row in db.execute(select)}


def _rows(db: Db, *where: sa.ColumnElement[bool], limit: int | None = None) -> list[LookRow]:
    table = LookRow.table
    select = sa.select(table).where(*where).order_by(table.c.seq.desc())
    return [LookRow(*row) for row in db.execute(select.limit(limit) if limit else select)]


def _looked(reader: Reader, row: LookRow, ids: list[UUID]) -> Consultation:
    number = to_micros(row.at) if reader.closed else row.seq
    shown = tuple(sorted(ids))
    fields = row.looked, row.by, row.team, row.query, row.why, row.wanted, shown
    return Consultation(number, *fields, row.person, row.night)
