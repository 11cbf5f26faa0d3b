"""The one identifier that a child has across agencies: recorded with who told it and when, kept
sealed, and opened for a duty alone.

The Children Act 2004 s.16LC (inserted by the Children's Wellbeing and Schools Act 2026) lets
regulations say which number it is and who has to put it to what they process about a child. The
regulations were not found [verify]; the number that the government named for it is the NHS number.
`KINDS` and `AGENCIES` are the two tables to change once they are made.

The number is never a name: it stands in no list and no search, is matched only as a whole and only
where somebody asks whether a child is known here, and joins nobody to anybody. Views hold a keyed
hash of it and its last figures.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, ClassVar
from uuid import UUID, uuid5

from domain.kernel.codes import IdentifierAgency, IdentifierDuty, IdentifierKind
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, CODE, IDENTIFYING, NAMED, OWNER, WRITTEN
from domain.kernel.values import Refused

STREAMS = UUID("5d1f4b7c-8e26-5c0a-9b3d-41f7a6e2c905")
#: For so long somebody reads a number that they opened.
OPEN_FOR = timedelta(minutes=15)
#: So many figures stand where it is covered.
SHOWN = 3
_BETWEEN = re.compile(r"[\s.-]+")


class IdentifierTold(Event, frozen=True):
    """A child's number was recorded, who gave it and as of which day. `mark` is its keyed hash;
    `why` says what was wrong with the one before."""

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
    """The number is not this child's, and why; the child has none."""

    stored: ClassVar = Stored("identifier.withdrawn", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(
        ("identify",), commands=("identifier.withdraw",), access_request="beside-person"
    )
    person: Annotated[UUID, ABOUT, NAMED, OWNER]
    reason: Annotated[str, WRITTEN]


class IdentifierOpened(Event, frozen=True):
    """A user opened the number to read it, for which duty; `agency` and `to` name the recipient."""

    stored: ClassVar = Stored("identifier.opened", "evidence", "subject", ("to",))
    meaning: ClassVar = Meaning(
        ("see-identifier",), commands=("identifier.open",), access_request="beside-person"
    )
    person: Annotated[UUID, ABOUT, NAMED, OWNER]
    duty: IdentifierDuty
    agency: IdentifierAgency | None = None
    to: Annotated[str | None, IDENTIFYING] = None


EVENTS = (IdentifierTold, IdentifierWithdrawn, IdentifierOpened)


def nhs_number(told: str) -> str | None:
    """Ten figures of which the last is the check digit of modulus 11 (NHS Data Dictionary); None
    for what is none, such as one figure ten times, which the check digit lets pass."""
    number = _BETWEEN.sub("", told)
    if not re.fullmatch(r"[0-9]{10}", number) or len(set(number)) == 1:
        return None
    weights = zip(number[:9], range(10, 1, -1), strict=True)
    weighed = sum(int(figure) * weight for figure, weight in weights)
    return number if (11 - weighed % 11) % 11 == int(number[-1]) else None


@dataclass(frozen=True)
class Kind:
    """A number that children have: what it is called, how it is read, and how it looks."""

    called: str
    read: Callable[[str], str | None]
    looks: str


KINDS: Mapping[IdentifierKind, Kind] = {
    "nhs-number": Kind("NHS number", nhs_number, "ten figures, of which the last checks the others")
}
#: Whom a child's number is told, and for which of their duties: who is designated is for
#: regulations to say (Children Act 2004 s.16LC(10)) [verify].
AGENCIES: Mapping[IdentifierAgency, frozenset[IdentifierDuty]] = {
    "childrens-services": frozenset({"referral", "enquiry", "child-in-need", "missing"}),
    "health": frozenset({"referral", "enquiry", "child-in-need"}),
    "police": frozenset({"referral", "enquiry", "missing"}),
    "education": frozenset({"referral", "child-in-need"}),
    "youth-justice": frozenset({"referral"}),
}


@dataclass(frozen=True)
class Identifier:
    """The number that stands for a child, if any."""

    told: IdentifierTold | None = None


def evolve(state: Identifier, event: Event) -> Identifier:
    match event:
        case IdentifierTold():
            return Identifier(event)
        case IdentifierWithdrawn():
            return Identifier()
    return state


def stream(person: UUID, kind: IdentifierKind) -> UUID:
    """Where a child's number stands: with a data key of its own."""
    return uuid5(STREAMS, f"{person}/{kind}")


def normal(kind: IdentifierKind, told: str) -> str:
    """The number as it is kept. Raises Refused for what is none, without repeating it."""
    one = KINDS[kind]
    if found := one.read(told):
        return found
    raise Refused(f"that is no {one.called}: {one.looks}", field="number")


def covered(number: str) -> str:
    """How a number, or its end, is shown where it is not open."""
    return f"ends in {number[-SHOWN:]}"


def tell(state: Identifier, told: IdentifierTold, today: date, *, child: bool) -> tuple[Event, ...]:
    """Raises Refused for a person who is no child, without who told it, for a day that is still to
    come, and for another number than stands without what was wrong with that. The same again is one
    fact."""
    if not child:
        raise Refused("only a child's number is kept", field="who")
    if not told.source.strip():
        raise Refused("say who told it, or where it was read", field="source")
    if told.as_of > today:
        raise Refused("that day is still to come", field="as_of")
    before = state.told
    if before is None:
        return (told,)
    if before.number == told.number:
        return ()
    if not (told.why or "").strip():
        raise Refused(
            "another number stands for this child: say what was wrong with it", field="why"
        )
    return (told,)


def withdraw(state: Identifier, withdrawn: IdentifierWithdrawn) -> tuple[Event, ...]:
    """Raises Refused where none stands, and without a reason."""
    _stands(state)
    if not withdrawn.reason.strip():
        raise Refused("say why it is not theirs", field="reason")
    return (withdrawn,)


def unseal(state: Identifier, opened: IdentifierOpened) -> tuple[Event, ...]:
    """Raises Refused where none stands; where only one of agency and person is said to whom it is
    told; and for an agency of which this duty is none."""
    _stands(state)
    if (opened.agency is None) != (not (opened.to or "").strip()):
        missing = "to" if opened.agency else "agency"
        raise Refused("say which agency it is told, and who there", field=missing)
    if opened.agency and opened.duty not in AGENCIES[opened.agency]:
        duties = ", ".join(sorted(AGENCIES[opened.agency])).replace("-", " ")
        raise Refused(f"that agency is told it for: {duties}", field="duty")
    return (opened,)


def _stands(state: Identifier) -> None:
    if state.told is None:
        raise Refused("no number is recorded for them", field="who")
