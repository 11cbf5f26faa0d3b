"""Who looked: who-looked, unusual-access, hits."""

from typing import Annotated, Literal

import typer

from console.entries import BadInput, parse_uuid
from console.options import CommandId, Reason
from console.session import Session

hits_app = typer.Typer(help="Searches that met what you hold: decide whether to get in touch.")
unusual_app = typer.Typer(
    help="Whose consultations stand out, and why: to be looked into, no verdict."
)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(unusual_app, name="unusual-access")
    app.add_typer(hits_app, name="hits")


@unusual_app.command("review")
def review(
    context: typer.Context,
    user: Annotated[str, typer.Argument(metavar="USER", help="Whose consultations.")],
    finding: Annotated[str, typer.Option(help="What you found.")],
    command_id: CommandId = None,
) -> None:
    """Record what you found when you looked into it."""
    from commands import consultation

    session: Session = context.obj
    receipt = consultation.review_access(
        session.desk, session.reader, user, finding, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, "Looked into")


@hits_app.command("decide")
def decide(
    context: typer.Context,
    hit: Annotated[str, typer.Argument(metavar="ID", help="From hits: an id or its ending.")],
    contact: Annotated[
        Literal["contact", "no-contact"], typer.Argument(help="Get in touch, or not.")
    ],
    reason: Reason,
    command_id: CommandId = None,
) -> None:
    """Decide whether to get in touch with the one who searched."""
    from commands import consultation
    from projections import hits as view

    session: Session = context.obj
    with session.open().looked() as db:
        found = view.find(db, session.reader, hit)
    if found is None:
        raise BadInput(f"there is no hit {hit!r}")
    receipt = consultation.decide_contact(
        session.desk, session.reader, found, contact, reason, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, f"Decided: {contact}; hit")
