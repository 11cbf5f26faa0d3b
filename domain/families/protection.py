"""Decisions about alerts, and about children who may be at risk through a suspect.

The program computes alerts from the recorded facts each time a user looks. Only three facts about
an alert are recorded as events: that it waits for an answer; how a person answered it; and that it
ended, because the judgement that two records are the same person was revoked.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID, uuid5

from msgspec import Struct

from domain.kernel.codes import AlertAnswer, Clock, DangerNeed
from domain.kernel.deadline_effects import Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, MENTION, NAMED, NOT_CHECKED, NOT_REACHED, OWNER, WRITTEN
from domain.kernel.values import Refused

AlertKind = Literal[
    "near-placement",
    "co-resident",
    "arrest-of-victim",
    "arrest-of-parent",
    "unsafe-contact",
    "danger-now",
    "contact-after-sentence",
]
Considered = Literal["referred", "known-already", "not-now"]
#: The type of deadline (clock) that each kind of alert begins.
CLOCK_OF: Mapping[AlertKind, Clock] = {
    "near-placement": "alert",
    "co-resident": "alert",
    "arrest-of-victim": "alert",
    "arrest-of-parent": "alert",
    "unsafe-contact": "alert",
    "contact-after-sentence": "alert",
    "danger-now": "danger-now",
}
ALERTS = UUID("c1f3a9d2-5b7e-5e21-8d10-2a4b6c8d0e32")
THROUGH = UUID("e7d4b2a1-9c8f-5f43-a2b1-3c5d7e9f1a54")


class AlertAnswered(Event, frozen=True):
    """A person answered an alert about a child, with an action."""

    stored: ClassVar = Stored("alert.answered", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(
        ("work", "triage"),
        commands=("alert.answer",),
        deadlines=(Ends("alert"), Ends("danger-now")),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    kind: AlertKind
    answer: AlertAnswer
    reason: Annotated[str, WRITTEN]


class AlertRang(Event, frozen=True):
    """An alert about a child was raised because of links in the network, and waits for an answer.
    `since` is the time since which the alert has existed. `before` are ids that the alert had
    before one of its people was merged with another record. The event names no person and no place.
    """

    stored: ClassVar = Stored("alert.rang", "evidence", "none")
    meaning: ClassVar = Meaning(("run-store",), doubts=("exit",))
    case: Annotated[UUID, ABOUT, OWNER]
    kind: AlertKind
    since: datetime
    before: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED] = ()


class AlertEnded(Event, frozen=True):
    """An alert about a child ended, because the judgement on which it was based, that two records
    are the same person, was revoked. The event names no person and no place.
    """

    stored: ClassVar = Stored("alert.ended", "evidence", "none")
    meaning: ClassVar = Meaning(("run-store",))
    case: Annotated[UUID, NOT_CHECKED, OWNER]
    kind: AlertKind


class ReferralConsidered(Event, frozen=True):
    """A person decided whether to refer a child who is linked to a suspect; if the child is
    referred, `case` is the child's case.
    """

    stored: ClassVar = Stored("referral.considered", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(("refer",), commands=("referral.consider",))
    suspect: Annotated[UUID, NAMED, OWNER]
    child: Annotated[UUID, NAMED, OWNER]
    decision: Considered
    reason: Annotated[str, WRITTEN]
    case: Annotated[UUID | None, NOT_CHECKED, MENTION] = None


class DangerFlagged(Event, frozen=True):
    """Immediate danger to a member of a family was reported, with the help that is needed. The
    event does not say who or why, because a risk to a parent is the charity's record
    (`domain.families.parent`).
    """

    stored: ClassVar = Stored("danger.flagged", "evidence", "record")
    meaning: ClassVar = Meaning(
        ("support", "work", "find"),
        commands=("danger.flag",),
        enters=("danger", "flagged"),
        reach="court",
        journey=("a person is in danger now",),
        access_request="serious-harm",
    )
    case: Annotated[UUID, ABOUT, OWNER]
    needs: tuple[DangerNeed, ...]


EVENTS = (AlertAnswered, AlertRang, AlertEnded, ReferralConsidered, DangerFlagged)


class LastDecision(Struct, frozen=True):
    """The latest decision on one alert about a child, or on one child with a link to a suspect."""

    last: AlertAnswered | ReferralConsidered | None = None


class Ringing(Struct, frozen=True):
    """An alert about a child that was not answered yet. `former` are the ids that the alert had
    before one of its people was merged with another record.
    """

    id: UUID
    case: UUID
    kind: AlertKind
    since: datetime
    former: tuple[UUID, ...] = ()


def evolve(state: LastDecision, event: Event) -> LastDecision:
    match event:
        case AlertAnswered() | ReferralConsidered():
            return LastDecision(event)
    return state


def alert_stream(case: UUID, kind: AlertKind, *about: UUID) -> UUID:
    """Return the id of an alert about a child. The same case, kind of alert and subjects always
    give the same id.
    """
    return uuid5(ALERTS, "|".join((str(case), kind, *map(str, about))))


def through_stream(suspect: UUID, child: UUID) -> UUID:
    """Return the id of the stream of decisions whether to refer this child, who is linked to this
    suspect, to a team.
    """
    return uuid5(THROUGH, f"{suspect}|{child}")


def answer(answered: AlertAnswered) -> tuple[Event, ...]:
    if not answered.reason.strip():
        raise Refused(
            "say what was done to protect the child, or why nothing is done", field="reason"
        )
    return (answered,)


def flag_danger(flagged: DangerFlagged) -> tuple[Event, ...]:
    """Record that a member of a family is in danger now. Raises Refused if the help that is needed
    is not stated.
    """
    if not flagged.needs:
        raise Refused("say what help the person in danger needs", field="needs")
    return (flagged,)


def consider(considered: ReferralConsidered) -> tuple[Event, ...]:
    """Record whether a child is referred because of the child's link to a suspect. A later decision
    replaces the earlier one; both remain on record.
    """
    if not considered.reason.strip():
        raise Refused("give the reason, also if the child is not referred")
    return (considered,)
