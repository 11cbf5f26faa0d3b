"""The rota: who is on call, until when, under which number."""

from typing import Annotated

import typer

from console.entries import parse_uuid
from console.options import CommandId
from console.session import Session

rota_app = typer.Typer(help="Who is on call.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(rota_app, name="rota")


@rota_app.command("add")
def add(
    context: typer.Context,
    who: Annotated[str, typer.Argument(help="Whose duty it is: an account.")],
    phone: Annotated[str, typer.Option(help="The number to ring.")],
    since: Annotated[str, typer.Option("--from", help="When it begins.")],
    until: Annotated[str, typer.Option("--until", help="When it ends.")],
    place: Annotated[int, typer.Option(help="1 is called first; the next after 10 minutes.")] = 1,
    team: Annotated[str | None, typer.Option("--for", help="A team; without it your own.")] = None,
    everywhere: Annotated[bool, typer.Option("--all-teams", help="For every team.")] = False,
    command_id: CommandId = None,
) -> None:
    """Put somebody on call."""
    from commands import rota
    from domain.rota import DutyGiven

    session: Session = context.obj
    duty = DutyGiven(
        who,
        phone,
        session.time(since),
        session.time(until),
        place,
        None if everywhere else team or session.reader.team,
    )
    receipt = rota.give(session.desk, session.reader, duty, command_id=parse_uuid(command_id))
    session.receipt(receipt, f"{who} is on call: duty")
