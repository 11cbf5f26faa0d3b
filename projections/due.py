"""What is due, since when, when, and whose is it?

One row for what waits by one clock about one item; what was answered, or has ended, says so.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from access import scope
from domain import due, justice
from domain.due import CLOCKS, Clock, DueAnswered, Tier
from domain.envelope import Recorded
from domain.hold import HoldConfirmed, HoldEnded, HoldOrdered, HoldReviewed
from domain.justice import NoticeServed, ResultRecorded
from domain.observation import (
    NoValueAudited,
    ObservationAssessed,
    ObservationTaken,
    ObservationTriaged,
    ObservationWithdrawn,
)
from domain.referral import MissingFound, ReturnInterviewRecorded
from domain.release import ReleaseReviewDue, ReleaseReviewed
from domain.retention import (
    HoldLifted,
    HoldPlaced,
    RestrictionLifted,
    RestrictionPlaced,
    ReviewDecided,
)
from domain.support import NoteWritten
from domain.telling import IN_HAND, SPACING, DueAcknowledged, DueEscalated
from domain.values import Reader, Role
from projections.batch import Batch
from projections.columns import Column
from projections.schema import Db, View, rows

AUDIT: Clock = "no-value-audit"
REVIEW: Clock = "release-review"
HOLD: Clock = "hold-review"
CONFIRMATION: Clock = "hold-confirmation"
INTERVIEW: Clock = "return-interview"
LEAST_DIGITS = 6


@rows("due", key=("id",), index=(("ended", "due"), ("ended", "escalates"), ("item",)))
@dataclass(frozen=True)
class DueRow:
    """What is due about an item. `owner` is who set its date; where that is the one who may not
    answer (`not_by`), it is anybody's else of the team. `ref` is the fact that began the clock.

    `step` is the next step of its escalation, `stepped` when the last one was taken, of the date
    `stepped_for`; `in_hand` until when it rings for nobody, because one of those who `had` it said
    so, each once: nobody mutes it by saying so again. `escalates` follows from the rest, for
    the index: when that step is taken, if it is unanswered then."""

    table: ClassVar[sa.Table]
    id: UUID
    item: UUID
    clock: Clock
    since: datetime
    due: datetime
    owner: str | None
    not_by: str | None
    team: str
    ref: str
    ended: bool = False
    step: int = 0
    stepped: datetime | None = None
    stepped_for: datetime | None = None
    in_hand: datetime | None = None
    had: tuple[str, ...] = ()
    escalates: datetime | None = None

    def __post_init__(self) -> None:
        if self.stepped_for != self.due:  # it begins, or was put off and begins anew
            anew = {"step": 0, "stepped": None, "stepped_for": self.due, "in_hand": None, "had": ()}
            for name, value in anew.items():
                object.__setattr__(self, name, value)
            object.__setattr__(self, "escalates", self.due)


@rows("escalated", key=("id",), index=(("tier", "at"), ("at",)))
@dataclass(frozen=True)
class EscalatedRow:
    """One step that was taken: `due_id` is what was due, `id` that of the command."""

    table: ClassVar[sa.Table]
    id: UUID
    due_id: UUID
    item: UUID
    clock: Clock
    tier: Tier
    role: Role
    step: int
    due: datetime
    at: datetime


def _escalating(row: DueRow) -> DueRow:
    """The row, with when its next step is taken."""
    rule = CLOCKS[row.clock]
    if rule.tier != "danger" and row.step > len(rule.chain):
        return replace(row, escalates=None)
    after = row.stepped + SPACING[rule.tier] if row.stepped else row.due
    return replace(row, escalates=max(after, row.in_hand) if row.in_hand else after)


def apply(fact: Recorded, batch: Batch) -> None:
    one = fact.stream
    _stepped(fact, batch, DueRow)
    match fact.event:
        case ObservationTriaged(sampled=True):
            _begin(batch, fact, one, AUDIT, not_by=fact.by)
        case (
            ObservationTriaged() | NoValueAudited() | ObservationAssessed() | ObservationWithdrawn()
        ):
            _end(batch, one, AUDIT)
        case ResultRecorded() as event if event.kind in justice.NOT_PURSUED or event.review_due:
            _begin(batch, fact, one, "no-action-review", event.review_due)
        case NoteWritten() as event if event.review:
            _begin(batch, fact, one, "opinion-review", event.review)
        case NoticeServed() as event if event.expires:
            _begin(batch, fact, one, "notice-expiry", event.expires)
        case RestrictionPlaced() as event:
            _begin(batch, fact, event.item, "restriction-review")
        case RestrictionLifted() as event:
            _end(batch, event.item, "restriction-review")
        case ReviewDecided() as event:
            _end(batch, event.item, "retention-review")
            if event.until:
                _begin(batch, fact, event.item, "retention-review", at=event.until)
        case HoldOrdered() as event:
            _begin(batch, fact, one, HOLD, at=event.review)
            if event.query.kind == "store":
                _begin(batch, fact, one, CONFIRMATION, not_by=fact.by)
        case HoldReviewed() as event:
            _begin(batch, fact, one, HOLD, at=event.review)
        case HoldConfirmed():
            _end(batch, one, CONFIRMATION)
        case HoldEnded():
            _end(batch, one, HOLD)
            _end(batch, one, CONFIRMATION)
        case HoldPlaced() as event:
            _begin(batch, fact, event.item, HOLD)
        case HoldLifted() as event:
            _end(batch, event.item, HOLD)
        case MissingFound() as event:
            _came_back(batch, fact, event.found)
        case ReturnInterviewRecorded(state="held" | "declined"):
            _end(batch, one, INTERVIEW)
        case ReleaseReviewDue() as event:
            _begin(batch, fact, one, REVIEW, at=event.due, not_by=fact.by)
        case ReleaseReviewed():
            _end(batch, one, REVIEW)
        case DueAnswered() as event:
            row = batch.get(DueRow, one)
            if row and event.until:
                batch.put(replace(row, due=event.until, owner=fact.by, ref=fact.ref))
            elif row:
                _end(batch, event.item, event.clock)


def _stepped(fact: Recorded, batch: Batch, kind: type[DueRow]) -> None:
    """It went on to somebody, or somebody has it in hand."""
    match fact.event:
        case DueEscalated() as event:
            if kind is DueRow:
                _went_on(fact, batch, event)
            row = batch.get(kind, event.of)
            if row and row.due == event.due and not row.ended:
                taken = replace(row, step=event.step + 1, stepped=fact.recorded)
                batch.put(_escalating(taken))
        case DueAcknowledged() as event:
            if row := batch.get(kind, event.of):
                _in_hand(batch, fact, row)
        case ObservationTaken():
            for row in batch.find(kind, kind.table.c.item == fact.stream):
                _in_hand(batch, fact, row)


def _went_on(fact: Recorded, batch: Batch, step: DueEscalated) -> None:
    """A step, of whatever was due."""
    clock = next((one for one in CLOCKS if one == step.clock), None)
    if clock is None:
        return
    batch.put(
        EscalatedRow(
            fact.command_id,
            step.of,
            step.item,
            clock,
            CLOCKS[clock].tier,
            step.role,
            step.step,
            step.due,
            fact.recorded,
        )
    )


def _in_hand(batch: Batch, fact: Recorded, row: DueRow) -> None:
    """What rings is quiet for a while, once for each who says so."""
    rings = CLOCKS[row.clock].tier == "danger" and not row.ended
    if rings and fact.by not in row.had:
        had = replace(row, in_hand=fact.recorded + IN_HAND, had=(*row.had, fact.by))
        batch.put(_escalating(had))


def _came_back(batch: Batch, fact: Recorded, found: datetime | None) -> None:
    """A child was found; one that is owed an interview already waits no longer for going missing
    again."""
    owed = batch.get(DueRow, due.stream(fact.stream, INTERVIEW))
    if owed is None or owed.ended:
        back = min(found or fact.recorded, fact.recorded)
        _begin(batch, fact, fact.stream, INTERVIEW, since=back, anybody=True)


def _begin(
    batch: Batch,
    fact: Recorded,
    item: UUID,
    clock: Clock,
    day: date | None = None,
    *,
    at: datetime | None = None,
    since: datetime | None = None,
    not_by: str | None = None,
    anybody: bool = False,
) -> None:
    """A clock begins; whose it is is said by its role where `anybody` may answer."""
    began = since or fact.recorded
    when = at or due.instant(clock, began, day)
    if when is None:
        return
    owner = None if not_by or anybody else fact.by
    one = due.stream(item, clock)
    batch.put(DueRow(one, item, clock, began, when, owner, not_by, fact.team, fact.ref))


def _end(batch: Batch, item: UUID, clock: Clock) -> None:
    if row := batch.get(DueRow, due.stream(item, clock)):
        batch.put(replace(row, ended=True))


VIEW = View("due", (DueRow, EscalatedRow), apply, version=4)


# --- queries ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Due:
    """What is due, at a moment. `what` says it in words, `item` is what it is about; `owner` is a
    person, or (None) anybody of the team in the role `owner_role`. While nobody acts it goes to the
    roles of `chain` in turn, first to `escalates_to`."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("due", "due", "moment"),
        Column("overdue", "past", "mark"),
        Column("what", "what"),
        Column("item", "about", "id"),
        Column("whose", "whose"),
        Column("tier", "tier"),
    )
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

    @property
    def whose(self) -> str:
        """Who has to answer it."""
        return self.owner or f"a {self.owner_role} of {self.team}"


@dataclass(frozen=True)
class Asked:
    """Which part: those that are the reader's own to answer, one person's, a team's, or only what
    is past."""

    mine: bool = False
    owner: str | None = None
    team: str | None = None
    past: bool = False


def listed(db: Db, reader: Reader, now: datetime, asked: Asked) -> list[Due]:
    """What is due, soonest first."""
    c = DueRow.table.c
    where: list[sa.ColumnElement[bool]] = [sa.not_(c.ended)]
    if asked.past:
        where.append(c.due < now)
    if asked.owner:
        where.append(c.owner == asked.owner)
    if asked.team:
        where.append(c.team == asked.team)
    return [
        _due(row, now) for row in _fetch(db, reader, *where) if not asked.mine or _own(reader, row)
    ]


def get(db: Db, reader: Reader, one: UUID) -> DueRow | None:
    """What is due under this id."""
    c = DueRow.table.c
    found = _fetch(db, reader, c.id == one, sa.not_(c.ended))
    return found[0] if found else None


def named(db: Db, reader: Reader, ending: str) -> list[UUID]:
    """What an id or its ending may mean, answered or not."""
    wanted = ending.strip().lower().replace("-", "")
    rows = _fetch(db, reader) if len(wanted) >= LEAST_DIGITS else []
    return [row.id for row in rows if row.id.hex.endswith(wanted)]


def _own(reader: Reader, row: DueRow) -> bool:
    if row.owner is not None:
        return row.owner == reader.name
    role = CLOCKS[row.clock].role
    ours = row.team == reader.team or row.team in reader.teams
    return row.not_by != reader.name and ours and (not reader.closed or role in reader.roles)


def _fetch(db: Db, reader: Reader, *where: sa.ColumnElement[bool]) -> list[DueRow]:
    """The rows about what the reader sees; of an audit the clock is enough, and a hold is told to
    those who approve erasures, too."""
    c = DueRow.table.c
    clocked = sa.and_(c.clock == AUDIT, scope.may(reader, "see-clock", c.item))
    held = sa.and_(c.clock.in_((HOLD, CONFIRMATION)), scope.may(reader, "approve-erasure", c.item))
    visible = sa.or_(scope.sees(reader, c.item), clocked, held)
    select = sa.select(DueRow.table).where(*where, visible).order_by(c.due, c.since, c.id)
    found = [DueRow(*row) for row in db.execute(select)]
    audits = {row.item for row in found if row.clock == AUDIT}
    shown = scope.seen(db, reader, {row.item for row in found})
    shown |= scope.reached(db, reader, "see-clock", audits)
    holds = {row.item for row in found if row.clock in (HOLD, CONFIRMATION)}
    shown |= scope.reached(db, reader, "approve-erasure", holds)
    return [row for row in found if row.item in shown]


def _due(row: DueRow, now: datetime) -> Due:
    rule = CLOCKS[row.clock]
    return Due(
        row.id,
        rule.says,
        row.clock,
        row.item,
        row.since,
        row.due,
        now > row.due,
        row.owner,
        rule.role,
        rule.chain[0],
        rule.chain,
        rule.tier,
        row.team,
        (row.ref,),
    )


# --- to whom it goes on -------------------------------------------------------------------------

#: The tables of what is due.
KINDS: tuple[type[DueRow], ...] = (DueRow,)


def to_escalate(db: Db, now: datetime, most: int) -> list[DueRow]:
    """What nobody answered in time and goes on now, what has waited longest first; everybody's, for
    those who carry it on: it is shown to nobody."""
    found: list[DueRow] = []
    for kind in KINDS:
        c = kind.table.c
        late = sa.not_(c.ended), c.escalates <= now
        select = sa.select(kind.table).where(*late).order_by(c.escalates, c.id)
        found += [DueRow(*row) for row in db.execute(select.limit(most))]
    return found


def went_on(
    db: Db, tiers: Collection[Tier], since: datetime, most: int
) -> list[tuple[EscalatedRow, DueRow | None]]:
    """The steps taken since then, oldest first, each with what is unanswered still; as
    `to_escalate`."""
    e = EscalatedRow.table.c
    select = sa.select(EscalatedRow.table).where(e.tier.in_(tiers), e.at >= since)
    steps = [EscalatedRow(*row) for row in db.execute(select.order_by(e.at, e.id).limit(most))]
    wanted = sorted({step.due_id for step in steps})
    standing: dict[UUID, DueRow] = {}
    for kind in KINDS:
        c = kind.table.c
        there = sa.select(kind.table).where(c.id.in_(wanted), sa.not_(c.ended))
        standing |= {row.id: DueRow(*row) for row in db.execute(there)}
    rows = [standing.get(step.due_id) for step in steps]
    return [
        (step, row if row and row.due == step.due else None)
        for step, row in zip(steps, rows, strict=True)
    ]


def escalated(db: Db, reader: Reader, most: int) -> list[EscalatedRow]:
    """The last steps taken of what the reader sees, newest first."""
    table = EscalatedRow.table
    shown: list[EscalatedRow] = []
    before: datetime | None = None
    while len(shown) < most:
        where = [table.c.at < before] if before else []
        select = sa.select(table).where(*where).order_by(table.c.at.desc(), table.c.id)
        found = [EscalatedRow(*row) for row in db.execute(select.limit(most))]
        if not found:
            break
        seen = visible(db, reader, {row.due_id for row in found})
        shown += [row for row in found if row.due_id in seen]
        before = found[-1].at
    return shown[:most]


def visible(db: Db, reader: Reader, ids: Collection[UUID]) -> set[UUID]:
    """Which of these things due somebody may see."""
    return {row.id for row in _fetch(db, reader, DueRow.table.c.id.in_(sorted(ids)))}


def theirs(reader: Reader, row: DueRow, role: Role, step: int) -> bool:
    """Whether a step goes to this person, if they may see it: to who set its date, then to roles,
    and never to the one who may not answer it."""
    if step == 0 and row.owner is not None:
        return row.owner == reader.name
    return role in reader.roles and row.not_by != reader.name
