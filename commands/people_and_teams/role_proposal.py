"""Roles and teams that wait for a second person, on a live store.

An administrator proposes them; a manager of the account's team confirms, or a DCI, or any manager
where its teams have none. Neither keeps accounts, so no administrator opens a door alone.
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
    User,
    UserLeft,
    UserLocked,
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
    """Give what somebody else proposed for this account. A sign-in that one person set up alone
    ends, where the role sees more than their own families. Raises Denied for others than managers
    and DCIs, Refused for the proposer, for one's own account, for a manager of another team where
    one of its own could, and where nothing waits."""
    right, now = (role, team), desk.clock()

    def decision(state: User) -> tuple[Event, ...]:
        account.waiting_right(state, user, right, now)
        require_confirmer(desk, reader, {team} if team else state.teams, without=user)
        return account.confirm_right(state, user, right, reader.name, now)

    given = _act(desk, reader, "confirm_right", user, decision, right, **command)
    state = desk.fold(user_stream(user), User(), evolve, "access")[0]
    if state.code_alone and role and role not in account.LENDABLE and not desk.trial():
        # the administrator who made the code could have used it: the next one takes two
        desk.doors.shut_out(user, for_good=True)
    return given


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
    """Refuse what was proposed for this account, or take it back. Raises Denied, Refused."""
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
    """Give alone what was proposed, where no account is left that could confirm it. Raises Denied
    for others than administrators, Refused while somebody could, and before a day has passed since
    the proposal and since the last who could was locked out."""
    right, now = (role, team), desk.clock()

    def decision(state: User) -> tuple[Event, ...]:
        account.waiting_right(state, user, right, now)
        if able := confirmers(desk, without=user):
            raise Refused(
                f"{able[0]} can confirm this: one person gives it alone only where nobody could"
            )
        history = desk.logs["access"].history(user_stream(user))
        proposed = [
            one.recorded
            for one in history
            if isinstance(one.event, RightProposed) and (one.event.role, one.event.team) == right
        ]
        since = max([*proposed[-1:], *_confirmers_gone(desk)])
        return account.give_alone(state, user, right, reason, since, now)

    return manage(desk, reader, "give_alone", user, decision, [*right, reason], **command)


def _confirmers_gone(desk: Desk) -> Iterator[datetime]:
    """When each of those who could confirm was locked, left or lost that role."""
    with desk.deciding() as db:
        users = [one.user for one in accounts.listed(db)]
    for user in users:
        history = desk.logs["access"].history(user_stream(user))
        could = any(isinstance(e, RoleGiven) and e.role in CONFIRMING for e in _events(history))
        for fact in history if could else ():
            match fact.event:
                case UserLocked() | UserLeft():
                    yield fact.recorded
                case RoleTaken(role=role) if role in CONFIRMING:
                    yield fact.recorded


def _events(history: Sequence[Recorded]) -> list[Event]:
    return [fact.event for fact in history]


#: Whose roles confirm access.
CONFIRMING = ("manager", "dci")


def lend(
    desk: Desk, reader: Reader, user: str, role: Role, reason: str, **command: Unpack[Command]
) -> Receipt:
    """Let somebody work in a role for some hours, while nobody can confirm it. Raises Denied for
    others than administrators, Refused as `domain.people_and_teams.account.lend`."""
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
    """What the person who gave a role or a team has to know of the second person, who gives the
    command `confirm`."""
    if receipt.proposed:
        return (
            "It has no effect until a manager of the account's team or a DCI confirms it, within "
            f"14 days: continuum {confirm}, or on the page Access to confirm."
        )
    if desk.trial():
        return "This is a trial store: on a live one a second person confirms it."
    return None


def waiting(desk: Desk, reader: Reader) -> list[WaitingRow]:
    """What waits for a second person, oldest first. Raises Denied for those who neither propose nor
    confirm it, LogUnavailable."""
    require_any(reader, "manage-accounts", "confirm-access")
    with desk.looked() as db:
        return waiting_rights.waiting(db, desk.clock())
