"""Messages about inconsistencies in a new record (`projections.composed.odd`)."""

from uuid import UUID

from commands.kernel.unit_of_work import Desk
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Reader
from projections.composed.odd import of


def describe(desk: Desk, reader: Reader, item: UUID) -> str | None:
    """Return the inconsistencies in this new record in words for its author, or None."""
    try:
        with desk.deciding() as db:
            oddities = of(db, reader, [item])
    except LogUnavailable:
        # The record is saved, but the views do not have it yet; the inconsistency is shown when the
        # item is next opened.
        return None
    return (
        " ".join(
            f"Recorded as given, although it does not fit: {oddity.words}." for oddity in oddities
        )
        or None
    )
