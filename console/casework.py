"""A referral of a child."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from console.entries import parse_day, parse_uuid
from console.options import CommandId
from console.session import Session

if TYPE_CHECKING:
    pass

Level = Literal["low", "medium", "high", "unknown"]
Ref = Annotated[str, typer.Argument(metavar="REF", help="The case: number, reference or id.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(refer)


def refer(
    context: typer.Context,
    child: Annotated[str, typer.Option(help="The child's case or person; else a new name.")],
    items: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]…", help="The snippets that cause it.")
    ] = None,
    concern: Annotated[str | None, typer.Option(help="The concern in words.")] = None,
    age: Annotated[str | None, typer.Option(help="The child's age as told: 11, 14y8m.")] = None,
    born: Annotated[str | None, typer.Option(help="Date of birth, 1996-05-04.")] = None,
    learning_disability: Annotated[
        bool, typer.Option("--learning-disability", help="The child has one.")
    ] = False,
    command_id: CommandId = None,
) -> None:
    """Refer a child because of what was told."""
    from commands import referral

    session: Session = context.obj
    causes = [session.item(item) for item in items or []]
    given = referral.refer(
        session.desk,
        session.reader,
        causes,
        child,
        concern=concern,
        age_words=age,
        born=parse_day(born),
        learning_disability=learning_disability,
        command_id=parse_uuid(command_id),
    )
    session.receipt(given, "Referred to case")
