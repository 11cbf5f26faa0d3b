"""What somebody is told who recorded something that does not fit (`projections.composed.odd`)."""

from uuid import UUID

from commands.kernel.unit_of_work import Desk
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Reader
from projections.composed.odd import of


def told(desk: Desk, reader: Reader, item: UUID) -> str | None:
    """What somebody is told who just recorded this, where something does not fit in it."""
    try:
        with desk.deciding() as db:
            found = of(db, reader, [item])
    except LogUnavailable:
        return None  # it is recorded; the views are behind, and a later look tells it
    return " ".join(f"Kept as told, and it does not fit: {one.words}." for one in found) or None
