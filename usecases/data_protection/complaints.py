"""Record complaints about the use of data.

A complaint is received, acknowledged, investigated and answered, as the law requires since 2026.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from commands.data_protection import complaint
from domain.kernel.codes import ComplaintOutcome
from projections.data_protection import complaints
from usecases.kernel.question import Question, QuestionText
from usecases.kernel.usecase import Ask, Day, ItemRef, Line, Moment, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from projections.data_protection.complaints import ComplaintRow

Which: TypeAlias = Annotated[
    ItemRef, Ask("Which complaint is it?", "The full id or its last eight characters.")
]
On: TypeAlias = Annotated[
    Day | None,
    Ask("On which day did this step of the complaint happen?", "Empty: today", option="--on"),
]


class ReceiveComplaint(UseCase, frozen=True):
    """Record a complaint about the use of data. A complaint is acknowledged within 30 days and
    answered without undue delay."""

    named = UseCaseText(
        command="complaint received",
        records="complaint.received",
        title="Record a complaint",
        send="Record the complaint",
        success_message="Complaint recorded",
        address="complaints",
    )
    complainant: Annotated[
        Line, Ask("Who complains?", "Add how to contact the complainant.", option="--by")
    ]
    words: Annotated[
        Text,
        Ask(
            "What is the complaint about?", "In the complainant's words.", option="--words", rows=3
        ),
    ]
    subject: Annotated[
        Line | None,
        Ask(
            "Which recorded person is the complainant?",
            "A name or an id. Leave it empty if the complainant has no record.",
        ),
    ] = None
    received: Annotated[
        Moment | None, Ask("When was the complaint received?", "Empty: now", option="--at")
    ] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return complaint.receive(
            desk,
            reader,
            self.complainant,
            self.words,
            subject=self.subject,
            received=self.received,
            command_id=command.get("command_id"),
        )


class AcknowledgeComplaint(UseCase, frozen=True):
    """Record that a complaint was acknowledged."""

    named = UseCaseText(
        command="complaint acknowledged",
        records="complaint.acknowledged",
        about="complaint",
        title="Record that a complaint was acknowledged",
        send="Record the acknowledgement",
        success_message="Complaint acknowledged",
        address="acknowledgement",
    )
    complaint: Which
    words: Annotated[
        Text | None, Ask("How was the complaint acknowledged?", option="--words", rows=2)
    ] = None
    on: On = None

    def gives(self) -> "Declared":
        return complaint.acknowledge


class StepOfComplaint(UseCase, frozen=True):
    """Record a step in a complaint's investigation. Say what the complainant was told about the
    progress."""

    named = UseCaseText(
        command="complaint step",
        records="complaint.step_taken",
        about="complaint",
        title="Record a step in the investigation",
        send="Record the step",
        success_message="Step of the investigation recorded",
        address="steps",
    )
    complaint: Which
    words: Annotated[Text, Ask("What was done about the complaint?", option="--words", rows=2)]
    told: Annotated[bool, Ask("The complainant was told about the progress of the complaint")] = (
        False
    )

    def gives(self) -> "Declared":
        return complaint.take_step


class TellOutcome(UseCase, frozen=True):
    """Record that the complainant was told the outcome."""

    named = UseCaseText(
        command="complaint outcome",
        records="complaint.outcome_told",
        about="complaint",
        title="Record that a complainant was told the outcome",
        send="Record the outcome",
        success_message="Complainant told the outcome: {outcome}",
        address="outcome",
    )
    complaint: Which
    outcome: Annotated[ComplaintOutcome, Ask("What was the outcome of the complaint?")]
    words: Annotated[Text, Ask("What was the complainant told?", option="--words", rows=3)]
    on: On = None

    def gives(self) -> "Declared":
        return complaint.tell_outcome


class ListComplaints(Question, frozen=True):
    """List complaints about data, with their outcomes."""

    named = QuestionText(
        command="complaint list",
        title="Complaints about data",
        empty="No complaints are recorded.",
        acts=("disclose", "support"),
        address="complaints",
    )
    every: Annotated[bool, Ask("Include answered complaints", option="--all")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[ComplaintRow]":
        with desk.looked() as db:
            return complaints.list_complaints(db, reader, include_all=self.every)

    @classmethod
    def row(cls) -> "type[ComplaintRow]":
        return complaints.ComplaintRow
