"""Commands for roles and teams that a second person has to confirm, on a live store.

An administrator proposes them. A manager of the account's team or a DCI confirms; if the team has
no manager, any manager may. Confirmers cannot manage accounts, so that no administrator grants
access alone.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Unpack

from access.who_may.decide import require, require_any
from commands.kernel.unit_of_work import Command, Desk, Receipt, act
from commands.people_and_teams.account import manage
from commands.people_and_teams.confirmers import confirmers, require_confirmer
from domain.kernel.envelope import Event, Recorded
from domain.kernel.values import Reader, Refused, Role
from domain.people_and_teams import account
from domain.people_and_teams.account import (
    Right,
    RightProposed,
    RoleGiven,
    RoleTaken,
    SignInEnded,
    User,
    evolve,
    user_stream,
)
from projections.people_and_teams import accounts, waiting_rights
from projections.people_and_teams.waiting_rights import WaitingRow


def confirm(
    desk: Desk,
    reader: Reader,
    user: str,
    *,
    role: Role | None = None,
    team: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Confirm another person's proposal of a role or a team for this account. If one person alone
    set up the account's sign-in, and the role sees more than its own families, that sign-in ends.

    Raises Denied if the reader is no manager or DCI. Raises Refused if the reader made the
    proposal, if the account is the reader's own, if no proposal is pending, or if the reader
    manages only other teams although one of the account's teams has a manager.
    """
    right, now = (role, team), desk.clock()

    def decision(state: User) -> tuple[Event, ...]:
        account.require_waiting(state, user, right, now)
        require_confirmer(desk, reader, {team} if team else state.teams, without=user)
        return account.confirm_right(state, user, right, reader.name, now)

    receipt = _act(desk, reader, "confirm_right", user, decision, right, **command)
    state = desk.fold(user_stream(user), User(), evolve, "access")[0]
    if state.code_alone and role and role not in account.LENDABLE and not desk.trial():
        # the administrator who made the first code could have used it, so two people have to make
        # the next one
        desk.doors.shut_out(user, for_good=True)
    return receipt


def refuse(
    desk: Desk,
    reader: Reader,
    user: str,
    reason: str,
    *,
    role: Role | None = None,
    team: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Refuse a proposed role or team for this account, or withdraw the reader's own proposal.
    Raises Denied, Refused.
    """
    require_any(reader, "confirm-access", "manage-accounts")
    right = (role, team)
    decision = lambda state: account.refuse_right(state, user, right, reason)  # noqa: E731
    return _act(desk, reader, "refuse_right", user, decision, right, reason, **command)


def give_alone(
    desk: Desk,
    reader: Reader,
    user: str,
    reason: str,
    *,
    role: Role | None = None,
    team: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Give a proposed role or team without a second person, if no account could confirm it. Raises
    Denied if the reader is no administrator. Raises Refused while there is an account that can
    confirm, and within a day of the proposal or of the last such account's lock-out.
    """
    right, now = (role, team), desk.clock()

    def decision(state: User) -> tuple[Event, ...]:
        account.require_waiting(state, user, right, now)
        if able := confirmers(desk, without=user):
            raise Refused(
                f"{able[0]} can confirm this role, so you cannot give the role alone: propose "
                f"the role, and {able[0]} confirms it"
            )
        history = desk.logs["access"].history(user_stream(user))
        proposed = [
            fact.recorded
            for fact in history
            if isinstance(fact.event, RightProposed) and (fact.event.role, fact.event.team) == right
        ]
        since = max([*proposed[-1:], *_confirmers_gone(desk)])
        return account.give_alone(state, user, right, reason, since, now)

    return manage(desk, reader, "give_alone", user, decision, [*right, reason], **command)


def _confirmers_gone(desk: Desk) -> Iterator[datetime]:
    """Yield when each former confirmer of roles was locked, left or lost that role."""
    with desk.deciding() as db:
        users = [one.user for one in accounts.list_accounts(db)]
    for user in users:
        history = desk.logs["access"].history(user_stream(user))
        could = any(isinstance(e, RoleGiven) and e.role in CONFIRMING for e in _events(history))
        for fact in history if could else ():
            match fact.event:
                case SignInEnded():
                    yield fact.recorded
                case RoleTaken(role=role) if role in CONFIRMING:
                    yield fact.recorded


def _events(history: Sequence[Recorded]) -> list[Event]:
    return [fact.event for fact in history]


#: Roles that confirm proposals of access.
CONFIRMING = ("manager", "dci")


def lend(
    desk: Desk, reader: Reader, user: str, role: Role, reason: str, **command: Unpack[Command]
) -> Receipt:
    """Lend a user a role for some hours if no account can confirm it. Raises Denied if the reader
    is no administrator, Refused if `domain.people_and_teams.account.lend` does."""
    now = desk.clock()
    decision = lambda state: account.lend(state, user, role, reason, now)  # noqa: E731
    return manage(desk, reader, "lend_role", user, decision, [role, reason], **command)


def _act(
    desk: Desk,
    reader: Reader,
    name: str,
    user: str,
    decision: Callable[[User], tuple[Event, ...]],
    right: Right,
    *body: str,
    **command: Unpack[Command],
) -> Receipt:
    if name == "confirm_right":
        require(reader, "confirm-access")
    return act(
        desk,
        reader,
        f"user.{name}",
        user_stream(user),
        User(),
        evolve,
        decision,
        [*right, *body],
        log="access",
        **command,
    )


def following(desk: Desk, receipt: Receipt, confirm: str) -> str | None:
    """Return a sentence for an administrator who gave a role or a team: a second person now has to
    run the command `confirm`. On a trial store the sentence says that a live store would need this.
    Otherwise return None.
    """
    if receipt.proposed:
        return (
            "It has no effect until a manager of the account's team or a DCI confirms it, within "
            f"14 days: continuum {confirm}, or on the page To decide."
        )
    if desk.trial():
        return "This is a trial store: on a live one a second person confirms it."
    return None


def list_waiting(desk: Desk, reader: Reader) -> list[WaitingRow]:
    """Return the proposed roles and teams that wait for a second person, oldest first. Raises
    Denied for a reader who may neither propose nor confirm roles and teams, and LogUnavailable.
    """
    require_any(reader, "manage-accounts", "confirm-access")
    with desk.looked() as db:
        return waiting_rights.list_proposals(db, desk.clock())
