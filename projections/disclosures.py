"""What was shared, with whom, and who still has to be told that it was wrong?"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from domain.disclosure import DisclosureMade, DisclosureRecalled, RecipientTold
from domain.envelope import Recorded
from domain.values import Reader
from projections.batch import Batch
from projections.schema import Db, View, rows


@rows("disclosures", key=("id",))
@dataclass(frozen=True, slots=True)
class DisclosureRow:
    """One disclosure as it stands; `to_tell` are the recipients of a recalled one who do not know
    yet."""

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


@rows("disclosed_items", key=("item", "disclosure"))
@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item that was shared in a disclosure."""

    table: ClassVar[sa.Table]
    item: UUID
    disclosure: UUID


def apply(fact: Recorded, batch: Batch) -> None:
    match fact.event:
        case DisclosureMade() as event:
            batch.put(
                DisclosureRow(
                    fact.stream,
                    fact.recorded,
                    fact.by,
                    fact.team,
                    event.basis,
                    event.purpose,
                    event.recipients,
                    event.items,
                    event.marking,
                    event.handling,
                    event.needed,
                )
            )
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
                left = tuple(one for one in row.to_tell if one != event.recipient)
                batch.put(replace(row, to_tell=left))


VIEW = View("disclosures", (DisclosureRow, ItemRow), apply, ("access",))


# --- queries ------------------------------------------------------------------------------------


def listed(db: Db, reader: Reader) -> list[DisclosureRow]:
    """Every disclosure, newest first."""
    c = DisclosureRow.table.c
    return [
        DisclosureRow(*row)
        for row in db.execute(sa.select(DisclosureRow.table).order_by(c.at.desc(), c.id))
    ]


def of_items(db: Db, reader: Reader, items: Collection[UUID]) -> list[DisclosureRow]:
    """The disclosures in which any of these items was shared, oldest first."""
    c, i = DisclosureRow.table.c, ItemRow.table.c
    inside = sa.select(i.disclosure).where(i.item.in_(sorted(set(items))))
    select = sa.select(DisclosureRow.table).where(c.id.in_(inside)).order_by(c.at, c.id)
    return [DisclosureRow(*row) for row in db.execute(select)]


def hours_to_share(db: Db, reader: Reader) -> float | None:
    """The median hours from when the need was known to when it was shared; None if never told."""
    waits = [row.at - row.needed for row in listed(db, reader) if row.needed]
    return median(wait.total_seconds() for wait in waits) / 3600 if waits else None
