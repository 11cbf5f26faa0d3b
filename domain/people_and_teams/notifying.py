"""Going on with what nobody answered: to whom it went, who has it in hand, who was told, and where.

What is due is a question at a moment; that it went on to somebody is a fact, recorded by the
process that follows the views. None of these holds a word: they name an item, a role and a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, Literal
from uuid import UUID, uuid5

from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import CODE, IDENTIFYING, NAMED, NOT_CHECKED, NOT_REACHED, OWNER
from domain.kernel.values import Refused, Role

TOLD = UUID("8d1f4c3b-2a6e-5d70-9b8c-7f6e5d4c3b2b")
#: The one stream in which it is said which clocks began after the store was made.
BEGAN = UUID("8d1f4c3b-2a6e-5d70-9b8c-7f6e5d4c3b2c")
#: Who records that something went on: a name that no account can have.
WATCH = "(continuum watch)"
#: How long each has, by how loudly a clock tells, before it goes on [verify].
SPACING: Mapping[str, timedelta] = {
    "danger": timedelta(minutes=10),  # as the rota's next one is called
    "law": timedelta(days=1),
    "practice": timedelta(days=7),
}
#: What somebody has in hand is quiet for so long; unanswered it rings again.
IN_HAND = timedelta(minutes=30)
LONGEST_ADDRESS = 254  # RFC 5321
Way = Literal["mail", "webhook", "pager"]


class DueEscalated(Event, frozen=True):
    """What was `due` then was not answered in time (`of` is its id), and escalated to this role.
    Step 0 notifies the owners; each further step is the next role of the deadline's chain."""

    stored: ClassVar = Stored("due.escalated", "evidence", "none")
    meaning: ClassVar = Meaning(("run-store",))
    of: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    item: Annotated[UUID, NOT_CHECKED, OWNER]
    clock: Annotated[str, CODE]
    role: Role
    step: int
    due: datetime


class DueBegan(Event, frozen=True):
    """These deadlines began in a store of an earlier release. What was due before is listed as
    late, and does not escalate by itself."""

    stored: ClassVar = Stored("due.began", "evidence", "none")
    meaning: ClassVar = Meaning(("run-store",))
    clocks: Annotated[tuple[str, ...], CODE]


class DueAcknowledged(Event, frozen=True):
    """A person acknowledged what is due (`of` is its id); that counts until it is answered."""

    stored: ClassVar = Stored("due.acknowledged", "evidence", "none")
    meaning: ClassVar = Meaning(
        ("triage", "support", "work", "find", "outcome", "erase", "allocate"),
        commands=("due.acknowledge",),
    )
    of: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    item: Annotated[UUID, NAMED, OWNER]
    clock: Annotated[str, CODE]


class PersonTold(Event, frozen=True):
    """A person was notified by this way that something is due for them, without its content.
    `escalation` is the command id of the step; `day` stands for the one list of that day."""

    stored: ClassVar = Stored("due.told", "access", "none")
    meaning: ClassVar = Meaning(("run-store",))
    user: Annotated[str, CODE]
    way: Way
    escalation: Annotated[UUID | None, NOT_CHECKED, NOT_REACHED] = None
    day: date | None = None


class AddressGiven(Event, frozen=True):
    """The mail address for messages that something is due; the last one counts."""

    stored: ClassVar = Stored("user.address_given", "access", "record", ("email",))
    meaning: ClassVar = Meaning(("manage-accounts",), commands=("user.reach",), kind="address")
    user: Annotated[str, CODE]
    email: Annotated[str, IDENTIFYING]


class AddressTaken(Event, frozen=True):
    """An address was removed: nothing is sent to it any more."""

    stored: ClassVar = Stored("user.address_taken", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",))
    user: Annotated[str, CODE]


EVENTS = (DueBegan, DueEscalated, DueAcknowledged, PersonTold, AddressGiven, AddressTaken)


def escalations_of(due: UUID) -> UUID:
    """The stream in which it stands to whom something due went on: apart from what people say, so
    that a machine never stands in their way."""
    return uuid5(due, "escalations")


def acknowledged_of(due: UUID) -> UUID:
    """The stream in which it stands who had something due in hand."""
    return uuid5(due, "acknowledged")


def escalation(due: UUID, at: datetime, step: int) -> UUID:
    """The id of one step, the same for each process that takes it: it is recorded once."""
    return uuid5(due, f"{at.isoformat()}|{step}")


def address_of(user: str, erased: int = 0) -> UUID:
    """The stream of somebody's address, with a key of its own: it is erased by itself. After so
    many were erased the next one has another stream: a destroyed key is never made again."""
    return uuid5(TOLD, f"address|{user}|{erased}" if erased else f"address|{user}")


def delivery(user: str, way: Way, what: UUID | date) -> UUID:
    """The id under which it is written down that somebody was told of a step, or got the list of
    a day."""
    return uuid5(TOLD, f"{user}|{way}|{what}")


@dataclass(frozen=True)
class Address:
    """What decisions need to know of somebody's address."""

    email: str | None = None


def evolve(state: Address, event: Event) -> Address:
    match event:
        case AddressGiven():
            return Address(event.email)
        case AddressTaken():
            return Address()
    return state


def give(state: Address, user: str, email: str | None) -> tuple[Event, ...]:
    """Raises Refused for what is no address, and where there is none to take back."""
    if email is None:
        if state.email is None:
            raise Refused(f"there is no address of {user}", field="user")
        return (AddressTaken(user),)
    told = email.strip()
    name, _, place = told.rpartition("@")
    plain = told.isascii() and told.isprintable() and not set(told) & set(' ,;<>()[]"\\')
    if not (name and "." in place.strip(".") and plain and len(told) <= LONGEST_ADDRESS):
        raise Refused("an address looks like name@police.example", field="email")
    return () if told == state.email else (AddressGiven(user, told),)
