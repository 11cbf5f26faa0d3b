"""What is due, since when, when, and whose is it?"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import product
from operator import itemgetter
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

import sqlalchemy as sa

from access import scope
from access.conditions import width
from access.decide import decide
from access.table import Act
from domain.clocks import AFTERCARE, CLOCKS
from domain.codes import Clock, Tier
from domain.values import Reader, Role
from projections.columns import Column
from projections.due import (
    arrests,
    evidence,
    joined,
    looked,
    owed,
    patterns,
    said_before,
    undecided,
    watched,
)
from projections.due.family import ACKNOWLEDGED, ANSWERED
from projections.due.rows import (
    AUDIT,
    HOLD,
    SILENCE,
    UNSAFE,
    URGENT,
    WORDS,
    DueRow,
    JoinedRow,
    LookedRow,
    RestrictedRow,
)
from projections.schema import COUNTED, Db, counted, texts, to_micros

VIEW, LOOKED_VIEW, JOINED_VIEW = evidence.VIEW, looked.VIEW, joined.VIEW
LEAST_DIGITS = 6
#: What is due about something that is restricted, too.
THROUGHOUT: tuple[Clock, ...] = (
    "restriction-review",
    "retention-review",
    "hold-review",
    "hold-confirmation",
)


@dataclass(frozen=True)
class Due:
    """What is due, at a moment. `what` says it in words, `item` is what it is about, `about` what
    that is called for the person who sees it, `shown` whom and what that names beside it, `case`
    the family that it is of; `owner` is a person, or (None) anybody of the team in the role
    `owner_role`. While nobody acts it goes to the roles of `chain` in turn, first to
    `escalates_to`."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("due", "due", "moment"),
        Column("overdue", "past", "mark"),
        Column("what", "what"),
        Column("about", "about"),
        Column("whose", "whose"),
        Column("tier", "tier"),
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
        """Who has to answer it."""
        article = "an" if self.owner_role[0] in "aeiou" else "a"
        return self.owner or f"{article} {self.owner_role} of {self.team or 'its team'}"


@dataclass(frozen=True)
class Asked:
    """Which part: those that are the reader's own to answer, one person's, a team's, only what is
    past (and went past after a moment), one clock's, all `but` one clock's, or of one tier. `after`
    is how long a force gives a clock instead of its rule's time."""

    mine: bool = False
    owner: str | None = None
    team: str | None = None
    past: bool = False
    clock: Clock | None = None
    tier: Tier | None = None
    past_since: datetime | None = None
    after: Mapping[Clock, timedelta] = field(default_factory=dict)
    but: Clock | None = None


#: By which columns of what is asked for it is ordered: when it is due, since when, its id.
_KEY = (len(DueRow.table.c), 3, 0)


def listed(db: Db, reader: Reader, now: datetime, asked: Asked) -> list[Due]:
    """What is due, soonest first."""
    return page(db, reader, now, asked)


def page(
    db: Db, reader: Reader, now: datetime, asked: Asked, *, skip: int = 0, most: int | None = None
) -> list[Due]:
    """So many of what is due (None: all), behind so many others, soonest first."""
    return pages(db, reader, now, [asked], skip=skip, most=most)[0]


def pages(
    db: Db,
    reader: Reader,
    now: datetime,
    parts: Sequence[Asked],
    *,
    skip: int = 0,
    most: int | None = None,
) -> list[list[Due]]:
    """A page of each of these parts; the second check is of all of them at once."""
    found = [_page(db, reader, now, asked, skip, most) for asked in parts]
    every = dict.fromkeys(row for rows in found for row in rows)
    standing = set(_checked(db, reader, list(every)))
    return [
        [_due(row, now, asked) for row in rows if row in standing]
        for asked, rows in zip(parts, found, strict=True)
    ]


def _page(
    db: Db, reader: Reader, now: datetime, asked: Asked, skip: int, most: int | None
) -> list[DueRow]:
    few = None if most is None else skip + most
    told = db, reader, now, asked
    looks = [row for kind in (LookedRow, JoinedRow) for row in _some(*told, kind, 0, few)]
    looks = sorted(looks, key=itemgetter(*_KEY))[:few]
    # at most so many of these stand before the page: the others begin behind the rest
    behind = max(0, skip - len(looks))
    wanted = None if most is None else skip - behind + most
    others = _some(*told, DueRow, behind, wanted)
    both: list[Any] = [*others, *looks]
    found = sorted(both, key=itemgetter(*_KEY))[skip - behind :]
    return [DueRow(*row[:-1]) for row in found[:most]]


#: By which columns rows are put in order that a statement gives.
_ORDER: tuple[sa.ColumnElement[Any], ...] = tuple(map(sa.literal_column, ("at", "since", "id")))


def _some(
    db: Db,
    reader: Reader,
    now: datetime,
    asked: Asked,
    kind: type[DueRow],
    skip: int,
    most: int | None,
) -> Sequence[sa.Row[Any]]:
    """So many rows of one table in their order, each table by its own index."""
    if not _may_have(kind, asked):
        return ()
    c, at = kind.table.c, _when(kind.table.c, asked)
    select: sa.Select[Any] = sa.select(*columns(kind), at.label("at"))
    few = None if most is None else skip + most
    # not by the order in which everything stands that is due: of a person there is little
    soonest = at + 0, c.since, c.id
    little = _of_little(reader, kind)
    where = _where(db, kind, reader, now, asked, at + 0 if little else at)
    if little:
        each = product(little, _whose(reader, kind, asked) if asked.mine else ((),))
        some = [select.where(*where, *part, *whose).order_by(*soonest) for part, whose in each]
    elif few is None or not asked.mine:
        part = select.where(*where, sa.not_(c.ended), *_mine(reader, kind, asked))
        every = part.order_by(at, c.since, c.id).limit(most).offset(skip or None)
        return db.execute(every).all()
    else:
        where.append(sa.not_(c.ended))
        own = select.where(*where, c.owner == reader.name).order_by(*soonest)
        some = [own, _first_anybodys(db, kind, reader, asked, where, few)]
    rows = [row for one in some for row in db.execute(one.limit(few))]
    return sorted(rows, key=itemgetter(*_KEY))[skip:few]


def count(db: Db, reader: Reader, now: datetime, asked: Asked, *, most: int = COUNTED) -> int:
    """How much is due of what is asked for, as `counted` says it."""
    total = 0
    for kind in KINDS:
        if not _may_have(kind, asked) or total > most:
            continue
        little, at = _of_little(reader, kind), _when(kind.table.c, asked)
        where = _where(db, kind, reader, now, asked, at + 0 if little else at)
        parts = little or ((sa.not_(kind.table.c.ended),),)
        for part, whose in product(parts, _whose(reader, kind, asked) if asked.mine else ((),)):
            select = sa.select(sa.literal(1)).select_from(kind.table)
            total += counted(db, select.where(*where, *part, *whose), most)
    return min(total, most + 1)


def get(db: Db, reader: Reader, one: UUID) -> DueRow | None:
    """What is due under this id."""
    found = fetch(db, reader, lambda c: (c.id == one, sa.not_(c.ended)))
    return found[0] if found else None


def told(db: Db, reader: Reader, ids: Collection[UUID]) -> set[UUID]:
    """Those of these ids under which something is or was due of which the reader is told."""
    return {row.id for row in fetch(db, reader, lambda c: (c.id.in_(sorted(ids)),))}


def named(db: Db, reader: Reader, ending: str) -> list[UUID]:
    """What an id or its ending may mean, answered or not."""
    wanted = ending.strip().lower().replace("-", "")
    if len(wanted) < LEAST_DIGITS or set(wanted) - set("0123456789abcdef"):
        return []

    def fits(c: Any) -> tuple[sa.ColumnElement[bool], ...]:
        digits = sa.func.replace(sa.cast(c.id, sa.Text), "-", "")
        return (sa.func.lower(digits).like(f"%{wanted}"),)

    return [row.id for row in fetch(db, reader, fits)]


def fetch(
    db: Db, reader: Reader, where: Callable[[Any], tuple[sa.ColumnElement[bool], ...]]
) -> list[DueRow]:
    """Rows of either table, as far as the reader is told of them."""
    found: list[DueRow] = []
    for kind in KINDS:
        told = _told(db, reader, kind)
        select = (
            sa.select(*columns(kind)).where(*where(kind.table.c), told).order_by(kind.table.c.id)
        )
        found += [DueRow(*row) for row in db.execute(select)]
    return _checked(db, reader, found)


def _may_have(kind: type[DueRow], asked: Asked) -> bool:
    """Whether something of what is asked for may stand in this table."""
    return asked.clock is None or asked.clock in _OF[kind]


def _first_anybodys(
    db: Db,
    kind: type[DueRow],
    reader: Reader,
    asked: Asked,
    where: Sequence[sa.ColumnElement[bool]],
    most: int,
) -> sa.Select[Any]:
    """The first of what has no owner and may be answered in the reader's role: so many of each
    clock and team are looked at, which stand in an index behind one another."""
    c, shown = kind.table.c, kind.table.alias("shown")
    clock = texts(db, _theirs(reader, kind, asked), "a_clock")
    team = texts(db, _ours(reader), "a_team")
    first = (
        sa.select(c.id)
        .where(*where, *_nobodys(reader, c), c.clock == clock.c.value, c.team == team.c.value)
        # by the owner too, whom none has: PostgreSQL does not take NULL for one value, and would
        # sort what stands in the index's order already
        .order_by(c.owner, _when(c, asked), c.since, c.id)
        .limit(most)
        .correlate(clock, team)
    )
    among: sa.ColumnElement[bool] = shown.c.id.in_(first)
    if db.dialect.name == "postgresql":  # so that rows are found by their key
        among = shown.c.id == sa.any_(sa.func.array(first.scalar_subquery()))
    told = [shown.c[column.name] for column in DueRow.table.c]
    at = _when(shown.c, asked).label("at")
    select = sa.select(*told, at).select_from(clock.join(team, sa.true()).join(shown, among))
    return select.order_by(at, shown.c.since, shown.c.id).limit(most)


def _where(
    db: Db,
    kind: type[DueRow],
    reader: Reader,
    now: datetime,
    asked: Asked,
    at: sa.ColumnElement[int],
) -> list[sa.ColumnElement[bool]]:
    """What is asked for of one table, but whose it is; `at` is when it is due: with a bare column
    an index may be begun, with a sum none is."""
    c = kind.table.c
    where = [_told(db, reader, kind, asked.clock)]
    in_use = c.item.not_in(sa.select(RestrictedRow.table.c.item))
    if asked.clock is None:
        where.append(sa.or_(c.clock.in_(THROUGHOUT), in_use))
    elif asked.clock not in THROUGHOUT:
        where.append(in_use)
    if asked.past:
        where.append(at < to_micros(now))
    if asked.past_since:
        where.append(at >= to_micros(asked.past_since))
    if asked.owner:
        where.append(c.owner == asked.owner)
    if asked.team:
        where.append(c.team == asked.team)
    if asked.clock:
        where.append(c.clock == asked.clock)
    if asked.but:
        where.append(c.clock != asked.but)
    if asked.tier:
        where.append(c.clock.in_([one for one, rule in CLOCKS.items() if rule.tier == asked.tier]))
    return where


def columns(kind: type[DueRow]) -> list[sa.Column[Any]]:
    """What is due, as every table tells it."""
    return [kind.table.c[column.name] for column in DueRow.table.c]


def _when(c: Any, asked: Asked) -> sa.ColumnElement[int]:
    """When it is due: as stored, but for clocks to which a force gives another time."""
    stored = sa.type_coerce(c.due, sa.BigInteger)
    since = sa.type_coerce(c.since, sa.BigInteger)
    others = [
        (c.clock == clock, since + after // timedelta(microseconds=1))
        for clock, after in asked.after.items()
        if after != CLOCKS[clock].after
    ]
    return sa.case(*others, else_=stored) if others else stored


_Conditions: TypeAlias = tuple[sa.ColumnElement[bool], ...]


def _of_little(reader: Reader, kind: type[DueRow]) -> tuple[_Conditions, ...]:
    """For those who are told little of a table, what of it has not ended, in parts which an index
    finds: somebody who reaches little, from their items, and not from the front of all that is due;
    of what joins two, those who triage nothing what is theirs, and where they owe a decision."""
    c, waits = kind.table.c, sa.not_(kind.table.c.ended)
    acts = {act for _, some in _BY for act in some if act} if kind is DueRow else ()
    little = scope.among_little(reader, c.item, *acts)
    among = () if little is None else (sa.not_(sa.func.coalesce(c.ended, sa.true())), little)
    if kind is DueRow and among:
        return (among,)
    if kind is not JoinedRow or not scope.reaches_nothing(reader, "triage"):
        return ()
    own = waits, c.owner == reader.name, c.clock != undecided.UNDECIDED
    if scope.reaches_nothing(reader, "see-link"):
        return (own,)  # a decision is owed to those who see the link
    owed_one = (*among, c.clock.concat("") == undecided.UNDECIDED)
    return own, owed_one if among else (waits, c.clock == undecided.UNDECIDED)


def _mine(reader: Reader, kind: type[DueRow], asked: Asked) -> _Conditions:
    """What is mine, where that is asked for."""
    if not asked.mine:
        return ()
    return (sa.or_(*(sa.and_(*part) for part in _whose(reader, kind, asked))),)


def _whose(reader: Reader, kind: type[DueRow], asked: Asked) -> tuple[_Conditions, _Conditions]:
    """What is the reader's own, and what has no owner and may be answered in their role."""
    c = kind.table.c
    theirs = c.clock.in_(_theirs(reader, kind, asked)), c.team.in_(_ours(reader))
    return (c.owner == reader.name,), (*_nobodys(reader, c), *theirs)


def _nobodys(reader: Reader, c: Any) -> _Conditions:
    """What has no owner, and is not forbidden to the reader."""
    return c.owner.is_(None), sa.or_(c.not_by.is_(None), c.not_by != reader.name)


def _theirs(reader: Reader, kind: type[DueRow], asked: Asked) -> list[Clock]:
    """The clocks of a table that are asked for and may be answered in the reader's role."""
    return [
        clock
        for clock in _OF[kind]
        if asked.clock in (None, clock)
        and clock != asked.but
        and (not reader.closed or CLOCKS[clock].role in reader.roles)
    ]


def _ours(reader: Reader) -> list[str]:
    return sorted({reader.team, *reader.teams, ""})


# --- who is told of it ----------------------------------------------------------------------------

#: By which acts what is due by these clocks is told, where it is another than seeing its item: of
#: words that wait their clock is enough; of holds who approves erasures is told, of proposals who
#: confirms; how often a family is visited is told to those who support it and to those who lead.
_BY: tuple[tuple[tuple[Clock, ...], tuple[Act | None, ...]], ...] = (
    ((AUDIT, WORDS, URGENT), (None, "see-clock")),
    ((HOLD, "hold-confirmation"), (None, "approve-erasure")),
    (("proposal",), ("confirm", "oversee", "outcome", "erase")),
    (
        (
            *(SILENCE, UNSAFE, ACKNOWLEDGED, ANSWERED, "visit", "debrief", "feedback"),
            *(clock for clock, _, _ in AFTERCARE),
        ),
        ("see-support", "allocate", "oversee"),
    ),
    (("promise",), ("see-support",)),
    (("victim-told", "victim-updated"), ("see-support", "outcome", "allocate", "oversee")),
    (("access-request", "access-request-asked"), ("disclose", "allocate", "oversee")),
    (("named-at-risk",), (None, "allocate", "oversee")),
    (("glass-review",), ("review-glass",)),
    ((looked.MATCH,), ("offer",)),
)
_ACTS: dict[Clock, tuple[Act | None, ...]] = {
    clock: acts for clocks, acts in _BY for clock in clocks
}
#: Told to the team that is asked, and to those who see the alerts of every team.
_PART: Clock = "access-request-part"
#: Told to the person who discloses as well, of whom they see.
_OF_SUBJECTS: tuple[Clock, ...] = ("access-request", "access-request-asked")
_CONTACT: Clock = "contact-decision"
#: Told to the person whose it is, and to those who lead their team: it waits, and no more.
_OF_OWNERS: tuple[Clock, ...] = (*looked.COMPLAINTS, looked.COPY)
OF_LOOKS: tuple[Clock, ...] = (
    *_OF_SUBJECTS,
    *looked.COMPLAINTS,
    *(_PART, _CONTACT, "glass-review", looked.MATCH, looked.COPY),
)
OF_JOINS: tuple[Clock, ...] = (
    joined.TOLD,
    joined.RINGS,
    watched.WATCHED,
    patterns.CAME_TRUE,
    undecided.UNDECIDED,
)
OF_EVIDENCE: tuple[Clock, ...] = tuple(
    clock for clock in CLOCKS if clock not in (*OF_LOOKS, *OF_JOINS)
)
#: The tables of what is due, and by which clocks it is due there.
_OF: dict[type[DueRow], tuple[Clock, ...]] = {
    DueRow: OF_EVIDENCE,
    LookedRow: OF_LOOKS,
    JoinedRow: OF_JOINS,
}
KINDS: tuple[type[DueRow], ...] = tuple(_OF)


def _told(
    db: Db, reader: Reader, kind: type[DueRow], clock: Clock | None = None
) -> sa.ColumnElement[bool]:
    """The condition that the reader is told of it, of this clock or (None) of any."""
    if kind is not JoinedRow:
        return _told_of(reader, kind, clock)  # type: ignore[arg-type]  # a class has a hash
    c = kind.table.c
    if clock not in (None, undecided.UNDECIDED):
        return _told_of_joins(reader) if reader.closed else sa.true()
    if not reader.closed:
        return sa.or_(c.clock != undecided.UNDECIDED, owed.is_told(db, reader, c))
    decides = sa.and_(c.clock == undecided.UNDECIDED, owed.is_told(db, reader, c))
    return sa.or_(_told_of_joins(reader), decides)


@lru_cache(maxsize=128)
def _told_of_joins(reader: Reader) -> sa.ColumnElement[bool]:
    """The same of what joins two, where no decision is owed. It is kept, as `_told_of` is."""
    c = JoinedRow.table.c
    apart = c.clock.in_((watched.WATCHED, patterns.CAME_TRUE, undecided.UNDECIDED))
    triaged = scope.may(reader, "triage", c.item, singly=True)
    found = sa.and_(sa.not_(apart), triaged, said_before.knows(reader, c.other))
    watches = c.clock == watched.WATCHED
    mine = sa.and_(watches, c.owner == reader.name, said_before.knows(reader, c.item))
    true_now = sa.and_(c.clock == patterns.CAME_TRUE, patterns.is_told(reader, c))
    return sa.or_(found, mine, true_now)


@lru_cache(maxsize=1024)
def _told_of(reader: Reader, kind: type[DueRow], clock: Clock | None) -> sa.ColumnElement[bool]:
    """The same of what joins nothing. It is kept: to put it together takes longer than the answer,
    and each page says how much is due. Of one clock nothing is said of others: PostgreSQL, which
    takes each way to be told for a rare one, would not read what is due soonest in its order."""
    c, clocks = kind.table.c, _OF[kind]
    if not reader.closed:
        return sa.true()
    own: set[Clock] = {_PART, _CONTACT, arrests.ALERT, *_OF_OWNERS} | _ACTS.keys()
    plain = scope.sees(reader, c.item, singly=True)
    ways: list[tuple[Sequence[Clock], sa.ColumnElement[bool]]]
    ways = [([one for one in clocks if one not in own], plain)]
    for group, acts in _BY:
        if group[0] in clocks:
            by = (scope.may(reader, act, c.item, singly=True) if act else plain for act in acts)
            ways.append((group, sa.or_(*by)))
    if kind is DueRow:
        ways.append(((arrests.ALERT,), sa.and_(plain, sa.not_(arrests.hidden(reader, c)))))
    if kind is LookedRow:
        theirs = sa.or_(c.team.in_(sorted(reader.teams)), c.item.in_(sorted(reader.cases)))
        ways.append(((_CONTACT,), sa.and_(theirs, plain)))
        of_leaders = c.team.in_(sorted(reader.teams)) if _leads(reader) else sa.false()
        ways.append((_OF_OWNERS, sa.or_(c.owner == reader.name, of_leaders)))
        if _answers_parts(reader):
            every = width(reader, "see-alerts") == "any"
            ways.append(((_PART,), sa.true() if every else c.team.in_(sorted(reader.teams))))
        if decide(reader, "disclose").allowed:
            ways.append((_OF_SUBJECTS, plain))
    if clock:
        return sa.or_(sa.false(), *(way for some, way in ways if clock in some))
    return sa.or_(*(sa.and_(c.clock.in_(some), way) for some, way in ways if some))


def _leads(reader: Reader) -> bool:
    """Whether they lead a team: of a complaint or a copy they learn that it waits, and no more."""
    return any(decide(reader, act).allowed for act in ("allocate", "oversee"))


def _answers_parts(reader: Reader) -> bool:
    return bool(width(reader, "see-alerts")) or decide(reader, "answer-subject").allowed


def _checked(db: Db, reader: Reader, rows: list[DueRow]) -> list[DueRow]:
    """The rows that stand the second check."""
    if not reader.closed:
        return rows
    alerts = {row.id for row in rows if row.clock == arrests.ALERT}
    rung = arrests.cases_of(db, alerts) if alerts else {}
    seen = scope.seen(db, reader, {*(row.item for row in rows), *rung.values()})
    reached: dict[Act, set[UUID]] = {}
    for _, acts in _BY:
        for act in acts:
            if act:
                asked = {row.item for row in rows if act in _ACTS.get(row.clock, ())}
                reached[act] = scope.reached(db, reader, act, asked)
    discloses = decide(reader, "disclose").allowed
    came_true = {row.item for row in rows if row.clock == patterns.CAME_TRUE}
    wholly = patterns.wholly_seen(db, reader, came_true & seen) if came_true else set[UUID]()
    joins = {row.item for row in rows if row.clock in OF_JOINS}
    to_look_at = scope.reached(db, reader, "triage", joins)

    def stands(row: DueRow) -> bool:
        if row.clock == patterns.CAME_TRUE:
            return row.owner == reader.name and row.item in wholly
        if row.clock == undecided.UNDECIDED:
            return row.item in seen
        if row.clock in OF_JOINS:
            known = row.item in to_look_at
            mine = row.clock == watched.WATCHED and row.owner == reader.name
            return known or (mine and row.item in seen)
        if row.clock == _PART:
            every = width(reader, "see-alerts") == "any"
            return _answers_parts(reader) and (every or row.team in reader.teams)
        if row.clock in _OF_OWNERS:
            return row.owner == reader.name or (_leads(reader) and row.team in reader.teams)
        if row.clock == _CONTACT and not (row.team in reader.teams or row.item in reader.cases):
            return False
        if row.id in rung and rung[row.id] not in seen:
            return False
        acts = _ACTS.get(row.clock, (None,))
        if row.clock in _OF_SUBJECTS and discloses and row.item in seen:
            return True
        return any(row.item in (reached[act] if act else seen) for act in acts)

    return [row for row in rows if stands(row)]


def unsafe(one: Due) -> Due:
    """A family's silence, where a way to reach them has become unsafe: a supervisor's."""
    rule = CLOCKS[UNSAFE]
    return replace(
        one,
        what=rule.says,
        clock=UNSAFE,
        owner=None,
        owner_role=rule.role,
        escalates_to=rule.chain[0],
        chain=rule.chain,
        tier=rule.tier,
    )


def _due(row: DueRow, now: datetime, asked: Asked) -> Due:
    rule = CLOCKS[row.clock]
    after = asked.after.get(row.clock)
    when = row.since + after if after is not None and after != rule.after else row.due
    return Due(
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
