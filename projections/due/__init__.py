"""What is due, since when, when, and whose is it?"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa

from access import scope
from access.conditions import width
from access.decide import decide
from access.table import Act
from domain.codes import Clock, Tier
from domain.due import AFTERCARE, CLOCKS
from domain.values import Reader, Role
from projections.columns import Column
from projections.due import evidence, looked
from projections.due.family import ACKNOWLEDGED, ANSWERED
from projections.due.rows import (
    AUDIT,
    HOLD,
    SILENCE,
    UNSAFE,
    URGENT,
    WORDS,
    DueRow,
    LookedRow,
    RestrictedRow,
)
from projections.schema import COUNTED, Db, counted, to_micros

VIEW, LOOKED_VIEW = evidence.VIEW, looked.VIEW
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
    that is called for who sees it; `owner` is a person, or (None) anybody of the team in the role
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

    @property
    def whose(self) -> str:
        """Who has to answer it."""
        return self.owner or f"a {self.owner_role} of {self.team or 'its team'}"


@dataclass(frozen=True)
class Asked:
    """Which part: those that are the reader's own to answer, one person's, a team's, only what is
    past (and went past after a moment), one clock's, or of one tier. `after` is how long a force
    gives a clock instead of its rule's time."""

    mine: bool = False
    owner: str | None = None
    team: str | None = None
    past: bool = False
    clock: Clock | None = None
    tier: Tier | None = None
    past_since: datetime | None = None
    after: Mapping[Clock, timedelta] = field(default_factory=dict)


#: By which columns of what is asked for it is ordered: when it is due, since when, its id.
_KEY = (len(DueRow.table.c), 3, 0)


def listed(db: Db, reader: Reader, now: datetime, asked: Asked) -> list[Due]:
    """What is due, soonest first."""
    return page(db, reader, now, asked)


def page(
    db: Db, reader: Reader, now: datetime, asked: Asked, *, skip: int = 0, most: int | None = None
) -> list[Due]:
    """So many of what is due (None: all), behind so many others, soonest first."""
    parts = _parts(reader, now, asked)
    looks = _some(db, parts.get(LookedRow), 0, None if most is None else skip + most)
    # at most so many of these stand before the page: the others begin behind the rest
    behind = max(0, skip - len(looks))
    wanted = None if most is None else skip - behind + most
    others = _some(db, parts.get(DueRow), behind, wanted)
    both: list[Any] = [*others, *looks]
    found = sorted(both, key=itemgetter(*_KEY))[skip - behind :]
    rows = _checked(db, reader, [DueRow(*row[:-1]) for row in found[:most]])
    return [_due(row, now, asked) for row in rows]


def _some(
    db: Db, part: sa.Select[Any] | None, skip: int, most: int | None
) -> Sequence[sa.Row[Any]]:
    """So many rows of one table in their order, each table by its own index."""
    if part is None:
        return ()
    order: list[sa.ColumnElement[Any]] = [sa.literal_column(one) for one in ("at", "since", "id")]
    return db.execute(part.order_by(*order).limit(most).offset(skip or None)).all()


def tally(
    db: Db, reader: Reader, now: datetime, asked: Asked, *, most: int = COUNTED
) -> tuple[int, int]:
    """How much is due, and how much of it is past, each as `counted` says it."""
    late = replace(asked, past=True)
    every, past = (_parts(reader, now, one).values() for one in (asked, late))
    return _counted(db, every, most), _counted(db, past, most)


def _counted(db: Db, parts: Iterable[sa.Select[Any]], most: int) -> int:
    return min(sum(counted(db, one, most) for one in parts), most + 1)


def get(db: Db, reader: Reader, one: UUID) -> DueRow | None:
    """What is due under this id."""
    found = fetch(db, reader, lambda c: (c.id == one, sa.not_(c.ended)))
    return found[0] if found else None


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
    for kind in (DueRow, LookedRow):
        told = _told(reader, kind)
        select = sa.select(kind.table).where(*where(kind.table.c), told).order_by(kind.table.c.id)
        found += [DueRow(*row) for row in db.execute(select)]
    return _checked(db, reader, found)


def _parts(reader: Reader, now: datetime, asked: Asked) -> dict[type[DueRow], sa.Select[Any]]:
    """What is asked for, of each table that has any of it; the last column is when it is due."""
    return {
        kind: _asked_of(kind, reader, now, asked)
        for kind, clocks in ((DueRow, OF_EVIDENCE), (LookedRow, OF_LOOKS))
        if asked.clock is None or asked.clock in clocks
    }


def _asked_of(kind: type[DueRow], reader: Reader, now: datetime, asked: Asked) -> sa.Select[Any]:
    c = kind.table.c
    at = _when(c, asked)
    restricted = sa.select(RestrictedRow.table.c.item)
    in_use = sa.or_(c.clock.in_(THROUGHOUT), c.item.not_in(restricted))
    where = [sa.not_(c.ended), in_use, _told(reader, kind)]
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
    if asked.tier:
        where.append(c.clock.in_([one for one, rule in CLOCKS.items() if rule.tier == asked.tier]))
    if asked.mine:
        where.append(_mine(reader, c))
    return sa.select(kind.table, at.label("at")).where(*where)


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


def _mine(reader: Reader, c: Any) -> sa.ColumnElement[bool]:
    """What is the reader's own, and what is nobody's own and may be answered in their role."""
    theirs = [
        clock for clock, rule in CLOCKS.items() if not reader.closed or rule.role in reader.roles
    ]
    ours = c.team.in_(sorted({reader.team, *reader.teams, ""}))
    others = sa.or_(c.not_by.is_(None), c.not_by != reader.name)
    anybodys = sa.and_(c.owner.is_(None), others, ours, c.clock.in_(theirs))
    return sa.or_(c.owner == reader.name, anybodys)


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
            *(SILENCE, UNSAFE, ACKNOWLEDGED, ANSWERED, "debrief", "feedback"),
            *(clock for clock, _, _ in AFTERCARE),
        ),
        ("see-support", "allocate", "oversee"),
    ),
    (("promise",), ("see-support",)),
    (("victim-told",), ("see-support", "outcome", "allocate", "oversee")),
    (("access-request", "access-request-asked"), ("disclose", "allocate", "oversee")),
    (("named-at-risk",), (None, "allocate", "oversee")),
    (("glass-review",), ("review-glass",)),
)
_ACTS: dict[Clock, tuple[Act | None, ...]] = {
    clock: acts for clocks, acts in _BY for clock in clocks
}
#: Theirs whose team it is, and nobody's else.
_PART: Clock = "access-request-part"
#: Told to who discloses as well, of whom they see.
_OF_SUBJECTS: tuple[Clock, ...] = ("access-request", "access-request-asked")
_CONTACT: Clock = "contact-decision"
OF_LOOKS: tuple[Clock, ...] = (
    *_OF_SUBJECTS,
    *looked.COMPLAINTS,
    *(_PART, _CONTACT, "glass-review"),
)
OF_EVIDENCE: tuple[Clock, ...] = tuple(clock for clock in CLOCKS if clock not in OF_LOOKS)


def _told(reader: Reader, kind: type[DueRow]) -> sa.ColumnElement[bool]:
    """The condition that the reader is told of it."""
    if not reader.closed:
        return sa.true()
    c, clocks = kind.table.c, OF_LOOKS if kind is LookedRow else OF_EVIDENCE
    own: set[Clock] = {_PART, _CONTACT, *looked.COMPLAINTS} | _ACTS.keys()
    plain = scope.sees(reader, c.item, singly=True)
    ways = [sa.and_(c.clock.in_([one for one in clocks if one not in own]), plain)]
    for group, acts in _BY:
        if group[0] in clocks:
            by = (scope.may(reader, act, c.item, singly=True) if act else plain for act in acts)
            ways.append(sa.and_(c.clock.in_(group), sa.or_(*by)))
    if kind is LookedRow:
        theirs = sa.or_(c.team.in_(sorted(reader.teams)), c.item.in_(sorted(reader.cases)))
        ways.append(sa.and_(c.clock == _CONTACT, theirs, plain))
        of_leaders = c.team.in_(sorted(reader.teams)) if _leads(reader) else sa.false()
        whose = sa.or_(c.owner == reader.name, of_leaders)
        ways.append(sa.and_(c.clock.in_(looked.COMPLAINTS), whose))
        if _answers_parts(reader):
            every = width(reader, "see-alerts") == "any"
            of_team = sa.true() if every else c.team.in_(sorted(reader.teams))
            ways.append(sa.and_(c.clock == _PART, of_team))
        if decide(reader, "disclose").allowed:
            ways.append(sa.and_(c.clock.in_(_OF_SUBJECTS), plain))
    return sa.or_(*ways)


def _leads(reader: Reader) -> bool:
    """Whether they lead a team: of a complaint they learn that it waits, and no more."""
    return any(decide(reader, act).allowed for act in ("allocate", "oversee"))


def _answers_parts(reader: Reader) -> bool:
    return bool(width(reader, "see-alerts")) or decide(reader, "answer-subject").allowed


def _checked(db: Db, reader: Reader, rows: list[DueRow]) -> list[DueRow]:
    """The rows that stand the second check."""
    if not reader.closed:
        return rows
    seen = scope.seen(db, reader, {row.item for row in rows})
    reached: dict[Act, set[UUID]] = {}
    for _, acts in _BY:
        for act in acts:
            if act:
                asked = {row.item for row in rows if act in _ACTS.get(row.clock, ())}
                reached[act] = scope.reached(db, reader, act, asked)
    discloses = decide(reader, "disclose").allowed

    def stands(row: DueRow) -> bool:
        if row.clock == _PART:
            every = width(reader, "see-alerts") == "any"
            return _answers_parts(reader) and (every or row.team in reader.teams)
        if row.clock in looked.COMPLAINTS:
            return row.owner == reader.name or (_leads(reader) and row.team in reader.teams)
        if row.clock == _CONTACT and not (row.team in reader.teams or row.item in reader.cases):
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
