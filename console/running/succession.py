"""Commands that copy the record into a new origin (a new store with another log name). One person
proposes the copy, and another confirms and makes it."""

from pathlib import Path
from typing import Annotated

import typer

from commands.people_and_teams import succession
from console.engine.options import CommandId
from console.engine.parsing import BadInput, parse_uuid
from console.engine.session import CommandSession, Making, note
from installation import succession as store_succession

succession_app = typer.Typer(no_args_is_help=True)
Reason = Annotated[str, typer.Option("--reason", help="Why.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.add_typer(succession_app, name="new-origin")


@succession_app.command("propose")
def propose(context: typer.Context, reason: Reason, command_id: CommandId = None) -> None:
    """Propose a new origin for the record. Records of an older release contain hashes from which
    file contents can be guessed; the copy leaves them out."""
    session: CommandSession = context.obj
    receipt = succession.propose(
        session.desk, session.reader, reason, command_id=parse_uuid(command_id)
    )
    session.receipt(
        receipt,
        "Proposed; a second person has to confirm it (a copy into a new origin)",
        "They confirm it with: continuum --user SECOND-PERSON new-origin confirm --into DIR",
    )


@succession_app.command("refuse")
def refuse(context: typer.Context, reason: Reason, command_id: CommandId = None) -> None:
    """Refuse or cancel a new origin. It also cancels a copy that was confirmed; this store then
    continues.
    """
    session: CommandSession = context.obj
    receipt = succession.refuse(
        session.desk, session.reader, reason, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, "Refused: this store continues")


@succession_app.command("confirm")
def confirm(
    context: typer.Context,
    into: Annotated[str, typer.Option("--into", help="An empty directory, or postgresql://…")],
    into_home: Annotated[
        Path | None,
        typer.Option(
            "--into-home",
            help="The directory for its keys and originals; default: the directory of the copy.",
        ),
    ] = None,
) -> None:
    """Confirm a new origin and make the copy. Another person proposed it. From then on nothing is
    recorded in this store. If you run the command again, it makes the copy again.
    """
    session: CommandSession = context.obj
    if into_home is None and "://" in into:
        raise BadInput("--into-home DIR is needed: a directory for the copy's keys and originals")
    target = session.settings().model_copy(update={"store": into, "home": into_home or Path(into)})
    made = store_succession.confirm(session.open(), target, Making())
    session.print_message(
        made,
        [
            f"{log.log}: {log.size} records of {log.origin}, {len(log.rewritten)} rewritten"
            for log in made.logs
        ],
    )
    note(
        "The copy continues under new origins: make a new signer, and hand its policy to the "
        "auditors. People have to be enrolled again to sign in. Have the old store, its keys "
        "and its "
        "backups destroyed once they are not needed any more: continuum copies lists them."
    )
