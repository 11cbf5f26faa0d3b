"""Notification and escalation of deadlines: the role to which an unanswered deadline was escalated,
who acknowledged it, and who was notified by which channel.

Whether a deadline is due is computed at each query; an escalation is recorded, by the background
process that updates the views. None of these events has text of the record: they only name an item,
a role and a time.
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
#: The id of the only stream that names clocks added after the store was made.
BEGAN = UUID("8d1f4c3b-2a6e-5d70-9b8c-7f6e5d4c3b2c")
#: The recorder's name in escalations by the program: a name that no account can have.
WATCH = "(continuum watch)"
#: Time until the next escalation, by priority of the deadline [verify].
SPACING: Mapping[str, timedelta] = {
    # as long as the time after which the next person on the rota is called
    "danger": timedelta(minutes=10),
    "law": timedelta(days=1),
    "practice": timedelta(days=7),
}
#: How long an acknowledged deadline sends no notification; without an answer it notifies again.
IN_HAND = timedelta(minutes=30)
LONGEST_ADDRESS = 254  # the limit of RFC 5321
Way = Literal["mail", "webhook", "pager"]


class DueEscalated(Event, frozen=True):
    """A due item (its id is `of`) was not answered in time, and was escalated to this role. Step 0
    notifies the owners; each further step is the next role of the deadline's chain.
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
    """A new release began to count types of deadline that an earlier release did not have. Items
    that were due before this event are listed as overdue, but are not escalated.
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
    """A person was notified, through this channel, that an item is due; the message does not say
    what the item is. `escalation` is the id of the escalation's command; it is None for the daily
    list of due items, for which `day` is set instead.
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
    """Return the id of the stream of a deadline's escalations. This stream is separate from the
    users' events, so that the program never conflicts with users.
    """
    return uuid5(due, "escalations")


def acknowledged_of(due: UUID) -> UUID:
    """Return the id of the stream of a deadline's acknowledgements."""
    return uuid5(due, "acknowledged")


def escalation(due: UUID, at: datetime, step: int) -> UUID:
    """Return the id of one step by which an overdue deadline is escalated. The id is the same in
    every process, so that a step is recorded only once.
    """
    return uuid5(due, f"{at.isoformat()}|{step}")


def address_of(user: str, erased: int = 0) -> UUID:
    """Return the id of the stream of a user's e-mail address. The stream has a data key of its own,
    so that the address can be erased separately. An address that is recorded after an erasure
    (`erased` counts these) has a new stream, because a destroyed key is never made again.
    """
    return uuid5(TOLD, f"address|{user}|{erased}" if erased else f"address|{user}")


def delivery(user: str, way: Way, subject: UUID | date) -> UUID:
    """Return the id of the record that a user was notified through one channel (`way`). `subject`
    is the escalation, or the day of a list of due items.
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
    """Record a user's e-mail address for reminders, or remove it. Raises Refused for an invalid
    address, and for removing one that does not exist.
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
