"""Health and placement of a case, and who holds them."""

from typing import Annotated, Literal

import typer

from console.session import Session, stamp, table

health_app = typer.Typer(help="A child's health, for those who hold it.", no_args_is_help=True)
placement_app = typer.Typer(help="Where a child is placed.", no_args_is_help=True)
compartment_app = typer.Typer(help="Who holds health and placement.", no_args_is_help=True)
Ref = Annotated[str, typer.Argument(metavar="CASE", help="The case: number, reference or id.")]
Which = Annotated[Literal["health", "placement"], typer.Argument(help="Which compartment.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(health_app, name="health")
    app.add_typer(placement_app, name="placement")
    app.add_typer(compartment_app, name="compartment")


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


@compartment_app.command("show")
def compartment_show(context: typer.Context, case: Ref, which: Which) -> None:
    """Who holds it, if you do."""
    from projections import compartments

    session: Session = context.obj
    with session.reading() as db:
        found = compartments.holders(db, session.reader, session.item(case, "case"), which)
    session.answer({"holders": found}, found or ["There is none that you hold."])
