"""Families' needs, threats against them and moves; families without a worker.

The file is long because each command is declared here with its texts.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from commands.families import need
from domain.kernel.codes import (
    About,
    MoveReason,
    NeedKind,
    NeedState,
    ThreatDone,
    ThreatKind,
    WaitEnd,
    WaitState,
)
from projections.families import needs, waiting_families
from usecases.kernel.question import Question, QuestionText, Table, of_case
from usecases.kernel.usecase import (
    Ask,
    CaseRef,
    Causes,
    Day,
    Line,
    Moment,
    Ref,
    Reference,
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
    from projections.families.waiting_families import WaitingRow
    from projections.kernel.columns import Listed

NeedRef: TypeAlias = Annotated[
    Reference,
    Ref("family-need"),
    Ask("Which need of the family is it?", "The full id or its last eight characters."),
]
ThreatRef: TypeAlias = Annotated[
    Reference,
    Ref("threat"),
    Ask("Which threat to the family is it?", "The full id or its last eight characters."),
]
WaitRef: TypeAlias = Annotated[
    Reference,
    Ref("waiting"),
    Ask(
        "Which waiting family is it?",
        "The id of its record, or the last eight characters of the id.",
    ),
]


class TellNeed(UseCase, frozen=True):
    """Record what a family needs. It may be a home, peace from harassment, a school, money or a
    safe house. The need is due on its date until it is met or cannot be met."""

    named = UseCaseText(
        command="family need",
        records="need.told",
        about="case",
        title="Record a need",
        send="Record the need",
        success_message="Need recorded: {kind}, due {by}",
        address="needs",
    )
    case: CaseRef
    kind: Annotated[NeedKind, Ask("What kind of help does the family need?")]
    words: Annotated[Text, Ask("What exactly does the family need?", option="--what", rows=2)]
    by: Annotated[Day, Ask("By which day is the need to be met?", option="--by")]
    whom: Annotated[About, Ask("Which family member needs the help?", option="--of")] = "family"
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return need.tell


class AnswerNeed(UseCase, frozen=True):
    """Record what was done about a need. The need is met, is not met (say why), or continues."""

    named = UseCaseText(
        command="family need-answered",
        records="need.answered",
        about="family-need",
        title="Record the response to a need",
        send="Record the response",
        success_message="Need: {state}",
        address="answer",
    )
    need: NeedRef
    state: Annotated[NeedState, Ask("What is the status of the need?")]
    words: Annotated[Text, Ask("What was done about the need?", option="--what", rows=2)]
    by: Annotated[
        Day | None,
        Ask("When is the need reviewed next?", "Only if the need continues", option="--by"),
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return need.answer


class TellThreat(UseCase, frozen=True):
    """Record a threat against a family member. Somebody threatens, follows or intimidates them. The
    threat raises an alert until an answer is recorded. If a person is in danger now, report that at
    once: family danger."""

    named = UseCaseText(
        command="family threat",
        records="threat.told",
        about="case",
        title="Record a threat",
        send="Record the threat",
        success_message="Threat recorded. If a person is in danger now, report the "
        "danger: family danger",
        address="threats",
        warns=True,
    )
    case: CaseRef
    kind: Annotated[ThreatKind, Ask("Which kind of threat is it?")]
    words: Annotated[
        Text, Ask("What did the threatening person say or do?", option="--what", rows=3)
    ]
    against: Annotated[About, Ask("Which family member is threatened?")] = "family"
    happened: Annotated[
        Moment | None, Ask("When was the threat made?", "Empty: now", option="--at", rare=True)
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return need.threaten


class AnswerThreat(UseCase, frozen=True):
    """Record what was done about a threat."""

    named = UseCaseText(
        command="family threat-answered",
        records="threat.answered",
        about="threat",
        title="Record the response to a threat",
        send="Record the response",
        success_message="Response recorded: {did}",
        address="answer",
    )
    threat: ThreatRef
    did: Annotated[ThreatDone, Ask("What was done about the threat?")]
    words: Annotated[
        Text,
        Ask(
            "How was the response to the threat carried out?",
            "Or give the reason why no response was possible",
            option="--what",
            rows=2,
        ),
    ]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return need.answer_threat


class TellMove(UseCase, frozen=True):
    """Record that a family moved, when and why. Do not write where to: the address belongs to the
    placement, for people with access."""

    named = UseCaseText(
        command="family moved",
        records="family.moved",
        about="case",
        title="Record a move",
        send="Record the move",
        success_message="Move recorded: {why}",
        address="moves",
    )
    case: CaseRef
    why: Annotated[MoveReason, Ask("Why did the family move?")]
    on: Annotated[Day, Ask("On which day did the family move home?", option="--on")]
    words: Annotated[
        Text | None,
        Ask("Note on the family's move", "Do not write the address", option="--note", rows=2),
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return need.move


class TellWaiting(UseCase, frozen=True):
    """Record that no worker is available for a family. Say whether the family waits, was referred
    to another service, or was turned away. The next contact with the family is due on the day that
    you give."""

    named = UseCaseText(
        command="waiting added",
        records="waiting.told",
        about="case",
        title="Record that no worker is available",
        send="Record the family's status",
        success_message="Family's status recorded: {state}. Contact is due on {review}",
        address="waiting",
    )
    case: CaseRef
    state: Annotated[
        WaitState, Ask("Does the family wait for a worker, or was it referred to another service?")
    ]
    why: Annotated[Text, Ask("Why is no worker available?", option="--reason", rows=2)]
    review: Annotated[Day, Ask("When is the next contact with the family due?", option="--review")]
    to: Annotated[
        Line | None,
        Ask("To which other service was the family referred?", "Name a service, not a person"),
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return need.wait


class AskWaiting(UseCase, frozen=True):
    """Record how a family that waits is doing. Give the date of the next contact."""

    named = UseCaseText(
        command="waiting asked",
        records="waiting.asked",
        about="waiting",
        title="Record the situation of a waiting family",
        send="Record the family's situation",
        success_message="Family's situation recorded. The next contact is due on {review}",
        address="asked",
    )
    waiting: WaitRef
    words: Annotated[Text, Ask("How is the family doing?", option="--words", rows=2)]
    review: Annotated[Day, Ask("When is the next contact with the family due?", option="--review")]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return need.record_waiting_contact


class EndWaiting(UseCase, frozen=True):
    """Record what became of a family without a worker."""

    named = UseCaseText(
        command="waiting ended",
        records="waiting.ended",
        about="waiting",
        title="Record the outcome for a waiting family",
        send="Record the outcome",
        success_message="Outcome: {became}",
        address="end",
    )
    waiting: WaitRef
    became: Annotated[WaitEnd, Ask("What was the outcome for the family?")]
    words: Annotated[Text | None, Ask("Note on the outcome", option="--note", rows=2)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return need.end_waiting(desk, reader, self.waiting, self.became, self.words, **command)


class ListNeeds(Question, frozen=True):
    """List a family's needs, threats and moves. It never shows where the family moved to."""

    named = QuestionText(
        command="family needs",
        title="Needs, threats and moves",
        empty="No needs, threats or moves are recorded.",
        acts=("see-support", "see-child"),
    )
    case: CaseRef

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return (
            Table("needs", "Needs", "No needs.", needs.NeedRow),
            Table("threats", "Threats", "No threats.", needs.ThreatRow),
            Table("moves", "Moves", "No moves.", needs.MoveRow),
        )

    def answer(
        self, desk: "Desk", reader: "Reader", now: "datetime"
    ) -> "tuple[Sequence[Listed], ...]":
        with of_case(desk, reader, self.case) as arguments:
            return needs.needs(*arguments), needs.threats(*arguments), needs.moves(*arguments)


class ListWaiting(Question, frozen=True):
    """List families without a worker. Each row says where the family was sent, and what became of
    it."""

    named = QuestionText(
        command="waiting list",
        title="Families without a worker",
        empty="No families wait for a worker.",
        acts=("see-case",),
        address="waiting",
    )
    every: Annotated[bool, Ask("Include families with a recorded outcome", option="--all")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[WaitingRow]":
        with desk.asking() as db:
            return waiting_families.list_waiting_families(db, reader, include_all=self.every)

    @classmethod
    def row(cls) -> "type[WaitingRow]":
        return waiting_families.WaitingRow
