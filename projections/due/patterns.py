"""Standing patterns: what they look for, and which came true.

Stored beside the standing searches. The network decides whether a pattern came true, as its owner
sees it (`network/query/pattern_match.py`); it is reported here as long as the owner sees every link
of the match.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa

from access.who_may import scope
from domain.clocks import CLOCKS
from domain.data_protection import erasure
from domain.data_protection.erasure import ItemErased
from domain.families.referral import MissingFound
from domain.intelligence.standing_pattern import (
    StandingPatternEnded,
    StandingPatternMet,
    StandingPatternSet,
)
from domain.kernel.codes import Clock, Shape
from domain.kernel.envelope import Recorded, Regime
from domain.kernel.values import Reader
from domain.people_and_teams import deadline
from projections.due.rows import JoinedRow
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.schema import rows

CAME_TRUE: Clock = "standing-pattern"


@rows("joined_patterns", key=("id",))
@dataclass(frozen=True, slots=True)
class PatternRow:
    """A standing pattern: its shape, owner and end, and when it matched, by which links."""

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
@dataclass(frozen=True, slots=True)
class PatternLinkRow:
    """A link by which a pattern matched."""

    table: ClassVar[sa.Table]
    pattern: UUID
    link: UUID


TABLES = (PatternRow, PatternLinkRow)


@dataclass(frozen=True)
class PatternMatch:
    """The links by which a pattern is true, and the people or places found."""

    links: tuple[UUID, ...]
    found: tuple[UUID, ...] = ()


def apply(fact: Recorded, batch: RowBatch) -> None:
    """Update a standing pattern that is set, matches or ends."""
    one = fact.stream
    match fact.event:
        case StandingPatternSet() as event if not fact.erased:
            who = (fact.by, fact.team, fact.controller, fact.regime)
            told = (event.reason, fact.recorded, event.until, event.missing)
            batch.put(PatternRow(one, event.case, event.shape, event.about, *who, *told))
        case StandingPatternMet() as event:
            if row := batch.get(PatternRow, one):
                _tell(fact, batch, row, event)
        case StandingPatternEnded():
            _drop(batch, one)
        case ItemErased() as event if erasure.is_destroyed(event):
            _drop(batch, one)
        case MissingFound():
            for row in batch.having(PatternRow, met=None):
                if one in row.missing:
                    _drop(batch, row.id)


def _tell(fact: Recorded, batch: RowBatch, row: PatternRow, event: StandingPatternMet) -> None:
    batch.put(replace(row, met=fact.recorded, links=event.links, found=event.found))
    for link in event.links:
        batch.put(PatternLinkRow(row.id, link))
    when = fact.recorded + CLOCKS[CAME_TRUE].within
    whose = (row.owner, None, row.team, fact.ref)
    key = deadline.stream(row.id, CAME_TRUE)
    batch.put(JoinedRow(key, row.id, CAME_TRUE, fact.recorded, when, *whose))


def _drop(batch: RowBatch, one: UUID) -> None:
    if batch.get(PatternRow, one):
        batch.drop(PatternRow, one)
        batch.drop_all(PatternLinkRow, "pattern", one)
        batch.drop(JoinedRow, deadline.stream(one, CAME_TRUE))


def is_told(reader: Reader, c: Any) -> sa.ColumnElement[bool]:
    """Return the condition that the match is shown to the reader, who is its owner and sees every
    link.
    """
    link = PatternLinkRow.table.c
    hidden = sa.select(link.pattern).where(sa.not_(scope.sees(reader, link.link, singly=True)))
    return sa.and_(
        c.owner == reader.name, scope.sees(reader, c.item, singly=True), c.item.not_in(hidden)
    )


def fully_visible(db: Db, reader: Reader, ids: Collection[UUID]) -> set[UUID]:
    """Return the patterns among these of whose match the reader sees every link."""
    link = PatternLinkRow.table.c
    wanted = sa.select(link.pattern, link.link).where(link.pattern.in_(sorted(ids)))
    found = [(row.pattern, row.link) for row in db.execute(wanted)]
    seen = scope.visible_items(db, reader, {each for _, each in found})
    return set(ids) - {one for one, each in found if each not in seen}


def watched(db: Db, reader: Reader, now: datetime) -> list[PatternRow]:
    """Return the patterns that run at a moment, for cases that the reader sees; the next to end
    first.
    """
    c = PatternRow.table.c
    where = c.until > now, scope.sees(reader, c.case)
    select = sa.select(PatternRow.table).where(*where).order_by(c.until, c.id)
    found = [PatternRow(*row) for row in db.execute(select)]
    return scope.checked(db, reader, found, lambda row: row.case)


def of(db: Db, reader: Reader, ids: Collection[UUID]) -> list[PatternRow]:
    """Return the patterns among these that the reader sees."""
    c = PatternRow.table.c
    where = c.id.in_(sorted(ids)), scope.sees(reader, c.id)
    found = [PatternRow(*row) for row in db.execute(sa.select(PatternRow.table).where(*where))]
    return scope.checked(db, reader, found, lambda row: row.id)


def to_ask(db: Db, now: datetime) -> list[PatternRow]:
    """Return every running pattern that has not matched yet, no matter whose it is."""
    c = PatternRow.table.c
    select = sa.select(PatternRow.table).where(c.until > now, c.met.is_(None)).order_by(c.id)
    return [PatternRow(*row) for row in db.execute(select)]
