"""Watches for a plate, number, account or name."""

from typing import TYPE_CHECKING, Annotated, Unpack

from usecases.kernel.question import Question, QuestionText
from usecases.kernel.usecase import (
    Ask,
    CaseRef,
    Causes,
    End,
    ItemRef,
    Line,
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
    from projections.due.watched import Watching


class BeginStandingSearch(UseCase, frozen=True):
    """Watch for a plate, number, account or name. You get a message when a log entry names it. The
    watch ends after 28 days. It is never about a colleague or a parent, and about a child only
    while they are missing."""

    named = UseCaseText(
        command="standing-search set",
        records="standing_search.set",
        about="case",
        title="Watch for a plate, number, account or name",
        send="Start the watch",
        success_message="Watch started. You get a message when a log entry names it",
        address="standing-searches",
    )
    case: CaseRef
    what: Annotated[
        Line, Ask("What do you watch for?", "A plate or part of one, a number, a name.")
    ]
    reason: Annotated[Text, Ask("Why?", option="--reason", rows=2)]
    until: Annotated[End | None, Ask("Until when?", "Empty: for 28 days.")] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.intelligence import standing_search

        return standing_search.begin(
            desk, reader, self.case, self.what, self.reason, self.until, **command
        )


class EndStandingSearch(UseCase, frozen=True):
    """End a standing search."""

    named = UseCaseText(
        command="standing-search end",
        records="standing_search.ended",
        about="standing-search",
        title="End a standing search",
        send="End the watch",
        success_message="Watch ended",
        address="end",
    )
    search: Annotated[
        ItemRef, Ask("Which watch?", "Its id or its ending, from: standing-search list")
    ]
    reason: Annotated[Text, Ask("Why?", option="--reason", rows=2)]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        from commands.intelligence.standing_search import end

        return end


class ListStandingSearches(Question, frozen=True):
    """List the standing searches. Each shows what is watched for, by whom, for which case, and
    until when."""

    named = QuestionText(
        command="standing-search list",
        title="Standing searches",
        empty="No standing searches.",
        acts=("triage", "find"),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Watching]":
        from projections.due import watched

        with desk.asking() as db:
            return watched.watching(db, reader, now)

    @classmethod
    def row(cls) -> "type[Watching]":
        from projections.due.watched import Watching

        return Watching
