"""Record the duty to report child sexual abuse.

A user records when the duty arises, why a report waits, and the report itself.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias

from msgspec import Meta

from commands.justice import duty_to_report
from domain.kernel.codes import ReportedTo
from projections.justice import duty_to_report as duty_to_report_view
from usecases.kernel.question import Question, QuestionText
from usecases.kernel.usecase import (
    Ask,
    CaseRef,
    Causes,
    ItemRef,
    Line,
    Moment,
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
    from projections.justice.duty_to_report import DutyRow

DutyRef: TypeAlias = Annotated[
    Reference,
    Ref("reporting-duty"),
    Ask("Which duty to report is it?", "The full id or its last eight characters."),
]


class HaveToReport(UseCase, frozen=True):
    """Record a duty to report child sexual abuse. You were told of it or saw it: report it at
    once."""

    named = UseCaseText(
        command="reporting arises",
        records="reporting.duty_arose",
        about="case",
        title="Record a duty to report abuse",
        send="Record the duty",
        success_message="Duty recorded. Report the abuse now, to the police or the local authority",
        address="reporting-duties",
    )
    case: CaseRef
    words: Annotated[Text, Ask("What did you hear or see of the abuse?", option="--words", rows=3)]
    since: Annotated[
        Moment | None, Ask("When did you hear of the abuse or see it?", "Empty: now", option="--at")
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return duty_to_report.arise


class ReportLater(UseCase, frozen=True):
    """Record why a duty to report has to wait. A report may wait only if it would endanger a child
    now. Say until when it waits, seven days at most."""

    named = UseCaseText(
        command="reporting later",
        records="reporting.delayed",
        about="reporting-duty",
        title="Record why a report is delayed",
        send="Record the reason for the delay",
        success_message="Delay of the report recorded",
        address="delays",
    )
    duty: DutyRef
    reason: Annotated[
        Text, Ask("Which child would a report endanger now, and how?", option="--reason", rows=2)
    ]
    until: Annotated[
        Moment,
        Ask(
            "Until when is the report delayed?",
            "A report may wait at most seven days.",
            option="--until",
        ),
    ]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return duty_to_report.delay


class ReportAbuse(UseCase, frozen=True):
    """Record a report of child sexual abuse. Say to whom it was made, who took it and when; one
    report may serve several people."""

    named = UseCaseText(
        command="reporting reported",
        records="reporting.reported",
        about="reporting-duty",
        title="Record a report of abuse",
        send="Record the report",
        success_message="Reported to: {to}",
        address="reports",
    )
    duty: DutyRef
    to: Annotated[ReportedTo, Ask("To whom was the abuse reported?")]
    told: Annotated[
        Line, Ask("Which person took the report?", "A name or a number.", option="--told")
    ]
    happened: Annotated[
        Moment | None, Ask("When was the abuse reported?", "Empty: now", option="--at")
    ] = None
    reference: Annotated[
        Line | None, Ask("Which reference did the report get?", option="--reference")
    ] = None
    why_later: Annotated[
        Text | None, Ask("Why was the abuse not reported at once?", option="--why-later", rows=2)
    ] = None
    by_another: Annotated[bool, Ask("Another person reported the abuse")] = False
    others: Annotated[
        tuple[ItemRef, ...],
        Meta(max_length=100),
        Ask("Which other duties to report does this report fulfil?", "Ids, separated by commas."),
    ] = ()
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return duty_to_report.report


class ListReporting(Question, frozen=True):
    """List duties to report, and the reports made. It shows who has to report child sexual abuse,
    what was reported, to whom and when, and why a report was delayed."""

    named = QuestionText(
        command="reporting list",
        title="Duties to report abuse",
        empty="No duties to report abuse are recorded.",
        acts=("work", "find", "allocate"),
        address="reporting-duties",
    )
    every: Annotated[bool, Ask("Include duties that were fulfilled", option="--all")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[DutyRow]":
        with desk.asking() as db:
            return duty_to_report_view.list_duties(db, reader, include_all=self.every)

    @classmethod
    def row(cls) -> "type[DutyRow]":
        return duty_to_report_view.DutyRow
