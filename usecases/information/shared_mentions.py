"""Possible corroboration of a log entry: list, confirm and dismiss it."""

from typing import TYPE_CHECKING, Annotated, Unpack

from commands.information import shared_mentions
from questions.information import said_before
from usecases.kernel.question import Answer, Question, QuestionText
from usecases.kernel.usecase import Ask, ItemRef, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from datetime import datetime

    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from questions.information.said_before import Said


class ConfirmJoin(UseCase, frozen=True):
    """Confirm that two records have the same subject. The confirmation makes no link."""

    named = UseCaseText(
        command="join confirm",
        records="join.confirmed",
        about="join",
        title="Same subject",
        send="Confirm: same subject",
        success_message="Confirmed as the same subject. No link is made",
        address="confirmation",
    )
    join: Annotated[
        ItemRef,
        Ask(
            "Which possible corroboration is it?",
            "The full id or its last eight characters, from the list of possible corroboration",
        ),
    ]
    reason: Annotated[
        Text | None,
        Ask("Why are the two entries about the same subject?", option="--reason", rows=2),
    ] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return shared_mentions.confirm(desk, reader, self.join, self.reason, **command)


class DismissJoin(UseCase, frozen=True):
    """Dismiss a possible corroboration. The two records have different subjects. The corroboration
    is proposed again if something new supports it."""

    named = UseCaseText(
        command="join dismiss",
        records="join.dismissed",
        about="join",
        title="Not the same subject",
        send="Dismiss: not the same subject",
        success_message="Possible corroboration dismissed. New information may bring it up again",
        address="dismissal",
    )
    join: Annotated[
        ItemRef,
        Ask(
            "Which possible corroboration is it?",
            "The full id or its last eight characters, from the list of possible corroboration",
        ),
    ]
    reason: Annotated[
        Text, Ask("Why are the two entries not about the same subject?", option="--reason", rows=2)
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return shared_mentions.dismiss(desk, reader, self.join, self.reason, **command)


class AskSaidBefore(Question, frozen=True):
    """List possible corroboration of a log entry. It shows other entries that name the same plate
    (or a part of it), phone, account or car, or the same nickname and place. The entries are shown
    only after the log entry is graded, so that they do not influence the grade. The list creates no
    link."""

    named = QuestionText(
        command="said-before",
        title="Possible corroboration",
        empty="No other log entry that you may know of names the same person, place or thing.",
        acts=("triage",),
    )
    item: Annotated[ItemRef, Ask("Which log entry is compared with others?", placed=True)]
    deciding: Annotated[
        bool, Ask("I decide that the entry has no value, or that more information is needed")
    ] = False

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        with desk.deciding() as db:
            before = said_before.said_before(db, reader, self.item, deciding=self.deciding)
        roots = (f"{before.roots} independent sources in all",) if (before.roots or 0) > 1 else ()
        return Answer((before.rows,), roots, touched=before.touched)

    @classmethod
    def row(cls) -> "type[Said]":
        return said_before.Said
