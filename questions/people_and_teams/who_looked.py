"""Queries for the accesses to an item, or to anything that belongs to the item."""

from collections.abc import Sequence
from uuid import UUID

from domain.kernel.values import Reader
from projections.data_protection import access_log
from projections.data_protection.access_log import ALL, AccessGroup, Consultation, Only
from projections.families import holders
from projections.intelligence import links
from projections.kernel.database import Db


def at(
    db: Db, reader: Reader, item: UUID, *, before: int | None, limit: int, only: Only = ALL
) -> Sequence[Consultation]:
    """Return the accesses to an item, newest first. For a case or a person, this includes accesses
    to the items that belong to it, and to its links. `before` is the `seq` of the last access on
    the previous page.
    """
    parts = _parts(db, reader, item)
    return access_log.at(db, reader, parts, before=before, limit=limit, only=only)


def grouped(db: Db, reader: Reader, item: UUID) -> Sequence[AccessGroup]:
    """Return the accesses to an item, grouped by user and purpose."""
    return access_log.grouped_at(db, reader, _parts(db, reader, item))


def _parts(db: Db, reader: Reader, item: UUID) -> set[UUID]:
    parts = set(holders.parts(db, reader, item))
    ties = links.touching(db, reader, sorted(parts), links.LinkFilter(min_rank=None))
    return parts | {tie.link for tie in ties}
