"""What items are called where a list names several."""

from collections.abc import Collection
from uuid import UUID

from commands.kernel import display_names as names
from projections.kernel.database import Db
from web.site.request_context import Visit


def called(db: Db, visit: Visit, ids: Collection[UUID]) -> dict[UUID, str]:
    """As `commands.kernel.display_names` has it, for this person."""
    return names.called(db, visit.reader, ids)
