"""Looking further than one's role, for a time: glass, authority, entry."""

from typing import Any

import typer

from console.session import Session, short, stamp, table

glass_app = typer.Typer(help="Break the glass of one case for an hour.", no_args_is_help=True)
authority_app = typer.Typer(
    help="An auditor's or a disclosure officer's authority for one case.", no_args_is_help=True
)
entry_app = typer.Typer(
    help="Who told us one thing: for a threat to life, by two people.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(glass_app, name="glass")
    app.add_typer(authority_app, name="authority")
    app.add_typer(entry_app, name="entry")


def _list(session: Session, *kinds: Any) -> None:
    from commands import grant

    with session.reading() as db:
        rows = grant.listed(db, session.reader, session.now())
    rows = [row for row in rows if row.kind in kinds]
    session.answer(rows, opened_lines(rows, "Nothing is open, and no review is owed."))


def opened_lines(rows: list[Any], empty: str) -> list[str]:
    """What was opened, for a person."""
    return table(
        ("id", "since", "what", "of", "who", "until", "state", "review due", "why"),
        [
            (
                short(row.id),
                stamp(row.since),
                row.kind,
                short(row.item),
                " and ".join(row.who),
                stamp(row.until),
                row.state,
                (stamp(row.due) + (" OVERDUE" if row.overdue else "")) if row.due else "-",
                row.reason,
            )
            for row in rows
        ],
        empty,
    )


@glass_app.command("list")
def glass_list(context: typer.Context) -> None:
    """What is open, and what waits for its review."""
    _list(context.obj, "glass")


@authority_app.command("list")
def authority_list(context: typer.Context) -> None:
    """Which authorities stand or wait."""
    _list(context.obj, "audit", "disclosure")


@entry_app.command("list")
def entry_list(context: typer.Context) -> None:
    """What is asked, open, or waits for its review."""
    _list(context.obj, "entry")
