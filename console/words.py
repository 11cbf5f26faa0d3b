"""What became of what somebody sent."""

import typer

from console.session import Session, short, stamp, table


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(mine)


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
