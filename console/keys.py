"""The keys that words are sealed with: how many there are, and a new epoch for all of them."""

import typer

from console.session import Session
from console.table import table

keys_app = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(keys_app, name="keys")


@keys_app.command("status")
def status(context: typer.Context) -> None:
    """Show key epochs and counts, never a key."""
    from access.decide import require_any

    session: Session = context.obj
    require_any(session.reader, "run-store", "verify")
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
    from access.decide import require

    session: Session = context.obj
    require(session.reader, "run-store")
    epochs = session.open().rotate_keys()
    lines = [f"{family}: epoch {epoch}" for family, epoch in epochs.items()]
    session.answer(
        {"epochs": epochs}, [*lines, "Back up the keys now, and throw older copies away."]
    )
