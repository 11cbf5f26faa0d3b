"""Which teams there are."""

import typer

from console.session import Session, table

team_app = typer.Typer(help="Teams, for administrators.", no_args_is_help=True)


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


def keeps_accounts(session: Session) -> None:
    from access.decide import decide, require

    if not decide(session.reader, "allocate").allowed:
        require(session.reader, "manage-accounts")
