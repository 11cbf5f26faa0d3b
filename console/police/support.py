"""Whether a family may be reached this way."""

from typing import Annotated, Any

import typer

from console.engine.session import CommandSession

contact_app = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(contact_app, name="contact")


def checked(session: CommandSession, channel: str) -> Any:
    """Whether a family may be reached there; what nobody has recorded is shared with nobody."""
    from commands.families import charity_support, safe_contact

    found = charity_support.channel(session.desk, channel)
    with session.reading() as db:
        return safe_contact.check_told(db, session.reader, found, channel)


@contact_app.command("check")
def contact_check(
    context: typer.Context,
    channel: Annotated[
        str, typer.Argument(metavar="CHANNEL", help="phone:NUMBER, handle:NAME, place:ADDRESS.")
    ],
) -> None:
    """Check that a way of contact is safe. It says if a message, letter or call there might reach
    somebody who harms the child."""
    session: CommandSession = context.obj
    found = checked(session, channel)
    session.answer(found, [f"{found.verdict}: {found.why}"])
