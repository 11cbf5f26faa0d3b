"""What others have said: asked, confirmed, dismissed."""

from typing import TYPE_CHECKING, Annotated, Unpack

from usecases.kernel.question import Answer, Question, QuestionText
from usecases.kernel.usecase import Ask, ItemRef, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from datetime import datetime

    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from questions.information.said_before import Said


class ConfirmJoin(UseCase, frozen=True):
    """Confirm that two records have the same subject. It makes no link."""

    named = UseCaseText(
        command="join confirm",
        records="join.confirmed",
        about="join",
        title="Both speak of the same",
        send="Confirm it",
        success_message="Confirmed; no link is made",
        address="confirmation",
    )
    join: Annotated[ItemRef, Ask("Which?", "Its id or the end of it (said-before).")]
    reason: Annotated[Text | None, Ask("What makes you sure?", option="--reason", rows=2)] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.information import shared_mentions

        return shared_mentions.confirm(desk, reader, self.join, self.reason, **command)


class DismissJoin(UseCase, frozen=True):
    """Dismiss a possible corroboration. The two have different subjects. It is proposed again if
    something new supports it."""

    named = UseCaseText(
        command="join dismiss",
        records="join.dismissed",
        about="join",
        title="They do not speak of the same",
        send="Dismiss it",
        success_message="Dismissed, until something new speaks for it",
        address="dismissal",
    )
    join: Annotated[ItemRef, Ask("Which?", "Its id or the end of it (said-before).")]
    reason: Annotated[Text, Ask("Why not?", option="--reason", rows=2)]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.information import shared_mentions

        return shared_mentions.dismiss(desk, reader, self.join, self.reason, **command)


class AskSaidBefore(Question, frozen=True):
    """List possible corroboration of a log entry. It shows what others said about what the entry
    names: a plate or part of one, a phone, an account, a nickname with a place, a car. It shows
    after grading, so that it leads no grade, and makes no link."""

    named = QuestionText(
        command="said-before",
        title="Others have said this",
        empty="Nobody else that you may know of has said this.",
        acts=("triage",),
    )
    item: Annotated[ItemRef, Ask("Which words?", placed=True)]
    deciding: Annotated[
        bool, Ask("I am deciding that they have no value, or that more is needed")
    ] = False

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from questions.information import said_before

        with desk.deciding() as db:
            found = said_before.said_before(db, reader, self.item, deciding=self.deciding)
        roots = (f"{found.roots} independent roots in all",) if (found.roots or 0) > 1 else ()
        return Answer((found.rows,), roots, touched=found.touched)

    @classmethod
    def row(cls) -> "type[Said]":
        from questions.information.said_before import Said

        return Said
