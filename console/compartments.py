"""Health and placement of a case, and who holds them."""

from typing import Annotated, Literal

import typer

from console.entries import parse_day, parse_uuid, piped_text
from console.options import BecauseOf, CommandId, Reason
from console.session import Session, stamp, table

health_app = typer.Typer(help="A child's health, for those who hold it.", no_args_is_help=True)
placement_app = typer.Typer(help="Where a child is placed.", no_args_is_help=True)
compartment_app = typer.Typer(help="Who holds health and placement.", no_args_is_help=True)
Ref = Annotated[str, typer.Argument(metavar="CASE", help="The case: number, reference or id.")]
Which = Annotated[Literal["health", "placement"], typer.Argument(help="Which compartment.")]
Worker = Annotated[str, typer.Argument(metavar="WORKER", help="Who.")]
Day = Annotated[str | None, typer.Option("--on", help="The day, 2011-09-12.")]
Placement = Literal[
    "foster-care", "residential", "kinship", "supported-living", "secure", "refuge", "other"
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(health_app, name="health")
    app.add_typer(placement_app, name="placement")
    app.add_typer(compartment_app, name="compartment")


@health_app.command("note")
def health_note(
    context: typer.Context,
    case: Ref,
    category: Annotated[str, typer.Option(help="pregnancy, injury, medication, …")],
    on: Day = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Note (standard input) what must be known of a child's health to protect them."""
    from commands import compartment

    session: Session = context.obj
    text = piped_text("What must be known?")
    receipt = compartment.note_health(
        session.desk,
        session.reader,
        session.item(case, "case"),
        category,
        text,
        parse_day(on),
        because_of=session.causes(because_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, "Noted for those who hold it")


@health_app.command("list")
def health_list(context: typer.Context, case: Ref) -> None:
    """What is noted, if you hold it."""
    from projections import compartments

    session: Session = context.obj
    with session.reading() as db:
        rows = compartments.health(db, session.reader, session.item(case, "case"))
    told = [(stamp(r.recorded), r.category, r.words, r.happened, r.by) for r in rows]
    head = ("recorded", "what", "words", "on", "by")
    session.answer(rows, table(head, told, "Nothing is noted that you hold."))


@placement_app.command("made")
def placement_made(
    context: typer.Context,
    case: Ref,
    kind: Annotated[Placement, typer.Option(help="What kind of home.")],
    on: Day = None,
    note: Annotated[str | None, typer.Option(help="A note.")] = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Record a placement; its address comes by standard input and is seen by holders alone."""
    from commands import compartment

    session: Session = context.obj
    address = piped_text("The address")
    receipt = compartment.place(
        session.desk,
        session.reader,
        session.item(case, "case"),
        kind,
        address,
        parse_day(on),
        note,
        because_of=session.causes(because_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, "Placed; the address is seen by those who hold it")


@placement_app.command("ended")
def placement_ended(
    context: typer.Context,
    case: Ref,
    on: Day = None,
    note: Annotated[str | None, typer.Option(help="A note.")] = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """The child no longer lives there."""
    from commands import compartment

    session: Session = context.obj
    receipt = compartment.end_placement(
        session.desk,
        session.reader,
        session.item(case, "case"),
        parse_day(on),
        note,
        because_of=session.causes(because_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, "Placement ended")


@placement_app.command("list")
def placement_list(context: typer.Context, case: Ref) -> None:
    """Where the child is and was placed, if you hold it."""
    from projections import compartments

    session: Session = context.obj
    with session.reading() as db:
        rows = compartments.placements(db, session.reader, session.item(case, "case"))
    told = [(r.since, r.until, r.category, r.address, "now" if r.stands else "") for r in rows]
    head = ("from", "to", "kind", "address", "")
    session.answer(rows, table(head, told, "No placement that you hold."))


@compartment_app.command("open")
def compartment_open(
    context: typer.Context,
    case: Ref,
    which: Which,
    worker: Worker,
    reason: Reason,
    command_id: CommandId = None,
) -> None:
    """Let another worker hold it; only a holder can."""
    from commands import compartment

    session: Session = context.obj
    receipt = compartment.open_to(
        session.desk,
        session.reader,
        session.item(case, "case"),
        which,
        worker,
        reason,
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, f"{worker} holds the {which} compartment")


@compartment_app.command("close")
def compartment_close(
    context: typer.Context,
    case: Ref,
    which: Which,
    worker: Worker,
    reason: Reason,
    command_id: CommandId = None,
) -> None:
    """Take it from a worker."""
    from commands import compartment

    session: Session = context.obj
    receipt = compartment.close_to(
        session.desk,
        session.reader,
        session.item(case, "case"),
        which,
        worker,
        reason,
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, f"{worker} no longer holds the {which} compartment")


@compartment_app.command("show")
def compartment_show(context: typer.Context, case: Ref, which: Which) -> None:
    """Who holds it, if you do."""
    from projections import compartments

    session: Session = context.obj
    with session.reading() as db:
        found = compartments.holders(db, session.reader, session.item(case, "case"), which)
    session.answer({"holders": found}, found or ["There is none that you hold."])
