"""What a family needs, who threatens them and where it makes them move; the families that get no
worker.

Long because these are declarations.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

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
    Reference, Ref("family-need"), Ask("Which need?", "Its id or its ending.")
]
ThreatRef: TypeAlias = Annotated[
    Reference, Ref("threat"), Ask("Which threat?", "Its id or its ending.")
]
WaitRef: TypeAlias = Annotated[
    Reference, Ref("waiting"), Ask("Which family?", "The id of its waiting, or its ending.")
]


class TellNeed(UseCase, frozen=True):
    """Record what a family needs. It may be a home, peace from harassment, a school, money or a
    safe house. It returns on its date until it is met or cannot be met."""

    named = UseCaseText(
        command="family need",
        records="need.told",
        about="case",
        title="They need something",
        send="Keep it",
        success_message="Kept: {kind}, by {by}",
        address="needs",
    )
    case: CaseRef
    kind: Annotated[NeedKind, Ask("What do they need?")]
    words: Annotated[Text, Ask("What exactly?", option="--what", rows=2)]
    by: Annotated[Day, Ask("By which day is it seen to?", option="--by")]
    whom: Annotated[About, Ask("Whose need is it?", option="--of")] = "family"
    because_of: Causes = ()

    def gives(self) -> "Declared":
        from commands.families.need import tell

        return tell


class AnswerNeed(UseCase, frozen=True):
    """Record what was done about a need. The need is met, is not met (say why), or continues."""

    named = UseCaseText(
        command="family need-answered",
        records="need.answered",
        about="family-need",
        title="What was done about it?",
        send="Keep it",
        success_message="The need: {state}",
        address="answer",
    )
    need: NeedRef
    state: Annotated[NeedState, Ask("What is its status?")]
    words: Annotated[Text, Ask("What was done?", option="--what", rows=2)]
    by: Annotated[
        Day | None, Ask("When does it come back?", "Where it is under way", option="--by")
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        from commands.families.need import answer

        return answer


class TellThreat(UseCase, frozen=True):
    """Record a threat against one of a family. Somebody threatens, follows or intimidates them. It
    alarms until somebody records what was done. If somebody is in danger now, report that at once:
    family danger."""

    named = UseCaseText(
        command="family threat",
        records="threat.told",
        about="case",
        title="They are threatened",
        send="Keep it",
        success_message="Kept. Is somebody in danger now? Say so: family danger",
        address="threats",
        warns=True,
    )
    case: CaseRef
    kind: Annotated[ThreatKind, Ask("How?")]
    words: Annotated[Text, Ask("What was said or done, and by whom?", option="--what", rows=3)]
    against: Annotated[About, Ask("Against whom?")] = "family"
    happened: Annotated[Moment | None, Ask("When?", "Empty: now", option="--at", rare=True)] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        from commands.families.need import threaten

        return threaten


class AnswerThreat(UseCase, frozen=True):
    """Record what was done about a threat."""

    named = UseCaseText(
        command="family threat-answered",
        records="threat.answered",
        about="threat",
        title="What was done?",
        send="Keep it",
        success_message="Answered: {did}",
        address="answer",
    )
    threat: ThreatRef
    did: Annotated[ThreatDone, Ask("What was done?")]
    words: Annotated[Text, Ask("How?", "Or why nothing could be done", option="--what", rows=2)]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        from commands.families.need import answer_threat

        return answer_threat


class TellMove(UseCase, frozen=True):
    """Record that a family moved, when and why. Do not say where to: the address stands with the
    placement, for those with access."""

    named = UseCaseText(
        command="family moved",
        records="family.moved",
        about="case",
        title="They moved",
        send="Keep it",
        success_message="Kept: {why}",
        address="moves",
    )
    case: CaseRef
    why: Annotated[MoveReason, Ask("Why?")]
    on: Annotated[Day, Ask("On which day?", option="--on")]
    words: Annotated[Text | None, Ask("A note", "No address", option="--note", rows=2)] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        from commands.families.need import move

        return move


class TellWaiting(UseCase, frozen=True):
    """Record that no worker is available for a family. It waits, was signposted elsewhere, or was
    turned away. On its date somebody asks what became of it."""

    named = UseCaseText(
        command="waiting added",
        records="waiting.told",
        about="case",
        title="They get no worker now",
        send="Keep it",
        success_message="Kept: {state}, asked again {review}",
        address="waiting",
    )
    case: CaseRef
    state: Annotated[WaitState, Ask("What is their status?")]
    why: Annotated[Text, Ask("Why?", option="--reason", rows=2)]
    review: Annotated[Day, Ask("When does somebody ask how they are?", option="--review")]
    to: Annotated[Line | None, Ask("To whom were they sent?", "A service, no person")] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        from commands.families.need import wait

        return wait


class AskWaiting(UseCase, frozen=True):
    """Record how a family that waits is doing. Say when somebody asks again."""

    named = UseCaseText(
        command="waiting asked",
        records="waiting.asked",
        about="waiting",
        title="How are they?",
        send="Keep it",
        success_message="Kept: asked again {review}",
        address="asked",
    )
    waiting: WaitRef
    words: Annotated[Text, Ask("How are they?", option="--words", rows=2)]
    review: Annotated[Day, Ask("When does somebody ask again?", option="--review")]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.families import need
        from domain.families.waiting_family import WaitingAsked

        asked = WaitingAsked(self.words, self.review)
        return need.ask_waiting(desk, reader, self.waiting, asked, **command)


class EndWaiting(UseCase, frozen=True):
    """Record what became of a family without a worker."""

    named = UseCaseText(
        command="waiting ended",
        records="waiting.ended",
        about="waiting",
        title="What became of them?",
        send="Keep it",
        success_message="Kept: {became}",
        address="end",
    )
    waiting: WaitRef
    became: Annotated[WaitEnd, Ask("What became of them?")]
    words: Annotated[Text | None, Ask("A note", option="--note", rows=2)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.families import need

        return need.end_waiting(desk, reader, self.waiting, self.became, self.words, **command)


class ListNeeds(Question, frozen=True):
    """List a family's needs, threats and moves. It never shows where they moved to."""

    named = QuestionText(
        command="family needs",
        title="What a family needs",
        empty="Nothing is recorded.",
        acts=("see-support", "see-child"),
    )
    case: CaseRef

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        from projections.families.needs import MoveRow, NeedRow, ThreatRow

        return (
            Table("needs", "Needs", "No need is recorded.", NeedRow),
            Table("threats", "Threats", "No threat is recorded.", ThreatRow),
            Table("moves", "Moves", "They did not move.", MoveRow),
        )

    def answer(
        self, desk: "Desk", reader: "Reader", now: "datetime"
    ) -> "tuple[Sequence[Listed], ...]":
        from projections.families import needs as view

        with of_case(desk, reader, self.case) as told:
            return view.needs(*told), view.threats(*told), view.moves(*told)


class ListWaiting(Question, frozen=True):
    """List families without a worker. It says where they were sent, and what became of them."""

    named = QuestionText(
        command="waiting list",
        title="Families without a worker",
        empty="No family waits.",
        acts=("see-case",),
        address="waiting",
    )
    every: Annotated[bool, Ask("Include families whose outcome is known", option="--all")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[WaitingRow]":
        from projections.families import waiting_families as waiting

        with desk.asking() as db:
            return waiting.listed(db, reader, every=self.every)

    @classmethod
    def row(cls) -> "type[WaitingRow]":
        from projections.families.waiting_families import WaitingRow

        return WaitingRow
