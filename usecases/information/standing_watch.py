"""Standing watches: for a plate, number, account or name, and for a pattern in the network."""

from typing import TYPE_CHECKING, Annotated, Unpack

from commands.intelligence import standing_watch
from domain.kernel.codes import Shape
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

    from commands.intelligence.standing_watch import MatchedPattern
    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from projections.due.standing_watches import Watching


class BeginStandingSearch(UseCase, frozen=True):
    """Watch for a plate, number, account or name. You get a message when a log entry names it. The
    watch ends after 28 days. A watch is never about a colleague or a parent, and about a child only
    while they are missing."""

    named = UseCaseText(
        command="standing-search set",
        records="standing_search.set",
        about="case",
        title="Watch for a plate, number, account or name",
        send="Start the standing search",
        success_message="Standing search started. You get a message when an entry matches",
        address="standing-searches",
    )
    case: CaseRef
    what: Annotated[
        Line,
        Ask(
            "Which plate, number or name do you watch for?",
            "A plate or part of a plate, a number, an account or a name.",
        ),
    ]
    reason: Annotated[
        Text, Ask("Why do you watch for this plate, number or name?", option="--reason", rows=2)
    ]
    until: Annotated[
        End | None,
        Ask(
            "Until when does the standing search last?", "Empty: the standing search lasts 28 days."
        ),
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return standing_watch.begin_search(
            desk, reader, self.case, self.what, self.reason, self.until, **command
        )


class EndStandingSearch(UseCase, frozen=True):
    """End a standing search."""

    named = UseCaseText(
        command="standing-search end",
        records="standing_search.ended",
        about="standing-search",
        title="End a standing search",
        send="End the standing search",
        success_message="Standing search ended",
        address="end",
    )
    search: Annotated[
        ItemRef,
        Ask(
            "Which standing search do you end?",
            "The full id or its last eight characters, from the list of standing searches",
        ),
    ]
    reason: Annotated[Text, Ask("Why does the standing search end?", option="--reason", rows=2)]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return standing_watch.end_search


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
        from projections.due import standing_watches

        with desk.asking() as db:
            return standing_watches.watching(db, reader, now)

    @classmethod
    def row(cls) -> "type[Watching]":
        from projections.due.standing_watches import Watching

        return Watching


class BeginStandingPattern(UseCase, frozen=True):
    """Watch the network for a pattern. Patterns are: two people become connected, a third child is
    linked to one car, a group meets in a new town. You get one message with the links when it
    occurs. The watch ends after 28 days. A watch is never about a colleague or a parent, and about
    a child only while they are missing."""

    named = UseCaseText(
        command="standing-pattern set",
        records="standing_pattern.set",
        about="case",
        title="Watch for a pattern",
        send="Start the pattern watch",
        success_message="Pattern watch started. You get a message when the pattern occurs",
        address="standing-patterns",
    )
    case: CaseRef
    shape: Annotated[Shape, Ask("Which pattern of links do you watch for?")]
    about: Annotated[
        tuple[ItemRef, ...],
        Ask(
            "Which people, vehicles or places do you watch?",
            "Names, plates or ids, separated by commas.",
            option="--about",
        ),
    ]
    reason: Annotated[Text, Ask("Why do you watch for this pattern?", option="--reason", rows=2)]
    until: Annotated[
        End | None,
        Ask("Until when does the pattern watch last?", "Empty: the pattern watch lasts 28 days."),
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return standing_watch.begin_pattern(
            desk, reader, self.case, self.shape, self.about, self.reason, self.until, **command
        )


class EndStandingPattern(UseCase, frozen=True):
    """End a standing pattern watch."""

    named = UseCaseText(
        command="standing-pattern end",
        records="standing_pattern.ended",
        about="standing-pattern",
        title="End a pattern watch",
        send="End the pattern watch",
        success_message="Pattern watch ended",
        address="end",
    )
    pattern: Annotated[
        ItemRef,
        Ask(
            "Which pattern watch ends?",
            "The full id or its last eight characters, from the list of pattern watches",
        ),
    ]
    reason: Annotated[Text, Ask("Why does the pattern watch end?", option="--reason", rows=2)]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return standing_watch.end_pattern


class ListStandingPatterns(Question, frozen=True):
    """List the patterns that are watched for. Each shows by whom, until when, and which links
    matched."""

    named = QuestionText(
        command="standing-pattern list",
        title="Pattern watches",
        empty="No pattern watches.",
        acts=("triage", "find"),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[MatchedPattern]":
        with desk.asking() as db:
            return standing_watch.list_patterns(db, reader, now)

    @classmethod
    def row(cls) -> "type[MatchedPattern]":
        return standing_watch.MatchedPattern
