"""How people are told that something is due for them, and who has it in hand."""

from typing import TYPE_CHECKING, Annotated, Unpack

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
        title="Tell them by mail",
        send="Keep the address",
        success_message="{user} is told by mail",
        address="accounts/reach",
    )
    user: Annotated[Line, Ask("Whose account?")]
    email: Annotated[
        Line,
        Ask("Which address?", "A work address. It is stored encrypted.", option="--email"),
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.people_and_teams import escalating

        return escalating.give_address(desk, reader, self.user, self.email, **command)


class ForgetAddress(UseCase, frozen=True):
    """Stop sending reminders to somebody."""

    named = UseCaseText(
        command="user unreach",
        records="user.address_taken",
        title="Forget their address",
        send="Forget it",
        success_message="{user} is no longer told by mail",
        address="accounts/unreach",
    )
    user: Annotated[Line, Ask("Whose account?")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.people_and_teams import escalating

        return escalating.give_address(desk, reader, self.user, None, **command)


class HaveInHand(UseCase, frozen=True):
    """Acknowledge that you are dealing with a due item. Its alarm is silent for half an hour, once;
    the item stays due."""

    named = UseCaseText(
        command="due acknowledge",
        records="due.acknowledged",
        about="due",
        title="I have it in hand",
        send="I have it",
        success_message="You have it in hand; it stays due until it is answered",
        address="acknowledge",
    )
    which: Annotated[ItemRef, Ask("Which?", "Its id in what is due, or the end of it.")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.people_and_teams import escalating

        return escalating.acknowledge(desk, reader, self.which, **command)
