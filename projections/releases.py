"""What waits for another officer: releases that the checker marks, and reviews of what was shared
at once, with the date until which they are due?"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

import sqlalchemy as sa

from access import scope
from domain.envelope import Recorded
from domain.release import (
    ReleaseConfirmed,
    ReleaseProposed,
    ReleaseRefused,
    ReleaseReviewDue,
    ReleaseReviewed,
)
from domain.values import Reader
from projections.batch import Batch
from projections.schema import Db, View, rows

What = Literal["release", "review"]


@rows("releases_waiting", key=("item", "what"), index=(("due",),))
@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """What waits in one item. `due` is None for a release, which nothing holds to a date; `reason`
    is why it should leave so, or why it could not wait."""

    table: ClassVar[sa.Table]
    item: UUID
    what: What
    by: str
    reason: str
    since: datetime
    due: datetime | None
    ref: str


def apply(fact: Recorded, batch: Batch) -> None:
    one, since, ref = fact.stream, fact.recorded, fact.ref
    match fact.event:
        case ReleaseProposed() as event:
            batch.put(ReleaseRow(one, "release", event.by, event.reason, since, None, ref))
        case ReleaseConfirmed() | ReleaseRefused():
            batch.drop(ReleaseRow, one, "release")
        case ReleaseReviewDue() as event if not batch.get(ReleaseRow, one, "review"):
            batch.put(ReleaseRow(one, "review", event.by, event.reason, since, event.due, ref))
        case ReleaseReviewed():
            batch.drop(ReleaseRow, one, "review")


VIEW = View("releases", (ReleaseRow,), apply)


# --- queries ------------------------------------------------------------------------------------


def waiting(db: Db, reader: Reader) -> list[ReleaseRow]:
    """What waits in the items that the reader may share, what is due first."""
    c = ReleaseRow.table.c
    select = (
        sa.select(ReleaseRow.table)
        .where(scope.sees(reader, c.item))
        .order_by(sa.func.coalesce(c.due, c.since), c.item, c.what)
    )
    found = [ReleaseRow(*row) for row in db.execute(select)]
    mine = scope.reached(db, reader, "disseminate", {row.item for row in found})
    return [
        row for row in scope.checked(db, reader, found, lambda row: row.item) if row.item in mine
    ]
