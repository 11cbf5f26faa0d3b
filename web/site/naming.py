"""Finds the names of items for lists."""

from collections.abc import Collection
from uuid import UUID

from commands.kernel import display_names as names
from projections.kernel.database import Db
from web.site.request_context import Visit


def display_names(db: Db, visit: Visit, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of items as this reader may see them, by id."""
    return names.visible_names(db, visit.reader, ids)
