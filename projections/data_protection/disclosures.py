"""The view of disclosures: their items and recipients, and the recipients who still have to be
informed of a recall.
"""

from collections.abc import Collection
from datetime import datetime
from statistics import median
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from access.who_may.decide import decide
from domain.data_protection.disclosure import DisclosureMade, DisclosureRecalled, RecipientTold
from domain.kernel.acts import Act
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("disclosures", key=("id",))
class DisclosureRow(Struct, frozen=True):
    """A disclosure. If it was recalled, `to_tell` are the recipients who were not informed of the
    recall yet."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("at", "disclosed", "moment"),
        Column("by", "disclosed by"),
        Column("recipients", "recipients"),
        Column("basis", "basis"),
        Column("purpose", "purpose"),
        Column("shared", "items"),
        Column("recalled", "recalled", "moment"),
        Column("to_tell", "recipients to tell"),
    )
    order: ClassVar[tuple[str, ...]] = ("-at", "id")
    table: ClassVar[sa.Table]
    id: UUID
    at: datetime
    by: str
    team: str
    basis: str
    purpose: str
    recipients: tuple[str, ...]
    items: tuple[UUID, ...]
    marking: str
    handling: str
    needed: datetime | None
    recalled: datetime | None = None
    reason: str | None = None
    to_tell: tuple[str, ...] = ()

    @property
    def shared(self) -> int:
        """Return the number of disclosed items."""
        return len(self.items)


@rows("disclosed_items", key=("item", "disclosure"))
class ItemRow(Struct, frozen=True):
    """An item that a disclosure included."""

    table: ClassVar[sa.Table]
    item: UUID
    disclosure: UUID


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case DisclosureMade() as event:
            batch.put(row_of(DisclosureRow, fact, at=fact.recorded, team=fact.team))
            for item in event.items:
                batch.put(ItemRow(item, fact.stream))
        case DisclosureRecalled() as event:
            if row := batch.get(DisclosureRow, fact.stream):
                batch.put(
                    replace(
                        row,
                        recalled=fact.recorded,
                        reason=event.reason,
                        to_tell=row.recipients,
                    )
                )
        case RecipientTold() as event:
            if row := batch.get(DisclosureRow, fact.stream):
                left = tuple(recipient for recipient in row.to_tell if recipient != event.recipient)
                batch.put(replace(row, to_tell=left))


VIEW = View("disclosures", (DisclosureRow, ItemRow), apply, ("access",), when_queried=True)


# --- queries ------------------------------------------------------------------------------------


#: A reader needs one of these rights to see disclosures.
SHARES: tuple[Act, ...] = ("disclose", "disseminate", "see-alerts")


def list_disclosures(db: Db, reader: Reader) -> list[DisclosureRow]:
    """Return the disclosures of items that the reader sees, newest first."""
    c = DisclosureRow.table.c
    return _fetch(db, reader, c.at.desc(), c.id)


def of_items(db: Db, reader: Reader, items: Collection[UUID]) -> list[DisclosureRow]:
    """Return the disclosures that included one of these items, oldest first."""
    c, i = DisclosureRow.table.c, ItemRow.table.c
    inside = sa.select(i.disclosure).where(i.item.in_(sorted(set(items))))
    return _fetch(db, reader, c.at, c.id, where=[c.id.in_(inside)])


def _fetch(
    db: Db,
    reader: Reader,
    *order: sa.ColumnElement[object],
    where: Collection[sa.ColumnElement[bool]] = (),
) -> list[DisclosureRow]:
    """Return the disclosures with at least one item that the reader sees; items that the reader
    does not see are left out of each disclosure. A charity worker gets only disclosures that answer
    a victim information request.
    """
    if not any(decide(reader, act).allowed for act in SHARES):
        if not decide(reader, "support").allowed:
            return []
        where = (*where, DisclosureRow.table.c.basis == "victim-request")
    select = sa.select(DisclosureRow.table).where(*where).order_by(*order)
    found_rows = [DisclosureRow(*row) for row in db.execute(select)]
    seen = scope.visible_items(db, reader, {item for row in found_rows for item in row.items})
    shown = [replace(row, items=tuple(i for i in row.items if i in seen)) for row in found_rows]
    return [row for row in shown if row.items or not reader.closed]


def hours_to_share(db: Db, reader: Reader) -> float | None:
    """Return the median number of hours from the time when a need to share arose to the disclosure;
    None if no disclosure has such a time.
    """
    waits = [row.at - row.needed for row in list_disclosures(db, reader) if row.needed]
    return median(wait.total_seconds() for wait in waits) / 3600 if waits else None
