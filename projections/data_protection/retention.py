"""The view of how long records of people and cases are retained: when the clear period began, when
the review is due, and which legal holds apply.

The clear period is a number of years without a new contact; after it, the record is reviewed. For
an offender or suspect, a contact is something that they do or are said to do; for any other person,
it is anything that is recorded about them. This view only lists records; it does not dispose of
them. The file is long because it is one view.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid5

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.clocks import CLOCKS
from domain.data_protection.legal_hold import (
    Category,
    HoldConfirmed,
    HoldEnded,
    HoldKind,
    HoldOrdered,
    HoldReviewed,
)
from domain.data_protection.retention import (
    HoldLifted,
    HoldPlaced,
    MopiGroup,
    RestrictionLifted,
    RestrictionPlaced,
    ReviewDecided,
    Rules,
    retention_stream,
)
from domain.families.referral import (
    CaseOpened,
)
from domain.forms.local import LONDON
from domain.information.observation import MentionConfirmed, ObservationRecorded, ObservationRefiled
from domain.intelligence.entity import (
    AgeRecorded,
    CategoryChanged,
    PersonClassified,
    PersonRecorded,
)
from domain.intelligence.link import LinkAsserted
from domain.kernel.codes import ReviewDecision
from domain.kernel.envelope import Recorded
from domain.kernel.values import OFFENDER_CATEGORIES, HoldGround, PoleCategory, Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import View, rows


@rows("retained", key=("item",))
class RetainedRow(Struct, frozen=True):
    """A person or case, with the facts that decide when the record is reviewed. `opened` is when
    the person was recorded or the case was opened.

    `contact` is the time of the last contact, and `why` says what kind of contact it was.
    `assigned` is the MoPI group that a person chose for the record. `reviewed` is the time of the
    last decision about retention; according to this decision, the record is retained until `until`.
    """

    table: ClassVar[sa.Table]
    item: UUID
    seq: int
    kind: str
    team: str
    opened: datetime
    contact: datetime
    why: str
    categories: tuple[PoleCategory, ...] = ()
    born: date | None = None
    assigned: int | None = None
    decision: ReviewDecision | None = None
    reviewed: datetime | None = None
    until: datetime | None = None


@rows("contacts", key=("item", "stream"))
class ContactRow(Struct, frozen=True):
    """The last contact with a person, or in a case, that one stream of events records. A reader who
    may not see the stream gets a review date without this contact.
    """

    table: ClassVar[sa.Table]
    item: UUID
    stream: UUID
    at: datetime


@rows("holds", key=("hold",), index=(("item",),))
class HoldRow(Struct, frozen=True):
    """An active legal hold, its start, and who placed it. A hold on the whole store lapses unless a
    second person confirms it by `confirm_by`. `starts` and `ends` limit the period of the records
    that the hold covers. `former` is true for a hold from an older version of this program, which
    gave holds no id.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("hold", "id", "id"),
        Column("about", "covers"),
        Column("item", "item", "id"),
        Column("ground", "ground"),
        Column("since", "since", "day"),
        Column("by", "placed by"),
        Column("team", "team"),
        Column("reference", "reference of the order"),
        Column("review", "review by", "day"),
        Column("unconfirmed", "second person to confirm by", "moment"),
    )
    order: ClassVar[tuple[str, ...]] = ("since", "hold")
    table: ClassVar[sa.Table]
    hold: UUID
    kind: HoldKind
    item: UUID | None
    ground: HoldGround
    since: datetime
    by: str
    team: str
    controller: str
    reason: str
    reference: str | None = None
    review: datetime | None = None
    category: Category | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    of_team: str | None = None
    confirm_by: datetime | None = None
    confirmed_by: str | None = None
    former: bool = False

    @property
    def about(self) -> str:
        """Return the scope of the hold in words; a single item only by its kind."""
        match self.kind:
            case "store":
                return "the whole store"
            case "team":
                return f"all of team {self.of_team}"
            case "category":
                return f"all {(self.category or '').replace('-', ' ')}"
            case "period":
                ends = (self.starts, self.ends)
                days = (f"{end.astimezone(LONDON):%Y-%m-%d}" if end else "…" for end in ends)
                return "the period " + " to ".join(days)
        return self.kind

    @property
    def unconfirmed(self) -> datetime | None:
        """Return the time by which a second person has to confirm the hold; None if no confirmation
        is needed.
        """
        return None if self.confirmed_by else self.confirm_by


@rows("restrictions", key=("item",))
class RestrictedRow(Struct, frozen=True):
    """An active restriction of the use of an item. `erasure` is the id of the erasure that
    restricted the item instead of destroying it.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("item", "id", "id"),
        Column("since", "since", "day"),
        Column("by", "restricted by"),
    )
    order: ClassVar[tuple[str, ...]] = ("since", "item")
    table: ClassVar[sa.Table]
    item: UUID
    since: datetime
    by: str
    erasure: UUID | None


def apply(fact: Recorded, batch: RowBatch) -> None:
    item, at = fact.stream, fact.recorded
    match fact.event:
        case PersonRecorded() as event:
            fields = (fact.seq, "person", fact.team, at, at, "recorded")
            batch.put(RetainedRow(item, *fields, born=event.born))
        case AgeRecorded() as event if event.born:
            _change(batch, item, born=event.born)
        case CategoryChanged() as event:
            if row := batch.get(RetainedRow, item):
                batch.put(replace(row, categories=event.applied_to(row.categories)))
                begins = isinstance(event, PersonClassified)
                if begins and (event.category in OFFENDER_CATEGORIES or not _offender(row)):
                    _contact(batch, fact, item, f"recorded as {event.category}")
        case LinkAsserted() as event:
            for end in (event.a, event.b):
                _contact(batch, fact, end, "a link")
        case MentionConfirmed() as event:
            _contact(batch, fact, event.entity, "named in words")
        case CaseOpened():
            batch.put(RetainedRow(item, fact.seq, "case", fact.team, at, at, "opened"))
        case ObservationRecorded() | ObservationRefiled() as event if event.case:
            _contact(batch, fact, event.case, "words came in")
        case ReviewDecided() as event:
            changes: dict[str, Any] = {"assigned": event.group} if event.group else {}
            _change(
                batch,
                event.item,
                decision=event.decision,
                reviewed=at,
                until=event.until,
                **changes,
            )
        case event:
            for name in event.meaning.contact:
                if whom := item if name == "stream" else getattr(event, name):
                    _contact(batch, fact, whom, event.stored.name.partition(".")[2])
    _apply_hold(fact, batch)


def _apply_hold(fact: Recorded, batch: RowBatch) -> None:
    """Add or end a legal hold or a restriction."""
    item, at = fact.stream, fact.recorded
    match fact.event:
        case HoldPlaced() as event:
            fields = (event.item, event.ground, at, fact.by, fact.team, fact.controller)
            row = HoldRow(_former(event), "item", *fields, event.reason, former=True)
            if batch.get(HoldRow, row.hold) is None:
                batch.put(row)
        case HoldLifted() as event:
            batch.drop(HoldRow, _former(event))
        case HoldOrdered() as event:
            batch.put(_ordered(fact, event))
        case HoldConfirmed():
            _change_hold(batch, item, confirmed_by=fact.by)
        case HoldReviewed() as event:
            newer = {"reference": event.reference} if event.reference else {}
            _change_hold(batch, item, review=event.review, **newer)
        case HoldEnded():
            batch.drop(HoldRow, item)
        case RestrictionPlaced() as event:
            batch.put(RestrictedRow(event.item, at, fact.by, event.erasure))
        case RestrictionLifted() as event:
            batch.drop(RestrictedRow, event.item)


def _former(event: HoldPlaced | HoldLifted) -> UUID:
    return uuid5(retention_stream(event.item), event.ground)


def _ordered(fact: Recorded, event: HoldOrdered) -> HoldRow:
    query = event.query
    return HoldRow(
        fact.stream,
        query.kind,
        query.item,
        event.ground,
        fact.recorded,
        fact.by,
        fact.team,
        fact.controller,
        event.reason,
        event.reference,
        event.review,
        query.category,
        query.since,
        query.until,
        query.team,
        fact.recorded + CLOCKS["hold-confirmation"].within if query.kind == "store" else None,
    )


def _change_hold(batch: RowBatch, item: UUID, /, **changes: Any) -> None:
    if row := batch.get(HoldRow, item):
        batch.put(replace(row, **changes))


def _offender(row: RetainedRow) -> bool:
    return bool(OFFENDER_CATEGORIES & set(row.categories))


def _contact(batch: RowBatch, fact: Recorded, item: UUID, why: str) -> None:
    if batch.get(RetainedRow, item):
        _change(batch, item, contact=fact.recorded, why=why.replace("_", " "))
        batch.put(ContactRow(item, fact.stream, fact.recorded))


def _change(batch: RowBatch, item: UUID, **changes: Any) -> None:
    if row := batch.get(RetainedRow, item):
        batch.put(replace(row, **changes))


VIEW = View("retention", (RetainedRow, ContactRow, HoldRow, RestrictedRow), apply)


#: On a store with accounts, this text is shown instead of the kind of an item's last contact, which
#: the reader may not be allowed to know.
LAST = "its last contact"

# --- queries ------------------------------------------------------------------------------------


class ReviewDue(Struct, frozen=True):
    """When the review of a person's or case's record is due, and why.

    `since` is the start of the clear period, which is the time without a new contact until the
    review. `held` are the grounds of legal holds on the item or on the whole store, which forbid
    its disposal. Holds on a team, a category or a period are checked only when a person decides
    about the item.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("kind", "kind"),
        Column("group", "MoPI group"),
        Column("due", "due", "day"),
        Column("since", "since", "day"),
        Column("why", "reason"),
        Column("held", "under a hold"),
    )
    order: ClassVar[tuple[str, ...]] = ("due", "id")
    id: UUID
    kind: str
    group: MopiGroup
    due: datetime
    overdue: bool
    why: str
    since: datetime
    team: str
    decision: ReviewDecision | None
    held: tuple[str, ...]
    restricted: bool


def due(
    db: Db, reader: Reader, rules: Rules, now: datetime, *, by: datetime | None = None
) -> list[ReviewDue]:
    """Return the items whose review is due by the moment `by`, the most overdue first; if `by` is
    None, return all items. Due times are days, without the time of day. A contact that the reader
    does not see does not postpone a review.
    """
    grounds_by_item: dict[UUID | None, set[str]] = {}
    for hold in holds(db, reader):
        if hold.item or hold.kind == "store":
            grounds_by_item.setdefault(hold.item, set()).add(hold.ground)
    everywhere = tuple(sorted(grounds_by_item.get(None, ())))
    restricted = set(db.execute(sa.select(RestrictedRow.table.c.item)).scalars())
    reviews = []
    for row in _retained(db, reader, rules, by):
        group = _group(row, rules)
        when, why = _due(row, rules, group)
        if by is None or when <= by:
            of_item = grounds_by_item.get(row.item)
            reviews.append(
                ReviewDue(
                    id=row.item,
                    kind=row.kind,
                    group=group,
                    due=_day(when),
                    overdue=when <= now,
                    why=why,
                    since=_day(row.contact),
                    team=row.team,
                    decision=row.decision,
                    held=tuple(sorted(of_item.union(everywhere))) if of_item else everywhere,
                    restricted=row.item in restricted,
                )
            )
    return sorted(reviews, key=lambda item: (item.due, item.id.int))


def hidden_contact(db: Db, reader: Reader, rules: Rules, item: UUID, now: datetime) -> bool:
    """Return whether the review of the item is due for the reader only because the reader does not
    see a later contact.
    """

    def waits(whose: Reader) -> bool:
        rows = _retained(db, whose, rules, None, item)
        return any(_due(row, rules, _group(row, rules))[0] > now for row in rows)

    return reader.closed and not waits(reader) and waits(scope.unlimited(reader))


def _retained(
    db: Db, reader: Reader, rules: Rules, by: datetime | None, item: UUID | None = None
) -> list[RetainedRow]:
    """Return the items that the reader may dispose of and whose review may be due by the moment
    `by`; with `item`, only this item. Each row has the last contact that the reader sees.
    """
    c, met = RetainedRow.table.c, ContactRow.table.c
    contact: Any = c.contact
    where = [*_may_dispose(reader, c.item), *([c.item == item] if item else [])]
    if reader.closed:
        visible = met.item == c.item, scope.sees(reader, met.stream)
        last = sa.select(sa.func.max(met.at)).where(*visible).scalar_subquery()
        contact = sa.func.coalesce(last, c.opened)
    if by is not None:
        latest = _latest_contact(rules, by)
        past = contact <= latest
        if reader.closed:
            # most items have a contact after `latest`, which the database finds quickly; for these
            # items it need not search for the last contact
            later = sa.exists(sa.select(sa.literal(1)).where(met.at > latest, *visible))
            past = sa.and_(sa.not_(later), past)
        where.append(sa.or_(c.reviewed.is_not(None), past))
    seen = {c.contact: contact, c.why: sa.literal(LAST)} if reader.closed else {}
    theirs = sa.select(*(seen.get(column, column) for column in c)).where(*where)
    return [RetainedRow(*row) for row in db.execute(theirs)]


def _latest_contact(rules: Rules, by: datetime) -> datetime:
    """Return the time of the last contact that an item may have for its review to be due by the
    moment `by`: `by` minus the shortest clear period of all groups. The result is used for a first
    selection of items.
    """
    shortest = min(rule.clear_years for rule in rules.groups.values())
    try:
        return by - timedelta(days=365 * shortest)
    except OverflowError:  # the latest contact would be before the year 1
        return datetime.min.replace(tzinfo=UTC)


def _day(moment: datetime) -> datetime:
    """Return the day of a time, without the minute, which might reveal a particular act."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _may_dispose(
    reader: Reader, item: sa.ColumnElement[UUID]
) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions that the reader sees the item and may dispose of it."""
    return scope.sees(reader, item), scope.may_act_on(reader, "erase", item)


def _group(row: RetainedRow, rules: Rules) -> MopiGroup:
    for group in rules.groups:
        if group == row.assigned:
            return group
    return rules.cases if row.kind == "case" else rules.group(frozenset(row.categories))


def _due(row: RetainedRow, rules: Rules, group: MopiGroup) -> tuple[datetime, str]:
    """Return when the review is due, and why. Without an earlier review, it is due one clear period
    after the last contact. After a review, it is due on the date that the reviewer set or, without
    such a date, after the interval between reviews. A contact after the review begins the clear
    period again.
    """
    rule = rules.groups[group]
    if row.decision == "dispose" and row.reviewed and row.contact <= row.reviewed:
        return row.reviewed, "disposal was proposed: erase it, or decide again"
    if row.reviewed and row.contact <= row.reviewed:
        if row.until:
            return row.until, "retained until then by a review"
        later = add_years(row.reviewed, rule.then_years)
        return later, f"group {group}: {rule.then_years} years after the last review"
    clear = add_years(row.contact, rule.clear_years)
    return clear, f"group {group}: {rule.clear_years} clear years since {row.why}"


def add_years(moment: datetime, years: int) -> datetime:
    """Return the same day `years` later; 29 February becomes 1 March."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, month=3, day=1)


def holds(db: Db, reader: Reader) -> list[HoldRow]:
    """Return the active legal holds, oldest first: those of the reader's team, or all holds for
    readers who see all teams or approve erasures.
    """
    c = HoldRow.table.c
    theirs = sa.or_(
        scope.sees(reader, c.hold),
        scope.may_act_on(reader, "approve-erasure", c.hold),
        sa.and_(c.former, *_may_dispose(reader, c.item)),
    )
    select = sa.select(HoldRow.table).where(theirs).order_by(c.since, c.hold)
    return [HoldRow(*row) for row in db.execute(select)]


def restrictions(db: Db, reader: Reader) -> list[RestrictedRow]:
    """Return the active restrictions of the use of items that the reader may dispose of, oldest
    first.
    """
    table = RestrictedRow.table
    select = (
        sa.select(table)
        .where(*_may_dispose(reader, table.c.item))
        .order_by(table.c.since, table.c.item)
    )
    return [RestrictedRow(*row) for row in db.execute(select)]
