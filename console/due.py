"""What is due: dates that somebody set and decisions to be audited, and their answers."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from console.entries import BadInput, hand_over, parse_uuid
from console.options import CommandId, Reason
from console.session import Session

due_app = typer.Typer(help="What has a date, and whose it is; answer what is due.")


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(due_app, name="due")


def calendar(
    context: typer.Context,
    ics: Annotated[
        Path | None,
        typer.Option(help="Write what is yours to answer as a calendar file: no name, no words."),
    ] = None,
) -> None:
    """What is due as a calendar file, recorded before it leaves."""
    from commands import calendar as commands

    session: Session = context.obj
    if ics is None:
        return
    content, rows = commands.taken(session.desk, session.reader, session.now())
    session.consulted("\n".join(str(row.item) for row in rows).encode())
    hand_over(ics, content)
    session.tell({"file": str(ics), "dates": len(rows)}, [f"Written: {ics} ({len(rows)} dates)"])


@due_app.command("answer")
def answer(
    context: typer.Context,
    which: Annotated[str, typer.Argument(metavar="ID", help="From due: an id or its ending.")],
    said: Annotated[
        Literal["agree", "assess", "done", "again"],
        typer.Argument(help="An audit: agree, or assess (it waits again). Else done, or again."),
    ],
    reason: Reason,
    until: Annotated[str | None, typer.Option(help="With again: the day it comes back.")] = None,
    command_id: CommandId = None,
) -> None:
    """Answer what is due."""
    from commands import due as commands
    from projections import due as view

    session: Session = context.obj
    with session.reading() as db:
        fits = view.named(db, session.reader, which)
    if len(fits) != 1:
        raise BadInput(f"nothing due is called {which!r}: due lists it")
    receipt = commands.answer(
        session.desk,
        session.reader,
        fits[0],
        said,
        reason,
        until=session.when(until, last=True),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, f"Answered ({said})")
