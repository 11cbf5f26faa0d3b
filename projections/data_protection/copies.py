"""Places in the access log of events about copies that left or were destroyed.

Their content is not stored here: it is read from the log.
"""

from typing import ClassVar

import sqlalchemy as sa
from msgspec import Struct

from domain.data_protection.copies import BackupMade, CopyDestroyed, ProofTaken
from domain.data_protection.disclosure import DisclosureMade
from domain.kernel.envelope import Recorded
from domain.people_and_teams.store_admin import ExportMade
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.schema import View, read_to, rows

#: The events about copies.
TOLD = (BackupMade, CopyDestroyed, DisclosureMade, ExportMade, ProofTaken)


@rows("copies", key=("seq",))
class CopyRow(Struct, frozen=True):
    """A place in the access log with an event about a copy."""

    table: ClassVar[sa.Table]
    seq: int


def apply(fact: Recorded, batch: RowBatch) -> None:
    if isinstance(fact.event, TOLD):
        batch.put(CopyRow(fact.seq))


VIEW = View("copies", (CopyRow,), apply, ("access",))


def places(db: Db) -> tuple[list[int], int]:
    """Return the places of these events, in order, and the place up to which the log was read."""
    read, seq = read_to(db, VIEW, "access"), CopyRow.table.c.seq
    return list(db.execute(sa.select(seq).where(seq <= read).order_by(seq)).scalars()), read
