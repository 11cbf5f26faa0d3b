"""The single identifier of a child across agencies: recorded with its source and date, encrypted,
and opened only for a duty.

The Children Act 2004 s.16LC (inserted by the Children's Wellbeing and Schools Act 2026) lets
regulations say which number is the identifier, and who has to add it to information about a child.
The government named the NHS number as the identifier; the regulations were not read [verify].
`KINDS` and `AGENCIES` are the two tables to change when the regulations are made.

The number is never used as a name: it is in no list and no search. The number is compared only as a
whole, when a user checks whether a child is on record, and creates no links between people. Views
hold a keyed hash and the last digits of the number.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Annotated, ClassVar
from uuid import UUID, uuid5

from msgspec import Struct

from domain.kernel.codes import IdentifierAgency, IdentifierDuty, IdentifierKind
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, CODE, IDENTIFYING, NAMED, OWNER, WRITTEN
from domain.kernel.values import Refused

STREAMS = UUID("5d1f4b7c-8e26-5c0a-9b3d-41f7a6e2c905")
#: How long a user may read a child's number (such as an NHS number) after opening it.
OPEN_FOR = timedelta(minutes=15)
#: Number of last digits of a child's number that are shown before a user opens the number.
SHOWN = 3
_BETWEEN = re.compile(r"[\s.-]+")


class IdentifierTold(Event, frozen=True):
    """A child's number (such as an NHS number) was recorded, with its source and date. `mark` is
    its keyed hash; `why` says why the previous number was wrong.
    """

    stored: ClassVar = Stored(
        "identifier.told", "evidence", "subject", ("number", "mark", "source", "why")
    )
    meaning: ClassVar = Meaning(
        ("identify",), commands=("identifier.tell",), access_request="beside-person"
    )
    person: Annotated[UUID, ABOUT, NAMED, OWNER]
    kind: IdentifierKind
    number: Annotated[str, IDENTIFYING]
    mark: Annotated[bytes, CODE]
    source: Annotated[str, IDENTIFYING]
    as_of: date
    why: Annotated[str | None, WRITTEN] = None


class IdentifierWithdrawn(Event, frozen=True):
    """A number was withdrawn, because it is not this child's; the child has no number now."""

    stored: ClassVar = Stored("identifier.withdrawn", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(
        ("identify",), commands=("identifier.withdraw",), access_request="beside-person"
    )
    person: Annotated[UUID, ABOUT, NAMED, OWNER]
    reason: Annotated[str, WRITTEN]


class IdentifierOpened(Event, frozen=True):
    """A user opened a child's number to read it, for a duty. `agency` and `to` name the agency and
    the person to whom the number is given.
    """

    stored: ClassVar = Stored("identifier.opened", "evidence", "subject", ("to",))
    meaning: ClassVar = Meaning(
        ("see-identifier",), commands=("identifier.open",), access_request="beside-person"
    )
    person: Annotated[UUID, ABOUT, NAMED, OWNER]
    duty: IdentifierDuty
    agency: IdentifierAgency | None = None
    to: Annotated[str | None, IDENTIFYING] = None


EVENTS = (IdentifierTold, IdentifierWithdrawn, IdentifierOpened)


def nhs_number(text: str) -> str | None:
    """Return the NHS number in this text: ten digits, of which the last is the check digit by
    modulus 11 (NHS Data Dictionary). None for any other text, and for ten equal digits, which the
    check digit would allow.
    """
    number = _BETWEEN.sub("", text)
    if not re.fullmatch(r"[0-9]{10}", number) or len(set(number)) == 1:
        return None
    weights = zip(number[:9], range(10, 1, -1), strict=True)
    total = sum(int(figure) * weight for figure, weight in weights)
    return number if (11 - total % 11) % 11 == int(number[-1]) else None


class Kind(Struct, frozen=True):
    """A kind of number that identifies a child: its name for users, the function that reads the
    number from a text, and a description of what the number looks like.
    """

    called: str
    read: Callable[[str], str | None]
    looks: str


KINDS: Mapping[IdentifierKind, Kind] = {
    "nhs-number": Kind("NHS number", nhs_number, "ten figures, of which the last checks the others")
}
#: The agencies that a child's number may be given to, and for which of their duties. Regulations
#: are to designate them (Children Act 2004 s.16LC(10)) [verify].
AGENCIES: Mapping[IdentifierAgency, frozenset[IdentifierDuty]] = {
    "childrens-services": frozenset({"referral", "enquiry", "child-in-need", "missing"}),
    "health": frozenset({"referral", "enquiry", "child-in-need"}),
    "police": frozenset({"referral", "enquiry", "missing"}),
    "education": frozenset({"referral", "child-in-need"}),
    "youth-justice": frozenset({"referral"}),
}


class Identifier(Struct, frozen=True):
    """State of one child's identifier: the number on record, if any."""

    recorded: IdentifierTold | None = None


def evolve(state: Identifier, event: Event) -> Identifier:
    match event:
        case IdentifierTold():
            return Identifier(event)
        case IdentifierWithdrawn():
            return Identifier()
    return state


def stream(person: UUID, kind: IdentifierKind) -> UUID:
    """Return the id of the stream of a child's number. The stream is encrypted with a data key of
    its own.
    """
    return uuid5(STREAMS, f"{person}/{kind}")


def normal_number(kind: IdentifierKind, number: str) -> str:
    """Return a child's number in the form in which it is stored. Raises Refused for an invalid
    number, with a message that does not repeat the number.
    """
    kind_of_number = KINDS[kind]
    if text := kind_of_number.read(number):
        return text
    raise Refused(
        f"this is not a valid {kind_of_number.called}: {kind_of_number.looks}", field="number"
    )


def masked(number: str) -> str:
    """Return a child's number with all but the last digits hidden, as it is shown before a user
    opens it.
    """
    return f"ends in {number[-SHOWN:]}"


def tell(
    state: Identifier, event: IdentifierTold, today: date, *, child: bool
) -> tuple[Event, ...]:
    """Record a child's number. Raises Refused if the person is not a child, if there is no source,
    if the date is in the future, and if the number replaces another and no reason says why the
    other was wrong. If the child has this number already, nothing is recorded.
    """
    if not child:
        raise Refused("this person is not a child: only a child's number is recorded", field="who")
    if not event.source.strip():
        raise Refused(
            "give the source: who stated the number, or where it was read", field="source"
        )
    if event.as_of > today:
        raise Refused(
            "the day of the source is in the future: give the day on which the number was "
            "stated or read",
            field="as_of",
        )
    before = state.recorded
    if before is None:
        return (event,)
    if before.number == event.number:
        return ()
    if not (event.why or "").strip():
        raise Refused(
            "this child has another number on record: say what was wrong with it", field="why"
        )
    return (event,)


def withdraw(state: Identifier, withdrawn: IdentifierWithdrawn) -> tuple[Event, ...]:
    """Withdraw a child's number, because it belongs to another person. Raises Refused if the child
    has no number, and if no reason is given.
    """
    _require_number(state)
    if not withdrawn.reason.strip():
        raise Refused("say why the number does not belong to this child", field="reason")
    return (withdrawn,)


def unseal(state: Identifier, opened: IdentifierOpened) -> tuple[Event, ...]:
    """Record that a user opens a child's number to read it. Raises Refused if the child has no
    number, if only one of `agency` and `to` (the person who receives the number) is given, and if
    the agency may not receive the number for this duty.
    """
    _require_number(state)
    if (opened.agency is None) != (not (opened.to or "").strip()):
        missing = "to" if opened.agency else "agency"
        raise Refused("name both the agency and the person who receives the number", field=missing)
    if opened.agency and opened.duty not in AGENCIES[opened.agency]:
        duties = ", ".join(sorted(AGENCIES[opened.agency])).replace("-", " ")
        raise Refused(
            f"that agency may receive the child's number only for these duties: {duties}",
            field="duty",
        )
    return (opened,)


def _require_number(state: Identifier) -> None:
    if state.recorded is None:
        raise Refused("no number of this kind is recorded for this child", field="who")
