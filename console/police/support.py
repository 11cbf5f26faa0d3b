"""The command that checks whether a way to contact a family is safe."""

from typing import Annotated, Any

import typer

from commands.families import charity_support, safe_contact
from console.engine.session import CommandSession

contact_app = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.add_typer(contact_app, name="contact")


def checked(session: CommandSession, channel: str) -> Any:
    """Return whether a way to contact a family is safe. The result for a phone or address that is
    hidden from the reader is the same as for an unknown one."""
    channel_found = charity_support.channel(session.desk, channel)
    with session.reading() as db:
        return safe_contact.check_entered(db, session.reader, channel_found, channel)


@contact_app.command("check")
def contact_check(
    context: typer.Context,
    channel: Annotated[
        str, typer.Argument(metavar="CHANNEL", help="phone:NUMBER, handle:NAME, place:ADDRESS.")
    ],
) -> None:
    """Check that a way of contact is safe. It shows if a message, letter or call there might reach
    a person who harms the child."""
    session: CommandSession = context.obj
    result = checked(session, channel)
    session.answer(result, [f"{result.verdict}: {result.why}"])
