"""What items are called where a list names several."""

from collections.abc import Collection
from uuid import UUID

from commands.kernel import called as names
from projections.kernel.database import Db
from web.site.visit import Visit


def called(db: Db, visit: Visit, ids: Collection[UUID]) -> dict[UUID, str]:
    """As `commands.kernel.called` has it, for this person."""
    return names.called(db, visit.reader, ids)
