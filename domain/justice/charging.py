"""Charging decisions: the two stages, the views of the child and the parents, and the right to have
a decision not to charge reviewed.

"Being involved in the decision not to prosecute is just as critical" (report): each decision is
recorded with the views of the child and of the parents, or the reasons why these are missing. A
decision concerns one suspect and one offence, and has a stream of its own. A decision not to charge
does not end the investigation; two people end it by a decision of no further action.
"""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct

from domain.kernel.codes import (
    Charging,
    ChargingBody,
    EvidentialStage,
    PublicInterestStage,
    ReviewState,
)
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, CODE, NAMED, OCCURRED, OWNER, SAID, WRITTEN
from domain.kernel.values import Refused

#: The results of the evidential test on which a person may be charged (Code for Crown Prosecutors
#: 2018, 4.6 and 5 [verify]).
ENOUGH: frozenset[EvidentialStage] = frozenset({"met", "threshold-met"})
#: Answers to a family's request to review a decision not to charge.
ANSWERS: frozenset[ReviewState] = frozenset({"upheld", "overturned"})


class ChargingDecided(Event, frozen=True):
    """The decision whether to charge a person was recorded: the person, the offence, both stages of
    the test (enough evidence, public interest), and the views of the child and the parents.
    """

    stored: ClassVar = Stored(
        "charging.decided",
        "evidence",
        "subject",
        ("offence", "reasons", "childs_view", "parents_view"),
    )
    meaning: ClassVar = Meaning(
        ("outcome",),
        commands=("charging.decide",),
        kind="court",
        enters=("charging-decision", "decision"),
        reach="court",
        step="beside",
        journey=("charging decided", "decision"),
        files=True,
        contact=("person", "case"),
        activity=True,
    )
    case: Annotated[UUID, ABOUT, OWNER]
    person: Annotated[UUID, NAMED, OWNER]
    decision: Charging
    body: ChargingBody
    evidential: EvidentialStage
    public_interest: PublicInterestStage
    offence: Annotated[str, CODE]
    reasons: Annotated[str, WRITTEN]
    childs_view: Annotated[str, SAID]
    parents_view: Annotated[str, SAID]
    happened: Annotated[datetime | None, OCCURRED] = None


class ReviewTold(Event, frozen=True):
    """The outcome of the victim's right to review of a decision not to charge was recorded."""

    stored: ClassVar = Stored("charging.review_told", "evidence", "subject", ("words",))
    meaning: ClassVar = Meaning(
        ("outcome", "work"),
        commands=("charging.review",),
        kind="court",
        turns="state",
        step="beside",
        journey=("second look", "state"),
    )
    state: ReviewState
    words: Annotated[str | None, WRITTEN] = None
    happened: Annotated[datetime | None, OCCURRED] = None


EVENTS = (ChargingDecided, ReviewTold)


class ChargingDecision(Struct, frozen=True):
    """The state of one charging decision: its content, and the state of its review."""

    decided: ChargingDecided | None = None
    review: ReviewState | None = None


def evolve(state: ChargingDecision, event: Event) -> ChargingDecision:
    match event:
        case ChargingDecided():
            return ChargingDecision(event)
        case ReviewTold():
            return ChargingDecision(state.decided, event.state)
    return state


def decide(decision: ChargingDecided, now: datetime) -> tuple[Event, ...]:
    """Record the decision whether to charge a person. Raises Refused if the two stages of the test
    (enough evidence, public interest) do not lead to this decision; if the offence, the reasons,
    the child's view or the parents' view is missing; and if the time of the decision is in the
    future.

    The public interest is considered only if the evidence is enough. A person is charged if both
    stages are met, and only then (Code for Crown Prosecutors 2018, 4.1-4.14 [verify]).
    """
    for field, value, words in (
        ("offence", decision.offence, "say of which offence"),
        ("reasons", decision.reasons, "say why the person is or is not charged"),
        (
            "childs_view",
            decision.childs_view,
            "say what the child thinks, or why they were not asked",
        ),
        (
            "parents_view",
            decision.parents_view,
            "say what the parents think, or why they were not asked",
        ),
    ):
        if not value.strip():
            raise Refused(words, field=field)
    if decision.happened and decision.happened > now:
        raise Refused(
            "the day of the charging decision is in the future: correct it", field="happened"
        )
    enough = decision.evidential in ENOUGH
    if not enough and decision.public_interest != "not-reached":
        raise Refused(
            "if the evidence is not enough, the public interest is not considered: leave it out",
            field="public_interest",
        )
    if enough and decision.public_interest == "not-reached":
        raise Refused(
            "the evidence is enough: say whether the public interest stage is met",
            field="public_interest",
        )
    if (decision.decision == "charge") != (enough and decision.public_interest == "met"):
        raise Refused(
            "a person is charged if both stages are met, and only then: correct the "
            "decision or a stage",
            field="decision",
        )
    return (decision,)


def review(state: ChargingDecision, step: ReviewTold, now: datetime) -> tuple[Event, ...]:
    """Record a step in the review of a decision not to charge: the family is informed of its right
    to a review, requests a review or declines, and gets an answer. If the step is recorded already,
    nothing is recorded.

    Raises Refused:
    - if there is no such decision, or if it is a decision to charge;
    - if the time of the step is in the future;
    - if the step comes after the answer;
    - if the step is an answer without a text, or without a request;
    - if the step informs the family a second time.
    """
    if state.decided is None:
        raise Refused("there is no charging decision with this id")
    if state.decided.decision == "charge":
        raise Refused("the person is charged, so there is no decision to review")
    if step.happened and step.happened > now:
        raise Refused("the day of the review is in the future: correct it", field="happened")
    if step.state == state.review:
        return ()
    if state.review in ANSWERS:
        raise Refused("the outcome of the review was recorded already")
    if step.state in ANSWERS and state.review != "asked":
        raise Refused(
            "the family has not requested a review of this charging decision", field="state"
        )
    if step.state in ANSWERS and not (step.words or "").strip():
        raise Refused("say what the review decided, and why", field="words")
    if step.state == "offered" and state.review:
        raise Refused("the family was told already that they can request a review", field="state")
    return (step,)
