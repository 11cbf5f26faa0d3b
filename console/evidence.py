"""Evidence: gathered, handed over, excluded, undermined."""

from typing import Annotated, Any, Literal

import typer

from console.entries import parse_uuid
from console.options import At, BecauseOf, Case, CommandId, Reason
from console.session import Session

evidence_app = typer.Typer(help="Evidence: gathered, handed over, excluded.", no_args_is_help=True)
KINDS = ("exhibit", "statement", "recorded-interview")
Of = Annotated[list[str] | None, typer.Option("--from", help="An observation that led to it.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(evidence_app, name="evidence")


@evidence_app.command("add")
def evidence_add(
    context: typer.Context,
    kind: Annotated[
        Literal["exhibit", "statement", "recorded-interview"], typer.Argument(help="What it is.")
    ],
    mark: Annotated[str, typer.Option(help="The producer's initials and a number: AB1.")],
    of: Of = None,
    produced_by: Annotated[str | None, typer.Option(help="Who produced it.")] = None,
    description: Annotated[str | None, typer.Option(help="What it is, in words.")] = None,
    at: At = None,
    case: Case = None,
    sha256: Annotated[str | None, typer.Option(help="Of a file that stays where it is.")] = None,
    location: Annotated[str | None, typer.Option(help="Where it is kept.")] = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Gather an item: a new thing that points to the words that led to it."""
    from commands import evidence
    from domain.evidence import EvidenceGathered

    session: Session = context.obj
    item = EvidenceGathered(
        kind=kind,
        mark=mark,
        observations=tuple(session.item(one, "observation") for one in of or []),
        case=session.case(case),
        gathered=session.when(at),
        sha256=sha256,
        description=description,
        produced_by=produced_by,
        location=location,
    )
    receipt = evidence.gather(
        session.desk,
        session.reader,
        item,
        because_of=session.causes(because_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, f"{kind.capitalize()} {mark}")
    session.say_what_is_odd(receipt.id)


@evidence_app.command("transfer")
def evidence_transfer(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ID", help="The item of evidence.")],
    to: Annotated[str, typer.Option("--to", help="Who received it.")],
    giver: Annotated[str | None, typer.Option("--by", help="Who handed it over.")] = None,
    place: Annotated[str | None, typer.Option(help="Where it is kept.")] = None,
    at: At = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Continuity: from one hand to another."""
    from commands import evidence
    from domain.evidence import EvidenceTransferred

    session: Session = context.obj
    move = EvidenceTransferred(session.when(at), giver, to, place)
    receipt = evidence.transfer(
        session.desk,
        session.reader,
        session.item(item, *KINDS),
        move,
        because_of=session.causes(because_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, f"Handed to {to}")


@evidence_app.command("exclude")
def evidence_exclude(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ID", help="The item of evidence.")],
    reason: Reason,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """A court or the prosecution will not use it."""
    _status(context, item, "excluded", reason, because_of, command_id)


@evidence_app.command("undermine")
def evidence_undermine(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ID", help="The item of evidence.")],
    reason: Reason,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Something speaks against it."""
    _status(context, item, "undermined", reason, because_of, command_id)


def _status(
    context: typer.Context,
    item: str,
    status: Any,
    reason: str,
    because_of: list[str] | None,
    command_id: str | None,
) -> None:
    from commands import evidence

    session: Session = context.obj
    receipt = evidence.change_status(
        session.desk,
        session.reader,
        session.item(item, *KINDS),
        status,
        reason,
        because_of=session.causes(because_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, status.capitalize())
