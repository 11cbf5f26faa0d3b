"""The outbox of a worker's phone: entries that were not sent yet, and orders to delete them from
afar."""

from typing import Annotated, ClassVar

from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import CODE, WRITTEN
from domain.kernel.values import Refused


class WipeOrdered(Event, frozen=True):
    """A lost phone was ordered to delete its unsent entries when it next connects. `waiting` is the
    number of unsent entries that the phone reported last.
    """

    stored: ClassVar = Stored("outbox.wipe_ordered", "access", "record", ("reason",))
    meaning: ClassVar = Meaning(("manage-accounts",))
    user: Annotated[str, CODE]
    waiting: int
    reason: Annotated[str, WRITTEN]


class WipeTakenBack(Event, frozen=True):
    """The order to wipe a phone was cancelled because the phone was found before its next
    contact.
    """

    stored: ClassVar = Stored("outbox.wipe_taken_back", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",))
    user: Annotated[str, CODE]


class OutboxWiped(Event, frozen=True):
    """A phone reported that it deleted its unsent entries, and how many. No person has read these
    entries.
    """

    stored: ClassVar = Stored("outbox.wiped", "access", "none")
    meaning: ClassVar = Meaning(("record",))
    user: Annotated[str, CODE]
    lost: int


EVENTS = (WipeOrdered, WipeTakenBack, OutboxWiped)


def evolve(ordered: bool, event: Event) -> bool:
    """Return whether a phone still has to carry out an order to delete its unsent entries.
    `ordered` says whether it had such an order before `event`.
    """
    match event:
        case WipeOrdered():
            return True
        case WipeTakenBack() | OutboxWiped():
            return False
    return ordered


def order(ordered: bool, user: str, waiting: int, reason: str) -> tuple[Event, ...]:
    """Order a user's lost phone to delete its unsent entries when it next connects. Raises Refused
    if there is no reason, and if the deletion was already ordered.
    """
    if not reason.strip():
        raise Refused(
            "give the reason for wiping this phone: the entries that wait on it will be lost",
            field="reason",
        )
    if ordered:
        raise Refused(
            "the wipe of this phone is ordered already, and waits for the phone to connect"
        )
    return (WipeOrdered(user, waiting, reason),)


def take_back(ordered: bool, user: str) -> tuple[Event, ...]:
    """Cancel the order to delete the unsent entries on a user's phone. Raises Refused if there is
    no order, or if the phone has already deleted the entries.
    """
    if not ordered:
        raise Refused("no wipe of this phone is ordered, so no wipe can be cancelled")
    return (WipeTakenBack(user),)


def wiped(ordered: bool, user: str, lost: int) -> tuple[Event, ...]:
    """Record that a phone deleted its unsent entries as ordered. Raises Refused if there is no
    order."""
    if not ordered:
        raise Refused("no wipe of this phone was ordered")
    return (OutboxWiped(user, max(0, lost)),)
