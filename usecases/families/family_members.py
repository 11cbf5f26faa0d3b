"""The members of a child's family, their relation to the child, and other children at risk.

The file is long because each command is declared here with its texts.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from commands.families import family_member
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
from projections.families import family_members
from questions.families import people_of_family
from usecases.kernel.question import Question, QuestionText, Table, of_case
from usecases.kernel.usecase import (
    Ask,
    CaseRef,
    Causes,
    Day,
    PersonRef,
    Ref,
    Reference,
    Text,
    UseCase,
    UseCaseText,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from projections.kernel.columns import Listed

MemberRef: TypeAlias = Annotated[
    PersonRef,
    Ask(
        "Which family member does the record concern?",
        "An id or a name. Record a new person first.",
    ),
]
AtRiskRef: TypeAlias = Annotated[
    Reference,
    Ref("at-risk"),
    Ask(
        "Which child at risk is it?",
        "The id of the record of the child at risk, or the last eight characters of the id.",
    ),
]


class NameMember(UseCase, frozen=True):
    """Record a member of a child's family. Record their relation to the child, and whether they
    have parental responsibility, which decides who may be told what. A later record replaces an
    earlier one."""

    named = UseCaseText(
        command="family member",
        records="family.member_named",
        about="case",
        title="Record a family member",
        send="Record the family member",
        success_message="Family member recorded: {tie}",
        address="members",
    )
    case: CaseRef
    who: MemberRef
    tie: Annotated[FamilyTie, Ask("How is this person related to the child?")]
    responsibility: Annotated[
        Responsibility,
        Ask(
            "Does this person have parental responsibility?",
            "Without an answer, the responsibility is recorded as not known.",
        ),
    ] = "not-known"
    basis: Annotated[
        Text | None,
        Ask(
            "What is the parental responsibility based on?",
            "For example marriage, the birth certificate, an agreement or an order",
        ),
    ] = None
    employer: Annotated[
        Employer | None,
        Ask(
            "What kind of organisation employs the carer?",
            "Only for a paid carer. Give the kind of organisation; its name would reveal "
            "the placement.",
            rare=True,
        ),
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return family_member.name


class TellCare(UseCase, frozen=True):
    """Record which family member cares for the child. Give the day from which they do, or no longer
    do."""

    named = UseCaseText(
        command="family cares",
        records="family.care_told",
        about="case",
        title="Record who cares for the child",
        send="Record the carer",
        success_message="Recorded: {state}",
        address="carers",
    )
    case: CaseRef
    who: MemberRef
    state: Annotated[Caring, Ask("Does this person care for the child?")]
    on: Annotated[
        Day,
        Ask(
            "From which day does this person care for the child, or no longer care?",
            option="--from",
        ),
    ]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return family_member.tell_care


class TellEngagement(UseCase, frozen=True):
    """Record whether a family member takes support. Declining it is no basis for anything."""

    named = UseCaseText(
        command="family engaged",
        records="family.engagement_told",
        about="case",
        title="Record whether a family member accepts support",
        send="Record engagement",
        success_message="Recorded: {state}",
        address="engagements",
    )
    case: CaseRef
    who: MemberRef
    state: Annotated[Engagement, Ask("Does this family member accept support?")]
    note: Annotated[Text | None, Ask("Note on the support", rows=2)] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return family_member.tell_engagement


class AssessRelation(UseCase, frozen=True):
    """Record how a family member and the child get on. Give your opinion of what the exploiter
    broke, an agency made worse, or support rebuilt. The assessment is due again on its review date.
    """

    named = UseCaseText(
        command="family relation",
        records="family.relation_assessed",
        about="case",
        title="Record a family member's relationship with the child",
        send="Record the relationship",
        success_message="Relationship recorded: {state}",
        address="relations",
    )
    case: CaseRef
    who: MemberRef
    state: Annotated[RelationState, Ask("How is the relationship with the child?")]
    basis: Annotated[
        Text,
        Ask(
            "What is this assessment based on?",
            "Write what you saw or heard",
            option="--basis",
            rows=2,
        ),
    ]
    review: Annotated[Day, Ask("When is the assessment reviewed?", option="--review")]
    since: Annotated[Day | None, Ask("Since when is the relationship like this?", rare=True)] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return family_member.assess_relation


class NameAtRisk(UseCase, frozen=True):
    """Record that another child may be at risk. Give your opinion about a sibling or a friend. A
    decision is due within two weeks. The record makes no person a suspect."""

    named = UseCaseText(
        command="family at-risk",
        records="family.at_risk_named",
        about="case",
        title="Record another child at risk",
        send="Record the child at risk",
        success_message="Child recorded. A decision is due within 14 days",
        address="at-risk",
    )
    case: CaseRef
    who: MemberRef
    tie: Annotated[ChildTie, Ask("How is the other child related to this child?")]
    signs: Annotated[
        tuple[RiskSign, ...],
        Meta(max_length=5),
        Ask("Which signs of risk to the child are there?", option="--sign"),
    ]
    basis: Annotated[
        Text,
        Ask(
            "What is this concern based on?",
            "Write what you saw or heard",
            option="--basis",
            rows=2,
        ),
    ]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return family_member.name_at_risk


class AssessAtRisk(UseCase, frozen=True):
    """Record how high the risk to another child is. Their risk is followed in a history of their
    own until a decision is made; the risk is reviewed on the day you give."""

    named = UseCaseText(
        command="family at-risk-assessed",
        records="family.at_risk_assessed",
        about="at-risk",
        title="Assess the risk to another child",
        send="Record the risk",
        success_message="Risk recorded: {risk}. Review on {review}",
        address="assessments",
    )
    at_risk: AtRiskRef
    risk: Annotated[RiskLevel, Ask("How high is the risk to the other child?")]
    basis: Annotated[
        Text,
        Ask(
            "What is this assessment based on?",
            "Write what you saw or heard",
            option="--basis",
            rows=2,
        ),
    ]
    review: Annotated[Day, Ask("When is the assessment reviewed?", option="--review")]
    signs: Annotated[
        tuple[RiskSign, ...],
        Meta(max_length=5),
        Ask("Which signs of risk to the child are there?", option="--sign"),
    ] = ()
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return family_member.assess_at_risk


class DecideAtRisk(UseCase, frozen=True):
    """Decide about another child who may be at risk. The child gets a case of their own, or the
    concern ends; say why."""

    named = UseCaseText(
        command="family decided",
        records="family.at_risk_decided",
        about="at-risk",
        title="Decide about another child at risk",
        send="Record the decision",
        success_message="Decided: {decision}",
        address="decision",
    )
    at_risk: AtRiskRef
    decision: Annotated[RiskDecision, Ask("What is decided about the other child?")]
    opened: Annotated[
        CaseRef | None,
        Ask(
            "Which case was opened for the other child?",
            "If the child has no case, refer the child first.",
            option="--case",
        ),
    ] = None
    reason: Annotated[
        Text | None, Ask("What is the reason for this decision?", option="--reason", rows=2)
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        arguments = (self.decision, self.opened, self.reason)
        return family_member.decide_at_risk(desk, reader, self.at_risk, *arguments, **command)


class ListMembers(Question, frozen=True):
    """List the members of a family. It shows who cares for the child, who has parental
    responsibility, how they get on with the child, and other children at risk."""

    named = QuestionText(
        command="family people",
        title="Family members",
        empty="No family members are recorded.",
        acts=("see-child",),
    )
    case: CaseRef

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return (
            Table(
                "members",
                "Members of the family",
                "No family members are recorded.",
                family_members.Member,
            ),
            Table(
                "relations",
                "Relationship with the child",
                "You have access to no records of relationships with the child.",
                family_members.Related,
            ),
            Table(
                "at_risk",
                "Other children at risk",
                "No other children at risk are recorded.",
                family_members.Other,
            ),
            Table(
                "risk",
                "Risk to other children over time",
                "No risk to another child is assessed.",
                family_members.RiskStep,
            ),
        )

    def answer(
        self, desk: "Desk", reader: "Reader", now: "datetime"
    ) -> "tuple[Sequence[Listed], ...]":
        with of_case(desk, reader, self.case) as arguments:
            people = people_of_family.of_family(desk, *arguments)
            return people.members, people.relations, people.at_risk, people.risk
