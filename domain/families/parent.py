"""Risks to a parent: self-harm, drink, breakdown, separation ("life and death for parents too",
report, section 3).

The record is the charity's own, under UK GDPR. Only the family's worker reads it, and a supervisor
whose controller is the charity. The team learns only that a person is in danger now, from another
event that does not give the reason (`domain.families.protection.DangerFlagged`).
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct

from domain.kernel.codes import ParentRisk
from domain.kernel.deadline_effects import Begins, Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, NAMED, OWNER, WRITTEN
from domain.kernel.values import Refused


class ParentRiskNoted(Event, frozen=True):
    """A danger to a parent was recorded, in the opinion of the worker; `words` are the basis of the
    opinion. Immediate danger is another event (`DangerFlagged`).
    """

    stored: ClassVar = Stored("parent.risk_noted", "evidence", "record", ("kind", "words"))
    meaning: ClassVar = Meaning(
        ("support",),
        commands=("parent.risk",),
        kind="support note",
        enters=("parent-risk", "open"),
        reach="parent-risk",
        access_request="serious-harm",
        deadlines=(Begins("opinion-review", due="review"),),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    person: Annotated[UUID, NAMED, OWNER]
    kind: ParentRisk
    words: Annotated[str, WRITTEN]
    review: date


class ParentRiskEnded(Event, frozen=True):
    """A danger to a parent ended, or had been noted in error. The event gives the reason."""

    stored: ClassVar = Stored("parent.risk_ended", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("support",),
        commands=("parent.end_risk",),
        kind="support note",
        turns="ended",
        deadlines=(Ends("opinion-review"),),
    )
    reason: Annotated[str, WRITTEN]


EVENTS = (ParentRiskNoted, ParentRiskEnded)


class Risk(Struct, frozen=True):
    """The state of one danger to a parent: its content, and whether it ended."""

    noted: ParentRiskNoted | None = None
    ended: bool = False


def evolve(state: Risk, event: Event) -> Risk:
    match event:
        case ParentRiskNoted():
            return Risk(event)
        case ParentRiskEnded():
            return Risk(state.noted, ended=True)
    return state


def note(noted: ParentRiskNoted, today: date) -> tuple[Event, ...]:
    """Record a danger to a parent, such as self-harm, as a worker's opinion. Raises Refused if the
    opinion has no basis, and if the review date is not in the future (Data Protection Act 2018
    s.38).
    """
    if not noted.words.strip():
        raise Refused("say what you saw, or what you were told about this risk", field="words")
    if noted.review <= today:
        raise Refused("give a day in the future on which this risk is reviewed", field="review")
    return (noted,)


def end(state: Risk, ended: ParentRiskEnded) -> tuple[Event, ...]:
    """Record that a danger to a parent ended. Raises Refused if no danger is recorded, and if no
    reason is given. If the danger has ended already, nothing is recorded.
    """
    if state.noted is None:
        raise Refused("there is no risk to a parent with this id")
    if not ended.reason.strip():
        raise Refused("say why the risk is over", field="reason")
    return () if state.ended else (ended,)
