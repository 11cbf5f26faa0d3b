"""Accounts: who may come in, in which roles and teams, and whose a family is."""

from typing import TYPE_CHECKING, Annotated, Unpack

from domain.values import Role
from usecases.usecase import Ask, ItemRef, Line, Named, UseCase

if TYPE_CHECKING:
    from commands.desk import Command, Desk, Receipt
    from domain.values import Reader


class LockAccount(UseCase, frozen=True):
    """Lock an account and end its sessions."""

    told_as = Named(
        command="user lock",
        warns=True,
        records="user.locked",
        title="Lock them out",
        send="Lock",
        done="{user} is locked out",
        address="accounts/lock",
    )
    user: Annotated[Line, Ask("Whose account?")]
    reason: Annotated[Line, Ask("Why?", option="--reason")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import account

        return account.lock(desk, reader, self.user, self.reason, **command)


class UnlockAccount(UseCase, frozen=True):
    """Unlock an account."""

    told_as = Named(
        command="user unlock",
        records="user.unlocked",
        title="Unlock the account",
        send="Unlock",
        done="{user} is no longer locked out",
        address="accounts/unlock",
    )
    user: Annotated[Line, Ask("Whose account?")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import account

        return account.unlock(desk, reader, self.user, **command)


class LeaveForGood(UseCase, frozen=True):
    """Deactivate a leaver's account. It lists the open cases that are left without a worker."""

    told_as = Named(
        command="user leave",
        warns=True,
        records="user.left",
        title="They leave for good",
        send="They have left",
        done="{user} left",
        address="accounts/leave",
    )
    user: Annotated[Line, Ask("Who leaves?", "The name of the account; it cannot be taken back.")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import account

        return account.leave(desk, reader, self.user, **command)

    def beside(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        from commands.team import left_alone

        return left_alone(receipt)


class GiveRole(UseCase, frozen=True):
    """Add a role to an account. It applies from the next command on; several roles may apply
    together."""

    told_as = Named(
        command="user role give",
        records="user.role_given",
        title="Give a role",
        send="Give it",
        done="{user} is {role}",
        address="accounts/roles/give",
    )
    user: Annotated[Line, Ask("Whose account?")]
    role: Annotated[Role, Ask("Which role?")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import account

        return account.give_role(desk, reader, self.user, self.role, **command)


class TakeRole(UseCase, frozen=True):
    """Remove a role from an account. It applies from the next command on."""

    told_as = Named(
        command="user role take",
        records="user.role_taken",
        title="Take a role away",
        send="Take it away",
        done="{user} is no longer {role}",
        address="accounts/roles/take",
    )
    user: Annotated[Line, Ask("Whose account?")]
    role: Annotated[Role, Ask("Which role?")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import account

        return account.take_role(desk, reader, self.user, self.role, **command)


class JoinTeam(UseCase, frozen=True):
    """Add an account to a team."""

    told_as = Named(
        command="user team join",
        records="user.team_joined",
        title="Add a team",
        send="Add it",
        done="{user} works for {team}",
        address="accounts/teams/join",
    )
    user: Annotated[Line, Ask("Whose account?")]
    team: Annotated[Line, Ask("Which team?")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import account

        return account.join(desk, reader, self.user, self.team, **command)


class LeaveTeam(UseCase, frozen=True):
    """Remove an account from a team. It lists the open cases that are left without a worker."""

    told_as = Named(
        command="user team leave",
        records="user.team_left",
        title="Take a team away",
        send="Take it away",
        done="{user} no longer works for {team}",
        address="accounts/teams/leave",
    )
    user: Annotated[Line, Ask("Whose account?")]
    team: Annotated[Line, Ask("Which team?")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import account

        return account.part(desk, reader, self.user, self.team, **command)

    def beside(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        from commands.team import left_alone

        return left_alone(receipt)


class AssignFamily(UseCase, frozen=True):
    """Allocate a family or a child to an account."""

    told_as = Named(
        command="user assign",
        records="user.assigned",
        title="Assign a family",
        send="Assign it",
        done="Assigned to {user}",
        address="accounts/families/assign",
    )
    user: Annotated[Line, Ask("Whose account?")]
    family: Annotated[
        ItemRef,
        Ask("Which family?", "A case, or a child; who keeps the accounts gives a whole id."),
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import account

        return account.assign(desk, reader, self.user, self.family, **command)


class UnassignFamily(UseCase, frozen=True):
    """End an account's allocation to a family or child."""

    told_as = Named(
        command="user unassign",
        records="user.assignment_ended",
        title="Take a family back",
        send="Take it back",
        done="No longer assigned to {user}",
        address="accounts/families/unassign",
    )
    user: Annotated[Line, Ask("Whose account?")]
    family: Annotated[
        ItemRef,
        Ask("Which family?", "A case, or a child; who keeps the accounts gives a whole id."),
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import account

        return account.end_assignment(desk, reader, self.user, self.family, **command)
