"""Whom words name, as a person confirms it; and what became of what somebody sent."""

from typing import Annotated

import typer

from console.entries import parse_uuid
from console.options import CommandId
from console.session import Session, short, stamp, table


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (confirm, mine):
        app.command()(command)


Item = Annotated[str, typer.Argument(metavar="ID", help="The observation: its id or its ending.")]


def confirm(
    context: typer.Context,
    item: Item,
    who: Annotated[str, typer.Argument(metavar="WHO", help="An id, a name, vehicle:PLATE …")],
    words: Annotated[
        str | None, typer.Option(help="The words that name it, as they stand.")
    ] = None,
    command_id: CommandId = None,
) -> None:
    """Confirm that these words name this person or thing."""
    from commands import observation

    session: Session = context.obj
    receipt = observation.confirm(
        session.desk,
        session.reader,
        session.item(item, "observation"),
        who,
        words,
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, "Confirmed")


def mine(context: typer.Context) -> None:
    """What became of what I sent."""
    from projections import feedback

    session: Session = context.obj
    with session.reading() as db:
        rows = feedback.mine(db, session.reader, session.reader.name)
    lines = table(
        ("id", "sent", "what became of it", "since"),
        [(short(r.id), stamp(r.recorded), feedback.BECAME[r.state], stamp(r.since)) for r in rows],
        "You have sent nothing yet.",
    )
    session.answer(rows, lines)
