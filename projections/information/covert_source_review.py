"""Reviews of whether a source has become a covert source (CHIS), and the decisions.

A review begins when a person requests it; signs in a text only propose a review. A monthly list
shows how often a source reports about a person. The list is for information only: a caring mother
reports often.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may.decide import decide
from domain.information.covert_source_review import StatusDecided, StatusReviewDue
from domain.information.observation import ObservationRead, ObservationWithdrawn
from domain.intelligence.link import LinkAsserted
from domain.kernel.codes import DriftDecision
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import View, rows

#: The time in which a review has to be decided.
WAITS = timedelta(days=7)
#: The monthly list has a source and a person if at least this many items of the source in a month
#: were about the person.
OFTEN = 3


@rows("drift", key=("pair",))
class DriftRow(Struct, frozen=True):
    """A source and a suspect, with the grounds on which a decision is needed, and the last
    decision.
    """

    table: ClassVar[sa.Table]
    pair: UUID
    source: UUID
    suspect: UUID
    grounds: tuple[str, ...]
    due: datetime | None
    observation: UUID | None
    decision: DriftDecision | None = None
    decided: datetime | None = None
    decided_by: str | None = None
    expires: date | None = None


@rows("drift_signs", key=("observation",))
class SignRow(Struct, frozen=True):
    """Signs of a covert source that a program read in the text of an entry."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("observation", "log entry", "id"),
        Column("signs", "signs"),
        Column("recorded", "recorded", "moment"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "observation")
    table: ClassVar[sa.Table]
    observation: UUID
    signs: tuple[str, ...]
    recorded: datetime


@rows("drift_items", key=("observation", "entity"), index=(("recorded",),))
class ItemRow(Struct, frozen=True):
    """An observation that is the basis of a link with this person, and its independent source
    (`root`).
    """

    table: ClassVar[sa.Table]
    observation: UUID
    entity: UUID
    root: UUID
    recorded: datetime


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case StatusReviewDue() as event:
            row = batch.get(DriftRow, fact.stream)
            if row is None:
                row = DriftRow(fact.stream, event.source, event.suspect, (), None, None)
            grounds = (*row.grounds, event.grounds) if row.due else (event.grounds,)
            since = row.due or fact.recorded
            seen = event.observation or row.observation
            batch.put(replace(row, grounds=grounds, due=since, observation=seen))
        case StatusDecided() as event:
            if row := batch.get(DriftRow, fact.stream):
                batch.put(
                    replace(
                        row,
                        due=None,
                        decision=event.decision,
                        decided=fact.recorded,
                        decided_by=fact.by,
                        expires=event.expires,
                    )
                )
        case ObservationRead() as event if event.drift_signs:
            batch.put(SignRow(fact.stream, event.drift_signs, fact.recorded))
        case ObservationWithdrawn():
            batch.drop(SignRow, fact.stream)
        case LinkAsserted() as event if event.root and event.observation:
            for end in (event.a, event.b):
                if batch.get(ItemRow, event.observation, end) is None:
                    batch.put(ItemRow(event.observation, end, event.root, fact.recorded))


VIEW = View("drift", (DriftRow, SignRow, ItemRow), apply, ("evidence", "sources"))


# --- queries ------------------------------------------------------------------------------------


def _handles(reader: Reader) -> bool:
    return decide(reader, "grade-source").allowed


class Review(Struct, frozen=True):
    """The review, at a moment, of whether a source has become a covert source against a suspect.

    `late` means that the decision is overdue, or that the last decision has expired. `label` is the
    suspect's name, if the caller added it.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("source", "source", "id"),
        Column("suspect", "id", "id"),
        Column("label", "suspect"),
        Column("grounds", "grounds"),
        Column("due", "due since", "moment"),
        Column("decision", "decision"),
        Column("expires", "decided until", "day"),
        Column("late", "overdue", "mark"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    id: UUID
    source: UUID
    suspect: UUID
    grounds: tuple[str, ...]
    due: datetime | None
    observation: UUID | None
    decision: DriftDecision | None
    decided_by: str | None
    expires: date | None
    late: bool
    label: str | None = None

    @property
    def place(self) -> tuple[bool, bool, date, UUID]:
        """Return the key for sorting: first reviews that need a decision, the overdue ones before
        the others; then reviews with a decision, by the date on which the decision expires.
        """
        return self.due is None, not self.late, self.expires or date.max, self.id


def reviews(db: Db, reader: Reader, now: datetime) -> list[Review]:
    """Return all reviews, for a source handler; [] for other readers. Reviews that need a decision
    come first; the others follow by the date on which their decision expires.
    """
    if not _handles(reader):
        return []
    found_rows = [DriftRow(*row) for row in db.execute(sa.select(DriftRow.table))]
    answered = [
        Review(
            row.pair,
            row.source,
            row.suspect,
            row.grounds,
            row.due,
            row.observation,
            row.decision,
            row.decided_by,
            row.expires,
            late=now > row.due + WAITS
            if row.due
            else row.expires is not None and row.expires < now.date(),
        )
        for row in found_rows
    ]
    return sorted(answered, key=lambda review: review.place)


def proposed(db: Db, reader: Reader) -> list[SignRow]:
    """Return the observations with signs of a covert source for which no review was requested yet,
    newest first."""
    if not _handles(reader):
        return []
    observations = set(db.execute(sa.select(DriftRow.table.c.observation)).scalars())
    table = SignRow.table
    select = sa.select(table).order_by(table.c.recorded.desc(), table.c.observation)
    return [SignRow(*row) for row in db.execute(select) if row.observation not in observations]


class Often(Struct, frozen=True):
    """The number of items in a month in which one source reported about one person."""

    source: UUID
    entity: UUID
    items: int


def digest(db: Db, reader: Reader, start: datetime, end: datetime) -> list[Often]:
    """Return the pairs of a source and a person with at least `OFTEN` items in the period."""
    if not _handles(reader):
        return []
    c = ItemRow.table.c
    select = sa.select(c.root, c.entity).where(c.recorded >= start, c.recorded < end)
    counted = Counter((row.root, row.entity) for row in db.execute(select))
    return sorted(
        (Often(root, entity, items) for (root, entity), items in counted.items() if items >= OFTEN),
        key=lambda one: (-one.items, one.source, one.entity),
    )


class Month(Struct, frozen=True):
    """The number of items that a source provided in a month, in all and about this suspect."""

    start: date
    items: int
    about: int


def pattern(db: Db, reader: Reader, source: UUID, suspect: UUID) -> list[Month]:
    """Return the number of a source's items in each month, in all and about the suspect, from the
    source's first item to the last. The numbers are for information, and do not put the source
    under suspicion.
    """
    if not _handles(reader):
        return []
    c = ItemRow.table.c
    select = sa.select(c.observation, c.entity, c.recorded).where(c.root == source)
    month_by_item, about = {}, set()
    for row in db.execute(select):
        month_by_item[row.observation] = row.recorded.date().replace(day=1)
        if row.entity == suspect:
            about.add(row.observation)
    counted = Counter(month_by_item.values())
    named = Counter(month_by_item[item] for item in about)
    months, month = [], min(counted, default=date.max)
    while counted and month <= max(counted):
        months.append(Month(month, counted[month], named[month]))
        month = (month + timedelta(days=31)).replace(day=1)
    return months
