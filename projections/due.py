"""What is due, since when, when, and whose is it?

One row for what waits by one clock about one item; what was answered, or has ended, says so.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from access import scope
from domain import due, justice, referral
from domain.due import CLOCKS, Clock, DueAnswered
from domain.envelope import Recorded
from domain.hold import HoldConfirmed, HoldEnded, HoldOrdered, HoldReviewed
from domain.justice import NoticeServed, ResultRecorded
from domain.missing import PlanWritten
from domain.observation import (
    NoValueAudited,
    ObservationAssessed,
    ObservationTriaged,
    ObservationWithdrawn,
)
from domain.referral import MissingFound, ReturnInterviewRecorded, WithholdingWeighed
from domain.release import ReleaseReviewDue, ReleaseReviewed
from domain.retention import (
    HoldLifted,
    HoldPlaced,
    RestrictionLifted,
    RestrictionPlaced,
    ReviewDecided,
)
from domain.support import NoteWritten
from domain.values import Reader, Role
from projections.batch import Batch
from projections.columns import Column
from projections.schema import Db, View, rows

AUDIT: Clock = "no-value-audit"
REVIEW: Clock = "release-review"
HOLD: Clock = "hold-review"
CONFIRMATION: Clock = "hold-confirmation"
INTERVIEW: Clock = "return-interview"
WITHHELD: Clock = "withheld-words"
PLAN: Clock = "missing-plan-review"
LEAST_DIGITS = 6


@rows("due", key=("id",), index=(("ended", "due"),))
@dataclass(frozen=True)
class DueRow:
    """What is due about an item. `owner` is who set its date; where that is the one who may not
    answer (`not_by`), it is anybody's else of the team. `ref` is the fact that began the clock."""

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


def apply(fact: Recorded, batch: Batch) -> None:  # noqa: PLR0915 (each clock stands here)
    one = fact.stream
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
        case ReturnInterviewRecorded() as event:
            if event.state != "offered":
                _end(batch, one, INTERVIEW)
            if referral.waits(event) and not _runs(batch, one, WITHHELD):
                _begin(batch, fact, one, WITHHELD, anybody=True)
        case WithholdingWeighed():
            _end(batch, one, WITHHELD)
        case PlanWritten() as event:
            _begin(batch, fact, event.case, PLAN, event.review)
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


def _came_back(batch: Batch, fact: Recorded, found: datetime | None) -> None:
    """A child was found; one that is owed an interview already waits no longer for going missing
    again."""
    if not _runs(batch, fact.stream, INTERVIEW):
        back = min(found or fact.recorded, fact.recorded)
        _begin(batch, fact, fact.stream, INTERVIEW, since=back, anybody=True)


def _runs(batch: Batch, item: UUID, clock: Clock) -> bool:
    """Whether this clock waits for an answer already."""
    row = batch.get(DueRow, due.stream(item, clock))
    return row is not None and not row.ended


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


VIEW = View("due", (DueRow,), apply, version=3)


# --- queries ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Due:
    """What is due, at a moment. `what` says it in words, `item` is what it is about; `owner` is a
    person, or (None) anybody of the team in the role `owner_role`."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("due", "due", "moment"),
        Column("overdue", "past", "mark"),
        Column("what", "what"),
        Column("item", "about", "id"),
        Column("whose", "whose"),
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
        rule.escalates_to,
        row.team,
        (row.ref,),
    )
