"""The view of copies of data. It has the positions, in the access log, of the events that record a
new copy of data or the destruction of a copy.

The events themselves are read from the log.
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

#: The kinds of events about copies of data.
TOLD = (BackupMade, CopyDestroyed, DisclosureMade, ExportMade, ProofTaken)


@rows("copies", key=("seq",))
class CopyRow(Struct, frozen=True):
    """The position in the access log of one event about a copy of data."""

    table: ClassVar[sa.Table]
    seq: int


def apply(fact: Recorded, batch: RowBatch) -> None:
    if isinstance(fact.event, TOLD):
        batch.put(CopyRow(fact.seq))


VIEW = View("copies", (CopyRow,), apply, ("access",), when_queried=True)


def places(db: Db) -> tuple[list[int], int]:
    """Return the positions in the access log of the events about copies of data, in order; and the
    position up to which this view is up to date.
    """
    read, seq = read_to(db, VIEW, "access"), CopyRow.table.c.seq
    return list(db.execute(sa.select(seq).where(seq <= read).order_by(seq)).scalars()), read
