"""Rows of deadlines, and functions by which a deadline begins and ends."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, field
from msgspec.structs import force_setattr, replace

from domain.intelligence.identity import IdentityChanged
from domain.kernel.codes import Clock
from domain.kernel.envelope import Recorded
from domain.people_and_teams import deadline as due
from projections.kernel.batch import RowBatch
from projections.kernel.restricted import restricted_rows
from projections.kernel.schema import rows

AUDIT: Clock = "no-value-audit"
REVIEW: Clock = "release-review"
HOLD: Clock = "hold-review"
WORDS: Clock = "words-waiting"
URGENT: Clock = "urgent-words"
SILENCE: Clock = "family-silence"
UNSAFE: Clock = "family-silence-unsafe"


#: Indexes of deadlines: by due time for all rows, for one type, and for one person or the rows
#: without an owner; by the time of the next escalation; and by item.
_SOONEST = (
    ("ended", "due", "since", "id"),
    ("ended", "clock", "due", "since", "id"),
    ("ended", "owner", "clock", "team", "due", "since", "id"),
    ("ended", "escalates"),
    ("item",),
)


@rows("due", key=("id",), index=_SOONEST)
class DueRow(Struct, frozen=True):
    """A deadline about an item. `owner` is the person who has to meet it; `not_by` is a person who
    may not meet it. `ref` is the event that began the deadline.

    `step` is the number of the next escalation step, and `escalates` is when it is taken if the
    deadline is not met by then. `stepped` is when the last step was taken, and `stepped_for` is the
    due time that the deadline had then.

    A person who acknowledges the deadline stops its escalation until `in_hand`. These people are
    listed in `had`: each can acknowledge it only once, so that it cannot be silenced for ever.
    """

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
        # a new or postponed deadline begins with the first step of escalation
        if self.stepped_for != self.due:
            start = {
                "step": 0,
                "stepped": None,
                "stepped_for": self.due,
                "in_hand": None,
                "had": (),
            }
            for name, value in start.items():
                force_setattr(self, name, value)
            force_setattr(self, "escalates", self.due)


@rows("due_looked", key=("id",), index=_SOONEST)
class LookedRow(DueRow, frozen=True):
    """A deadline of the view `due_looked`: for example about an access request, a search, an access
    to a record, or a change of access.
    """

    table: ClassVar[sa.Table]


@rows("due_joined", key=("id",), index=(*_SOONEST, ("other",)))
class JoinedRow(DueRow, frozen=True):
    """A deadline about a pair of items that may mention the same subject, about a saved search, or
    about a suspected person. In a pair, `item` is the log entry about which to decide, and `other`
    one of the matching items of a team; only a reader who may know of both sees the deadline.
    """

    table: ClassVar[sa.Table]
    other: UUID = field(default_factory=lambda: UUID(int=0))


#: The classes of rows of the tables of deadlines.
KINDS: tuple[type[DueRow], ...] = (DueRow, LookedRow, JoinedRow)


@rows("due_cases", key=("case",), index=(("child",),))
class CaseRow(Struct, frozen=True):
    """A case with the facts that its deadlines need. `worker` is the parents' worker, `unsafe` are
    unsafe contact channels, `updated` is when the family was last informed about the case, and
    `no_news` is true if the family declined such information. `waits` are the ids of the periods in
    which the family waited for a worker; `back` is when the child last came back from being
    missing.
    """

    table: ClassVar[sa.Table]
    case: UUID
    child: UUID
    team: str
    worker: str | None = None
    closed: bool = False
    unsafe: tuple[str, ...] = ()
    updated: datetime | None = None
    no_news: bool = False
    waits: tuple[UUID, ...] = ()
    back: datetime | None = None


#: The rows of restricted items. Only a few types of deadline about them are shown to every reader.
RestrictedRow = restricted_rows("due_restricted")


def all_records_of(batch: RowBatch, kind: type[Any], item: UUID) -> set[UUID]:
    """Return the ids of all records that are the same person as `item` according to merged pairs,
    including `item`. `kind` is the class of the rows of merged pairs, each with the ends `a` and
    `b`.
    """
    found_items, front = {item}, {item}
    while front:
        pairs = batch.either(kind, sorted(front))
        front = {end for pair in pairs for end in (pair.a, pair.b)} - found_items
        found_items |= front
    return found_items


def judged(fact: Recorded, batch: RowBatch, kind: type[Any]) -> set[UUID]:
    """Update the merged pairs (rows of the class `kind`) if this fact judges two records to be the
    same person, or revokes such a judgement. Return the people whose set of merged records may
    change.

    For other facts, and for judgements that change no pair, the result is empty.
    """
    event = fact.event
    if not isinstance(event, IdentityChanged):
        return set()
    same = event.judgement == "same"
    if not same and batch.get(kind, fact.stream) is None:
        return set()
    ends = event.a, event.b
    before = {item for end in ends for item in all_records_of(batch, kind, end)}
    batch.drop(kind, fact.stream)
    if same:
        batch.put(kind(fact.stream, *ends))
    return before | {item for end in ends for item in all_records_of(batch, kind, end)}


def find_waiting(batch: RowBatch, key: UUID, clock: Clock) -> DueRow | None:
    """Return the deadline with this key and this type that has not ended; None if there is none."""
    row = batch.get(DueRow, due.stream(key, clock))
    return row if row and not row.ended else None


def begin(
    batch: RowBatch,
    fact: Recorded,
    item: UUID,
    clock: Clock,
    day: date | None = None,
    *,
    at: datetime | None = None,
    since: datetime | None = None,
    not_by: str | None = None,
    anybody: bool = False,
    key: UUID | None = None,
    known_as: Clock | None = None,
    team: str | None = None,
    kind: type[DueRow] = DueRow,
    owner: str | None = None,
) -> None:
    """Begin a deadline.

    With `anybody` or `not_by` the deadline has no owner: anyone in the team with the required role
    may meet it, except the person `not_by`. Otherwise its owner is `owner` or, if `owner` is None,
    the author of the fact.

    If an item has several deadlines of one type, `key` distinguishes them. If the type of the
    deadline may change, its id is made from the type `known_as`.
    """
    began = since or fact.recorded
    when = at or due.due_at(clock, began, day)
    if when is None:
        return
    owner = None if not_by or anybody else owner or fact.by
    deadline_id = due.stream(key or item, known_as or clock)
    team = fact.team if team is None else team
    batch.put(kind(deadline_id, item, clock, began, when, owner, not_by, team, fact.ref))


def end(batch: RowBatch, key: UUID, clock: Clock, kind: type[DueRow] = DueRow) -> None:
    if row := batch.get(kind, due.stream(key, clock)):
        batch.put(replace(row, ended=True))


def owned(batch: RowBatch, key: UUID, clock: Clock, owner: str | None) -> None:
    """Set the person who has to meet a running deadline."""
    if row := find_waiting(batch, key, clock):
        batch.put(replace(row, owner=owner))
