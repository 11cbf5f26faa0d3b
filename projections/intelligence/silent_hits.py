"""Silent search alerts: searches that matched an item of another team, and that team's decision
whether to contact the searcher.

The searcher is not informed. A match stays open, and may become overdue, until the team or a worker
of the child has decided, so that no child is overlooked between two teams. Open decisions have a
table of their own by team and worker, because a page shows few of the thousands of matches.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.clocks import CLOCKS
from domain.data_protection.access_log import LOOKS, ContactDecided, HitRang, SearchTouched
from domain.kernel.codes import Contact
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.queries import COUNTED, counted
from projections.kernel.schema import View, rows


@rows("hits", key=("hit",), index=(("case", "searcher", "earlier"), ("tail",)))
class HitRow(Struct, frozen=True):
    """A search that matched an item (`held`). `earlier` is a former match of the same searcher on
    the same case, if it was undecided: one decision then ends both matches. `again` is the number
    of matches that have this match as `earlier`. `tail` are the hexadecimal digits of the id in
    reverse order, so that the id can be looked up by its ending. `due` is when the decision whether
    to contact the searcher is due. `referred` means that the searcher also referred the child.
    """

    table: ClassVar[sa.Table]
    hit: UUID
    held: UUID
    case: UUID
    team: str
    workers: tuple[str, ...]
    searcher: str
    searcher_team: str
    at: datetime
    due: datetime
    earlier: UUID | None
    tail: str
    referred: bool = False
    contact: Contact | None = None
    decided_by: str | None = None
    decided: datetime | None = None
    again: int = 0


@rows("hits_owed", key=("as_worker", "holder", "at", "hit"))
class OwedRow(Struct, frozen=True):
    """A decision about a search that a team has to make or, with `as_worker`, a worker of the
    case.
    """

    table: ClassVar[sa.Table]
    as_worker: bool
    holder: str
    at: datetime
    hit: UUID
    case: UUID
    team: str
    due: datetime


def apply(fact: Recorded, batch: RowBatch) -> None:
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
            hit = HitRow(
                fact.stream,
                event.held,
                event.case,
                event.team,
                event.workers,
                fact.by,
                fact.team,
                fact.recorded,
                fact.recorded if event.at_once else fact.recorded + WITHIN,
                same[0].hit if same else None,
                fact.stream.hex[::-1],
                event.referred,
            )
            batch.put(hit)
            owed = hit
            for first in same[:1]:
                owed = replace(
                    first,
                    again=first.again + 1,
                    due=min(first.due, hit.due),
                    referred=first.referred or hit.referred,
                )
                batch.put(owed)
            for owed_row in _owed_of(owed):
                batch.put(owed_row)
        case HitRang():
            row = batch.get(HitRow, fact.stream)
            if row and row.decided is None:
                sooner = replace(row, due=min(row.due, fact.recorded))
                batch.put(sooner)
                for owed_row in _owed_of(sooner):
                    batch.put(owed_row)
        case ContactDecided() as event:
            if row := batch.get(HitRow, fact.stream):
                earlier = row.earlier and row.decided is None and batch.get(HitRow, row.earlier)
                if earlier:
                    batch.put(replace(earlier, again=earlier.again - 1))
                batch.put(
                    replace(
                        row,
                        contact=event.contact,
                        decided_by=fact.by,
                        decided=fact.recorded,
                    )
                )
                for owed_row in _owed_of(row):
                    batch.drop(
                        OwedRow, owed_row.as_worker, owed_row.holder, owed_row.at, owed_row.hit
                    )


def _owed_of(row: HitRow) -> list[OwedRow]:
    of = row.at, row.hit, row.case, row.team, row.due
    return [OwedRow(False, row.team, *of), *(OwedRow(True, worker, *of) for worker in row.workers)]


#: The time in which the team or the worker has to decide, unless the decision is due at once.
WITHIN = CLOCKS["contact-decision"].within
VIEW = View(
    "hits",
    (HitRow, OwedRow),
    apply,
    ("access",),
    passes=LOOKS - {SearchTouched},
    version=2,
    when_queried=True,
)


# --- queries ------------------------------------------------------------------------------------


class HitOpen(Struct, frozen=True):
    """A decision that a team or a worker still has to make: whether to contact a user whose search
    matched a record (`held`). `times` is how often the searcher's searches matched the case;
    `referred` means that the searcher referred the child.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("searched", "searched", "moment"),
        Column("whose", "searcher"),
        Column("case", "case", "id"),
        Column("referred", "referred the child", "mark"),
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
    referred: bool = False

    @property
    def whose(self) -> str:
        """Return the name of the searcher, and the team for which they searched."""
        return f"{self.searcher} of team {self.searcher_team}"


def list_due_decisions(
    db: Db,
    reader: Reader,
    now: datetime,
    *,
    overdue_only: bool = False,
    skip: int = 0,
    most: int | None = None,
) -> list[HitOpen]:
    """Return the decisions whether to contact a searcher that the reader's teams, or the reader as
    a worker, still have to make, oldest first: at most `most` (all if it is None) after the first
    `skip`.
    """
    few = None if most is None else skip + most
    order = OwedRow.table.c.at, OwedRow.table.c.hit
    joined = HitRow.table.join(OwedRow.table, HitRow.table.c.hit == OwedRow.table.c.hit)
    found_rows = [
        HitRow(*row)
        for part in _parts(reader, now, overdue_only=overdue_only)
        for row in db.execute(
            part.with_only_columns(HitRow.table).select_from(joined).order_by(*order).limit(few)
        )
    ]
    found_rows.sort(key=lambda row: (row.at, row.hit))
    return [
        HitOpen(
            row.hit,
            row.held,
            row.case,
            row.searcher,
            row.searcher_team,
            row.at,
            1 + row.again,
            row.due,
            now > row.due,
            row.referred,
        )
        for row in scope.checked(db, reader, found_rows[skip:few], lambda row: row.case)
    ]


def count(
    db: Db,
    reader: Reader,
    now: datetime,
    *,
    overdue_only: bool = False,
    most: int = COUNTED,
) -> int:
    """Return how many decisions about searchers wait for the reader's teams, or for the reader as a
    worker. A number above `most` is returned as `most` + 1.
    """
    parts = _parts(reader, now, overdue_only=overdue_only)
    counts = (counted(db, part.with_only_columns(sa.literal(1)), most) for part in parts)
    return min(sum(counts), most + 1)


def _parts(reader: Reader, now: datetime, *, overdue_only: bool) -> list[sa.Select[Any]]:
    """Return the queries for the decisions about searchers that wait: one for each of the reader's
    teams, and one for the reader as a worker. Each query reads the first rows of an index.
    """
    table, c = OwedRow.table, OwedRow.table.c
    teams = sorted(reader.teams) if reader.closed else [reader.team]
    holders = [sa.and_(sa.not_(c.as_worker), c.holder == team) for team in teams]
    holders.append(sa.and_(c.as_worker, c.holder == reader.name, c.team.not_in(teams)))
    seen = scope.sees(reader, c.case, singly=True)
    late = [c.due < now] if overdue_only else []
    return [sa.select(table).where(holder, seen, *late) for holder in holders]


def find(db: Db, reader: Reader, text: str) -> UUID | None:
    """Return the match whose id is, or ends with, this text, among the matches of the reader's
    teams or of the reader as a worker. Return None if there is no such match, or several.
    """
    backwards = text.strip().lower().replace("-", "")[::-1]
    if not backwards:
        return None
    c = HitRow.table.c
    teams = reader.teams if reader.closed else (reader.team,)
    ends = c.tail >= backwards, c.tail < backwards + "g"
    named = [HitRow(*row) for row in db.execute(sa.select(HitRow.table).where(*ends))]
    own = [row for row in named if row.team in teams or reader.name in row.workers]
    seen = scope.visible_items(db, reader, {row.case for row in own})
    found_items = [row.hit for row in own if row.case in seen]
    return found_items[0] if len(found_items) == 1 else None
