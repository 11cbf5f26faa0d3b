"""Making a store."""

from typing import Annotated

import typer

from console.session import Session


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(init)


def init(
    context: typer.Context,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="Watermarked; takes --clock on every command.")
    ] = False,
) -> None:
    """Make a store: logs, views, keys."""
    session: Session = context.obj
    system = session.open(create=True, synthetic=synthetic or bool(session.clock))
    kind = "synthetic" if system.synthetic else "live"
    session.answer(
        {
            "store": system.shown,
            "home": str(system.home),
            "synthetic": system.synthetic,
            "administrator": session.reader.name,
        },
        [
            f"A {kind} store: {system.shown}",
            f"Keys and originals: {system.home}",
            "Next: continuum record",
        ],
    )
