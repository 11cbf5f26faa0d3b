"""Commands that create, rename and merge teams.

The cases of a reorganised team do not change, because a case belongs to its team. The receipt of
the command lists the open cases that have no worker.
"""

from collections.abc import Callable
from typing import Unpack
from uuid import UUID

from msgspec import Struct

from access.who_may.decide import decide, require, require_any
from commands.kernel.unit_of_work import Command, Desk, Receipt, act
from commands.people_and_teams.confirmers import require_confirmer
from domain.kernel.envelope import Event
from domain.kernel.values import Reader, Refused
from domain.people_and_teams import account
from domain.people_and_teams.account import Team, evolve_team, team_stream
from projections.families import cases
from projections.people_and_teams import accounts

#: The largest number of open cases without a worker that a receipt lists.
TOLD = 5


class Alone(Struct, frozen=True):
    """An open case without a worker, with its team. A receipt shows no other data of such a
    case.
    """

    case: UUID
    team: str


class Reorganised(Receipt, frozen=True):
    """The receipt of a change of teams or accounts, with all open cases that have no worker now."""

    cases_without_owner: tuple[Alone, ...] = ()


def with_uncovered_cases(desk: Desk, receipt: Receipt) -> Reorganised:
    """Return the receipt with all open cases of the store that have no worker now."""
    with desk.deciding() as db:
        open_cases = cases.of_teams(db)
        alone = set(accounts.ownerless(db, open_cases)) | cases.without_worker(
            db, accounts.working(db)
        )
    left = tuple(Alone(case, team) for case, team in open_cases if case in alone)
    return Reorganised(
        receipt.id, receipt.ref, receipt.recorded, receipt.proposed, cases_without_owner=left
    )


def describe_uncovered(receipt: Receipt) -> str | None:
    """Return a sentence with the open cases without a worker; None if every open case has one."""
    left = receipt.cases_without_owner if isinstance(receipt, Reorganised) else ()
    if not left:
        return None
    text = ", ".join(f"{alone.case} of {alone.team}" for alone in left[:TOLD])
    more = f" and {len(left) - TOLD} more" if len(left) > TOLD else ""
    return f"Open cases without a worker: {text}{more}. Assign them, or staff their team."


def require_team(desk: Desk, team: str) -> None:
    """Raise Refused for a team that does not exist, or became part of another."""
    with desk.deciding() as db:
        standing = {team_row.team for team_row in accounts.teams(db)}
    if team not in standing:
        raise Refused(f"there is no team {team}. Teams: {', '.join(sorted(standing))}", named=team)


def make_team(desk: Desk, reader: Reader, team: str, **command: Unpack[Command]) -> Receipt:
    """Create a team besides the predefined ones. Raises Denied, Refused."""
    require(reader, "manage-accounts")
    return _of_team(desk, reader, "make", team, lambda s: account.make_team(s, team), [], **command)


def rename_team(
    desk: Desk, reader: Reader, team: str, into: str, **command: Unpack[Command]
) -> Reorganised:
    """Rename a team to a name that no team has or had. Raises Denied, Refused."""
    require(reader, "manage-accounts")

    def decision(state: Team) -> tuple[Event, ...]:
        account.make_team(_team_state(desk, into), into)
        return account.rename_team(state, team, into)

    receipt = _of_team(desk, reader, "rename", team, decision, [into], **command)
    return with_uncovered_cases(desk, receipt)


def merge_team(
    desk: Desk, reader: Reader, team: str, into: str, **command: Unpack[Command]
) -> Reorganised:
    """Merge a team into another; the people and cases of the first team go with it. On a live store
    an administrator proposes the merger, and a manager of either team, or a DCI, confirms it by
    giving the same command. Raises Denied, Refused.
    """
    require_any(reader, "manage-accounts", "confirm-access")
    keeps, by, now = decide(reader, "manage-accounts").allowed, reader.name, desk.clock()

    def decision(state: Team) -> tuple[Event, ...]:
        require_team(desk, into)
        if desk.trial() or not reader.closed:
            require(reader, "manage-accounts")
            return account.merge_team(state, team, into)
        if not keeps:
            require_confirmer(desk, reader, {team, into})
        return account.merge_by_two(state, team, into, by, now, keeps=keeps)

    receipt = _of_team(desk, reader, "merge", team, decision, [into], **command)
    return with_uncovered_cases(desk, receipt)


def describe_pending_merger(desk: Desk, team: str) -> str | None:
    """Return the message about a team's merger that waits for a second person; None if none
    waits."""
    proposed = _team_state(desk, team).merging
    if proposed is None:
        return None
    return (
        f"Proposed: a manager of {team} or {proposed.into}, or a DCI, confirms it within 14 days "
        "by asking for the same."
    )


def name_charity(
    desk: Desk, reader: Reader, controller: str, **command: Unpack[Command]
) -> Receipt:
    """Record the name under which the charity is a controller. Raises Denied; Refused if no account
    belongs to this controller; and what `domain.people_and_teams.account.name_charity` raises.
    """
    require(reader, "manage-accounts")
    wanted = controller.strip()

    def decision(state: account.CharityNamed | None) -> tuple[Event, ...]:
        decided = account.name_charity(state, wanted)
        with desk.deciding() as db:
            controllers = accounts.controllers(db)
        if decided and wanted not in controllers:
            raise Refused(
                f"no account belongs to the controller {wanted!r}. Controllers: "
                f"{', '.join(sorted(controllers)) or 'none'}",
                field="controller",
            )
        return decided

    return act(
        desk,
        reader,
        "team.charity",
        account.CHARITY,
        None,
        account.named_charity,
        decision,
        [wanted],
        log="access",
        **command,
    )


def _of_team(
    desk: Desk,
    reader: Reader,
    name: str,
    team: str,
    decision: Callable[[Team], tuple[Event, ...]],
    body: list[str],
    **command: Unpack[Command],
) -> Receipt:
    return act(
        desk,
        reader,
        f"team.{name}",
        team_stream(team),
        Team(),
        evolve_team,
        decision,
        body,
        log="access",
        **command,
    )


def _team_state(desk: Desk, team: str) -> Team:
    return desk.fold(team_stream(team), Team(), evolve_team, "access")[0]
