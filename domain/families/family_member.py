"""A child's family: how each person is related to the child, who cares for the child, who has
parental responsibility and who accepts the support; the relationship between each parent and the
child; and other children who may be at risk.

Family members are people on record, not words in a note (report, section 3). Being a family member
makes no link in the network and makes no person a suspect. The relationship between a parent and
the child is the charity's opinion; all other facts are open to all who work with the child. The
file is long because events, state and decisions of one family are read together.
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct

from domain.kernel.card_effects import Counts
from domain.kernel.codes import (
    Caring,
    ChildTie,
    Employer,
    Engagement,
    FamilyTie,
    RelationState,
    Responsibility,
    RiskDecision,
    RiskLevel,
    RiskSign,
)
from domain.kernel.deadline_effects import Begins, Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, NAMED, NOT_REACHED, OWNER, WRITTEN
from domain.kernel.values import Refused

#: Relations by which a person belongs to the child's own family. A friend is not among them.
KIN: frozenset[FamilyTie] = frozenset(
    {"mother", "father", "step-parent", "grandparent", "other-relative", "carer", "sibling"}
)


class MemberNamed(Event, frozen=True):
    """A member of a child's family was recorded; a later event about the same person replaces this
    one. `basis` is the basis of parental responsibility, `employer` the employer of a paid carer.
    """

    stored: ClassVar = Stored("family.member_named", "evidence", "record", ("basis", "employer"))
    meaning: ClassVar = Meaning(
        ("work",),
        commands=("family.member",),
        enters=("family-member", "tie"),
        reach="member",
        journey=("of the family", "tie"),
        access_request="others-rights",
        doubts=("result",),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    person: Annotated[UUID, NAMED, OWNER]
    tie: FamilyTie
    responsibility: Responsibility = "not-known"
    basis: Annotated[str | None, WRITTEN] = None
    employer: Employer | None = None


class CareTold(Event, frozen=True):
    """The start or end of a person's care for the child was recorded, from a day on."""

    stored: ClassVar = Stored("family.care_told", "evidence", "record")
    meaning: ClassVar = Meaning(
        ("work",),
        commands=("family.cares",),
        enters=("family-care", "state"),
        reach="member",
        journey=("care", "state"),
        access_request="others-rights",
        doubts=("result",),
        card=(Counts("carer-known", "state", ("cares",)),),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    person: Annotated[UUID, NAMED, OWNER]
    state: Caring
    on: date


class EngagementTold(Event, frozen=True):
    """Whether a family member accepts the support was recorded. Declining is no basis for
    anything."""

    stored: ClassVar = Stored("family.engagement_told", "evidence", "record", ("note",))
    meaning: ClassVar = Meaning(
        ("work",),
        commands=("family.engaged",),
        enters=("family-engagement", "state"),
        reach="member",
        journey=("engagement of one of them", "state"),
        access_request="others-rights",
    )
    case: Annotated[UUID, ABOUT, OWNER]
    person: Annotated[UUID, NAMED, OWNER]
    state: Engagement
    note: Annotated[str | None, WRITTEN] = None


class RelationAssessed(Event, frozen=True):
    """A worker's opinion of the relationship between a parent and the child was recorded, with the
    day since which the relationship has been like this, and with the basis and the review date of
    the opinion. The categories are those of Diagram One in the report.
    """

    stored: ClassVar = Stored("family.relation_assessed", "evidence", "record", ("state", "basis"))
    meaning: ClassVar = Meaning(
        ("support",),
        commands=("family.relation",),
        enters=("family-relation", "state"),
        reach="support",
        journey=("how one of them stands with the child", "state"),
        access_request="others-rights",
        deadlines=(Begins("opinion-review", due="review"),),
        card=(
            Counts("relation-told"),
            Counts("relation-better", "state", ("rebuilding", "rebuilt")),
        ),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    person: Annotated[UUID, NAMED, OWNER]
    state: RelationState
    basis: Annotated[str, WRITTEN]
    review: date
    since: date | None = None


class AtRiskNamed(Event, frozen=True):
    """A worker recorded their opinion that another child may be at risk, such as a sibling or a
    friend. A decision about that child is due within two weeks. The record makes no person a
    suspect.
    """

    stored: ClassVar = Stored("family.at_risk_named", "evidence", "record", ("signs", "basis"))
    meaning: ClassVar = Meaning(
        ("work",),
        commands=("family.at_risk",),
        enters=("at-risk", "open"),
        reach="member",
        journey=("another child may be at risk", "tie"),
        access_request="others-rights",
        deadlines=(Begins("named-at-risk", in_case=True),),
        doubts=("exit",),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    person: Annotated[UUID, NAMED, OWNER]
    tie: ChildTie
    signs: tuple[RiskSign, ...]
    basis: Annotated[str, WRITTEN]


class AtRiskAssessed(Event, frozen=True):
    """The risk to another child was rated, in the opinion of the worker who records it, with a
    review date. The rating is shown in the history of that other child. It is no rating of a case.
    """

    stored: ClassVar = Stored(
        "family.at_risk_assessed", "evidence", "record", ("risk", "signs", "basis")
    )
    meaning: ClassVar = Meaning(
        ("work",),
        commands=("family.assess_at_risk",),
        journey=("the risk to another child", "risk"),
        access_request="others-rights",
        deadlines=(Begins("opinion-review", due="review"),),
    )
    risk: RiskLevel
    signs: tuple[RiskSign, ...]
    basis: Annotated[str, WRITTEN]
    review: date


class AtRiskDecided(Event, frozen=True):
    """A decision about another child at risk was made, with its reason: the child has a case of
    their own (`opened`), or the concern ended.
    """

    stored: ClassVar = Stored("family.at_risk_decided", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("work",),
        commands=("family.decide",),
        turns="decision",
        journey=("decided about another child", "decision"),
        access_request="others-rights",
        deadlines=(Ends("named-at-risk"), Ends("opinion-review")),
    )
    decision: RiskDecision
    opened: Annotated[UUID | None, NAMED, NOT_REACHED] = None
    reason: Annotated[str | None, WRITTEN] = None


EVENTS = (
    *(MemberNamed, CareTold, EngagementTold, RelationAssessed),
    *(AtRiskNamed, AtRiskAssessed, AtRiskDecided),
)


class AtRisk(Struct, frozen=True):
    """The state of one other child at risk: the record that named the child, and the decision about
    the child.
    """

    named: AtRiskNamed | None = None
    decided: AtRiskDecided | None = None


def evolve(state: AtRisk, event: Event) -> AtRisk:
    match event:
        case AtRiskNamed():
            return AtRisk(event)
        case AtRiskDecided():
            return AtRisk(state.named, event)
    return state


def name(named: MemberNamed, child: UUID | None) -> tuple[Event, ...]:
    """Record how a person is related to the child. Raises Refused if the person is the child of the
    case, if an employer is given for a person who is not a carer, and if parental responsibility
    has no basis. A mother has parental responsibility by birth; others have it by marriage,
    registration, agreement or an order (Children Act 1989 ss.2-4A, 5, 12).
    """
    if named.person == child:
        raise Refused("this person is the child of the case: name a family member", field="who")
    if named.employer and named.tie != "carer":
        raise Refused("only a carer has an employer: leave it out", field="employer")
    rests = named.tie == "mother" or (named.basis or "").strip()
    if named.responsibility == "has" and not rests:
        raise Refused(
            "say what this person's parental responsibility is based on: marriage, the "
            "birth certificate, an agreement or an order",
            field="basis",
        )
    return (named,)


def tell_care(event: CareTold, today: date) -> tuple[Event, ...]:
    """Record that a person begins or ceases to care for the child. Raises Refused for a day that is
    still to come.
    """
    if event.on > today:
        raise Refused(
            "the day on which the care changed is in the future: record the change on that day",
            field="on",
        )
    return (event,)


def assess_relation(assessed: RelationAssessed, today: date) -> tuple[Event, ...]:
    """Record the worker's assessment of the relationship between a parent and the child. Raises
    Refused if there is no basis, if the review date is not in the future (Data Protection Act 2018
    s.38), and if the relationship is said to begin in the future.
    """
    if not assessed.basis.strip():
        raise Refused(
            "say what the assessment of the relationship is based on (DPA 2018 s.38)", field="basis"
        )
    if assessed.review <= today:
        raise Refused(
            "give a day in the future on which this assessment is reviewed", field="review"
        )
    if assessed.since and assessed.since > today:
        raise Refused(
            "the day since which the relationship exists is in the future: correct it",
            field="since",
        )
    return (assessed,)


def name_at_risk(named: AtRiskNamed, child: UUID | None) -> tuple[Event, ...]:
    """Record that another child may be at risk. Raises Refused if this child is the child of the
    case, if no sign of risk is given, and if no basis is given.
    """
    if named.person == child:
        raise Refused("this is the child of this case: name another child", field="who")
    if not named.signs:
        raise Refused("give at least one sign of risk to this child", field="signs")
    if not named.basis.strip():
        raise Refused(
            "say what the concern for this child is based on (DPA 2018 s.38)", field="basis"
        )
    return (named,)


def assess_at_risk(state: AtRisk, assessed: AtRiskAssessed, today: date) -> tuple[Event, ...]:
    """Assess how high the risk is to another child who was named as at risk. Raises Refused if the
    child was not named, if a decision about the child was already made, if there is no basis, and
    if the review date is not in the future (Data Protection Act 2018 s.38).
    """
    if state.named is None:
        raise Refused("no child is named as at risk in this record: name the child first")
    if state.decided is not None:
        own = state.decided.decision == "own-case"
        raise Refused(
            "this child has a case of their own: rate the risk in that case"
            if own
            else "the concern for this child ended: name the child again, and say what is new"
        )
    if not assessed.basis.strip():
        raise Refused("say what the risk assessment is based on (DPA 2018 s.38)", field="basis")
    if assessed.review <= today:
        raise Refused(
            "give a day in the future on which this assessment is reviewed", field="review"
        )
    return (assessed,)


def decide_at_risk(
    state: AtRisk, decided: AtRiskDecided, theirs: frozenset[UUID]
) -> tuple[Event, ...]:
    """Decide about another child who was named as at risk; `theirs` are the ids of that child's
    cases. Raises Refused if the child was not named, if a different decision was made before, if
    `opened` is a case of a different child, and if the concern ended and no reason is given.
    """
    if state.named is None:
        raise Refused("no child is named as at risk in this record: name the child first")
    if state.decided is not None:
        if state.decided == decided:
            return ()
        raise Refused(
            "the decision about this child is recorded already: if it changed, name the child again"
        )
    if decided.decision == "own-case" and decided.opened is None:
        raise Refused(
            "give the case that was opened for this child: refer the child first", field="opened"
        )
    if decided.opened is not None and decided.opened not in theirs:
        raise Refused(
            "the case that was opened is about another child: give a case of this child",
            field="opened",
        )
    if decided.decision == "ended" and not (decided.reason or "").strip():
        raise Refused("say why this child is not at risk, or what is done instead", field="reason")
    return (decided,)


def entitlement_doubt(responsibility: Responsibility | None, *, cares: bool) -> str | None:
    """Return why a person may not be entitled to information about the child; None if the person is
    entitled. `responsibility` is the person's parental responsibility; None for a person who is not
    recorded in the child's family.
    """
    if responsibility is None:
        return "they are not recorded as one of this family"
    against = []
    if responsibility == "has-not":
        against.append("they have no parental responsibility")
    elif responsibility == "not-known":
        against.append("no parental responsibility is recorded for them")
    if not cares:
        against.append("they are not recorded as the child's carer at that time")
    return " and ".join(against) or None
