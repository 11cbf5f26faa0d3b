"""The people of a child's family, how they stand with the child, and other children at risk."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from domain.kernel.codes import (
    Caring,
    ChildTie,
    Employer,
    Engagement,
    FamilyTie,
    RelationState,
    Responsibility,
    RiskDecision,
    RiskSign,
)
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
    PersonRef, Ask("Who?", "An id or a name; somebody new is recorded first.")
]
AtRiskRef: TypeAlias = Annotated[
    Reference,
    Ref("at-risk"),
    Ask("Which child who was named?", "The id of what was named, or its ending."),
]


class NameMember(UseCase, frozen=True):
    """Record a member of a child's family. It takes their relation to the child, and whether they
    have parental responsibility, which decides who may be told what. A later record replaces an
    earlier one."""

    named = UseCaseText(
        command="family member",
        records="family.member_named",
        about="case",
        title="One of the family",
        send="Keep it",
        success_message="Kept: {tie}",
        address="members",
    )
    case: CaseRef
    who: MemberRef
    tie: Annotated[FamilyTie, Ask("What are they to the child?")]
    responsibility: Annotated[
        Responsibility, Ask("Do they have parental responsibility?", "Not known, until it is.")
    ] = "not-known"
    basis: Annotated[
        Text | None,
        Ask("On what does it rest?", "Marriage, the birth certificate, an agreement, an order"),
    ] = None
    employer: Annotated[
        Employer | None,
        Ask(
            "Who employs them?",
            "A carer who is paid. What sort of organisation: its name would tell the placement.",
            rare=True,
        ),
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        from commands.families.family_member import name

        return name


class TellCare(UseCase, frozen=True):
    """Record who of the family cares for the child. It says from which day on they do, or no longer
    do."""

    named = UseCaseText(
        command="family cares",
        records="family.care_told",
        about="case",
        title="Who cares for the child",
        send="Keep it",
        success_message="Kept: {state}",
        address="carers",
    )
    case: CaseRef
    who: MemberRef
    state: Annotated[Caring, Ask("Do they?")]
    on: Annotated[Day, Ask("From which day on?", option="--from")]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        from commands.families.family_member import tell_care

        return tell_care


class TellEngagement(UseCase, frozen=True):
    """Record whether one of the family takes support. Declining it is no basis for anything."""

    named = UseCaseText(
        command="family engaged",
        records="family.engagement_told",
        about="case",
        title="Does one of them take the support?",
        send="Keep it",
        success_message="Kept: {state}",
        address="engagements",
    )
    case: CaseRef
    who: MemberRef
    state: Annotated[Engagement, Ask("Do they?")]
    note: Annotated[Text | None, Ask("A note", rows=2)] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        from commands.families.family_member import tell_engagement

        return tell_engagement


class AssessRelation(UseCase, frozen=True):
    """Record how a family member and the child get on. It is your opinion of what the exploiter
    broke, an agency made worse, or support rebuilt. It returns on its review date."""

    named = UseCaseText(
        command="family relation",
        records="family.relation_assessed",
        about="case",
        title="How they stand with the child",
        send="Keep it",
        success_message="Kept: {state}",
        address="relations",
    )
    case: CaseRef
    who: MemberRef
    state: Annotated[RelationState, Ask("How is the relationship?")]
    basis: Annotated[
        Text, Ask("On what basis?", "What you saw or were told", option="--basis", rows=2)
    ]
    review: Annotated[Day, Ask("When is it looked at again?", option="--review")]
    since: Annotated[Day | None, Ask("Since when?", rare=True)] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        from commands.families.family_member import assess_relation

        return assess_relation


class NameAtRisk(UseCase, frozen=True):
    """Record that another child may be at risk. It is your opinion, of a sibling or a friend. It is
    decided within two weeks, and makes nobody a suspect."""

    named = UseCaseText(
        command="family at-risk",
        records="family.at_risk_named",
        about="case",
        title="Another child may be at risk",
        send="Name them",
        success_message="Named: it is decided within 14 days",
        address="at-risk",
    )
    case: CaseRef
    who: MemberRef
    tie: Annotated[ChildTie, Ask("What are they to the child?")]
    signs: Annotated[
        tuple[RiskSign, ...], Meta(max_length=5), Ask("What makes you think so?", option="--sign")
    ]
    basis: Annotated[
        Text, Ask("On what basis?", "What you saw or were told", option="--basis", rows=2)
    ]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        from commands.families.family_member import name_at_risk

        return name_at_risk


class DecideAtRisk(UseCase, frozen=True):
    """Decide about another child who may be at risk. The child gets a case of their own, or it
    ends; say why."""

    named = UseCaseText(
        command="family decided",
        records="family.at_risk_decided",
        about="at-risk",
        title="Decide about the child",
        send="Decide it",
        success_message="Decided: {decision}",
        address="decision",
    )
    at_risk: AtRiskRef
    decision: Annotated[RiskDecision, Ask("What becomes of it?")]
    opened: Annotated[
        CaseRef | None, Ask("Which case is theirs?", "Refer them first.", option="--case")
    ] = None
    reason: Annotated[Text | None, Ask("Why?", option="--reason", rows=2)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.families import family_member

        told = (self.decision, self.opened, self.reason)
        return family_member.decide_at_risk(desk, reader, self.at_risk, *told, **command)


class ListMembers(Question, frozen=True):
    """List the members of a family. It shows who cares for the child, who has parental
    responsibility, how they get on with the child, and other children at risk."""

    named = QuestionText(
        command="family people",
        title="The family's people",
        empty="Nobody was named.",
        acts=("see-child",),
    )
    case: CaseRef

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        from projections.families.family_members import Member, Other, Related

        return (
            Table("members", "The family", "Nobody was named.", Member),
            Table("relations", "With the child", "Nothing is recorded that you see.", Related),
            Table("at_risk", "Others at risk", "No other child was named.", Other),
        )

    def answer(
        self, desk: "Desk", reader: "Reader", now: "datetime"
    ) -> "tuple[Sequence[Listed], ...]":
        from questions.families import people_of_family

        with of_case(desk, reader, self.case) as told:
            found = people_of_family.of_family(desk, *told)
            return found.members, found.relations, found.at_risk
