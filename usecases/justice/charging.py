"""Charging decisions, orders and appeals: every step from arrest to appeal."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from commands.justice import charging
from commands.kernel import item_references
from domain.justice import verdict
from domain.kernel.codes import (
    AppealAgainst,
    AppealBy,
    AppealEnd,
    Charging,
    ChargingBody,
    CourtOrder,
    EvidentialStage,
    PublicInterestStage,
    ReviewState,
)
from questions.justice import proceedings
from usecases.kernel.question import Question, QuestionText, of_case
from usecases.kernel.usecase import (
    Ask,
    CaseRef,
    Causes,
    Day,
    Moment,
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
    from projections.due.victims import StepRow
    from questions.justice.proceedings import Step

DecisionRef: TypeAlias = Annotated[
    Reference,
    Ref("charging-decision"),
    Ask("Which charging decision is it?", "The full id or its last eight characters."),
]
AppealRef: TypeAlias = Annotated[
    Reference,
    Ref("appeal"),
    Ask("Which appeal is it?", "The full id or its last eight characters."),
]


class DecideCharge(UseCase, frozen=True):
    """Record a charging decision. Give both stages of the decision (the evidence and the public
    interest), and the views of the child and the parents. The decision does not end the
    investigation: a decision of no further action still needs two people."""

    named = UseCaseText(
        command="charging decided",
        records="charging.decided",
        about="case",
        title="Record a charging decision",
        send="Record the decision",
        success_message="Charging decision recorded: {decision}",
        address="charging-decisions",
    )
    case: CaseRef
    who: PersonRef
    decision: Annotated[Charging, Ask("What is the charging decision?")]
    body: Annotated[ChargingBody, Ask("Who made the charging decision?", option="--by")]
    evidential: Annotated[
        EvidentialStage, Ask("Is there enough evidence to charge?", option="--evidential")
    ]
    public_interest: Annotated[
        PublicInterestStage,
        Ask(
            "Is a charge in the public interest?",
            "Choose “not reached” if the evidence is not enough",
            option="--public-interest",
        ),
    ]
    offence: Annotated[Text, Ask("For which offence is the decision?", option="--offence")]
    reasons: Annotated[
        Text, Ask("What is the reason for the charging decision?", option="--reasons", rows=2)
    ]
    childs_view: Annotated[
        Text,
        Ask(
            "What does the child think of the decision?",
            "Or give the reason why the child was not asked",
            option="--childs-view",
            rows=2,
        ),
    ]
    parents_view: Annotated[
        Text,
        Ask(
            "What do the parents think of the decision?",
            "Or give the reason why the parents were not asked",
            option="--parents-view",
            rows=2,
        ),
    ]
    happened: Annotated[
        Moment | None, Ask("When was the charging decision made?", option="--at")
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return charging.decide


class TellReview(UseCase, frozen=True):
    """Record a family's right to review of a decision. Record whether the family knows that a
    decision not to charge can be reviewed, whether they requested or declined the review, and what
    its result was."""

    named = UseCaseText(
        command="charging review",
        records="charging.review_told",
        about="charging-decision",
        title="Record the status of the right to review",
        send="Record the status",
        success_message="Right to review: {state}",
        address="reviews",
    )
    decision: DecisionRef
    state: Annotated[ReviewState, Ask("What is the status of the review?")]
    words: Annotated[Text | None, Ask("Details of the review", option="--words", rows=2)] = None
    happened: Annotated[
        Moment | None, Ask("When did the review reach this status?", option="--at")
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return charging.tell_review


class MakeOrder(UseCase, frozen=True):
    """Record a court order. An example is an order not to come near the child."""

    named = UseCaseText(
        command="court order",
        records="verdict.order_made",
        about="case",
        title="Record a court order",
        send="Record the order",
        success_message="Order recorded: {order}",
        address="orders",
    )
    case: CaseRef
    who: PersonRef
    order: Annotated[CourtOrder, Ask("Which order did the court make?")]
    terms: Annotated[Text, Ask("What does the order require or forbid?", option="--terms", rows=2)]
    until: Annotated[Day | None, Ask("Until which day does the order last?")] = None
    happened: Annotated[Moment | None, Ask("When did the court make the order?", option="--at")] = (
        None
    )
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return charging.make_order


class LodgeAppeal(UseCase, frozen=True):
    """Record an appeal. The defendant or the prosecution appeals; the family is told."""

    named = UseCaseText(
        command="court appeal",
        records="verdict.appeal_lodged",
        about="case",
        title="Record an appeal",
        send="Record the appeal",
        success_message="Appeal recorded",
        address="appeals",
    )
    case: CaseRef
    who: PersonRef
    against: Annotated[AppealAgainst, Ask("What is the appeal against?")]
    lodged_by: Annotated[AppealBy, Ask("Who appeals?", option="--by")] = "defence"
    happened: Annotated[Moment | None, Ask("When was the appeal lodged?", option="--at")] = None
    note: Annotated[Text | None, Ask("Note on the appeal", option="--note", rows=2)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        rest = (self.against, self.lodged_by, self.happened, self.note)
        lodged = verdict.AppealLodged(item_references.UNNAMED, item_references.UNNAMED, *rest)
        return charging.lodge_appeal(desk, reader, lodged, self.case, self.who, **command)


class DecideAppeal(UseCase, frozen=True):
    """Record the outcome of an appeal."""

    named = UseCaseText(
        command="court appeal-decided",
        records="verdict.appeal_decided",
        about="appeal",
        title="Record the outcome of an appeal",
        send="Record the outcome",
        success_message="Appeal: {end}",
        address="decision",
    )
    appeal: AppealRef
    end: Annotated[AppealEnd, Ask("How was the appeal decided?")]
    words: Annotated[Text, Ask("Details of the decision on the appeal", option="--words", rows=2)]
    happened: Annotated[Moment | None, Ask("When was the appeal decided?", option="--at")] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return charging.decide_appeal


class ListProceedings(Question, frozen=True):
    """Show a case from arrest to appeal, by suspect."""

    named = QuestionText(
        command="proceedings",
        title="From arrest to appeal",
        empty="No proceedings are recorded in this case.",
        acts=("see-case", "see-outcome", "work", "outcome"),
    )
    case: CaseRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Step]":
        with of_case(desk, reader, self.case) as arguments:
            return proceedings.list_steps(*arguments)

    @classmethod
    def row(cls) -> "type[Step]":
        return proceedings.Step


class ListSteps(Question, frozen=True):
    """List the case steps that a family has to be told. For each step it shows until when the
    family has to be informed (within one working day), and whether this was done."""

    named = QuestionText(
        command="family steps",
        title="Case steps to tell the family about",
        empty="No case steps to tell the family about.",
        acts=("see-outcome", "see-support"),
    )
    case: CaseRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[StepRow]":
        from projections.due import victims

        with of_case(desk, reader, self.case) as arguments:
            return victims.steps(*arguments)

    @classmethod
    def row(cls) -> "type[StepRow]":
        from projections.due.victims import StepRow

        return StepRow
