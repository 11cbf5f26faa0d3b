"""Who looked at this, when, why, and by which query?

Everybody is told how they looked themselves; who follows trails, how their team did; who sees
alerts, how those did whose alerts they see.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from access import scope
from access.conditions import width
from access.decide import decide
from access.table import Act
from domain.consultation import (
    ConsultationJustified,
    ConsultedFor,
    RecordConsulted,
    UnusualAccessReviewed,
    unpacked,
)
from domain.envelope import Recorded
from domain.values import Reader
from projections.batch import Batch
from projections.columns import Column
from projections.schema import Db, View, rows, to_micros

AT_ONCE = 500


@rows("looks", key=("seq",), index=(("by",),))
@dataclass(frozen=True, slots=True)
class LookRow:
    """One time that somebody was shown something. `wanted`: a reason was asked for; `person`: for
    whom a program asked, as it said. `at` is the log's time, which only rises; `looked` is when it
    was, as a synthetic store is told it."""

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


@rows("shown", key=("id", "seq"), index=(("seq",),))
@dataclass(frozen=True, slots=True)
class ShownRow:
    """An id that was shown then."""

    table: ClassVar[sa.Table]
    id: UUID
    seq: int


@rows("justifications", key=("sitting", "version"))
@dataclass(frozen=True, slots=True)
class JustificationRow:
    """Why somebody looked, as they said in this sitting; or for whom a program did."""

    table: ClassVar[sa.Table]
    sitting: UUID
    version: int
    reason: str | None
    person: str | None = None


@rows("access_reviews", key=("seq",), index=(("user",),))
@dataclass(frozen=True, slots=True)
class ReviewRow:
    """What a person found who looked into a user's consultations."""

    table: ClassVar[sa.Table]
    seq: int
    user: str
    by: str
    at: datetime
    finding: str


def apply(fact: Recorded, batch: Batch) -> None:
    match fact.event:
        case ConsultationJustified() as event:
            batch.put(JustificationRow(fact.stream, fact.version, event.reason))
        case ConsultedFor() as event:
            row = JustificationRow(fact.stream, fact.version, event.reason, event.person)
            batch.put(row)
        case RecordConsulted() as event:
            told = event.why and batch.get(JustificationRow, fact.stream, event.why)
            ids = dict.fromkeys(unpacked(event.ids))
            batch.put(
                LookRow(
                    fact.seq,
                    fact.by,
                    fact.team,
                    fact.controller,
                    fact.recorded,
                    event.query,
                    told.reason if told else None,
                    event.wanted,
                    len(ids),
                    event.at or fact.recorded,
                    told.person if told else None,
                )
            )
            for one in ids:
                batch.put(ShownRow(one, fact.seq))
        case UnusualAccessReviewed() as event:
            batch.put(ReviewRow(fact.seq, event.user, fact.by, fact.recorded, event.finding))


VIEW = View("consultations", (LookRow, ShownRow, JustificationRow, ReviewRow), apply, ("access",))


# --- queries ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Looked:
    """One consultation. `seq` is the number under which a page goes on: its place in the log, or
    on a store with accounts (where that would count what others look at) its time in µs. `shown`
    are those of the ids asked about that it showed, or (asked by user) all that it showed; `why`
    is None where no reason was given, `person` is for whom a program asked, as it said."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("seq", "no."),
        Column("at", "when", "moment"),
        Column("who", "who"),
        Column("team", "team"),
        Column("query", "query"),
        Column("many", "shown"),
        Column("reason", "why"),
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

    @property
    def who(self) -> str:
        """Who looked, and for whom."""
        return f"{self.by} for {self.person}" if self.person else self.by

    @property
    def many(self) -> int:
        """How many it showed."""
        return len(self.shown)

    @property
    def reason(self) -> str | None:
        """Why, or that they did not say."""
        return self.why or ("not given" if self.wanted else None)


def at(
    db: Db, reader: Reader, ids: Collection[UUID], *, before: int | None, limit: int
) -> list[Looked]:
    """Who was shown any of these ids, newest first; `before` is the last `seq` of the page
    before."""
    found: dict[int, list[UUID]] = {}
    c, look = ShownRow.table.c, LookRow.table.c
    told = [_told(reader, "see-alerts", "see-trail-items"), *_before(reader, before)]
    wanted = sorted(set(ids))
    for some in (wanted[i : i + AT_ONCE] for i in range(0, len(wanted), AT_ONCE)):
        where = [c.id.in_(some), *told]
        looks = sa.select(c.seq).join(LookRow.table, look.seq == c.seq).where(*where)
        newest = looks.distinct().order_by(c.seq.desc()).limit(limit)
        select = sa.select(c.seq, c.id).where(c.id.in_(some), c.seq.in_(newest))
        for seq, one in db.execute(select):
            found.setdefault(seq, []).append(one)
    seqs = sorted(found, reverse=True)[:limit]
    rows = _rows(db, look.seq.in_(seqs))
    return [_looked(reader, row, found[row.seq]) for row in rows]


def by(db: Db, reader: Reader, user: str, *, before: int | None, limit: int) -> list[Looked]:
    """What this user was shown, newest first; paged as `at`."""
    where = [_told(reader, "see-alerts"), *_before(reader, before)]
    found = _rows(db, LookRow.table.c.by == user, *where, limit=limit)
    shown: dict[int, list[UUID]] = {}
    s = ShownRow.table.c
    select = sa.select(s.seq, s.id).where(s.seq.in_([row.seq for row in found]))
    for seq, one in db.execute(select.order_by(s.seq, s.id)):
        shown.setdefault(seq, []).append(one)
    if width(reader, "see-alerts") != "any":
        seen = scope.seen(db, reader, {one for ids in shown.values() for one in ids})
        shown = {seq: [one for one in ids if one in seen] for seq, ids in shown.items()}
    return [_looked(reader, row, shown.get(row.seq, [])) for row in found]


def _told(reader: Reader, *acts: Act) -> sa.ColumnElement[bool]:
    """Whose consultations the reader is told of, by the widest of these acts: an id alone, which
    opens nothing, may then be among them."""
    c = LookRow.table.c
    reaches = {width(reader, act) for act in acts}
    if not reader.closed or "any" in reaches:
        return sa.true()
    theirs = c.team.in_(sorted(reader.teams)) if "team" in reaches else sa.false()
    return sa.or_(c.by == reader.name, theirs)


def _before(reader: Reader, number: int | None) -> list[sa.ColumnElement[bool]]:
    c = LookRow.table.c
    if number is None:
        return []
    return [sa.type_coerce(c.at, sa.BigInteger) < number if reader.closed else c.seq < number]


def since(db: Db, reader: Reader, start: datetime | None) -> list[LookRow]:
    """Every consultation from `start` on that the reader is alerted to, in order."""
    c = LookRow.table.c
    select = sa.select(LookRow.table).where(_told(reader, "see-alerts")).order_by(c.seq)
    wanted = select.where(c.looked >= start) if start else select
    return [LookRow(*row) for row in db.execute(wanted)]


def shown_to(db: Db, reader: Reader, start: datetime | None) -> dict[str, set[UUID]]:
    """The ids that each user was shown from `start` on."""
    c, s = LookRow.table.c, ShownRow.table.c
    told = _told(reader, "see-alerts")
    select = sa.select(c.by, s.id).join(ShownRow.table, s.seq == c.seq).where(told).distinct()
    found: dict[str, set[UUID]] = {}
    for user, one in db.execute(select.where(c.looked >= start) if start else select):
        found.setdefault(user, set()).add(one)
    return found


def reviews(db: Db, reader: Reader) -> dict[str, ReviewRow]:
    """The newest review of each user's consultations, for who sees alerts."""
    if not decide(reader, "see-alerts").allowed:
        return {}
    select = sa.select(ReviewRow.table).order_by(ReviewRow.table.c.seq)
    return {row.user: ReviewRow(*row) for row in db.execute(select)}


def _rows(db: Db, *where: sa.ColumnElement[bool], limit: int | None = None) -> list[LookRow]:
    table = LookRow.table
    select = sa.select(table).where(*where).order_by(table.c.seq.desc())
    return [LookRow(*row) for row in db.execute(select.limit(limit) if limit else select)]


def _looked(reader: Reader, row: LookRow, ids: list[UUID]) -> Looked:
    number = to_micros(row.at) if reader.closed else row.seq
    shown = tuple(sorted(ids))
    return Looked(
        number, row.looked, row.by, row.team, row.query, row.why, row.wanted, shown, row.person
    )
