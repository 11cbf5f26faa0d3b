"""Risks to a parent, and immediate danger."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

from msgspec import Meta

from commands.families import parent
from domain.kernel.codes import DangerNeed, ParentRisk
from projections.families import parents
from questions.families import endangered
from usecases.kernel.question import Question, QuestionText, of_case
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
    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from projections.families.parents import Endangered

MemberRef: TypeAlias = Annotated[
    PersonRef,
    Ask("Which family member does the record concern?", "An id or a name of a family member."),
]
RiskRef: TypeAlias = Annotated[
    Reference,
    Ref("parent-risk"),
    Ask("Which risk to a parent is it?", "The full id or its last eight characters."),
]


class NoteParentRisk(UseCase, frozen=True):
    """Record a risk to a parent. The record belongs to the charity: only the parent's worker and
    the charity's supervisor read it. If a person is in danger now, report that too: family danger.
    """

    named = UseCaseText(
        command="parent risk",
        records="parent.risk_noted",
        about="case",
        title="Record a risk to a parent",
        send="Record the risk",
        success_message=(
            "Risk recorded. Only the charity sees it. If a person is in danger now, report "
            "the danger: family danger"
        ),
        address="parent-risks",
    )
    case: CaseRef
    who: MemberRef
    kind: Annotated[ParentRisk, Ask("Which kind of risk to the parent is it?")]
    words: Annotated[
        Text, Ask("What did you see or hear about the risk?", option="--words", rows=3)
    ]
    review: Annotated[Day, Ask("When is the risk reviewed?", option="--review")]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return parent.note_risk


class EndParentRisk(UseCase, frozen=True):
    """Record that a risk to a parent ended. The risk may also have been recorded in error."""

    named = UseCaseText(
        command="parent risk-ended",
        records="parent.risk_ended",
        about="parent-risk",
        title="End a risk to a parent",
        send="End the risk",
        success_message="Risk ended",
        address="end",
    )
    risk: RiskRef
    reason: Annotated[Text, Ask("Why is the risk over?", option="--reason", rows=2)]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return parent.end_risk


class FlagDanger(UseCase, frozen=True):
    """Report immediate danger to a family member. Say what is needed, not why. The report raises an
    alert until somebody answers it."""

    named = UseCaseText(
        command="family danger",
        records="danger.flagged",
        about="case",
        title="Report immediate danger",
        send="Report immediate danger",
        success_message="Alert raised. It stays until a person answers it. "
        "If a life is at risk, ring 999 as well",
        address="danger",
        warns=True,
    )
    case: CaseRef
    needs: Annotated[tuple[DangerNeed, ...], Meta(max_length=4), Ask("Which help is needed now?")]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return parent.flag_danger


class ListParentRisks(Question, frozen=True):
    """List the risks to the parents of a family. Only the parents' worker and the charity's
    supervisor see it."""

    named = QuestionText(
        command="parent list",
        title="Risks to parents",
        empty="You have access to no risks to a parent.",
        acts=("see-parent-risk",),
    )
    case: CaseRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Endangered]":
        with of_case(desk, reader, self.case) as arguments:
            return endangered.of_case(*arguments)

    @classmethod
    def row(cls) -> "type[Endangered]":
        return parents.Endangered
