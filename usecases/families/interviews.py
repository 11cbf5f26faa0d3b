"""Interviews of families for an evaluation: request, consent, and withdrawal (report, Appendix
B)."""

from typing import TYPE_CHECKING, Annotated

from commands.families import interview
from domain.kernel.codes import About, InterviewStep
from projections.composed import interview_counts
from projections.families import interviews
from usecases.kernel.question import Question, QuestionText, of_case
from usecases.kernel.usecase import (
    Ask,
    CaseRef,
    Causes,
    Day,
    Line,
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
    from projections.composed.interview_counts import InterviewCount
    from projections.families.interviews import InterviewRow


class RequestInterview(UseCase, frozen=True):
    """Record a request for an interview to a family. An evaluator sees the number of
    requests, and no family."""

    named = UseCaseText(
        command="interview request",
        records="interview.requested",
        about="case",
        title="Request a research interview",
        send="Record the request",
        success_message="Research interview requested: {study}",
        address="study-interviews",
    )
    case: CaseRef
    study: Annotated[
        Line,
        Ask(
            "For which research study is the interview?",
            "The name of the study, not of a person",
            option="--for",
        ),
    ]
    day: Annotated[Day, Ask("On which day was the research interview requested?", option="--on")]
    whom: Annotated[About, Ask("Which family member is interviewed?", option="--with")] = "parent"
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return interview.request


class TakeInterviewStep(UseCase, frozen=True):
    """Record a step of an interview. The steps are consent, refusal, the interview and a
    withdrawal. A person consents only after getting the information sheet, and can withdraw the
    consent at any time, even after the interview."""

    named = UseCaseText(
        command="interview step",
        records="interview.step_taken",
        about="interview",
        title="Record a step of a research interview",
        send="Record the step",
        success_message="Research interview: {step}",
        address="steps",
    )
    interview: Annotated[
        Reference,
        Ref("interview"),
        Ask("Which research interview is it?", "The full id of the interview."),
    ]
    step: Annotated[InterviewStep, Ask("What happened to the request for an interview?")]
    day: Annotated[Day, Ask("On which day did this step happen?", option="--on")]
    informed: Annotated[
        bool, Ask("The person has the information sheet and knows that they may withdraw")
    ] = False
    words: Annotated[
        Text | None, Ask("Note on the research interview", option="--note", rows=2)
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return interview.take


class ListInterviews(Question, frozen=True):
    """List the requests for an interview to a family."""

    named = QuestionText(
        command="interview list",
        title="Research interviews with the family",
        empty="No research interview was requested.",
        acts=("see-support",),
    )
    case: CaseRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[InterviewRow]":
        with of_case(desk, reader, self.case) as case:
            return interviews.of_case(*case)

    @classmethod
    def row(cls) -> "type[InterviewRow]":
        return interviews.InterviewRow


class CountInterviews(Question, frozen=True):
    """Show figures of an evaluation's interviews. The figures say, for each year that has ended,
    how many families consented, declined, were interviewed or withdrew. They identify no family,
    and no figure under five is shown."""

    named = QuestionText(
        command="interviews",
        csv=True,
        title="Figures of research interviews",
        empty="No research interviews took place in a year that has ended.",
        acts=("see-card",),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[InterviewCount]":
        with desk.asking() as db:
            return interview_counts.counts(db, reader, now)

    @classmethod
    def row(cls) -> "type[InterviewCount]":
        return interview_counts.InterviewCount
