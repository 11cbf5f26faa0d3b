"""Commands for the keys that encrypt the record: their numbers, and a new epoch for all of them."""

from pathlib import Path
from typing import Annotated

import typer

from access.who_may import decide
from console.engine.parsing import BadInput
from console.engine.session import CommandSession
from console.engine.table import table
from console.running import signing
from installation import key_pairs

#: The smallest number of characters of a passphrase. Passwords have the same limit.
SHORTEST = 12

keys_app = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.add_typer(keys_app, name="keys")


@keys_app.command("status")
def status(context: typer.Context) -> None:
    """Show key epochs and counts, never a key."""
    session: CommandSession = context.obj
    decide.require_any(session.reader, "run-store", "verify")
    families = session.open().shredder().status()
    session.answer(
        {"families": families},
        table(
            ("family", "epochs", "live keys", "destroyed keys"),
            [(f.family, ", ".join(map(str, f.epochs)), f.live, f.destroyed) for f in families],
            "There are no keys.",
        ),
    )


@keys_app.command("rotate")
def rotate(context: typer.Context) -> None:
    """Encrypt all live keys under a new wrapping key. It begins a new epoch and destroys the older
    ones."""
    session: CommandSession = context.obj
    decide.require(session.reader, "run-store")
    epochs = session.open().rotate_keys()
    lines = [f"{family}: epoch {epoch}" for family, epoch in epochs.items()]
    session.answer({"epochs": epochs}, [*lines, "Back up the keys now, and destroy older copies."])


@keys_app.command("pair")
def pair(
    context: typer.Context,
    name: Annotated[
        Path, typer.Argument(metavar="FILE", help="The beginning of both files' names.")
    ],
) -> None:
    """Make a pair of keys for backups. Do it on the machine of the person who holds the private
    one. It asks for a passphrase. The public key goes to the machine that makes the backups; the
    private key never does."""
    session: CommandSession = context.obj
    if any(place.exists() for place in key_pairs.places(name)):
        raise BadInput(f"a key pair called {name} exists already: give another name")
    passphrase = signing.answer_to(
        "A passphrase for the private key (three random words): ", hidden=True
    )
    if len(passphrase) < SHORTEST:
        raise BadInput(
            f"write a passphrase of {SHORTEST} characters or more, such as three random words"
        )
    made = key_pairs.make(name, passphrase)
    session.print_message(
        made,
        [
            f"Keep it, for yourself alone: {made.private}",
            f"Give this one to the person who makes the backups: {made.public}",
            f"Its fingerprint: {made.fingerprint}",
        ],
    )


@keys_app.command("open")
def open_backup(
    context: typer.Context,
    sealed: Annotated[Path, typer.Argument(metavar="SEALED", help="A sealed backup.")],
    private: Annotated[Path, typer.Option("--with", help="Your private key.")],
    into: Annotated[Path, typer.Option("--into", help="A new directory.")],
) -> None:
    """Open a sealed backup with your private key. Do it before a restore. The backup of the store
    and the backup of its keys belong to two people; each opens their own.
    """
    session: CommandSession = context.obj
    if into.exists() and any(into.iterdir()):
        raise BadInput(f"the directory {into} is not empty: give a new one")
    passphrase = signing.answer_to("The passphrase of your private key: ", hidden=True)
    key_pairs.open_backup(sealed, private, passphrase, into)
    session.print_message(
        {"into": str(into)}, [f"Opened into {into}: delete it once the store is back."]
    )
