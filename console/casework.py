"""Which cases there are."""

from typing import Annotated

import typer

from console.session import Session, short, stamp, table


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(cases)


def cases(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    unallocated: Annotated[
        bool, typer.Option("--unallocated", help="Only those that nobody works on.")
    ] = False,
) -> None:
    """The cases, with their rating and workers."""
    from commands import colleague
    from projections import cases as view

    session: Session = context.obj
    with session.reading() as db:
        rows = (
            colleague.unallocated(db, session.reader)
            if unallocated
            else view.listed(db, session.reader, open_only=not every)
        )
    lines = table(
        (
            "no.",
            "reference",
            "team",
            "rating",
            "child's worker",
            "parents' worker",
            "missing",
            "opened",
            "id",
        ),
        [
            (
                row.number,
                row.reference,
                row.team,
                row.threshold,
                row.worker_child,
                row.worker_parents,
                "MISSING" if row.missing else None,
                stamp(row.opened),
                short(row.case),
            )
            for row in rows
        ],
        "No such case is open.",
    )
    session.answer(rows, lines)
