"""The view of texts that wait for a second officer, and of copies of reports that wait to be sent.

A second officer has to agree before a text is shared (a release). If a disclosure could not wait,
the second officer reviews it afterwards, by a certain time.
"""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.data_protection.erasure import ItemErased, is_destroyed
from domain.intelligence.intelligence_report import (
    ProductReleased,
    ReportDisseminated,
    ReportRedacted,
    ReportWithdrawn,
)
from domain.intelligence.release import (
    ReleaseConfirmed,
    ReleaseProposed,
    ReleaseRefused,
    ReleaseReviewDue,
    ReleaseReviewed,
    send_time,
)
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import View, rows

What = Literal["release", "review"]


@rows("releases_waiting", key=("item", "what"))
class ReleaseRow(Struct, frozen=True):
    """A text that waits for a second officer: a release, to which the officer has to agree before
    the text is shared, or the review of a disclosure that could not wait. `due` is when the review
    is due; a release has no deadline (None). `reason` says why the text should be shared in this
    form, or why the disclosure could not wait.
    """

    table: ClassVar[sa.Table]
    item: UUID
    what: What
    by: str
    reason: str
    since: datetime
    due: datetime | None
    ref: str


@rows("copies_released", key=("product",), index=(("report",), ("left", "due")))
class CopyRow(Struct, frozen=True):
    """A copy of a report, released as version `version` of the report's stream. The copy is sent at
    `due`, together with all other copies of the same quarter of an hour, unless the report is
    withdrawn, redacted or erased before.
    """

    table: ClassVar[sa.Table]
    product: UUID
    report: UUID
    version: int
    due: datetime
    left: bool = False
    kept_back: bool = False


def apply(fact: Recorded, batch: RowBatch) -> None:
    item, since = fact.stream, fact.recorded
    match fact.event:
        case ReleaseProposed() as event:
            batch.put(ReleaseRow(item, "release", event.by, event.reason, since, None, fact.ref))
        case ReleaseConfirmed() | ReleaseRefused():
            batch.drop(ReleaseRow, item, "release")
        case ReleaseReviewDue() as event if not batch.get(ReleaseRow, item, "review"):
            row = ReleaseRow(item, "review", event.by, event.reason, since, event.due, fact.ref)
            batch.put(row)
        case ReleaseReviewed():
            batch.drop(ReleaseRow, item, "review")
        case ReportDisseminated() as event:
            due = send_time(since)
            batch.put(CopyRow(event.product, item, fact.version, due))
        case ProductReleased():
            if copy := batch.get(CopyRow, item):
                batch.put(replace(copy, left=True))
        case ReportWithdrawn() | ReportRedacted():
            _withhold_copies(batch, item)
        case ItemErased() as event if is_destroyed(event):
            _withhold_copies(batch, item)


def _withhold_copies(batch: RowBatch, report: UUID) -> None:
    """Withhold the copies of a report that were not sent yet."""
    for copy in batch.having(CopyRow, report=report, left=False):
        batch.put(replace(copy, kept_back=True))


VIEW = View("releases", (ReleaseRow, CopyRow), apply, ("evidence", "product"))


# --- queries ------------------------------------------------------------------------------------


class PendingRelease(ReleaseRow, frozen=True):
    """A release or a review that waits, as a row of a list at a moment."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("item", "report", "id"),
        Column("what", "action needed"),
        Column("by", "proposed by"),
        Column("since", "since", "moment"),
        Column("due", "due", "moment"),
        Column("overdue", "overdue", "mark"),
        Column("reason", "reason"),
    )
    order: ClassVar[tuple[str, ...]] = ("at", "item", "what")
    overdue: bool = False

    @property
    def at(self) -> datetime:
        """Return when a review is due or, for a release, the time since when it waits."""
        return self.due or self.since


def list_waiting_releases(db: Db, reader: Reader, now: datetime) -> list[PendingRelease]:
    """Return the releases and reviews of items that the reader may share; the earliest due time
    first.
    """
    c = ReleaseRow.table.c
    select = (
        sa.select(ReleaseRow.table)
        .where(scope.sees(reader, c.item))
        .order_by(sa.func.coalesce(c.due, c.since), c.item, c.what)
    )
    rows = (PendingRelease(*row) for row in db.execute(select))
    releases = [replace(row, overdue=row.due is not None and row.due < now) for row in rows]
    mine = scope.reached(db, reader, "disseminate", {row.item for row in releases})
    return [
        row for row in scope.checked(db, reader, releases, lambda row: row.item) if row.item in mine
    ]


def leaving(db: Db, now: datetime) -> list[CopyRow]:
    """Return the copies that are due to be sent, in the order of their ids, which are random."""
    c = CopyRow.table.c
    select = sa.select(CopyRow.table).where(~c.left, ~c.kept_back, c.due <= now).order_by(c.product)
    return [CopyRow(*row) for row in db.execute(select)]


def copies(db: Db, reader: Reader, report: UUID) -> list[CopyRow]:
    """Return the copies of a report that the reader may share, oldest first."""
    c = CopyRow.table.c
    select = sa.select(CopyRow.table).where(c.report == report).order_by(c.version)
    found_rows = [CopyRow(*row) for row in db.execute(select)]
    mine = scope.reached(db, reader, "disseminate", {row.report for row in found_rows})
    seen = scope.visible_items(db, reader, mine)
    return [row for row in found_rows if row.report in seen]
