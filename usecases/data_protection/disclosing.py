"""Recalls of disclosures that proved wrong, and subjects' requests for their data."""

from typing import TYPE_CHECKING, Annotated, Unpack

from commands.data_protection import disclosure, subject_request
from domain.kernel.codes import AskedBack
from projections.data_protection import requests
from usecases.kernel.question import Question, QuestionText
from usecases.kernel.usecase import Ask, Day, ItemRef, Line, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from projections.data_protection.requests import PartOpen, RequestStands


class RecallDisclosure(UseCase, frozen=True):
    """Recall a disclosure that proved wrong. Each recipient has to be told."""

    named = UseCaseText(
        command="disclosure recall",
        warns=True,
        records="disclosure.recalled",
        about="disclosure",
        title="Recall a disclosure",
        send="Recall the disclosure",
        success_message="Disclosure recalled",
        address="recall",
    )
    disclosure: Annotated[
        ItemRef, Ask("Which disclosure was wrong?", "The full id or its last eight characters.")
    ]
    reason: Annotated[
        Text, Ask("What is wrong with the disclosed text?", option="--reason", rows=2)
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return disclosure.recall(desk, reader, self.disclosure, self.reason, **command)

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return disclosure.describe_uninformed(receipt)


class TellRecipient(UseCase, frozen=True):
    """Record that a recipient was told of a recall."""

    named = UseCaseText(
        command="disclosure told",
        records="disclosure.recipient_told",
        about="disclosure",
        title="Record that a recipient was told of the recall",
        send="Record the informed recipient",
        success_message="{recipient} was told of the recall",
        address="told",
    )
    disclosure: Annotated[
        ItemRef, Ask("Which disclosure was recalled?", "The full id or its last eight characters.")
    ]
    recipient: Annotated[
        Line,
        Ask(
            "Which recipient was told of the recall?",
            "Write the recipient's name as in the disclosure.",
        ),
    ]

    def gives(self) -> "Declared":
        return disclosure.tell


class ExtendRequest(UseCase, frozen=True):
    """Extend a subject's request by two months. A request can be extended once, and the subject is
    told why."""

    named = UseCaseText(
        command="request extend",
        records="request.extended",
        about="request",
        title="Extend the time limit of an access request",
        send="Extend the time limit by two months",
        success_message="Time limit extended by two months",
        address="extension",
    )
    request: Annotated[
        ItemRef, Ask("Which access request is it?", "The full id or its last eight characters.")
    ]
    reason: Annotated[
        Text,
        Ask(
            "Why is more time needed for the answer?",
            "The subject is told the reason.",
            option="--reason",
            rows=2,
        ),
    ]

    def gives(self) -> "Declared":
        return subject_request.extend

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return subject_request.due_in_words(desk, receipt.id)


class AskSubject(UseCase, frozen=True):
    """Record a question to the subject of a request. The clock stops
    until they answer."""

    named = UseCaseText(
        command="request ask",
        records="request.subject_asked",
        about="request",
        title="Ask the subject of an access request",
        send="Record the question",
        success_message="Question recorded. The time limit is stopped",
        address="questions",
    )
    request: Annotated[
        ItemRef, Ask("Which access request is it?", "The full id or its last eight characters.")
    ]
    what: Annotated[
        AskedBack,
        Ask("What do you need from the subject?", "Ask only for what you reasonably need."),
    ]
    words: Annotated[
        Text, Ask("What did you ask the subject of the request?", option="--words", rows=2)
    ]
    on: Annotated[
        Day | None, Ask("On which day did you ask the subject?", "Empty: today", option="--on")
    ] = None

    def gives(self) -> "Declared":
        return subject_request.ask_subject

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return subject_request.due_in_words(desk, receipt.id)


class HearSubject(UseCase, frozen=True):
    """Record a subject's answer to a question. The clock continues, and the days of waiting do not
    count."""

    named = UseCaseText(
        command="request heard",
        records="request.subject_answered",
        about="request",
        title="Record the subject's answer",
        send="Record the answer",
        success_message="Answer recorded. The time limit runs again",
        address="replies",
    )
    request: Annotated[
        ItemRef, Ask("Which access request is it?", "The full id or its last eight characters.")
    ]
    what: Annotated[AskedBack, Ask("What had you asked the subject for?")]
    words: Annotated[Text | None, Ask("What did the subject answer?", option="--words", rows=2)] = (
        None
    )
    on: Annotated[
        Day | None, Ask("On which day did the subject answer?", "Empty: today", option="--on")
    ] = None

    def gives(self) -> "Declared":
        return subject_request.hear_subject

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return subject_request.due_in_words(desk, receipt.id)


class CompletePart(UseCase, frozen=True):
    """Complete your team's part of a request. Complete it when a decision is made about each item
    that your team holds."""

    named = UseCaseText(
        command="request complete",
        records="request.part_answered",
        about="request",
        title="Complete your team's part of an access request",
        send="Complete the team's part",
        success_message="Your team's part is complete",
        then="/requests",
        address="completion",
    )
    request: Annotated[
        ItemRef, Ask("Which access request is it?", "The full id or its last eight characters.")
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return subject_request.answer_part(desk, reader, self.request, **command)


class ListRequests(Question, frozen=True):
    """List subjects' requests, with due dates."""

    named = QuestionText(
        command="request list",
        title="Subjects' requests",
        empty="No requests.",
        acts=("disclose",),
        address="requests",
    )
    every: Annotated[bool, Ask("Include answered access requests", option="--all")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[RequestStands]":
        with desk.looked() as db:
            return requests.list_request_states(db, reader, now, include_all=self.every)

    @classmethod
    def row(cls) -> "type[RequestStands]":
        return requests.RequestStands


class ListParts(Question, frozen=True):
    """List requests that your team has a part in. Decide about each item, then complete the
    part."""

    named = QuestionText(
        command="request parts",
        title="Access requests for your team to decide",
        empty="No access requests wait for your team's decision.",
        acts=("answer-subject", "see-alerts"),
    )
    overdue: Annotated[bool, Ask("Only overdue access requests")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[PartOpen]":
        with desk.looked() as db:
            return requests.parts(db, reader, now, overdue_only=self.overdue)

    @classmethod
    def row(cls) -> "type[PartOpen]":
        return requests.PartOpen
