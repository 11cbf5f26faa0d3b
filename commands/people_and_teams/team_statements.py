"""Commands for a team's statements: its targets, the activities that it offers, its own unit
costs."""

from collections.abc import Callable
from typing import Unpack

from access.who_may.event_rules import require_command
from commands.kernel.declared import name_of
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, facts
from domain.kernel.envelope import Event, Submission
from domain.kernel.values import Denied, Reader
from domain.people_and_teams import costs, team_service
from domain.people_and_teams.costs import CostStated
from domain.people_and_teams.team_service import ServiceStated


def state_service(
    desk: Desk, reader: Reader, stated: ServiceStated, **command: Unpack[Command]
) -> Receipt:
    """Record whether a team offers an activity to families. Raises Denied if `record` does, and
    Refused if `domain.people_and_teams.team_service.state` does.
    """
    return record(
        desk,
        reader,
        stated,
        stated.team,
        lambda: team_service.state(stated, desk.today()),
        **command,
    )


def state_cost(
    desk: Desk, reader: Reader, stated: CostStated, **command: Unpack[Command]
) -> Receipt:
    """Record a force's own unit cost (a night missing, a year in care) for a team. Raises Denied if
    `record` does, Refused if `domain.people_and_teams.costs.state` does."""
    return record(desk, reader, stated, stated.team, lambda: costs.state(stated), **command)


def record(
    desk: Desk,
    reader: Reader,
    made: Event,
    team: str,
    rule: Callable[[], tuple[Event, ...]],
    **command: Unpack[Command],
) -> Receipt:
    """Record a statement about a team in a stream of its own, if the function `rule` accepts it.
    Raises Denied for a team that the reader does not manage, and the errors of `rule`.
    """
    name = name_of(type(made))
    command_id = command.get("command_id") or desk.new_random_id()
    causes = command.get("because_of", ())
    request_fields = [made, tuple(causes)]
    if again := desk.repeated(command_id, name, request_fields):
        return again
    require_command(reader, name)
    if reader.closed and team not in reader.teams:
        raise Denied("only a manager of the team can set its targets and statements")
    stream = desk.new_id()
    recorded = facts(reader, stream, 0, rule(), causes)
    submission = Submission(command_id, desk.digest(name, request_fields), recorded)
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]
