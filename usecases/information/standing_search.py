"""Watching for a plate, a number, an account or a name."""

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
    """Watch for a plate, number, account or name. You are told when a log entry names it. It ends
    after 28 days. It is never for a colleague or a parent, and for a child only while they are
    missing."""

    named = UseCaseText(
        command="standing-search set",
        records="standing_search.set",
        about="case",
        title="Watch for something",
        send="Watch for it",
        success_message="You are told when words name it",
        address="standing-searches",
    )
    case: CaseRef
    what: Annotated[Line, Ask("For what?", "A plate or part of one, a number, a name.")]
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
        title="Watch for it no more",
        send="End it",
        success_message="It has ended",
        address="end",
    )
    search: Annotated[ItemRef, Ask("Which?", "Its id or the end of it (standing-search list).")]
    reason: Annotated[Text, Ask("Why?", option="--reason", rows=2)]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        from commands.intelligence.standing_search import end

        return end


class ListStandingSearches(Question, frozen=True):
    """List the standing searches. It says for what, by whom, for which case, and until when."""

    named = QuestionText(
        command="standing-search list",
        title="What is watched for",
        empty="Nothing is watched for.",
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
