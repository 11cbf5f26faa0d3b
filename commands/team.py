"""Teams: made, renamed, merged into a hub. No case is touched: it goes with its team."""

from collections.abc import Callable
from uuid import UUID

from access.decide import require
from commands.desk import Desk, Receipt, act
from domain import account
from domain.account import Team, evolve_team, team_stream
from domain.envelope import Event
from domain.values import Reader, Refused
from projections import accounts


def require_team(desk: Desk, team: str) -> None:
    """Raises Refused for a team that is not there, or became part of another."""
    with desk.deciding() as db:
        standing = {one.team for one in accounts.teams(db)}
    if team not in standing:
        raise Refused(f"there is no team {team}: {', '.join(sorted(standing))}")


def make_team(desk: Desk, reader: Reader, team: str, *, command_id: UUID | None = None) -> Receipt:
    """A team beside those of the report. Raises Denied, Refused."""
    return _of_team(
        desk, reader, "make", team, lambda s: account.make_team(s, team), [], command_id
    )


def rename_team(
    desk: Desk, reader: Reader, team: str, into: str, *, command_id: UUID | None = None
) -> Receipt:
    """A team goes under a name that no team has or had. Raises Denied, Refused."""

    def decision(state: Team) -> tuple[Event, ...]:
        account.make_team(_team_state(desk, into), into)
        return account.rename_team(state, team, into)

    return _of_team(desk, reader, "rename", team, decision, [into], command_id)


def merge_team(
    desk: Desk, reader: Reader, team: str, into: str, *, command_id: UUID | None = None
) -> Receipt:
    """A team becomes part of another; its people and cases go with it. Raises Denied, Refused."""

    def decision(state: Team) -> tuple[Event, ...]:
        require_team(desk, into)
        return account.merge_team(state, team, into)

    return _of_team(desk, reader, "merge", team, decision, [into], command_id)


def _of_team(
    desk: Desk,
    reader: Reader,
    name: str,
    team: str,
    decision: Callable[[Team], tuple[Event, ...]],
    body: list[str],
    command_id: UUID | None,
) -> Receipt:
    require(reader, "manage-accounts")
    return act(
        desk,
        reader,
        f"team.{name}",
        team_stream(team),
        Team(),
        evolve_team,
        decision,
        body,
        command_id=command_id,
        log="access",
    )


def _team_state(desk: Desk, team: str) -> Team:
    return desk.fold(team_stream(team), Team(), evolve_team, "access")[0]
