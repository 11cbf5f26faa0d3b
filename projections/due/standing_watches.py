"""Standing watches: saved searches with the log entries that match them, and saved patterns of
links with the links that match them.

The rows are in the same view as pairs of matching items (`joined.py`), because both look log
entries up by the same keys. The owner of a saved search is informed of later entries that match, if
the owner may know of them.

`network/query/pattern_match.py` checks whether a pattern matches the links that its owner sees. The
match is listed only as long as the owner sees every link in it.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid5

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.clocks import CLOCKS
from domain.data_protection import erasure
from domain.families.referral import MissingFound
from domain.information import shared_mentions
from domain.intelligence.standing_watch import (
    StandingPatternEnded,
    StandingPatternMet,
    StandingPatternSet,
    StandingSearchEnded,
    StandingSearchSet,
)
from domain.kernel.codes import Clock, Shape
from domain.kernel.envelope import Recorded, Regime
from domain.kernel.values import Reader
from domain.people_and_teams import deadline
from domain.people_and_teams.deadline import DueAnswered
from projections.due.rows import JoinedRow
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import rows

WATCHED: Clock = "standing-search"
CAME_TRUE: Clock = "standing-pattern"


@rows("joined_watches", key=("id",))
class WatchRow(Struct, frozen=True):
    """A saved search: its text, owner and end; and the missing child whose return ends it, if
    any."""

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
class WatchedRow(Struct, frozen=True):
    """A key of a saved search: a log entry with this key matches the search."""

    table: ClassVar[sa.Table]
    word: str
    watch: UUID


@rows("joined_patterns", key=("id",))
class PatternRow(Struct, frozen=True):
    """A saved pattern of links: its shape, its owner, its end, and when and by which links it
    matched.
    """

    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    shape: Shape
    about: tuple[UUID, ...]
    owner: str
    team: str
    controller: str
    regime: Regime
    reason: str
    since: datetime
    until: datetime
    missing: tuple[UUID, ...] = ()
    met: datetime | None = None
    links: tuple[UUID, ...] = ()
    found: tuple[UUID, ...] = ()


@rows("joined_pattern_links", key=("pattern", "link"))
class PatternLinkRow(Struct, frozen=True):
    """A link by which a pattern matched."""

    table: ClassVar[sa.Table]
    pattern: UUID
    link: UUID


TABLES = (PatternRow, PatternLinkRow)


class PatternMatch(Struct, frozen=True):
    """The links that match a pattern, and the people or places in them."""

    links: tuple[UUID, ...]
    found: tuple[UUID, ...] = ()


def apply(fact: Recorded, batch: RowBatch) -> None:
    """Store a watch that is set, matches or ends, and the answer to a match."""
    item = fact.stream
    match fact.event:
        case StandingSearchSet() as event if not fact.erased:
            _begin_search(fact, batch, event)
        case StandingSearchEnded():
            _end_searches(batch, id=item)
        case DueAnswered() as event:
            row = batch.get(JoinedRow, item)
            if row and event.until:
                batch.put(replace(row, due=event.until, ref=fact.ref))
            elif row:
                batch.put(replace(row, ended=True))
        case StandingPatternSet() as event if not fact.erased:
            who = (fact.by, fact.team, fact.controller, fact.regime)
            fields = (event.reason, fact.recorded, event.until, event.missing)
            batch.put(PatternRow(item, event.case, event.shape, event.about, *who, *fields))
        case StandingPatternMet() as event:
            if pattern := batch.get(PatternRow, item):
                _record_match(fact, batch, pattern, event)
        case StandingPatternEnded():
            _end_pattern(batch, item)
        case MissingFound():
            _end_searches(batch, missing=item)
            for pattern in batch.having(PatternRow, met=None):
                if item in pattern.missing:
                    _end_pattern(batch, pattern.id)
        case event if erasure.is_destroyed(event):
            _end_searches(batch, id=item)
            _end_pattern(batch, item)


def _begin_search(fact: Recorded, batch: RowBatch, event: StandingSearchSet) -> None:
    item = fact.stream
    fields = (event.told, fact.by, fact.team, event.reason, fact.recorded, event.until)
    batch.put(WatchRow(item, event.case, *fields, event.missing))
    for word in shared_mentions.watch_keys(event.kind, event.normal):
        batch.put(WatchedRow(word, item))


def _end_searches(batch: RowBatch, **which: UUID) -> None:
    for row in batch.having(WatchRow, **which):
        batch.drop_all(WatchedRow, "watch", row.id)
        batch.drop(WatchRow, row.id)
        batch.drop_all(JoinedRow, "other", row.id)


def begin_match_deadlines(fact: Recorded, batch: RowBatch, words: Collection[str]) -> None:
    """Begin, for the owner of each saved search that matches this entry, the deadline to look at
    the match."""
    if not words:
        return
    found_rows = batch.among(WatchedRow, "word", sorted(words))
    for item in sorted({row.watch for row in found_rows}):
        watch = batch.get(WatchRow, item)
        key = deadline.stream(uuid5(fact.stream, str(item)), WATCHED)
        if watch and fact.recorded < watch.until and not batch.get(JoinedRow, key):
            when = fact.recorded + CLOCKS[WATCHED].within
            whose = (watch.owner, None, watch.team, fact.ref)
            batch.put(JoinedRow(key, fact.stream, WATCHED, fact.recorded, when, *whose, other=item))


def _record_match(
    fact: Recorded, batch: RowBatch, row: PatternRow, event: StandingPatternMet
) -> None:
    batch.put(replace(row, met=fact.recorded, links=event.links, found=event.found))
    for link in event.links:
        batch.put(PatternLinkRow(row.id, link))
    when = fact.recorded + CLOCKS[CAME_TRUE].within
    whose = (row.owner, None, row.team, fact.ref)
    key = deadline.stream(row.id, CAME_TRUE)
    batch.put(JoinedRow(key, row.id, CAME_TRUE, fact.recorded, when, *whose))


def _end_pattern(batch: RowBatch, item: UUID) -> None:
    if batch.get(PatternRow, item):
        batch.drop(PatternRow, item)
        batch.drop_all(PatternLinkRow, "pattern", item)
        batch.drop(JoinedRow, deadline.stream(item, CAME_TRUE))


# --- reading ------------------------------------------------------------------------------------


class Watching(Struct, frozen=True):
    """A saved search, as a row of a list of due items."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("told", "watched for"),
        Column("owner", "owner"),
        Column("case", "case", "id"),
        Column("reason", "reason"),
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
    """Return the searches that run at a moment, for cases that the reader sees; searches that end
    first come first.
    """
    c = WatchRow.table.c
    where = c.until > now, scope.sees(reader, c.case)
    select = sa.select(WatchRow.table).where(*where).order_by(c.until, c.id)
    found_rows = [WatchRow(*row) for row in db.execute(select)]
    return [
        Watching(row.id, row.case, row.told, row.owner, row.reason, row.since, row.until)
        for row in scope.checked(db, reader, found_rows, lambda row: row.case)
    ]


def is_visible(reader: Reader, c: Any) -> sa.ColumnElement[bool]:
    """Return the condition that the reader owns the pattern and sees every link of its match."""
    link = PatternLinkRow.table.c
    hidden = sa.select(link.pattern).where(sa.not_(scope.sees(reader, link.link, singly=True)))
    return sa.and_(
        c.owner == reader.name, scope.sees(reader, c.item, singly=True), c.item.not_in(hidden)
    )


def fully_visible(db: Db, reader: Reader, ids: Collection[UUID]) -> set[UUID]:
    """Return the patterns among these of which the reader sees every matching link."""
    link = PatternLinkRow.table.c
    wanted = sa.select(link.pattern, link.link).where(link.pattern.in_(sorted(ids)))
    pattern_links = [(row.pattern, row.link) for row in db.execute(wanted)]
    seen = scope.visible_items(db, reader, {link_id for _, link_id in pattern_links})
    return set(ids) - {pattern_id for pattern_id, link_id in pattern_links if link_id not in seen}


def running_patterns(db: Db, reader: Reader, now: datetime) -> list[PatternRow]:
    """Return the patterns that run at a moment, for cases that the reader sees; patterns that end
    first come first.
    """
    c = PatternRow.table.c
    where = c.until > now, scope.sees(reader, c.case)
    select = sa.select(PatternRow.table).where(*where).order_by(c.until, c.id)
    found_rows = [PatternRow(*row) for row in db.execute(select)]
    return scope.checked(db, reader, found_rows, lambda row: row.case)


def patterns_of(db: Db, reader: Reader, ids: Collection[UUID]) -> list[PatternRow]:
    """Return the patterns among these that the reader sees."""
    c = PatternRow.table.c
    where = c.id.in_(sorted(ids)), scope.sees(reader, c.id)
    found_rows = [PatternRow(*row) for row in db.execute(sa.select(PatternRow.table).where(*where))]
    return scope.checked(db, reader, found_rows, lambda row: row.id)


def patterns_to_check(db: Db, now: datetime) -> list[PatternRow]:
    """Return every running pattern that has not matched yet, of all owners."""
    c = PatternRow.table.c
    select = sa.select(PatternRow.table).where(c.until > now, c.met.is_(None)).order_by(c.id)
    return [PatternRow(*row) for row in db.execute(select)]
