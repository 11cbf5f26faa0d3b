"""Information about a victim that is asked for: the victim told, decided by the charity, handed
over (victim information requests, 2026)."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from domain.kernel.codes import (
    InformationDecision,
    Notice,
    NoticeException,
    NoticeTo,
    RequestPurpose,
)
from usecases.kernel.question import Question, QuestionText
from usecases.kernel.usecase import (
    Ask,
    CaseRef,
    Causes,
    Day,
    ItemRef,
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
    from projections.justice.victim_requests import VictimRequestRow

RequestRef: TypeAlias = Annotated[
    Reference, Ref("victim-request"), Ask("Which request?", "Its id or its ending.")
]
Told: TypeAlias = Annotated[
    NoticeTo | None,
    Ask("Who was told?", "Of a child: a parent, or who stands in for one.", option="--told"),
]
WhyNot: TypeAlias = Annotated[
    NoticeException | None, Ask("Not told: which exception?", option="--exception")
]


class AskForInformation(UseCase, frozen=True):
    """Ask for information about a victim. It also records what somebody without an account asks.
    Say what exactly, for which enquiry, and why; support notes need substantial probative value."""

    named = UseCaseText(
        command="victim-request ask",
        records="victim_request.asked",
        about="case",
        title="Information about the child is asked for",
        send="Ask for it",
        success_message="Asked: the charity decides",
        address="victim-requests",
    )
    case: CaseRef
    sought: Annotated[
        Text, Ask("What exactly is asked for?", "No more than is needed.", option="--for", rows=2)
    ]
    enquiry: Annotated[
        Text, Ask("For which reasonable line of enquiry?", option="--enquiry", rows=2)
    ]
    purpose: Annotated[RequestPurpose, Ask("For which purpose?", option="--purpose")]
    necessary: Annotated[
        Text,
        Ask("Why is it necessary?", "And cannot be had otherwise.", option="--necessary", rows=2),
    ]
    proportionate: Annotated[
        Text,
        Ask("Why is it proportionate to what it costs?", option="--proportionate", rows=2),
    ]
    notice: Annotated[
        Notice,
        Ask(
            "Was the victim told?",
            "In writing: what, why, and what becomes of it.",
            option="--notice",
        ),
    ]
    support_notes: Annotated[
        bool, Ask("Of support notes", "Any emotional support, paid or not.")
    ] = False
    probative: Annotated[
        Text | None,
        Ask("Support notes: what makes substantial probative value likely?", rows=2),
    ] = None
    rebutted: Annotated[
        Text | None,
        Ask(
            "Support notes: why does the presumption against asking not hold?",
            option="--why-not-presumed",
            rows=2,
        ),
    ] = None
    told: Told = None
    exception: WhyNot = None
    notice_reason: Annotated[
        Text | None, Ask("Why not, or not yet?", option="--notice-reason", rows=2)
    ] = None
    asker: Annotated[
        Line | None,
        Ask("Who asks, where they have no account?", "Name, rank, force.", option="--asker"),
    ] = None
    received: Annotated[Moment | None, Ask("When did it come?", "Empty: now", option="--at")] = None
    answer_by: Annotated[Day | None, Ask("By when is it needed?", option="--by")] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.justice import victim_request
        from commands.kernel.item_references import UNNAMED
        from domain.justice.victim_request import InformationAsked

        made = InformationAsked(
            UNNAMED,
            self.support_notes,
            self.purpose,
            self.sought,
            self.enquiry,
            self.necessary,
            self.proportionate,
            self.probative,
            self.rebutted,
            self.asker,
            self.received,
            self.answer_by,
            self.notice,
            self.told,
            self.exception,
            self.notice_reason,
        )
        return victim_request.ask(desk, reader, made, self.case, **command)


class TellVictim(UseCase, frozen=True):
    """Record that a victim was told of a request. If the victim was not told, say why."""

    named = UseCaseText(
        command="victim-request notice",
        records="victim_request.victim_told",
        about="victim-request",
        title="The victim was told, or not",
        send="Keep it",
        success_message="Kept: {notice}",
        address="notices",
    )
    request: RequestRef
    notice: Annotated[Notice, Ask("Was the victim told?")]
    told: Told = None
    exception: WhyNot = None
    reason: Annotated[Text | None, Ask("Why not?", option="--reason", rows=2)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.justice import victim_request
        from domain.justice.victim_request import VictimTold

        told = VictimTold(self.notice, self.told, self.exception, self.reason)
        return victim_request.tell_victim(desk, reader, self.request, told, **command)


class DecideInformation(UseCase, frozen=True):
    """Decide what the charity gives about a victim. It gives all, a part, or nothing, and says
    why."""

    named = UseCaseText(
        command="victim-request decide",
        records="victim_request.decided",
        about="victim-request",
        title="What is given?",
        send="Decide",
        success_message="Decided: {decision}",
        address="decisions",
    )
    request: RequestRef
    decision: Annotated[InformationDecision, Ask("What is given?")]
    items: Annotated[
        tuple[ItemRef, ...],
        Meta(max_length=1_000),
        Ref(),
        Ask("Which notes and contacts?", "Ids, with commas between.", option="--item"),
    ] = ()
    reason: Annotated[
        Text | None, Ask("Why not all of it?", "The requester reads it.", option="--reason", rows=2)
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.justice import victim_request
        from domain.justice.victim_request import InformationDecided

        decided = InformationDecided(self.decision, self.reason)
        return victim_request.decide(desk, reader, self.request, decided, self.items, **command)


class WithdrawRequest(UseCase, frozen=True):
    """Withdraw a request that is no longer needed."""

    named = UseCaseText(
        command="victim-request withdraw",
        records="victim_request.withdrawn",
        about="victim-request",
        title="It is not needed any more",
        send="Withdraw it",
        success_message="Withdrawn",
        address="withdrawal",
    )
    request: RequestRef
    reason: Annotated[Text, Ask("Why?", option="--reason", rows=2)]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        from commands.justice.victim_request import withdraw

        return withdraw


class ListVictimRequests(Question, frozen=True):
    """List requests for information about victims. It says whether the victim was told, and what
    was decided."""

    named = QuestionText(
        command="victim-request list",
        title="Information about victims that was asked for",
        empty="Nothing is asked for.",
        acts=("support", "evidence", "schedule", "allocate"),
        address="victim-requests",
    )
    every: Annotated[bool, Ask("Those that are over, too", option="--all")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[VictimRequestRow]":
        from projections.justice import victim_requests

        with desk.asking() as db:
            return victim_requests.listed(db, reader, every=self.every)

    @classmethod
    def row(cls) -> "type[VictimRequestRow]":
        from projections.justice.victim_requests import VictimRequestRow

        return VictimRequestRow
