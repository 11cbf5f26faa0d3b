"""What a worker does with words that came in: take, urgency, correct, refile, withdraw, mine."""

from typing import Annotated, Literal

import typer

from console.entries import parse_uuid, piped_text
from console.options import CommandId, Reason
from console.session import Session, short, stamp, table


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (take, urgency, correct, confirm, refile, withdraw, mine):
        app.command()(command)


Item = Annotated[str, typer.Argument(metavar="ID", help="The observation: its id or its ending.")]


def take(context: typer.Context, item: Item, command_id: CommandId = None) -> None:
    """Say that you have it."""
    from commands import observation

    session: Session = context.obj
    receipt = observation.take(
        session.desk,
        session.reader,
        session.item(item, "observation"),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, f"{session.reader.name} has it")


def urgency(
    context: typer.Context,
    item: Item,
    direction: Annotated[Literal["up", "down"], typer.Argument(help="up: anyone may.")],
    reason: Reason,
    command_id: CommandId = None,
) -> None:
    """Raise urgency (anyone) or lower it (a named assessor)."""
    from commands import observation

    session: Session = context.obj
    change = observation.raise_urgency if direction == "up" else observation.lower_urgency
    receipt = change(
        session.desk,
        session.reader,
        session.item(item, "observation"),
        reason,
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, "Urgent" if direction == "up" else "No longer urgent")


def correct(
    context: typer.Context,
    item: Item,
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
    command_id: CommandId = None,
) -> None:
    """Add a correction (from standard input) beside the first words, which stay."""
    from ingest import telling

    session: Session = context.obj
    text = piped_text("What is right instead?")
    receipt = telling.correct(
        session.desk,
        session.reader,
        session.item(item, "observation"),
        text,
        reason,
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, "Corrected")


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


def refile(
    context: typer.Context,
    item: Item,
    case: Annotated[str, typer.Option(help="The right case.")],
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
    command_id: CommandId = None,
) -> None:
    """Move what was filed under the wrong family."""
    from commands import observation

    session: Session = context.obj
    receipt = observation.refile(
        session.desk,
        session.reader,
        session.item(item, "observation"),
        case,
        reason,
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, "Refiled")


def withdraw(
    context: typer.Context, item: Item, reason: Reason, command_id: CommandId = None
) -> None:
    """Withdraw an observation, a report or an item of evidence; it shows as withdrawn."""
    from commands import evidence, intelligence, observation

    session: Session = context.obj
    from projections import register as items

    found = session.item(item)
    with session.reading() as db:
        kind = items.resolve(db, session.reader, str(found))[0].kind
    command = parse_uuid(command_id)
    desk, reader = session.desk, session.reader
    if kind == "report":
        receipt = intelligence.withdraw(desk, reader, found, reason, command_id=command)
    elif kind in ("exhibit", "statement", "recorded-interview"):
        receipt = evidence.change_status(
            desk, reader, str(found), "withdrawn", reason, command_id=command
        )
    else:
        receipt = observation.withdraw(desk, reader, found, reason, command_id=command)
    session.receipt(receipt, "Withdrawn")


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
