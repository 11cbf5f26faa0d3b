"""The view of the households from which observations come, for counting the independent sources of
a fact.

A case is one household. For an observation without a case, the household is the person who first
knew of it (the root).
"""

from collections.abc import Collection
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from domain.information.observation import (
    ObservationMoved,
    ObservationRecorded,
    ObservationWithdrawn,
    SourceTransferred,
)
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.queries import select_each
from projections.kernel.schema import View, rows


@rows("households", key=("observation",))
class HouseholdRow(Struct, frozen=True):
    """The household from which an observation comes: a family, or the first person who knew."""

    table: ClassVar[sa.Table]
    observation: UUID
    case: UUID | None
    root: UUID | None


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case ObservationRecorded() as event:
            batch.put(HouseholdRow(fact.stream, event.case, event.root))
        case ObservationMoved() as event:
            if row := batch.get(HouseholdRow, fact.stream):
                batch.put(replace(row, case=event.case))
        case SourceTransferred() as event:
            if row := batch.get(HouseholdRow, fact.stream):
                batch.put(replace(row, root=event.root))
        case ObservationWithdrawn():
            batch.drop(HouseholdRow, fact.stream)


VIEW = View("households", (HouseholdRow,), apply)


def households(db: Db, reader: Reader, observations: Collection[UUID]) -> frozenset[UUID]:
    """Return the households from which these observations come. Households that the reader does not
    see are included, because they are possible sources of a fact, too.

    Two sources in one family count as one household. A source who reported within a family and also
    outside it adds no second household. An observation without a source adds no household, so that
    a fact never seems better supported than it is.
    """
    table = HouseholdRow.table
    rows = select_each(db, sa.select(table), table.c.observation, observations)
    found_rows = [HouseholdRow(*row) for row in rows]
    families = {row.case for row in found_rows if row.case is not None}
    within = {row.root for row in found_rows if row.case is not None}
    alone = {row.root for row in found_rows if row.case is None and row.root is not None}
    return frozenset(families | (alone - within))
