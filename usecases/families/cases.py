"""A child's case: its rating, who works on it, and how it ends."""

from typing import TYPE_CHECKING, Annotated, Unpack

from commands.families import casework, open_matters
from commands.people_and_teams import two_person
from domain.kernel.codes import AllocatedFor, Engagement, Exit
from domain.kernel.values import QualityCode, Threshold
from usecases.kernel.usecase import Ask, CaseRef, Causes, Line, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader


class RateCase(UseCase, frozen=True):
    """Rate a case low, medium, high or unknown. A lower rating is proposed, and another person
    confirms it. A child who is or may be under 13, or has a learning disability, is never rated
    low."""

    named = UseCaseText(
        command="threshold",
        records="case.threshold_assessed",
        about="case",
        title="Rate the risk to the child",
        send="Rate the risk",
        success_message="Rated {level}",
        proposes=("lower-rating",),
    )
    case: CaseRef
    level: Annotated[Threshold, Ask("How high is the risk to the child?")]
    reason: Annotated[Text | None, Ask("Why is the risk rated like this?", rows=2)] = None
    learning_disability: Annotated[bool, Ask("The child has a learning disability")] = False
    override: Annotated[
        Text | None,
        Ask(
            "Supervisor's reason for a low rating",
            "Only for a child who is or may be under 13, or has a learning disability: "
            "without a reason from a supervisor or DCI such a child is never rated low.",
            rows=2,
        ),
    ] = None
    definition: Annotated[
        Line | None, Ask("Which version of the threshold definitions applies?", rare=True)
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return casework.assess_threshold(
            desk,
            reader,
            self.case,
            self.level,
            definition=self.definition,
            reason=self.reason,
            override=self.override,
            learning_disability=self.learning_disability,
            **command,
        )


class AllocateWorker(UseCase, frozen=True):
    """Allocate a worker to the child or the parents. Parents who declined support get a worker only
    for a reason."""

    named = UseCaseText(
        command="allocate",
        records="case.worker_allocated",
        about="case",
        title="Allocate a worker",
        send="Allocate the worker",
        success_message="{worker} is allocated to the {whom}",
        address="workers",
    )
    case: CaseRef
    worker: Annotated[Line, Ask("Which worker takes the case?")]
    whom: Annotated[
        AllocatedFor, Ask("Does the worker support the child or the parents?", option="--for")
    ]
    reason: Annotated[
        Text | None,
        Ask(
            "Why do parents who declined support get a worker?",
            "Only if the parents declined support.",
            rows=2,
            rare=True,
        ),
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        arguments = (self.case, self.worker, self.whom, self.reason)
        return casework.allocate(desk, reader, *arguments, **command)

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return casework.shared_worker_warning(desk, receipt)


class RecordEngagement(UseCase, frozen=True):
    """Record whether the child or parents take support. Declining it is no basis for sharing
    information."""

    named = UseCaseText(
        command="engagement",
        records="case.engagement_recorded",
        about="case",
        title="Record whether support is accepted",
        send="Record the answer",
        success_message="Support recorded: {who}, {state}",
    )
    case: CaseRef
    who: Annotated[AllocatedFor, Ask("Who is offered support?")]
    state: Annotated[Engagement, Ask("Do the child or the parents accept support?")]
    note: Annotated[Text | None, Ask("Note on the offer of support", rows=2)] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return casework.record_engagement


class FlagCase(UseCase, frozen=True):
    """Flag a discrepancy in what was said about a case. What was said does not change."""

    named = UseCaseText(
        command="flag",
        records="case.flagged",
        about="case",
        title="Record a discrepancy",
        send="Record the discrepancy",
        success_message="Discrepancy recorded: {code}",
        address="flags",
    )
    case: CaseRef
    code: Annotated[QualityCode, Ask("Which kind of discrepancy is it?")]
    field: Annotated[
        Line,
        Ask(
            "Which part of the case does the discrepancy concern?",
            "For example the placement, or the exit",
            option="--about",
        ),
    ]
    words: Annotated[Text | None, Ask("Words that contain the discrepancy", rows=2)] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return casework.flag


class AssessExit(UseCase, frozen=True):
    """Propose that a child has left harm's way. A supervisor or DCI confirms the proposal, and
    gives a reason if something in the case is still open. The absence of new information is never a
    sufficient reason."""

    named = UseCaseText(
        command="exit",
        records="case.exit_assessed",
        about="case",
        title="Record the exit from harm",
        send="Propose the exit",
        success_message="Exit assessed: {outcome}",
        proposes=("exit",),
    )
    case: CaseRef
    outcome: Annotated[Exit, Ask("What is the outcome of the assessment?", option="--outcome")]
    reason: Annotated[
        Text,
        Ask(
            "What is the evidence for the exit?",
            "Silence alone does not show that a child is safe. A supervisor or DCI "
            "confirms the exit.",
            option="--reason",
            rows=2,
        ),
    ]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return casework.assess_exit(desk, reader, self.case, self.outcome, self.reason, **command)

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return open_matters.describe_open_matters(desk, receipt)


class CloseCase(UseCase, frozen=True):
    """Propose to close a case, or confirm it. Another person than the proposer confirms the
    proposal. A supervisor or DCI has to give a reason if the child is missing, or if one of these
    is still open: a suspect, an alert, a threat, a hearing, another child at risk or an unassessed
    log entry."""

    named = UseCaseText(
        command="close",
        records="case.closed",
        about="case",
        title="Close the case",
        send="Propose to close the case",
        success_message="Case closure",
        proposes=("close",),
    )
    case: CaseRef
    reason: Annotated[
        Text,
        Ask(
            "Why is the case closed?",
            "You propose the closing, and another person confirms it. While a suspect, an "
            "alert, a threat, a hearing, another child at risk or an unassessed log entry is "
            "open, or the child is missing, a supervisor or DCI has to give a reason.",
            option="--reason",
            rows=2,
        ),
    ]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return two_person.close(desk, reader, self.case, self.reason, **command)

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return open_matters.describe_open_matters(desk, receipt)
