"""Commands that restrict the use of items, and lift such restrictions."""

from typing import Annotated
from uuid import UUID

import typer

from commands.erasure import erasure, retention
from console.engine.options import CommandId, Reason
from console.engine.parsing import DAY, parse_uuid
from console.engine.session import CommandSession
from domain.kernel import values
from domain.kernel.codes import RestrictionGround

retention_app = typer.Typer(no_args_is_help=False)
Item = Annotated[
    str, typer.Argument(metavar="REF", help="An item: its id, a case's number, or a name.")
]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    for command in (restrict, unrestrict):
        app.command()(command)
    app.add_typer(retention_app, name="retention")


def subject(session: CommandSession, text: str) -> UUID:
    """Return the item that a text names, or a source or a file by its whole id. Raises Hidden."""
    try:
        return session.item(text)
    except values.Hidden:
        if item_id := erasure.subject(session.desk, session.reader, text):
            return item_id
        raise


def restrict(
    context: typer.Context,
    item: Item,
    reason: Reason,
    ground: Annotated[
        RestrictionGround | None,
        typer.Option("--ground", help="The legal ground, under the law of the record."),
    ] = None,
    command_id: CommandId = None,
) -> None:
    """Restrict the use of an item. It covers all that belongs to the item; child protection
    continues. Undo it with unrestrict."""
    session: CommandSession = context.obj
    item_id, command = subject(session, item), parse_uuid(command_id)
    own = erasure.own_items(session.desk, item_id)
    arguments = session.desk, session.reader, own, reason
    changed = retention.restrict(*arguments, ground=ground, command_id=command)
    left = len(own) - len(changed)
    session.print_message(
        {"id": item_id, "restricted": changed},
        [
            f"Restricted: {item_id}",
            f"  {len(changed)} items in all; show still lists each.",
            *([f"  {left} are restricted already, or under another law."] if left else []),
            (
                "  Alerts, missing episodes, urgent entries, unsafe contacts and deadlines stay in "
                "use."
            ),
        ],
    )


def unrestrict(
    context: typer.Context,
    item: Item,
    reason: Reason,
    told_on: Annotated[
        str | None,
        typer.Option(
            metavar=DAY, help="The day on which the requester was told that it is lifted."
        ),
    ] = None,
    told: Annotated[str | None, typer.Option(help="How they were told, and by whom.")] = None,
    command_id: CommandId = None,
) -> None:
    """Lift the restriction of an item. It covers all that belongs to the item. Tell the person who
    requested it first."""
    session: CommandSession = context.obj
    item_id = subject(session, item)
    changed = retention.unrestrict(
        session.desk,
        session.reader,
        erasure.own_items(session.desk, item_id),
        reason,
        told_on=session.day(told_on) if told_on else None,
        told=told,
        command_id=parse_uuid(command_id),
    )
    session.print_message(
        {"id": item_id, "lifted": changed}, [f"In use again: {item_id} ({len(changed)} items)"]
    )
