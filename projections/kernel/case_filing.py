"""The case under which an event files an item, for the views that store it."""

from uuid import UUID

from domain.kernel.envelope import Event


def case_of(event: Event) -> UUID | None:
    """Return the case under which this event files its item (the stream of the event); None if the
    event files no item.
    """
    case: UUID | None = getattr(event, "case", None) if event.meaning.files else None
    return case
