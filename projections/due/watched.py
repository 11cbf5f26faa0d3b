"""Standing searches, and the log entries that match them.

Part of the view of pairs, because entries are looked up by the same keys. The owner is informed of
entries from then on, as far as they may know of them.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid5

import sqlalchemy as sa

from access.who_may import scope
from domain.clocks import CLOCKS
from domain.data_protection import erasure
from domain.data_protection.erasure import ItemErased
from domain.families.referral import MissingFound
from domain.information import shared_mentions
from domain.intelligence.standing_search import StandingSearchEnded, StandingSearchSet
from domain.kernel.codes import Clock
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from domain.people_and_teams import deadline
from domain.people_and_teams.deadline import DueAnswered
from projections.due.rows import JoinedRow
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import rows

WATCHED: Clock = "standing-search"


@rows("joined_watches", key=("id",))
@dataclass(frozen=True, slots=True)
class WatchRow:
    """A standing search: its text, owner and end; and the missing child, if it ends at their
    return.
    """

    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    told: str
    owner: str
    team: str
    reason: str
    since: datetime
    until: datetime
    missing: UUID | None = None


@rows("joined_watched", key=("word", "watch"), index=(("watch",),))
@dataclass(frozen=True, slots=True)
class WatchedRow:
    """A key of a standing search."""

    table: ClassVar[sa.Table]
    word: str
    watch: UUID


def apply(fact: Recorded, batch: RowBatch) -> None:
    """Update a standing search that is set or ends, and the answer to a match."""
    one = fact.stream
    match fact.event:
        case StandingSearchSet() as event if not fact.erased:
            _watch(fact, batch, event)
        case StandingSearchEnded():
            _unwatch(batch, id=one)
        case MissingFound():
            _unwatch(batch, missing=one)
        case ItemErased() as event if erasure.is_destroyed(event):
            _unwatch(batch, id=one)
        case DueAnswered() as event:
            row = batch.get(JoinedRow, one)
            if row and event.until:
                batch.put(replace(row, due=event.until, ref=fact.ref))
            elif row:
                batch.put(replace(row, ended=True))


def _watch(fact: Recorded, batch: RowBatch, event: StandingSearchSet) -> None:
    one = fact.stream
    told = (event.told, fact.by, fact.team, event.reason, fact.recorded, event.until)
    batch.put(WatchRow(one, event.case, *told, event.missing))
    for word in shared_mentions.watched(event.kind, event.normal):
        batch.put(WatchedRow(word, one))


def _unwatch(batch: RowBatch, **which: UUID) -> None:
    for row in batch.having(WatchRow, **which):
        batch.drop_all(WatchedRow, "watch", row.id)
        batch.drop(WatchRow, row.id)
        batch.drop_all(JoinedRow, "other", row.id)


def begin_match_deadlines(fact: Recorded, batch: RowBatch, words: Collection[str]) -> None:
    """Begin the deadline of each standing search that matches the entry, for its owner."""
    if not words:
        return
    found = batch.among(WatchedRow, "word", sorted(words))
    for one in sorted({each.watch for each in found}):
        watch = batch.get(WatchRow, one)
        key = deadline.stream(uuid5(fact.stream, str(one)), WATCHED)
        if watch and fact.recorded < watch.until and not batch.get(JoinedRow, key):
            when = fact.recorded + CLOCKS[WATCHED].within
            whose = (watch.owner, None, watch.team, fact.ref)
            batch.put(JoinedRow(key, fact.stream, WATCHED, fact.recorded, when, *whose, other=one))


@dataclass(frozen=True)
class Watching:
    """A standing search, for lists of due items."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("told", "for what"),
        Column("owner", "who watches"),
        Column("case", "for which case", "id"),
        Column("reason", "why"),
        Column("until", "until", "moment"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("until", "id")
    id: UUID
    case: UUID
    told: str
    owner: str
    reason: str
    since: datetime
    until: datetime


def watching(db: Db, reader: Reader, now: datetime) -> list[Watching]:
    """Return the searches that run at a moment, for cases that the reader sees; the next to end
    first."""
    c = WatchRow.table.c
    where = c.until > now, scope.sees(reader, c.case)
    select = sa.select(WatchRow.table).where(*where).order_by(c.until, c.id)
    found = [WatchRow(*row) for row in db.execute(select)]
    return [
        Watching(row.id, row.case, row.told, row.owner, row.reason, row.since, row.until)
        for row in scope.checked(db, reader, found, lambda row: row.case)
    ]
