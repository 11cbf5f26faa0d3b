"""The command that writes due dates as a calendar file."""

from pathlib import Path
from typing import Annotated

import typer

from commands.people_and_teams import calendar as calendar_commands
from console.engine.parsing import hand_over, require_room
from console.engine.session import CommandSession


def calendar(
    context: typer.Context,
    ics: Annotated[
        Path | None,
        typer.Option(help="Write your deadlines as a calendar file, without names or words."),
    ] = None,
) -> None:
    """If a file is given, write the user's deadlines to it as a calendar, after recording that they
    leave the store."""
    session: CommandSession = context.obj
    if ics is None:
        return
    require_room(ics)
    content, rows = calendar_commands.export_calendar(session.desk, session.reader, session.now())
    session.consulted("\n".join(str(row.item) for row in rows).encode())
    hand_over(ics, content)
    session.print_message(
        {"file": str(ics), "dates": len(rows)}, [f"Written: {ics} ({len(rows)} dates)"]
    )
