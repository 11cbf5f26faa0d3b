"""Somebody complains about what is done with data about them: received, acknowledged, looked into,
told what came of it.

Data Protection Act 2018 s.164A (inserted by s.103 of the Data (Use and Access) Act 2025), in force
19 June 2026, for Part 3 and UK GDPR alike: acknowledged within 30 days of receipt; appropriate
steps and the outcome without undue delay. Each controller answers its own.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from domain.forms.intervals import LONDON
from domain.kernel.codes import ComplaintOutcome
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import IDENTIFYING, NAMED, OWNER, SAID, WRITTEN
from domain.kernel.values import Refused


class ComplaintReceived(Event, frozen=True):
    """A complaint came in: the complainant, the subject matter, and (`subject`) the person on
    record, if we have one."""

    stored: ClassVar = Stored("complaint.received", "access", "subject", ("complainant", "words"))
    meaning: ClassVar = Meaning(("disclose", "support"), commands=("complaint.receive",))
    received: datetime
    complainant: Annotated[str, IDENTIFYING]
    words: Annotated[str, SAID]
    subject: Annotated[UUID | None, NAMED, OWNER] = None


class ComplaintAcknowledged(Event, frozen=True):
    """The complainant got an acknowledgement on this day."""

    stored: ClassVar = Stored("complaint.acknowledged", "access", "subject", ("words",))
    meaning: ClassVar = Meaning(("disclose", "support"), commands=("complaint.acknowledge",))
    on: date
    words: Annotated[str | None, WRITTEN] = None


class ComplaintStepTaken(Event, frozen=True):
    """A step of the investigation; `told` says that the complainant was informed of progress."""

    stored: ClassVar = Stored("complaint.step_taken", "access", "subject", ("words",))
    meaning: ClassVar = Meaning(("disclose", "support"), commands=("complaint.step",))
    words: Annotated[str, WRITTEN]
    told: bool = False


class ComplaintOutcomeTold(Event, frozen=True):
    """The complainant was informed of the outcome on this day."""

    stored: ClassVar = Stored("complaint.outcome_told", "access", "subject", ("words",))
    meaning: ClassVar = Meaning(("disclose", "support"), commands=("complaint.tell",))
    outcome: ComplaintOutcome
    words: Annotated[str, WRITTEN]
    on: date


EVENTS = (ComplaintReceived, ComplaintAcknowledged, ComplaintStepTaken, ComplaintOutcomeTold)


@dataclass(frozen=True)
class Complaint:
    """What decisions need to know of one complaint."""

    received: datetime | None = None
    acknowledged: bool = False
    over: bool = False


def evolve(state: Complaint, event: Event) -> Complaint:
    match event:
        case ComplaintReceived():
            return Complaint(event.received)
        case ComplaintAcknowledged():
            return replace(state, acknowledged=True)
        case ComplaintOutcomeTold():
            return replace(state, over=True)
    return state


def receive(made: ComplaintReceived, now: datetime) -> tuple[Event, ...]:
    """It came in. Raises Refused without who complains and of what, and for a time to come."""
    if not made.complainant.strip():
        raise Refused("say who complains, and how they are reached", field="complainant")
    if not made.words.strip():
        raise Refused("say what they complain of, in their words", field="words")
    if made.received > now:
        raise Refused("it cannot have come later than now", field="received")
    return (made,)


def acknowledge(
    state: Complaint, words: str | None, on: date | None, now: datetime
) -> tuple[Event, ...]:
    """They were told that it came in. Raises Refused where they were already, once it is over, and
    for a day before it came or still to come."""
    day = _open(state, on, now)
    if state.acknowledged:
        raise Refused("it was acknowledged already")
    return (ComplaintAcknowledged(day, words),)


def take_step(state: Complaint, step: ComplaintStepTaken) -> tuple[Event, ...]:
    """Something was done about it. Raises Refused without what, and once it is over."""
    _came(state)
    if not step.words.strip():
        raise Refused("say what was done", field="words")
    return (step,)


def tell_outcome(
    state: Complaint, outcome: ComplaintOutcome, words: str, on: date | None, now: datetime
) -> tuple[Event, ...]:
    """They were told what came of it, which acknowledges it, too. Raises Refused without what they
    were told, once it is over, and for a day before it came or still to come."""
    day = _open(state, on, now)
    if not words.strip():
        raise Refused("say what they were told", field="words")
    return (ComplaintOutcomeTold(outcome, words, day),)


def _open(state: Complaint, on: date | None, now: datetime) -> date:
    """The day, today where none is said."""
    came = _came(state).astimezone(LONDON).date()
    today = now.astimezone(LONDON).date()
    if on is not None and not came <= on <= today:
        raise Refused(f"it was between {came:%d %B %Y}, when it came, and today", field="on")
    return on or today


def _came(state: Complaint) -> datetime:
    """When it came in. Raises Refused once it is over."""
    if state.received is None:
        raise Refused("there is no such complaint")
    if state.over:
        raise Refused("what came of it was told already: record a new complaint")
    return state.received
