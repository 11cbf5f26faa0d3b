"""Who holds health and placement of a case."""

from typing import Annotated, Literal

import typer

from console.session import Session

compartment_app = typer.Typer(help="Who holds health and placement.", no_args_is_help=True)
Ref = Annotated[str, typer.Argument(metavar="CASE", help="The case: number, reference or id.")]
Which = Annotated[Literal["health", "placement"], typer.Argument(help="Which compartment.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(compartment_app, name="compartment")


@compartment_app.command("show")
def compartment_show(context: typer.Context, case: Ref, which: Which) -> None:
    """Who holds it, if you do."""
    from projections import compartments

    session: Session = context.obj
    with session.reading() as db:
        found = compartments.holders(db, session.reader, session.item(case, "case"), which)
    session.answer({"holders": found}, found or ["There is none that you hold."])
