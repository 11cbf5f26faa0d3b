"""Restricted items: each view that hides them has a table of their ids."""

from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, defstruct

from domain.data_protection.retention import RestrictionChanged
from domain.kernel.envelope import Recorded
from projections.kernel.batch import RowBatch
from projections.kernel.schema import rows


class RestrictedRow(Struct, frozen=True):
    """The row of a restricted item."""

    table: ClassVar[sa.Table]
    item: UUID


def restricted_rows(name: str) -> type[RestrictedRow]:
    """Return the class of rows for a table of this name."""
    made = defstruct("RestrictedRow", (), bases=(RestrictedRow,), frozen=True)
    row: type[RestrictedRow] = rows(name, key=("item",))(made)
    return row


def restrict(fact: Recorded, batch: RowBatch, row: type[RestrictedRow]) -> None:
    """Add an item to a view's table when it is restricted, and remove it when the restriction is
    lifted."""
    match fact.event:
        case RestrictionChanged(placed=True) as event:
            batch.put(row(event.item))
        case RestrictionChanged() as event:
            batch.drop(row, event.item)
