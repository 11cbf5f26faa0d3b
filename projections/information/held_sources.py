"""Sources that wait to be entered into the source register, because the register did not answer.
Their content is encrypted.
"""

from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from domain.information.observation import ObservationRedacted, SourceHeld, SourceTransferred
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.schema import View, rows


@rows("held_sources", key=("observation",))
class HeldRow(Struct, frozen=True):
    """An encrypted source. `entry` is the id that it will have in the register."""

    table: ClassVar[sa.Table]
    observation: UUID
    entry: UUID
    held: str


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case SourceHeld() as event if not fact.erased:
            batch.put(HeldRow(fact.stream, event.entry, event.held))
        case SourceTransferred() | ObservationRedacted():
            batch.drop(HeldRow, fact.stream)


VIEW = View("held", (HeldRow,), apply)


def list_held_sources(db: Db, reader: Reader) -> list[HeldRow]:
    """Return every source that is not in the register yet."""
    table = HeldRow.table
    select = sa.select(table).order_by(table.c.observation)
    return [HeldRow(*row) for row in db.execute(select)]
