"""The command for a team's own practice: capacity, definitions of risk, letters."""

from typing import Unpack

from msgspec import structs

from access.who_may.event_rules import require_command
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, facts
from domain.kernel.envelope import Submission
from domain.kernel.values import Denied, Reader
from domain.people_and_teams import team_practice
from domain.people_and_teams.team_practice import Practice
from projections.people_and_teams import team_practice as view


def record(desk: Desk, reader: Reader, practice: Practice, **command: Unpack[Command]) -> Receipt:
    """Record a team's own capacity, definitions of risk or rule for letters, by default for the
    reader's own team. Raises Denied for another team, and Refused if
    `domain.people_and_teams.team_practice.record` does.
    """
    (name,) = practice.meaning.commands
    command_id = command.get("command_id") or desk.new_random_id()
    causes = command.get("because_of", ())
    practice = practice if practice.team else structs.replace(practice, team=reader.team)
    body = [practice, tuple(causes)]
    if again := desk.repeated(command_id, name, body):
        return again
    require_command(reader, name)
    if reader.closed and practice.team not in reader.teams:
        raise Denied("only a manager of the team can set its practice")
    with desk.deciding() as db:
        versions = view.versions(db) | set(desk.policy.threshold_definitions)
    events = team_practice.record(practice, frozenset(versions), desk.today())
    stream = desk.new_id()
    made = facts(reader, stream, 0, events, causes)
    submission = Submission(command_id, desk.digest(name, body), made)
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]
