"""A complaint about the use of personal data: received, acknowledged, investigated, answered.

The law is Data Protection Act 2018 s.164A (inserted by s.103 of the Data (Use and Access) Act
2025), in force 19 June 2026, for the police (Part 3) and for UK GDPR. A complaint is acknowledged
within 30 days of receipt; appropriate steps and the outcome follow without undue delay. Each
controller answers the complaints about its own use of data.
"""

from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.forms.intervals import LONDON
from domain.kernel.codes import ComplaintOutcome
from domain.kernel.deadline_effects import Begins, Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import IDENTIFYING, NAMED, OWNER, SAID, WRITTEN
from domain.kernel.values import Refused


class ComplaintReceived(Event, frozen=True):
    """A complaint about personal data was received: the complainant, the subject matter, and the
    person on record, if there is one (`subject`).
    """

    stored: ClassVar = Stored("complaint.received", "access", "subject", ("complainant", "words"))
    meaning: ClassVar = Meaning(
        ("disclose", "support"),
        commands=("complaint.receive",),
        deadlines=(
            Begins("complaint-acknowledged", since="received"),
            Begins("complaint-outcome", since="received"),
        ),
    )
    received: datetime
    complainant: Annotated[str, IDENTIFYING]
    words: Annotated[str, SAID]
    subject: Annotated[UUID | None, NAMED, OWNER] = None


class ComplaintAcknowledged(Event, frozen=True):
    """The complainant got an acknowledgement of their complaint on this day."""

    stored: ClassVar = Stored("complaint.acknowledged", "access", "subject", ("words",))
    meaning: ClassVar = Meaning(
        ("disclose", "support"),
        commands=("complaint.acknowledge",),
        deadlines=(Ends("complaint-acknowledged"),),
    )
    on: date
    words: Annotated[str | None, WRITTEN] = None


class ComplaintStepTaken(Event, frozen=True):
    """A step in the investigation of a complaint was taken; `told` is True if the complainant was
    informed of it.
    """

    stored: ClassVar = Stored("complaint.step_taken", "access", "subject", ("words",))
    meaning: ClassVar = Meaning(("disclose", "support"), commands=("complaint.step",))
    words: Annotated[str, WRITTEN]
    told: bool = False


class ComplaintOutcomeTold(Event, frozen=True):
    """The complainant was informed of the outcome of their complaint on this day."""

    stored: ClassVar = Stored("complaint.outcome_told", "access", "subject", ("words",))
    meaning: ClassVar = Meaning(
        ("disclose", "support"),
        commands=("complaint.tell",),
        deadlines=(Ends("complaint-acknowledged"), Ends("complaint-outcome")),
    )
    outcome: ComplaintOutcome
    words: Annotated[str, WRITTEN]
    on: date


EVENTS = (ComplaintReceived, ComplaintAcknowledged, ComplaintStepTaken, ComplaintOutcomeTold)


class Complaint(Struct, frozen=True):
    """The state of one complaint: when it was received, whether it was acknowledged, whether it is
    closed.
    """

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
    """Record that a complaint about personal data was received. Raises Refused if the complainant
    or the subject matter is missing, and for a time in the future.
    """
    if not made.complainant.strip():
        raise Refused("say who complains, and how you can reach them", field="complainant")
    if not made.words.strip():
        raise Refused(
            "write what the complaint is about, in the complainant's words", field="words"
        )
    if made.received > now:
        raise Refused(
            "the complaint has a time in the future: give the time at which it came",
            field="received",
        )
    return (made,)


def acknowledge(
    state: Complaint, words: str | None, on: date | None, now: datetime
) -> tuple[Event, ...]:
    """Record that a complainant was told that their complaint was received. Raises Refused if the
    complaint was already acknowledged or is closed, and for a day in the future or before the
    complaint was received.
    """
    day = _open(state, on, now)
    if state.acknowledged:
        raise Refused("this complaint was acknowledged already")
    return (ComplaintAcknowledged(day, words),)


def take_step(state: Complaint, step: ComplaintStepTaken) -> tuple[Event, ...]:
    """Record a step in the investigation of a complaint. Raises Refused if there is no text, or if
    the complaint is closed."""
    _received_at(state)
    if not step.words.strip():
        raise Refused("say what was done about the complaint", field="words")
    return (step,)


def tell_outcome(
    state: Complaint, outcome: ComplaintOutcome, words: str, on: date | None, now: datetime
) -> tuple[Event, ...]:
    """Record that the complainant was informed of the outcome, which also acknowledges the
    complaint. Raises Refused if there is no text, if the complaint is closed, and if the day is
    before the receipt of the complaint or in the future.
    """
    day = _open(state, on, now)
    if not words.strip():
        raise Refused("say what the complainant was told", field="words")
    return (ComplaintOutcomeTold(outcome, words, day),)


def _open(state: Complaint, on: date | None, now: datetime) -> date:
    """Return the day of an action on a complaint: `on`, or today if `on` is None. Raises Refused
    for a day before the complaint was received or in the future.
    """
    came = _received_at(state).astimezone(LONDON).date()
    today = now.astimezone(LONDON).date()
    if on is not None and not came <= on <= today:
        raise Refused(f"give a day between {came}, when the complaint came, and today", field="on")
    return on or today


def _received_at(state: Complaint) -> datetime:
    """Return when a complaint was received. Raises Refused if it was not received, or is closed."""
    if state.received is None:
        raise Refused("there is no complaint with this id")
    if state.over:
        raise Refused("the outcome was recorded already: record a new complaint")
    return state.received
