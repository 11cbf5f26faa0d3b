"""Sources by their tokens: reliability, conflicts of interest, independence and CHIS status."""

from typing import TYPE_CHECKING, Annotated, Unpack

from commands.information import covert_source_review, source
from domain.kernel.codes import DriftDecision, DriftGrounds
from domain.kernel.values import SourceGrade
from usecases.kernel.usecase import Ask, Day, ItemRef, Line, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader


class GradeSource(UseCase, frozen=True):
    """Grade a source's reliability. The grade belongs to the source, not to an item. It is between
    1 (reliable) and 3 (not reliable). A parent who gives information for the first time is graded 2
    (untested)."""

    named = UseCaseText(
        command="source grade",
        records="source.graded",
        title="Grade a source's reliability",
        send="Grade the source",
        success_message="Graded {grade}",
        address="sources/grade",
    )
    source: Annotated[
        ItemRef,
        Ask(
            "Which source do you grade?",
            "The source's token, or the id of a log entry from the source.",
        ),
    ]
    grade: Annotated[SourceGrade, Ask("How reliable is the source?")]
    reason: Annotated[Text, Ask("Why does the source get this grade?", option="--reason", rows=2)]

    def gives(self) -> "Declared":
        return source.grade


class NoteConflict(UseCase, frozen=True):
    """Record a source's conflict of interest. Such a source is never graded 1 (reliable)."""

    named = UseCaseText(
        command="source conflict",
        records="source.conflict_noted",
        title="Record a conflict of interest",
        send="Record the conflict of interest",
        success_message="Conflict of interest recorded",
        address="sources/conflict",
    )
    source: Annotated[
        ItemRef,
        Ask(
            "Which source has the conflict of interest?",
            "The source's token, or the id of a log entry from the source.",
        ),
    ]
    reason: Annotated[Text, Ask("What is the conflict of interest?", option="--reason", rows=2)]

    def gives(self) -> "Declared":
        return source.note_conflict


class AskForStanding(UseCase, frozen=True):
    """Ask an inspector to review a source as a CHIS. A CHIS is a covert human intelligence source.
    Ask for the review if the source uses a relationship covertly, deceives, or was directed at the
    suspect. Log entries do not wait for the decision."""

    named = UseCaseText(
        command="source drift due",
        records="source.status_review_due",
        title="Review for covert source status (CHIS)",
        send="Ask the inspector for a decision",
        success_message="The inspector is asked to decide. Work on log entries goes on meanwhile",
        address="sources/standing-due",
    )
    source: Annotated[
        ItemRef,
        Ask(
            "Which source is to be reviewed?",
            "The source's token, or the id of a log entry from the source.",
        ),
    ]
    suspect: Annotated[
        ItemRef, Ask("About which suspect does the source report?", "A name or an id.")
    ]
    grounds: Annotated[
        DriftGrounds,
        Ask(
            "On which grounds do you request the review?",
            "The number of reports is no ground.",
            option="--grounds",
        ),
    ]
    reason: Annotated[
        Text,
        Ask(
            "What did you see or hear that suggests covert source status?",
            option="--reason",
            rows=2,
        ),
    ]
    under_16: Annotated[
        bool | None, Ask("Is the source under 16?", option="--under-16/--over-16")
    ] = None
    own_parent: Annotated[
        bool | None,
        Ask("Is the suspect the source's own parent?", option="--own-parent/--no-parent"),
    ] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return covert_source_review.review_due(
            desk,
            reader,
            self.source,
            self.suspect,
            self.grounds,
            self.reason,
            under_16=self.under_16,
            own_parent=self.own_parent,
            **command,
        )


class DecideStanding(UseCase, frozen=True):
    """Decide whether a source has become a CHIS. A decision is about one suspect, and applies for a
    year at most."""

    named = UseCaseText(
        command="source drift decide",
        records="source.status_decided",
        title="Decide about covert source status (CHIS)",
        send="Record the decision",
        success_message="Decided: {decision}, until {expires}",
        address="sources/standing",
    )
    source: Annotated[
        ItemRef,
        Ask(
            "Which source do you decide about?",
            "The source's token, or the id of a log entry from the source.",
        ),
    ]
    suspect: Annotated[
        ItemRef, Ask("About which suspect does the source report?", "An id or a name.")
    ]
    decision: Annotated[DriftDecision, Ask("What is decided about the source?")]
    expires: Annotated[
        Day,
        Ask(
            "Until when is the decision valid?",
            "The decision lasts at most a year.",
            option="--until",
        ),
    ]
    reason: Annotated[Text, Ask("What is the reason for this decision?", option="--reason", rows=2)]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return covert_source_review.decide(
            desk,
            reader,
            self.source,
            self.suspect,
            self.decision,
            self.expires,
            self.reason,
            **command,
        )


class JoinRoots(UseCase, frozen=True):
    """Join two sources that repeat one person. From then on they count as one independent
    source."""

    named = UseCaseText(
        command="roots join",
        records="roots.joined",
        title="Count two sources as one",
        send="Count the sources as one",
        success_message="The two sources count as one independent source",
        address="roots/join",
    )
    a: Annotated[Line, Ask("First of the two sources", "The source's token.")]
    b: Annotated[Line, Ask("Second of the two sources", "The source's token.")]
    reason: Annotated[Text, Ask("Why do the two sources count as one?", option="--reason", rows=2)]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return source.join_roots(desk, reader, self.a, self.b, self.reason, **command)


class PartRoots(UseCase, frozen=True):
    """Separate two sources that were joined. They count as two independent sources again."""

    named = UseCaseText(
        command="roots part",
        records="roots.parted",
        title="Count two sources separately again",
        send="Count the sources separately",
        success_message="The two sources count as independent of each other",
        address="roots/part",
    )
    a: Annotated[Line, Ask("First of the two sources", "The source's token.")]
    b: Annotated[Line, Ask("Second of the two sources", "The source's token.")]
    reason: Annotated[
        Text, Ask("Why are the two sources independent of each other?", option="--reason", rows=2)
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return source.part_roots(desk, reader, self.a, self.b, self.reason, **command)
