"""The command `victim-request hand-over`: it hands over the information about a victim that the
charity decided to give.
"""

from pathlib import Path
from typing import Annotated

import typer

from commands.justice import victim_request
from commands.kernel import item_references
from console.engine.parsing import group_of
from console.engine.session import CommandSession
from console.records.disclosing import handed_over


def register(app: typer.Typer) -> None:
    """Add the command that hands information over to the group of commands for victims'
    requests."""
    if group := group_of(app, "victim-request"):
        group.command("hand-over")(hand_over)


def hand_over(
    context: typer.Context,
    which: Annotated[
        str,
        typer.Argument(metavar="ID", help="The request: its full id or the last eight characters."),
    ],
    out: Annotated[Path | None, typer.Option(help="The file for the document.")] = None,
) -> None:
    """Hand over information about a victim. It is what the charity decided to give, and is recorded
    as a disclosure."""
    session: CommandSession = context.obj
    session.prove_again()
    request = item_references.about(session.desk, session.reader, which, victim_request.KIND)
    receipt, document = victim_request.hand_over(session.desk, session.reader, request)
    handed_over(session, [request], receipt, document, out)
