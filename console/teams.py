"""Teams and their mergers; a reorganisation leaves no case to nobody unseen."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from console.entries import parse_uuid
from console.options import CommandId
from console.session import Session, note, stamp, table

if TYPE_CHECKING:
    from commands.desk import Receipt

team_app = typer.Typer(help="Teams, for administrators.", no_args_is_help=True)
TeamName = Annotated[str, typer.Argument(metavar="TEAM", help="Which team.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(team_app, name="team")


@team_app.command("list")
def teams(context: typer.Context) -> None:
    """The teams that stand, and what became part of them."""
    from projections import accounts

    session: Session = context.obj
    keeps_accounts(session)
    with session.reading() as db:
        found = accounts.teams(db)
    rows = [(one.team, one.people, ", ".join(one.formerly)) for one in found]
    session.tell(found, table(("team", "people", "formerly"), rows, "There are no teams."))


@team_app.command("make")
def make(context: typer.Context, team: TeamName, command_id: CommandId = None) -> None:
    """A team beside Engage, Cherish, Deter and Freedom."""
    from commands import team as teams_of

    session: Session = context.obj
    receipt = teams_of.make_team(
        session.desk, session.reader, team, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, f"There is a team {team}")


@team_app.command("rename")
def rename(
    context: typer.Context,
    team: TeamName,
    into: Annotated[str, typer.Argument(metavar="NEW", help="Its new name.")],
    command_id: CommandId = None,
) -> None:
    """A team goes under another name; its cases and people go with it."""
    from commands import team as teams_of

    session: Session = context.obj
    receipt = teams_of.rename_team(
        session.desk, session.reader, team, into, command_id=parse_uuid(command_id)
    )
    reorganised(session, receipt, f"{team} is now {into}")


@team_app.command("merge")
def merge(
    context: typer.Context,
    team: TeamName,
    into: Annotated[str, typer.Option("--into", help="The team that it becomes part of.")],
    command_id: CommandId = None,
) -> None:
    """A team becomes part of another; its cases and people go with it."""
    from commands import team as teams_of

    session: Session = context.obj
    receipt = teams_of.merge_team(
        session.desk, session.reader, team, into, command_id=parse_uuid(command_id)
    )
    reorganised(session, receipt, f"{team} is part of {into}")


def keeps_accounts(session: Session) -> None:
    from access.decide import decide, require

    if not decide(session.reader, "allocate").allowed:
        require(session.reader, "manage-accounts")


def reorganised(session: Session, receipt: "Receipt", what: str) -> None:
    """The answer, with the open cases that nobody has any more: ids and teams, and nothing else of
    them."""
    from projections import accounts, cases

    with session.reading() as db:
        open_cases = cases.of_teams(db)
        alone = set(accounts.ownerless(db, open_cases))
    left = [{"case": case, "team": team} for case, team in open_cases if case in alone]
    session.tell(
        {
            "id": receipt.id,
            "ref": receipt.ref,
            "recorded": receipt.recorded,
            "cases_without_owner": left,
        },
        [f"{what}, {stamp(receipt.recorded)}", *(_without(one) for one in left)],
    )
    if left:
        note(f"{len(left)} open cases have nobody: assign them (user assign) or man their team")
    session.follow_up()


def _without(one: dict[str, Any]) -> str:
    return f"  nobody has case {one['case']} of {one['team']}"
