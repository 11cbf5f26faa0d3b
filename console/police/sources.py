"""Who told us, by token alone: how reliable, in conflict or not, one root or two.

A token is the random id under which the source register knows somebody (`show ID` gives it as
`root` and `chain`); names stay in the register.
"""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer

from console.engine.parsing import BadInput, parse_month
from console.engine.session import CommandSession, short
from console.engine.table import table

drift_app = typer.Typer(no_args_is_help=True)
source_app = typer.Typer(no_args_is_help=True)
roots_app = typer.Typer(no_args_is_help=True)
source_app.add_typer(drift_app, name="drift")
Told = Annotated[
    str, typer.Argument(metavar="SOURCE", help="A token, or a log entry from this source.")
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(source_app, name="source")
    app.add_typer(roots_app, name="roots")


@source_app.command("show")
def show(
    context: typer.Context,
    one: Annotated[str, typer.Argument(metavar="ID", help="An entry, or the words it is about.")],
) -> None:
    """Show who told us something, and through whom. It is for the register's keeper, the family's
    own worker, and two people who opened it together (entry)."""
    from questions.information import entry

    session: CommandSession = context.obj
    found = entry.entry_of(session.desk, session.reader, _whole(one))
    people = [*([("told us", found.source)] if found.source else [])]
    people += [("told by", each) for each in found.chain]
    lines = table(
        ("", "name", "kind", "relation", "grade", "conflict", "token"),
        [
            (
                how,
                who.name,
                who.kind,
                who.relation,
                who.grade,
                "yes" if who.conflict else "no",
                who.token,
            )
            for how, who in people
        ],
        "Nobody was named.",
    )
    session.answer(found, lines)


def _whole(text: str) -> UUID:
    """A whole id: the person who keeps the register sees no words by whose ending they could be
    found."""
    try:
        return UUID(text)
    except ValueError as error:
        raise BadInput(f"{text!r} is no whole id") from error


@drift_app.command("digest")
def drift_digest(
    context: typer.Context,
    month: Annotated[str, typer.Argument(metavar="MONTH", help="2011-03, 3/2011 or March 2011.")],
) -> None:
    """List who often reported on one suspect. It covers one month. It is for information, and casts
    no suspicion on the source."""
    from questions.information import source_digest

    session: CommandSession = context.obj
    first = parse_month(month)
    after = (first + timedelta(days=31)).replace(day=1)
    start, end = (session.time(str(one)) for one in (first, after))
    with session.reading() as db:
        rows = source_digest.about_suspects(db, session.reader, start, end)
    lines = [(short(row.source), label, row.items) for row, label in rows]
    head = ("source", "about", "items")
    session.answer(
        [row for row, _ in rows], table(head, lines, "Nobody told often about one suspect.")
    )
