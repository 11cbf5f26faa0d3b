"""Answer requests for a victim's information.

The victim is informed of a request, the charity decides about it, and the charity hands the
information over (victim information requests, 2026). The file is long because each command is
declared here with its texts.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from commands.justice import victim_request
from commands.kernel import item_references
from domain.justice import victim_request as victim_request_domain
from domain.kernel.codes import (
    InformationDecision,
    Notice,
    NoticeException,
    NoticeTo,
    RequestPurpose,
)
from projections.justice import victim_requests
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
    Reference,
    Ref("victim-request"),
    Ask("Which victim information request is it?", "The full id or its last eight characters."),
]
InformedPerson: TypeAlias = Annotated[
    NoticeTo | None,
    Ask(
        "Who was told of the victim information request?",
        "For a child: a parent, or the person in a parent's place.",
        option="--told",
    ),
]
WhyNot: TypeAlias = Annotated[
    NoticeException | None,
    Ask("Which exception applies if the victim is not told?", option="--exception"),
]


class AskForInformation(UseCase, frozen=True):
    """Ask for information about a victim. Record also a request from somebody without an account.
    Say what exactly is requested, for which enquiry, and why; support notes need substantial
    probative value."""

    named = UseCaseText(
        command="victim-request ask",
        records="victim_request.asked",
        about="case",
        title="Request information about the child",
        send="Send the request",
        success_message="Request sent. The charity decides",
        address="victim-requests",
    )
    case: CaseRef
    sought: Annotated[
        Text,
        Ask(
            "What information is requested?",
            "Request no more than is needed.",
            option="--for",
            rows=2,
        ),
    ]
    enquiry: Annotated[
        Text,
        Ask(
            "For which reasonable line of enquiry is the information needed?",
            option="--enquiry",
            rows=2,
        ),
    ]
    purpose: Annotated[
        RequestPurpose, Ask("For which purpose is the information requested?", option="--purpose")
    ]
    necessary: Annotated[
        Text,
        Ask(
            "Why is the request necessary?",
            "Say why the information cannot be obtained otherwise.",
            option="--necessary",
            rows=2,
        ),
    ]
    proportionate: Annotated[
        Text,
        Ask("Why is the request proportionate?", option="--proportionate", rows=2),
    ]
    notice: Annotated[
        Notice,
        Ask(
            "Was the victim told of the request?",
            "The victim has to be told in writing what is requested, why, and how it is used.",
            option="--notice",
        ),
    ]
    support_notes: Annotated[
        bool,
        Ask(
            "The request includes support notes",
            "Support notes cover any emotional support, paid or not.",
        ),
    ] = False
    probative: Annotated[
        Text | None,
        Ask("Why are the support notes likely to have substantial probative value?", rows=2),
    ] = None
    rebutted: Annotated[
        Text | None,
        Ask(
            "Why is the presumption against requesting support notes overridden?",
            option="--why-not-presumed",
            rows=2,
        ),
    ] = None
    told: InformedPerson = None
    exception: WhyNot = None
    notice_reason: Annotated[
        Text | None,
        Ask("Why was the victim not told, or not yet?", option="--notice-reason", rows=2),
    ] = None
    asker: Annotated[
        Line | None,
        Ask(
            "Who makes the request, if the requester has no account?",
            "Name, rank, force.",
            option="--asker",
        ),
    ] = None
    received: Annotated[
        Moment | None, Ask("When was the request received?", "Empty: now", option="--at")
    ] = None
    answer_by: Annotated[
        Day | None, Ask("By when is the requested information needed?", option="--by")
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        made = victim_request_domain.InformationAsked(
            item_references.UNNAMED,
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
        return victim_request.request_information(desk, reader, made, self.case, **command)


class TellVictim(UseCase, frozen=True):
    """Record that a victim was told of a request. If the victim was not told, say why."""

    named = UseCaseText(
        command="victim-request notice",
        records="victim_request.victim_told",
        about="victim-request",
        title="Record whether the victim was told",
        send="Record the answer",
        success_message="Answer recorded: {notice}",
        address="notices",
    )
    request: RequestRef
    notice: Annotated[Notice, Ask("Was the victim told of the request?")]
    told: InformedPerson = None
    exception: WhyNot = None
    reason: Annotated[
        Text | None, Ask("Why was the victim not told?", option="--reason", rows=2)
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        event = victim_request_domain.VictimTold(
            self.notice, self.told, self.exception, self.reason
        )
        return victim_request.tell_victim(desk, reader, self.request, event, **command)


class DecideInformation(UseCase, frozen=True):
    """Decide what the charity gives about a victim. The charity gives all, a part, or nothing, and
    says why."""

    named = UseCaseText(
        command="victim-request decide",
        records="victim_request.decided",
        about="victim-request",
        title="Decide what information the requester gets",
        send="Record the decision",
        success_message="Decided: {decision}",
        address="decisions",
    )
    request: RequestRef
    decision: Annotated[InformationDecision, Ask("How much of the requested information is given?")]
    items: Annotated[
        tuple[ItemRef, ...],
        Meta(max_length=1_000),
        Ref(),
        Ask(
            "Which notes and contacts does the requester get?",
            "Ids, separated by commas.",
            option="--item",
        ),
    ] = ()
    reason: Annotated[
        Text | None,
        Ask(
            "Why is some or all of the information not given?",
            "The requester reads this reason.",
            option="--reason",
            rows=2,
        ),
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return victim_request.decide


class WithdrawRequest(UseCase, frozen=True):
    """Withdraw a request that is no longer needed."""

    named = UseCaseText(
        command="victim-request withdraw",
        records="victim_request.withdrawn",
        about="victim-request",
        title="Withdraw a victim information request",
        send="Withdraw the request",
        success_message="Request withdrawn",
        address="withdrawal",
    )
    request: RequestRef
    reason: Annotated[
        Text, Ask("Why is the victim information request withdrawn?", option="--reason", rows=2)
    ]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return victim_request.withdraw


class ListVictimRequests(Question, frozen=True):
    """List requests for information about victims. Each shows whether the victim was told, and what
    was decided."""

    named = QuestionText(
        command="victim-request list",
        title="Requests for victims' information",
        empty="No requests for victims' information.",
        acts=("support", "evidence", "schedule", "allocate"),
        address="victim-requests",
    )
    every: Annotated[bool, Ask("Include closed victim information requests", option="--all")] = (
        False
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[VictimRequestRow]":
        with desk.asking() as db:
            return victim_requests.list_victim_requests(db, reader, include_all=self.every)

    @classmethod
    def row(cls) -> "type[VictimRequestRow]":
        return victim_requests.VictimRequestRow
