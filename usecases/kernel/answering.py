"""Alerts and due items, with their answers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Unpack

from commands.people_and_teams import due
from domain.kernel.codes import AlertAnswer, DueAnswer
from network.people import alerts
from usecases.kernel.question import Question, QuestionText
from usecases.kernel.usecase import Ask, End, ItemRef, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from datetime import datetime

    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from network.people.alerts import Alert


class AnswerAlert(UseCase, frozen=True):
    """Record what was done about an alert. If nothing was done, say why."""

    named = UseCaseText(
        command="alert answer",
        records="alert.answered",
        about="alert",
        title="Answer an alert",
        send="Save the answer",
        success_message="Answered: {answer}",
        address="answer",
    )
    alert: Annotated[
        ItemRef,
        Ask(
            "Which alert do you answer?",
            "The full id or its last eight characters, from the list of alerts",
        ),
    ]
    answer: Annotated[AlertAnswer, Ask("What was decided about the alert?")]
    reason: Annotated[
        Text,
        Ask("What was done about the alert, or why was nothing done?", option="--reason", rows=2),
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return alerts.answer(desk, reader, self.alert, self.answer, self.reason, **command)


class AnswerDue(UseCase, frozen=True):
    """Complete a due item, or set its next date. If a decision is audited, agree with it, or say
    that the log entry should have been assessed; the log entry then waits for assessment again."""

    named = UseCaseText(
        command="due answer",
        records="due.answered",
        about="due",
        title="Answer a due item",
        send="Save the answer",
        success_message="Answered: {answer}",
        address="answer",
    )
    which: Annotated[
        ItemRef,
        Ask(
            "Which due item do you answer?",
            "The full id or its last eight characters, from the list of due items",
        ),
    ]
    answer: Annotated[DueAnswer, Ask("Is the due item done, or due again?")]
    reason: Annotated[
        Text, Ask("What was done, or why is the item due again?", option="--reason", rows=2)
    ]
    until: Annotated[
        End | None, Ask("On which day is the item due again?", "Only if the item is due again.")
    ] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return due.answer(
            desk,
            reader,
            self.which,
            self.answer,
            self.reason,
            until=self.until,
            command_id=command.get("command_id"),
        )


class ListAlerts(Question, frozen=True):
    """List the alerts that wait for an answer. An alert is raised if a suspect is near a placement
    or in a child's home, if a victim or a parent is arrested, or if a person is in danger now."""

    named = QuestionText(
        command="alert list",
        address="alerts",
        title="Alerts",
        empty="No alerts wait for an answer.",
        acts=("work", "see-alerts"),
    )
    every: Annotated[bool, Ask("Include answered alerts", option="--all")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Alert]":
        with desk.asking() as db:
            return alerts.list_alerts(db, reader, include_all=self.every)

    @classmethod
    def row(cls) -> "type[Alert]":
        return alerts.Alert
