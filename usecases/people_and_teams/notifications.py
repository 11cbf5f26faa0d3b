"""Reminders by mail, and acknowledgements of items that are due."""

from typing import TYPE_CHECKING, Annotated, Unpack

from commands.people_and_teams import escalating
from usecases.kernel.usecase import Ask, ItemRef, Line, UseCase, UseCaseText

if TYPE_CHECKING:
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader


class ReachByMail(UseCase, frozen=True):
    """Set somebody's mail address for reminders. A reminder says that something is due, never
    what."""

    named = UseCaseText(
        command="user reach",
        records="user.address_given",
        title="Set a mail address for reminders",
        send="Save the address",
        success_message="{user} gets reminders by mail",
        address="accounts/reach",
    )
    user: Annotated[Line, Ask("Who gets the reminders?")]
    email: Annotated[
        Line,
        Ask(
            "Which mail address gets the reminders?",
            "A work address. It is stored encrypted.",
            option="--email",
        ),
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return escalating.give_address(desk, reader, self.user, self.email, **command)


class ForgetAddress(UseCase, frozen=True):
    """Stop sending reminders to somebody."""

    named = UseCaseText(
        command="user unreach",
        records="user.address_taken",
        title="Stop reminders by mail",
        send="Remove the address",
        success_message="{user} gets no more reminders by mail",
        address="accounts/unreach",
    )
    user: Annotated[Line, Ask("Whose mail address is removed?")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return escalating.give_address(desk, reader, self.user, None, **command)


class HaveInHand(UseCase, frozen=True):
    """Acknowledge that you are dealing with a due item. If the item is urgent, its notifications
    pause for half an hour; if you acknowledge it again, they do not pause again. The item stays
    due."""

    named = UseCaseText(
        command="due acknowledge",
        records="due.acknowledged",
        about="due",
        title="Acknowledge a due item",
        send="Acknowledge",
        success_message="Acknowledged. The item stays due until it is answered",
        address="acknowledge",
    )
    which: Annotated[
        ItemRef,
        Ask(
            "Which due item do you acknowledge?",
            "The full id or its last eight characters, as in the list of due items.",
        ),
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return escalating.acknowledge(desk, reader, self.which, **command)
