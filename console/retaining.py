"""Restrictions and review: what is out of ordinary use, or due for a decision."""

from typing import Annotated
from uuid import UUID

import typer

from console.entries import parse_uuid
from console.options import CommandId, Reason
from console.session import Session

retention_app = typer.Typer(no_args_is_help=False)
Item = Annotated[
    str, typer.Argument(metavar="REF", help="An item: its id, a case's number, or a name.")
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (restrict, unrestrict):
        app.command()(command)
    app.add_typer(retention_app, name="retention")


def subject(session: Session, text: str) -> UUID:
    """An item that a view knows, or a source or a file by its whole id. Raises Hidden."""
    from commands import erasure
    from domain.values import Hidden

    try:
        return session.item(text)
    except Hidden:
        if found := erasure.subject(session.desk, session.reader, text):
            return found
        raise


def restrict(
    context: typer.Context, item: Item, reason: Reason, command_id: CommandId = None
) -> None:
    """Restrict an item, so that ordinary use ends. It covers all that belongs to the item, and can
    be undone: unrestrict."""
    from commands import erasure, retention

    session: Session = context.obj
    one = subject(session, item)
    changed = retention.restrict(
        session.desk,
        session.reader,
        erasure.own_items(session.desk, one),
        reason,
        command_id=parse_uuid(command_id),
    )
    session.tell(
        {"id": one, "restricted": changed},
        [f"Restricted: {one}", f"  {len(changed)} items in all; show still tells of each."],
    )


def unrestrict(
    context: typer.Context, item: Item, reason: Reason, command_id: CommandId = None
) -> None:
    """Lift the restriction of an item. It covers all that belongs to the item."""
    from commands import erasure, retention

    session: Session = context.obj
    one = subject(session, item)
    changed = retention.unrestrict(
        session.desk,
        session.reader,
        erasure.own_items(session.desk, one),
        reason,
        command_id=parse_uuid(command_id),
    )
    session.tell({"id": one, "lifted": changed}, [f"In use again: {one} ({len(changed)} items)"])
