"""Who told us, by token alone: how reliable, in conflict or not, one root or two.

A token is the random id under which the source register knows somebody (`show ID` gives it as
`root` and `chain`); names stay in the register.
"""

from typing import Annotated, Literal
from uuid import UUID

import typer

from console.entries import BadInput, parse_uuid
from console.options import CommandId, Reason
from console.session import Session

source_app = typer.Typer(help="Sources: grade, conflict of interest.", no_args_is_help=True)
roots_app = typer.Typer(help="Who first knew: join and part roots.", no_args_is_help=True)
Token = Annotated[str, typer.Argument(metavar="TOKEN", help="From show ID: root or chain.")]
A = Annotated[str, typer.Argument(metavar="A", help="A token.")]
B = Annotated[str, typer.Argument(metavar="B", help="Another token.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(source_app, name="source")
    app.add_typer(roots_app, name="roots")


def _token(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BadInput(
            f"{text!r} is no token: show ID gives it as root or chain, a UUID"
        ) from error


@source_app.command("grade")
def grade(
    context: typer.Context,
    token: Token,
    value: Annotated[Literal["1", "2", "3"], typer.Argument(help="1 reliable … 3 not reliable.")],
    reason: Reason,
    command_id: CommandId = None,
) -> None:
    """Grade a source's reliability, apart from any item; a first-time parent is 2 (untested)."""
    from commands import source

    session: Session = context.obj
    receipt = source.grade(
        session.desk,
        session.reader,
        _token(token),
        value,
        reason,
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, f"Graded {value}: source")


@source_app.command("conflict")
def conflict(
    context: typer.Context, token: Token, reason: Reason, command_id: CommandId = None
) -> None:
    """Note a conflict of interest: such a source is never graded 1 (reliable)."""
    from commands import source

    session: Session = context.obj
    receipt = source.note_conflict(
        session.desk, session.reader, _token(token), reason, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, "Conflict of interest noted: source")


def _roots(
    context: typer.Context, one: str, other: str, reason: str, join: bool, command_id: str | None
) -> None:
    from commands import source

    session: Session = context.obj
    change = source.join_roots if join else source.part_roots
    receipt = change(
        session.desk,
        session.reader,
        _token(one),
        _token(other),
        reason,
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, "One root" if join else "Two roots")


@roots_app.command("join")
def roots_join(
    context: typer.Context, a: A, b: B, reason: Reason, command_id: CommandId = None
) -> None:
    """Two tellers turn out to repeat one person: one root from now on."""
    _roots(context, a, b, reason, True, command_id)


@roots_app.command("part")
def roots_part(
    context: typer.Context, a: A, b: B, reason: Reason, command_id: CommandId = None
) -> None:
    """They are two after all."""
    _roots(context, a, b, reason, False, command_id)
