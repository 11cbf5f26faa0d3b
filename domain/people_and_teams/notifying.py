"""Notification and escalation of deadlines. The events here say to which role a missed deadline was
escalated, who acknowledged the deadline, and which users were notified by e-mail, webhook or pager.

Whether a deadline is due is computed at each query; an escalation is recorded as an event by the
background process that updates the views. The events about deadlines have no text of the record:
they only name an item, a role and a time.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, Literal
from uuid import UUID, uuid5

from msgspec import Struct

from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import CODE, IDENTIFYING, NAMED, NOT_CHECKED, NOT_REACHED, OWNER
from domain.kernel.values import Refused, Role

TOLD = UUID("8d1f4c3b-2a6e-5d70-9b8c-7f6e5d4c3b2b")
#: The id of the only stream with the types of deadline (clocks) that were added after the store was
#: made.
BEGAN = UUID("8d1f4c3b-2a6e-5d70-9b8c-7f6e5d4c3b2c")
#: The recorder's name in escalations by the program: a name that no account can have.
WATCH = "(continuum watch)"
#: Time until the next escalation, by priority of the deadline [verify].
SPACING: Mapping[str, timedelta] = {
    # the same time as until the next person on the rota is called
    "danger": timedelta(minutes=10),
    "law": timedelta(days=1),
    "practice": timedelta(days=7),
}
#: How long a deadline sends no notification after a user acknowledged it. Without an answer it
#: notifies again after this time.
IN_HAND = timedelta(minutes=30)
LONGEST_ADDRESS = 254  # the limit of RFC 5321
Way = Literal["mail", "webhook", "pager"]


class DueEscalated(Event, frozen=True):
    """The deadline with the id `of` was missed, so it was escalated to the role `role`. Step 0
    notifies the owners of the due item; each further step notifies the next role in the chain for
    this type of deadline.
    """

    stored: ClassVar = Stored("due.escalated", "evidence", "none")
    meaning: ClassVar = Meaning(("run-store",))
    of: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    item: Annotated[UUID, NOT_CHECKED, OWNER]
    clock: Annotated[str, CODE]
    role: Role
    step: int
    due: datetime


class DueBegan(Event, frozen=True):
    """A new version of the program began to track types of deadline that the earlier version did
    not have. Items with such a deadline that were due before this event are listed as overdue, but
    are not escalated.
    """

    stored: ClassVar = Stored("due.began", "evidence", "none")
    meaning: ClassVar = Meaning(("run-store",))
    clocks: Annotated[tuple[str, ...], CODE]


class DueAcknowledged(Event, frozen=True):
    """A person acknowledged a due item, whose id is `of`. The notifications about the item
    pause.
    """

    stored: ClassVar = Stored("due.acknowledged", "evidence", "none")
    meaning: ClassVar = Meaning(
        ("triage", "support", "work", "find", "outcome", "erase", "allocate"),
        commands=("due.acknowledge",),
    )
    of: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    item: Annotated[UUID, NAMED, OWNER]
    clock: Annotated[str, CODE]


class PersonTold(Event, frozen=True):
    """A user was notified, by e-mail, webhook or pager (`way`), that an item is due; the
    notification does not say what the item is. `escalation` is the id of the command that recorded
    the escalation. If the notification is the daily list of due items, `escalation` is None and
    `day` is the day of the list.
    """

    stored: ClassVar = Stored("due.told", "access", "none")
    meaning: ClassVar = Meaning(("run-store",))
    user: Annotated[str, CODE]
    way: Way
    escalation: Annotated[UUID | None, NOT_CHECKED, NOT_REACHED] = None
    day: date | None = None


class AddressGiven(Event, frozen=True):
    """A user's e-mail address for reminders was recorded; the last one counts."""

    stored: ClassVar = Stored("user.address_given", "access", "record", ("email",))
    meaning: ClassVar = Meaning(("manage-accounts",), commands=("user.reach",), kind="address")
    user: Annotated[str, CODE]
    email: Annotated[str, IDENTIFYING]


class AddressTaken(Event, frozen=True):
    """A user's e-mail address was removed: nothing is sent to it any more."""

    stored: ClassVar = Stored("user.address_taken", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",))
    user: Annotated[str, CODE]


EVENTS = (DueBegan, DueEscalated, DueAcknowledged, PersonTold, AddressGiven, AddressTaken)


def escalations_of(due: UUID) -> UUID:
    """Return the id of the stream of a deadline's escalations. The program alone writes to this
    stream. It is separate from the streams to which users write, so that the program and a user
    never write to one stream at the same time.
    """
    return uuid5(due, "escalations")


def acknowledged_of(due: UUID) -> UUID:
    """Return the id of the stream of a deadline's acknowledgements."""
    return uuid5(due, "acknowledged")


def escalation(due: UUID, at: datetime, step: int) -> UUID:
    """Return the id of one step in the escalation of an overdue deadline. Every process computes
    the same id for a step, so that the step is recorded only once.
    """
    return uuid5(due, f"{at.isoformat()}|{step}")


def address_of(user: str, erased: int = 0) -> UUID:
    """Return the id of the stream of a user's e-mail address. The stream has a data key of its own,
    so that the address can be erased separately. An address that is recorded after an erasure has a
    new stream, because a destroyed key is never made again; `erased` is the number of earlier
    erasures of the user's address.
    """
    return uuid5(TOLD, f"address|{user}|{erased}" if erased else f"address|{user}")


def delivery(user: str, way: Way, subject: UUID | date) -> UUID:
    """Return the id of the record that a user was notified by e-mail, webhook or pager (`way`).
    `subject` is the id of the escalation, or the day of a daily list of due items.
    """
    return uuid5(TOLD, f"{user}|{way}|{subject}")


class Address(Struct, frozen=True):
    """The state of one user's e-mail address for reminders."""

    email: str | None = None


def evolve(state: Address, event: Event) -> Address:
    match event:
        case AddressGiven():
            return Address(event.email)
        case AddressTaken():
            return Address()
    return state


def give(state: Address, user: str, email: str | None) -> tuple[Event, ...]:
    """Record a user's e-mail address for reminders, or remove it. Raises Refused if the address is
    invalid, and if there is no address to remove.
    """
    if email is None:
        if state.email is None:
            raise Refused(f"there is no mail address of {user} to remove", field="user")
        return (AddressTaken(user),)
    text = email.strip()
    name, _, place = text.rpartition("@")
    plain = text.isascii() and text.isprintable() and not set(text) & set(' ,;<>()[]"\\')
    if not (name and "." in place.strip(".") and plain and len(text) <= LONGEST_ADDRESS):
        raise Refused(
            "this is not a mail address: write one such as name@police.example", field="email"
        )
    return () if text == state.email else (AddressGiven(user, text),)
