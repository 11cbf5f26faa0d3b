"""Who was shown an item with all its parts, or what somebody was shown."""

from collections.abc import Sequence
from uuid import UUID

from domain.values import Reader
from projections import consultations, holders, links
from projections.consultations import Looked
from projections.schema import Db


def at(db: Db, reader: Reader, item: UUID, *, before: int | None, limit: int) -> Sequence[Looked]:
    """Who was shown it, newest first: of a case or a person with its parts and their ties. `before`
    is the last number of the page before."""
    parts = holders.parts(db, reader, item)
    ties = links.touching(db, reader, sorted(parts), links.Asked(min_rank=None))
    parts |= {tie.link for tie in ties}
    return consultations.at(db, reader, parts, before=before, limit=limit)
