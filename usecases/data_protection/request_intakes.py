"""Requests for access whose recipient has no access to the subject's record."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from commands.data_protection import request_intake
from projections.data_protection import request_intakes
from questions.data_protection import nil_answer
from usecases.kernel.question import Question, QuestionText
from usecases.kernel.usecase import (
    Ask,
    ItemRef,
    Line,
    Moment,
    PersonRef,
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
    from projections.data_protection.request_intakes import Intake
    from questions.data_protection.nil_answer import NilAnswer

Which: TypeAlias = Annotated[
    ItemRef, Ask("Which access request is it?", "The full id or its last eight characters.")
]


class NoteRequest(UseCase, frozen=True):
    """Record a request about a person who is not found. The month for the answer begins on the day
    of receipt. A user who may search all records looks for the person and answers."""

    named = UseCaseText(
        command="request note",
        records="request.noted",
        title="Record an access request without a known subject",
        send="Record the request",
        success_message="Request recorded",
        address="access-requests",
    )
    requester: Annotated[
        Line,
        Ask("Who makes the access request?", "Add how to contact the requester.", option="--by"),
    ]
    words: Annotated[
        Text,
        Ask(
            "About whom is the access request?",
            "In the requester's words.",
            option="--words",
            rows=3,
        ),
    ]
    received: Annotated[
        Moment | None,
        Ask("When was the access request received?", "Empty: now", option="--received"),
    ] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return request_intake.note(
            desk,
            reader,
            self.requester,
            self.words,
            received=self.received,
            command_id=command.get("command_id"),
        )

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return "An intelligence officer or the DCI, who may search everything, answers the request."


class FindSubject(UseCase, frozen=True):
    """Attach the subject you found to a request. A request about them begins, with the same due
    date."""

    named = UseCaseText(
        command="request find",
        records="request.subject_found",
        about="request",
        title="Attach the subject to an access request",
        send="Attach the subject",
        success_message="Subject attached. The access request about this person is open",
        then="/requests",
        address="subjects",
    )
    request: Which
    subject: PersonRef

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return request_intake.find(desk, reader, self.request, self.subject, **command)


class AnswerNil(UseCase, frozen=True):
    """Answer a request when nothing is held. Say what you searched for, then send the letter."""

    named = UseCaseText(
        command="request nil",
        records="request.nil_answered",
        about="request",
        title="Answer an access request: no records are held",
        send="Answer that no records are held",
        success_message="Answered: no records are held",
        then="/requests",
        address="nil-answer",
        warns=True,
    )
    request: Which
    searched: Annotated[
        Text,
        Ask(
            "What names or numbers did you search for?",
            "For example names, spellings and numbers.",
            option="--searched",
            rows=2,
        ),
    ]

    def gives(self) -> "Declared":
        return request_intake.answer_nil


class ListIntakes(Question, frozen=True):
    """List requests whose subject has to be found."""

    named = QuestionText(
        command="request unidentified",
        title="Access requests without a known subject",
        empty="No access requests without a known subject.",
        acts=("disclose", "find-subject"),
        address="access-requests",
    )
    every: Annotated[bool, Ask("Include ended access requests", option="--all")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Intake]":
        with desk.looked() as db:
            return request_intakes.list_intakes(db, reader, now, include_all=self.every)

    @classmethod
    def row(cls) -> "type[Intake]":
        return request_intakes.Intake


class ShowNilAnswer(Question, frozen=True):
    """Show the letter of a nil answer."""

    named = QuestionText(
        command="request letter",
        title="Letter: no records are held",
        empty="This access request was not answered with “no records are held”.",
        acts=("find-subject",),
    )
    request: Which

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[NilAnswer]":
        return nil_answer.letter(desk, reader, self.request)

    @classmethod
    def row(cls) -> "type[NilAnswer]":
        return nil_answer.NilAnswer
