"""Whose search met what I hold, and did I decide whether to get in touch?

The searcher learns nothing of it. No child is lost between two teams: a hit stays open, and late,
until somebody who holds the child has decided.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from access import scope
from domain.clocks import CLOCKS
from domain.codes import Contact
from domain.consultation import ContactDecided, SearchTouched
from domain.envelope import Recorded
from domain.values import Reader
from projections.batch import Batch
from projections.columns import Column
from projections.schema import Db, View, rows


@rows("hits", key=("hit",), index=(("case",),))
@dataclass(frozen=True, slots=True)
class HitRow:
    """A search that met something. `earlier` is the undecided hit of the same searcher on the
    same case: one decision answers both."""

    table: ClassVar[sa.Table]
    hit: UUID
    held: UUID
    case: UUID
    team: str
    workers: tuple[str, ...]
    searcher: str
    searcher_team: str
    at: datetime
    earlier: UUID | None
    contact: Contact | None = None
    decided_by: str | None = None
    decided: datetime | None = None


def apply(fact: Recorded, batch: Batch) -> None:
    match fact.event:
        case SearchTouched() as event:
            same = batch.having(
                HitRow,
                case=event.case,
                team=event.team,
                searcher=fact.by,
                searcher_team=fact.team,
                decided=None,
                earlier=None,
            )
            batch.put(
                HitRow(
                    fact.stream,
                    event.held,
                    event.case,
                    event.team,
                    event.workers,
                    fact.by,
                    fact.team,
                    fact.recorded,
                    same[0].hit if same else None,
                )
            )
        case ContactDecided() as event:
            if row := batch.get(HitRow, fact.stream):
                batch.put(
                    replace(
                        row,
                        contact=event.contact,
                        decided_by=fact.by,
                        decided=fact.recorded,
                    )
                )


VIEW = View("hits", (HitRow,), apply, ("access",))


# --- queries ------------------------------------------------------------------------------------


#: How long the person who holds it may take to decide.
WITHIN = CLOCKS["contact-decision"].within


@dataclass(frozen=True)
class HitOpen:
    """A decision owed: who searched, what they met, by when it is due, how often they asked."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("searched", "searched", "moment"),
        Column("whose", "who searched for what you hold"),
        Column("case", "case", "id"),
        Column("times", "times"),
        Column("due", "due", "moment"),
        Column("overdue", "overdue", "mark"),
    )
    order: ClassVar[tuple[str, ...]] = ("searched", "id")
    id: UUID
    held: UUID
    case: UUID
    searcher: str
    searcher_team: str
    searched: datetime
    times: int
    due: datetime
    overdue: bool

    @property
    def whose(self) -> str:
        """Who searched, and of which team."""
        return f"{self.searcher} of team {self.searcher_team}"


def owed(db: Db, reader: Reader, now: datetime, *, overdue_only: bool = False) -> list[HitOpen]:
    """What the reader's teams, or the reader as a worker, have to decide; the oldest first."""
    c = HitRow.table.c
    undecided = sa.select(HitRow.table).where(c.decided.is_(None)).order_by(c.at, c.hit)
    open_rows = [HitRow(*row) for row in db.execute(undecided)]
    own = _theirs(db, reader, open_rows)
    again = Counter(row.earlier for row in own)
    found = [
        HitOpen(
            row.hit,
            row.held,
            row.case,
            row.searcher,
            row.searcher_team,
            row.at,
            1 + again[row.hit],
            row.at + WITHIN,
            now > row.at + WITHIN,
        )
        for row in own
        if row.earlier is None
    ]
    return [one for one in found if one.overdue or not overdue_only]


def _theirs(db: Db, reader: Reader, hits: list[HitRow]) -> list[HitRow]:
    """Those about what the reader's teams, or the reader as a worker, hold, and the reader sees."""
    teams = reader.teams if reader.closed else (reader.team,)
    own = [row for row in hits if row.team in teams or reader.name in row.workers]
    seen = scope.seen(db, reader, {row.case for row in own})
    return [row for row in own if row.case in seen]


def find(db: Db, reader: Reader, text: str) -> UUID | None:
    """The one hit that an id or its ending names, among those of the reader's team or of theirs
    as a worker."""
    wanted = text.strip().lower().replace("-", "")
    table = HitRow.table
    every = [HitRow(*one) for one in db.execute(sa.select(table))]
    own = [row.hit for row in _theirs(db, reader, every) if row.hit.hex.endswith(wanted)]
    return own[0] if wanted and len(own) == 1 else None
