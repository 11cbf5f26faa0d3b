"""Legal holds, and decisions at the review of a record."""

from typing import TYPE_CHECKING, Annotated, Unpack

from commands.erasure import legal_hold, retention
from domain.kernel.codes import ReviewDecision
from domain.kernel.values import HoldGround
from usecases.kernel.usecase import Ask, End, ItemRef, Line, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader


class ConfirmHold(UseCase, frozen=True):
    """Countersign a hold on the whole store. The hold applies before that, too."""

    named = UseCaseText(
        command="hold confirm",
        records="hold.confirmed",
        about="hold",
        title="Confirm a legal hold on the whole store",
        send="Confirm the hold",
        success_message="Legal hold confirmed. It applies until two people lift it",
        address="confirmation",
    )
    hold: Annotated[
        ItemRef,
        Ask(
            "Which legal hold do you confirm?",
            "The id of the legal hold, or of the item under the hold.",
        ),
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return legal_hold.confirm(desk, reader, self.hold, **command)


class ReviewHold(UseCase, frozen=True):
    """Extend a legal hold after a review. Say why it is still needed, and when it is reviewed
    next."""

    named = UseCaseText(
        command="hold review",
        records="hold.reviewed",
        about="hold",
        title="Extend a legal hold",
        send="Extend the hold",
        success_message="Hold extended until the next review",
        address="review",
    )
    hold: Annotated[
        ItemRef,
        Ask(
            "Which legal hold did you review?",
            "The id of the legal hold, or of the item under the hold.",
        ),
    ]
    until: Annotated[End, Ask("When is the legal hold reviewed next?", option="--until")]
    reason: Annotated[Text, Ask("Why is the legal hold still needed?", option="--reason", rows=2)]
    reference: Annotated[
        Line | None,
        Ask(
            "Reference of the new court order",
            "Only if the court or inquiry made a new order.",
            option="--order",
        ),
    ] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return legal_hold.review(
            desk,
            reader,
            self.hold,
            self.until,
            self.reason,
            reference=self.reference,
            **command,
        )


class LiftHold(UseCase, frozen=True):
    """Propose to lift a legal hold. Another person who may erase or approve erasures confirms
    it."""

    named = UseCaseText(
        command="hold lift",
        records="hold.ended",
        about="hold",
        title="Lift a legal hold",
        send="Propose to lift the hold",
        success_message="Hold lifted",
        address="lifting",
        proposes=("lift-hold",),
    )
    hold: Annotated[
        ItemRef,
        Ask(
            "Which legal hold is no longer needed?",
            "The id of the legal hold, or of the item under the hold.",
        ),
    ]
    reason: Annotated[
        Text, Ask("Why is the legal hold no longer needed?", option="--reason", rows=2)
    ]
    ground: Annotated[
        HoldGround | None,
        Ask("Which legal hold is lifted, if there are several on the item?", rare=True),
    ] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        arguments = (self.hold, self.reason, self.ground)
        return legal_hold.lift(desk, reader, *arguments, command_id=command.get("command_id"))


class RequestRestriction(UseCase, frozen=True):
    """Record a person's request to restrict the use of an item. Nothing changes until a supervisor
    or the data-protection officer decides, within 28 days."""

    named = UseCaseText(
        command="restriction request",
        records="restriction.requested",
        about="item",
        title="Record a request to restrict the use of an item",
        send="Record the request",
        success_message="Request recorded, nothing changed: a supervisor or the data-protection "
        "officer decides within 28 days",
        address="restriction-request",
    )
    item: Annotated[
        ItemRef,
        Ask(
            "Which item does the request for restriction name?",
            "The item's id, a case's number, or a name.",
        ),
    ]
    requester: Annotated[
        Line,
        Ask(
            "Who requests the restriction, and how did you check their identity?",
            option="--requester",
        ),
    ]
    reason: Annotated[
        Text, Ask("Why does this person request the restriction?", option="--reason", rows=2)
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        arguments = (self.item, self.requester, self.reason)
        return retention.request_restriction(desk, reader, *arguments, **command)


class RefuseRestriction(UseCase, frozen=True):
    """Refuse a person's request to restrict the use of an item. The use continues."""

    named = UseCaseText(
        command="restriction refuse",
        records="restriction.refused",
        about="item",
        title="Refuse a request to restrict the use of an item",
        send="Refuse the request",
        success_message="Request refused: the use of the item continues. Tell the person why, "
        "and how to complain",
        address="restriction-refusal",
    )
    item: Annotated[
        ItemRef,
        Ask(
            "Which item does the request for restriction name?",
            "The item's id, a case's number, or a name.",
        ),
    ]
    reason: Annotated[
        Text, Ask("Why is the request for restriction refused?", option="--reason", rows=2)
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return retention.refuse_restriction(desk, reader, self.item, self.reason, **command)


class DecideReview(UseCase, frozen=True):
    """Decide at a review whether to retain a record. The record is a person or a case. Disposal is
    only proposed; the decision erases nothing."""

    named = UseCaseText(
        command="retention decide",
        records="review.decided",
        title="Decide a retention review",
        send="Record the decision",
        success_message="Decided: {decision}. No record is erased by this decision",
        address="retention",
    )
    item: Annotated[
        ItemRef, Ask("Which person or case do you review?", "A name, an id or a case's number.")
    ]
    decision: Annotated[ReviewDecision, Ask("Is the record retained or disposed of?")]
    reason: Annotated[Text, Ask("What is the reason for this decision?", option="--reason", rows=2)]
    until: Annotated[
        End | None,
        Ask("Until when is the record retained?", "Empty: until the review date of the MoPI group"),
    ] = None
    group: Annotated[
        int | None, Ask("New MoPI group of the record", "A number from 1 to 4", rare=True)
    ] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return retention.decide_review(
            desk,
            reader,
            self.item,
            self.decision,
            self.reason,
            until=self.until,
            group=self.group,
            **command,
        )
