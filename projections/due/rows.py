"""The rows of the clocks, and how one begins and ends."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa

from domain.intelligence.identity import IdentityJudged, IdentityRevoked
from domain.kernel.codes import Clock
from domain.kernel.envelope import Recorded
from domain.people_and_teams import deadline as due
from projections.kernel.batch import RowBatch
from projections.kernel.schema import rows

AUDIT: Clock = "no-value-audit"
REVIEW: Clock = "release-review"
HOLD: Clock = "hold-review"
WORDS: Clock = "words-waiting"
URGENT: Clock = "urgent-words"
SILENCE: Clock = "family-silence"
UNSAFE: Clock = "family-silence-unsafe"


#: By when it is due: all of it, of one clock, of one person, or what is anybody's of a team.
_SOONEST = (
    ("ended", "due", "since", "id"),
    ("ended", "clock", "due", "since", "id"),
    ("ended", "owner", "clock", "team", "due", "since", "id"),
    ("ended", "escalates"),
    ("item",),
)


@rows("due", key=("id",), index=_SOONEST)
@dataclass(frozen=True)
class DueRow:
    """What is due about an item. `owner` is who set its date or has taken it; where that is the
    one who may not answer (`not_by`), it is anybody's else of the team. `ref` is the fact that
    began the clock.

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
        if self.stepped_for != self.due:  # it begins, or was put off and begins again
            start = {
                "step": 0,
                "stepped": None,
                "stepped_for": self.due,
                "in_hand": None,
                "had": (),
            }
            for name, value in start.items():
                object.__setattr__(self, name, value)
            object.__setattr__(self, "escalates", self.due)


@rows("due_looked", key=("id",), index=_SOONEST)
@dataclass(frozen=True)
class LookedRow(DueRow):
    """What is due to somebody who asked what is held, searched, or looked."""

    table: ClassVar[sa.Table]


@rows("due_joined", key=("id",), index=(*_SOONEST, ("other",)))
@dataclass(frozen=True)
class JoinedRow(DueRow):
    """What is due because others have said the same: `item` are the words to look at, and `other`
    is one of those, of one team, that say it too. Those who may not know of both are told of
    neither."""

    table: ClassVar[sa.Table]
    other: UUID = field(default_factory=lambda: UUID(int=0))


#: The tables of what is due.
KINDS: tuple[type[DueRow], ...] = (DueRow, LookedRow, JoinedRow)


@rows("due_cases", key=("case",), index=(("child",),))
@dataclass(frozen=True)
class CaseRow:
    """What a case's clocks depend on: its child, who works with the parents, which ways to reach
    the family are unsafe, when they heard last how it stands, and that they would rather not;
    `waits` are the entries by which the family waits for a worker, `back` is when the child last
    came back from being missing."""

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


@rows("due_restricted", key=("item",))
@dataclass(frozen=True)
class RestrictedRow:
    """What is out of use: nothing is due about it but its own reviews."""

    table: ClassVar[sa.Table]
    item: UUID


def whole(batch: RowBatch, kind: type[Any], one: UUID) -> set[UUID]:
    """Somebody and all who are judged the same, over any number of judgements; `kind` are the rows
    of the pairs that are, `a` and `b`."""
    found, front = {one}, {one}
    while front:
        pairs = batch.either(kind, sorted(front))
        front = {end for pair in pairs for end in (pair.a, pair.b)} - found
        found |= front
    return found


def judged(fact: Recorded, batch: RowBatch, kind: type[Any]) -> set[UUID]:
    """Two are judged the same, or no longer: all who were one with either, or are now. `kind` is as
    in `whole`; other facts, and judgements that change no pair, give nothing."""
    event = fact.event
    if not isinstance(event, IdentityJudged | IdentityRevoked):
        return set()
    same = isinstance(event, IdentityJudged) and event.judgement == "same"
    if not same and batch.get(kind, fact.stream) is None:
        return set()
    ends = event.a, event.b
    before = {each for end in ends for each in whole(batch, kind, end)}
    batch.drop(kind, fact.stream)
    if same:
        batch.put(kind(fact.stream, *ends))
    return before | {each for end in ends for each in whole(batch, kind, end)}


def waiting(batch: RowBatch, key: UUID, clock: Clock) -> DueRow | None:
    """What waits by this clock about an item, unless it was answered or has ended."""
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
    """A clock begins. Its role says whose it is where `anybody` may answer, and else `owner` does
    (None: the person who told the fact). `key` is what it is known by where its item may
    have several, `known_as` by which clock where that may change."""
    began = since or fact.recorded
    when = at or due.instant(clock, began, day)
    if when is None:
        return
    owner = None if not_by or anybody else owner or fact.by
    one = due.stream(key or item, known_as or clock)
    team = fact.team if team is None else team
    batch.put(kind(one, item, clock, began, when, owner, not_by, team, fact.ref))


def end(batch: RowBatch, key: UUID, clock: Clock, kind: type[DueRow] = DueRow) -> None:
    if row := batch.get(kind, due.stream(key, clock)):
        batch.put(replace(row, ended=True))


def owned(batch: RowBatch, key: UUID, clock: Clock, owner: str | None) -> None:
    """What waits by this clock is this person's to do."""
    if row := waiting(batch, key, clock):
        batch.put(replace(row, owner=owner))
