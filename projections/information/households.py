"""Which households told which words, so that it can be counted who could know a fact?

A household is a case; where words belong to none, it is the root: the first who knew.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from domain.information.observation import (
    ObservationRecorded,
    ObservationRefiled,
    ObservationUnfiled,
    ObservationWithdrawn,
    SourceTransferred,
)
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.queries import each_of
from projections.kernel.schema import View, rows


@rows("households", key=("observation",), index=(("case",),))
@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """Whose words an observation holds: a family's, or a knower's."""

    table: ClassVar[sa.Table]
    observation: UUID
    case: UUID | None
    root: UUID | None


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case ObservationRecorded() as event:
            batch.put(HouseholdRow(fact.stream, event.case, event.root))
        case ObservationRefiled() | ObservationUnfiled() as event:
            if row := batch.get(HouseholdRow, fact.stream):
                batch.put(replace(row, case=event.case))
        case SourceTransferred() as event:
            if row := batch.get(HouseholdRow, fact.stream):
                batch.put(replace(row, root=event.root))
        case ObservationWithdrawn():
            batch.drop(HouseholdRow, fact.stream)


VIEW = View("households", (HouseholdRow,), apply)


def households(db: Db, reader: Reader, observations: Collection[UUID]) -> frozenset[UUID]:
    """The households behind these words, those of every team: each who may have told a fact
    counts, not only who is known to the reader.

    Two tellers of one family are one household, and so is a knower who told within a family and
    without. Words of nobody known count for none: doubt protects.
    """
    table = HouseholdRow.table
    rows = each_of(db, sa.select(table), table.c.observation, observations)
    found = [HouseholdRow(*row) for row in rows]
    families = {row.case for row in found if row.case is not None}
    within = {row.root for row in found if row.case is not None}
    alone = {row.root for row in found if row.case is None and row.root is not None}
    return frozenset(families | (alone - within))
