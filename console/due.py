"""What is due: dates that somebody set and decisions to be audited, and their answers."""

from typing import Annotated, Literal

import typer

from console.entries import BadInput, parse_uuid
from console.options import CommandId, Reason
from console.session import Session, short, stamp, table

due_app = typer.Typer(
    help="What has a date, and whose it is; answer what is due.", invoke_without_command=True
)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(due_app, name="due")


@due_app.callback()
def due(
    context: typer.Context,
    mine: Annotated[bool, typer.Option("--mine", help="Mine to answer.")] = False,
    owner: Annotated[str | None, typer.Option(help="One person's.")] = None,
    team: Annotated[str | None, typer.Option(help="A team's.")] = None,
    past: Annotated[bool, typer.Option("--past", help="Only what is past.")] = False,
) -> None:
    """Reviews, notices that end, decisions to be audited: soonest first."""
    from projections import due as view

    if context.invoked_subcommand:
        return
    session: Session = context.obj
    asked = view.Asked(mine, owner, team, past)
    with session.reading() as db:
        found = view.listed(db, session.reader, session.now(), asked)
    rows = [
        (
            short(one.id),
            stamp(one.due),
            "PAST" if one.overdue else None,
            one.what,
            short(one.item),
            one.owner or f"a {one.owner_role} of {one.team}",
        )
        for one in found
    ]
    head = ("id", "due", "", "what", "about", "whose")
    session.answer(found, table(head, rows, "Nothing is due."))


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
