"""Commands of an administrator for the exchange with other forces: publish offers, transfer them in
files if there is no connection, and change to a new key."""

from typing import Annotated

import typer

from commands.exchange import exchange
from console.engine.parsing import BadInput
from console.engine.session import CommandSession
from domain.exchange import offer
from exchange import handover
from installation import opening

exchange_app = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.add_typer(exchange_app, name="exchange")


@exchange_app.command("publish")
def publish(
    context: typer.Context,
    to: Annotated[
        list[str], typer.Option("--to", help="A force that the hub serves; repeat it for each.")
    ],
) -> None:
    """Publish your offers to the hub. Run it as the owner of a store on PostgreSQL. Name all
    forces that the hub serves: the list replaces an earlier one. Offers to a force that is not in
    the list no longer reach the hub. Nothing else of the store is published."""
    session: CommandSession = context.obj
    try:
        opening.publish_exchange(session.settings(), to)
    except ValueError as error:
        raise BadInput(str(error)) from error
    session.print_message(
        {"published": to},
        [
            f"Offers to all forces and to {', '.join(to)} are published, and no other offers.",
            "The hub subscribes with: continuum-hub add FORCE --follow postgresql://…",
        ],
    )


@exchange_app.command("send")
def send(context: typer.Context, file: typer.FileTextWrite) -> None:
    """Write your offers to a file for the hub. A site without a connection to the hub uses it.
    Offers that have ended are withdrawn first. You may run it as often as you like."""
    session: CommandSession = context.obj
    session.duty("run-store")
    exchange.reconsider(session.desk)
    force = offer.own_name(session.desk.policy.force)
    count = handover.write_rows(file, force, session.open().outgoing())
    session.print_message({"rows": count}, [f"{count} rows are written, without words or names."])


@exchange_app.command("take")
def take(context: typer.Context, file: typer.FileText) -> None:
    """Import the hub's answers from a file. What was recorded before does not change."""
    session: CommandSession = context.obj
    session.duty("run-store")
    answers = handover.read_messages(file, offer.own_name(session.desk.policy.force))
    new = exchange.take(session.desk, answers)
    exchange.reconsider(session.desk)
    session.print_message(
        {"new": new}, [f"{new} new matches; continuum matches lists those to decide."]
    )


@exchange_app.command("renew")
def renew(context: typer.Context) -> None:
    """Renew all live offers under the current key. It uses the key service's current key, and sends
    many tokens at once, which the service's operator has to allow."""
    session: CommandSession = context.obj
    session.duty("run-store")
    count = 0
    while offers_made := exchange.offer_again(session.desk):
        count += offers_made
    session.print_message({"renewed": count}, [f"{count} offered again."])
