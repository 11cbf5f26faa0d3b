"""The command that compares two checkpoints of one log for consistency."""

from pathlib import Path
from typing import Annotated

import typer

from console.engine.session import CommandSession, note
from installation import auditing

checkpoint_app = typer.Typer(no_args_is_help=True)
#: The exit code for each result of the comparison of two checkpoints: proven tampering ("lie") is
#: an integrity failure, and an undecided result is unproven.
EXITS = {"consistent": 0, "lie": 4, "undecided": 6}


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.add_typer(checkpoint_app, name="checkpoint")


@checkpoint_app.command()
def compare(
    context: typer.Context,
    a: Annotated[Path, typer.Argument(metavar="A", help="A checkpoint.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Another one of the same log.")],
    policy: Annotated[
        Path | None, typer.Option(help="Your own policy: the pinned origins and keys.")
    ] = None,
    proof: Annotated[
        Path | None,
        typer.Option(help="A proof that the larger continues the smaller (proof --since)."),
    ] = None,
) -> None:
    """Compare two checkpoints for consistency. Two different signed roots of the same size prove
    tampering (exit code 4). For two sizes a consistency proof decides (exit code 6 without one)."""
    session: CommandSession = context.obj
    comparison = auditing.compare_checkpoints(session.settings(), (a, b), policy, proof)
    sizes = [
        {"size": checkpoint.size, "root": checkpoint.root.hex()}
        for checkpoint in (comparison.first, comparison.second)
    ]
    session.print_message(
        {
            "verdict": comparison.verdict,
            "log": comparison.log,
            "origin": comparison.first.origin,
            "checkpoints": sizes,
            "words": comparison.words,
        },
        [f"{comparison.verdict.upper()}: {comparison.words}."],
    )
    if policy is None:
        note(
            "No --policy was given: keys that the server itself shows prove little. Give your own."
        )
    if code := EXITS[comparison.verdict]:
        raise typer.Exit(code)
