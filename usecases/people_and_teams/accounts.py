"""Accounts: who may sign in, their roles and teams, and their families.

The file is long because each command is declared here with its texts.
"""

from typing import TYPE_CHECKING, Annotated, Unpack

from commands.people_and_teams import account, role_proposal, team
from domain.kernel.values import Role
from usecases.kernel.usecase import Ask, ItemRef, Line, UseCase, UseCaseText

if TYPE_CHECKING:
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader


class LockAccount(UseCase, frozen=True):
    """Lock an account and end its sessions."""

    named = UseCaseText(
        command="user lock",
        warns=True,
        records="user.locked",
        title="Lock an account",
        send="Lock the account",
        success_message="The account of {user} is locked",
        address="accounts/lock",
    )
    user: Annotated[Line, Ask("Whose account do you lock?")]
    reason: Annotated[Line, Ask("Why do you lock the account?", option="--reason")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return account.lock(desk, reader, self.user, self.reason, **command)


class UnlockAccount(UseCase, frozen=True):
    """Unlock an account."""

    named = UseCaseText(
        command="user unlock",
        records="user.unlocked",
        title="Unlock an account",
        send="Unlock the account",
        success_message="{user} can sign in again",
        address="accounts/unlock",
    )
    user: Annotated[Line, Ask("Whose account do you unlock?")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return account.unlock(desk, reader, self.user, **command)


class LeaveForGood(UseCase, frozen=True):
    """Deactivate a leaver's account. The receipt lists the open cases that are left without a
    worker."""

    named = UseCaseText(
        command="user leave",
        warns=True,
        records="user.left",
        title="Deactivate leaver",
        send="Deactivate the account",
        success_message="The account of {user} is deactivated",
        address="accounts/leave",
    )
    user: Annotated[
        Line,
        Ask(
            "Which account do you deactivate?",
            "The name of the account. All its roles, teams and allocations end.",
        ),
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return account.leave(desk, reader, self.user, **command)

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return team.describe_uncovered(receipt)


class GiveRole(UseCase, frozen=True):
    """Give a role to an account. On a live store another person confirms the role: a manager of the
    account's team or a DCI. The role applies from the next command on; an account can have several
    roles."""

    named = UseCaseText(
        command="user role give",
        records="user.right_proposed",
        title="Give a role",
        send="Give the role",
        success_message="Role {role} entered for {user}",
        address="accounts/roles/give",
    )
    user: Annotated[Line, Ask("Who gets the role?")]
    role: Annotated[Role, Ask("Which role does the user get?")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return account.give_role(desk, reader, self.user, self.role, **command)

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return role_proposal.following(desk, receipt, f"user role confirm {self.user} {self.role}")


class ConfirmRole(UseCase, frozen=True):
    """Confirm a role as the second person. You have to be a manager of the account's team or a DCI,
    and another person has to have proposed the role."""

    named = UseCaseText(
        command="user role confirm",
        records="user.right_confirmed",
        title="Confirm a role",
        send="Confirm the role",
        success_message="{user} now has the role {role}",
        address="accounts/roles/confirm",
        warns=True,
    )
    user: Annotated[Line, Ask("For whose account do you confirm the role?")]
    role: Annotated[Role, Ask("Which role do you confirm?")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return role_proposal.confirm(desk, reader, self.user, role=self.role, **command)


class RefuseRole(UseCase, frozen=True):
    """Refuse a role that was proposed. This command also withdraws your own proposal."""

    named = UseCaseText(
        command="user role refuse",
        records="user.right_refused",
        title="Refuse a role",
        send="Refuse the role",
        success_message="Role {role} refused for {user}",
        address="accounts/roles/refuse",
    )
    user: Annotated[Line, Ask("For whose account do you refuse the role?")]
    role: Annotated[Role, Ask("Which role do you refuse?")]
    reason: Annotated[Line, Ask("Why do you refuse the role?", option="--reason")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return role_proposal.refuse(desk, reader, self.user, self.reason, role=self.role, **command)


class GiveRoleAlone(UseCase, frozen=True):
    """Give a proposed role alone. This is possible a day after the proposal, and only if no account
    is left that could confirm the role. Afterwards the check of the store (the command `doctor`)
    and the list of unusual access always show this role."""

    named = UseCaseText(
        command="user role alone",
        records="user.right_given_alone",
        title="Give a role without a second person",
        send="Give the role without a second person",
        success_message="{user} now has the role {role}, given by one person alone",
        address="accounts/roles/alone",
        warns=True,
    )
    user: Annotated[Line, Ask("Who gets the role?")]
    role: Annotated[Role, Ask("Which role does the user get?")]
    reason: Annotated[Line, Ask("Why can no other person confirm the role?", option="--reason")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return role_proposal.give_alone(
            desk, reader, self.user, self.reason, role=self.role, **command
        )


class LendRole(UseCase, frozen=True):
    """Lend a role for 12 hours while no user can confirm it. One person can do this alone. With the
    lent role the user sees only the account's own families, and can confirm nothing. Managers see
    an alert until the loan of the role is reviewed."""

    named = UseCaseText(
        command="user role lend",
        records="user.role_lent",
        title="Lend a role for 12 hours",
        send="Lend the role",
        success_message="{user} has the role {role} for 12 hours. Propose the role as well",
        address="accounts/roles/lend",
        warns=True,
    )
    user: Annotated[Line, Ask("Who gets the role for 12 hours?")]
    role: Annotated[Role, Ask("Which role does the user get for 12 hours?")]
    reason: Annotated[
        Line, Ask("Why can the role not wait for a second person?", option="--reason")
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return role_proposal.lend(desk, reader, self.user, self.role, self.reason, **command)


class TakeRole(UseCase, frozen=True):
    """Remove a role from an account. The removal applies from the next command on."""

    named = UseCaseText(
        command="user role take",
        records="user.role_taken",
        title="Remove role",
        send="Remove the role",
        success_message="{user} no longer has the role {role}",
        address="accounts/roles/take",
    )
    user: Annotated[Line, Ask("Who loses the role?")]
    role: Annotated[Role, Ask("Which role does the user lose?")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return account.take_role(desk, reader, self.user, self.role, **command)


class JoinTeam(UseCase, frozen=True):
    """Add an account to a team. If the account has a role, on a live store another person confirms
    it: a manager of that team or a DCI."""

    named = UseCaseText(
        command="user team join",
        records="user.right_proposed",
        title="Add a user to a team",
        send="Add the user to the team",
        success_message="Team {team} entered for {user}",
        address="accounts/teams/join",
    )
    user: Annotated[Line, Ask("Who joins the team?")]
    team: Annotated[Line, Ask("Which team does the user join?")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return account.join(desk, reader, self.user, self.team, **command)

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return role_proposal.following(
            desk, receipt, f'user team confirm {self.user} "{self.team}"'
        )


class ConfirmTeam(UseCase, frozen=True):
    """Confirm a team for an account as the second person. You have to be a manager of that team or
    a DCI, and another person has to have proposed the team."""

    named = UseCaseText(
        command="user team confirm",
        records="user.right_confirmed",
        title="Confirm a team for a user",
        send="Confirm the team",
        success_message="{user} is now in the team {team}",
        address="accounts/teams/confirm",
    )
    user: Annotated[Line, Ask("For whose account do you confirm the team?")]
    team: Annotated[Line, Ask("Which team do you confirm?")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return role_proposal.confirm(desk, reader, self.user, team=self.team, **command)


class RefuseTeam(UseCase, frozen=True):
    """Refuse a team that was proposed. This command also withdraws your own proposal."""

    named = UseCaseText(
        command="user team refuse",
        records="user.right_refused",
        title="Refuse a team for a user",
        send="Refuse the team",
        success_message="Team {team} refused for {user}",
        address="accounts/teams/refuse",
    )
    user: Annotated[Line, Ask("For whose account do you refuse the team?")]
    team: Annotated[Line, Ask("Which team do you refuse?")]
    reason: Annotated[Line, Ask("Why do you refuse the team?", option="--reason")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return role_proposal.refuse(desk, reader, self.user, self.reason, team=self.team, **command)


class LeaveTeam(UseCase, frozen=True):
    """Remove an account from a team. The receipt lists the open cases that are left without a
    worker."""

    named = UseCaseText(
        command="user team leave",
        records="user.team_left",
        title="Remove a user from a team",
        send="Remove the user from the team",
        success_message="{user} is no longer in the team {team}",
        address="accounts/teams/leave",
    )
    user: Annotated[Line, Ask("Who leaves the team?")]
    team: Annotated[Line, Ask("Which team does the user leave?")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return account.part(desk, reader, self.user, self.team, **command)

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return team.describe_uncovered(receipt)


class AssignFamily(UseCase, frozen=True):
    """Allocate a family or a child to an account."""

    named = UseCaseText(
        command="user assign",
        records="user.assigned",
        title="Allocate a family",
        send="Allocate the family",
        success_message="The family is allocated to {user}",
        address="accounts/families/assign",
    )
    user: Annotated[Line, Ask("To whom is the family allocated?")]
    family: Annotated[
        ItemRef,
        Ask(
            "Which family is allocated?",
            "A case or a child. As an administrator of accounts, write the full id.",
        ),
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return account.assign(desk, reader, self.user, self.family, **command)


class UnassignFamily(UseCase, frozen=True):
    """End an account's allocation to a family or child."""

    named = UseCaseText(
        command="user unassign",
        records="user.assignment_ended",
        title="End a family's allocation",
        send="End the allocation",
        success_message="The family is no longer allocated to {user}",
        address="accounts/families/unassign",
    )
    user: Annotated[Line, Ask("Whose allocation to the family ends?")]
    family: Annotated[
        ItemRef,
        Ask(
            "Which family is no longer allocated?",
            "A case or a child. As an administrator of accounts, write the full id.",
        ),
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return account.end_assignment(desk, reader, self.user, self.family, **command)
