"""What left the store or is kept apart from it, who has it, and that it is destroyed."""

from typing import Annotated
from uuid import UUID

import typer

from console.entries import BadInput, parse_uuid
from console.options import CommandId
from console.session import Session

copies_app = typer.Typer(
    help="Backups, exports, packs, proofs with words: who has them.", no_args_is_help=False
)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(copies_app, name="copies")


@copies_app.command("destroyed")
def destroyed(
    context: typer.Context,
    which: Annotated[str, typer.Argument(metavar="ID", help="As `continuum copies` tells it.")],
    how: Annotated[str, typer.Option("--how", help="How it was destroyed, and who saw it.")],
    command_id: CommandId = None,
) -> None:
    """A copy is destroyed: no certificate of an erasure names it from here on."""
    from commands import copies

    session: Session = context.obj
    receipt = copies.destroyed(
        session.desk, session.reader, _find(session, which), how, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, "Destroyed")


def _find(session: Session, text: str) -> UUID:
    from commands import copies

    known = copies.seen(session.desk, session.reader)
    wanted = text.strip().lower().replace("-", "")
    found = [one.id for one in known if wanted and one.id.hex.endswith(wanted)]
    if len(found) != 1:
        raise BadInput(f"there is no copy {text!r}" if not found else f"{text!r} fits several")
    return found[0]
