"""What is kept: held by law, or decided about at its review."""

from typing import TYPE_CHECKING, Annotated, Unpack

from domain.kernel.codes import ReviewDecision
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
        title="Confirm a hold on the whole store",
        send="Confirm it",
        success_message="Confirmed: the hold stands until two people lift it",
        address="confirmation",
    )
    hold: Annotated[ItemRef, Ask("Which hold?", "A hold, or what is held.")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.erasure import legal_hold as hold

        return hold.confirm(desk, reader, self.hold, **command)


class ReviewHold(UseCase, frozen=True):
    """Extend a legal hold after a review. Say why it is still needed, and when it is reviewed
    next."""

    named = UseCaseText(
        command="hold review",
        records="hold.reviewed",
        about="hold",
        title="It is still needed",
        send="It stands on",
        success_message="It stands on, and comes back on that day",
        address="review",
    )
    hold: Annotated[ItemRef, Ask("Which hold?", "A hold, or what is held.")]
    until: Annotated[End, Ask("When is it looked at again?", option="--until")]
    reason: Annotated[Text, Ask("Why?", option="--reason", rows=2)]
    reference: Annotated[
        Line | None,
        Ask("The order's reference", "Only where there is a new one.", option="--order"),
    ] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.erasure import legal_hold as hold

        return hold.review(
            desk,
            reader,
            self.hold,
            self.until,
            self.reason,
            reference=self.reference,
            **command,
        )


class DecideReview(UseCase, frozen=True):
    """Decide at a review whether to retain a record. The record is of a person or a case. Disposal
    is only proposed; nothing is erased by it."""

    named = UseCaseText(
        command="retention decide",
        records="review.decided",
        title="Decide",
        send="Decide",
        success_message="Decided: {decision}. Nothing is erased by it",
        address="retention",
    )
    item: Annotated[ItemRef, Ask("Which person or case?", "Its id, a case's number, or a name.")]
    decision: Annotated[ReviewDecision, Ask("Keep it?")]
    reason: Annotated[Text, Ask("Why?", option="--reason", rows=2)]
    until: Annotated[End | None, Ask("Until when?", "Empty: as its group says")] = None
    group: Annotated[int | None, Ask("Its MoPI group from here on", "1 to 4", rare=True)] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.erasure import retention

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
