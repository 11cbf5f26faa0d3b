"""Commands about sources, which are named by their tokens: reliability, conflicts of interest, and
independent sources.

A token is the random id of a person in the source register (`show ID` prints it as `root` and
`chain`). The names of sources are only in the register.
"""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer

from console.engine.parsing import BadInput, parse_month
from console.engine.session import CommandSession, short
from console.engine.table import table
from questions.information import entry, source_digest

drift_app = typer.Typer(no_args_is_help=True)
source_app = typer.Typer(no_args_is_help=True)
roots_app = typer.Typer(no_args_is_help=True)
source_app.add_typer(drift_app, name="drift")
Told = Annotated[
    str, typer.Argument(metavar="SOURCE", help="A token, or a log entry from this source.")
]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.add_typer(source_app, name="source")
    app.add_typer(roots_app, name="roots")


@source_app.command("show")
def show(
    context: typer.Context,
    one: Annotated[str, typer.Argument(metavar="ID", help="A log entry.")],
) -> None:
    """Show the source of a log entry, and who told the source. It is for the handler of the source
    register, the family's own worker, and two people who opened the source together."""
    session: CommandSession = context.obj
    entry_found = entry.entry_of(session.desk, session.reader, _whole_id(one))
    people = [*([("told us", entry_found.source)] if entry_found.source else [])]
    people += [("told by", person) for person in entry_found.chain]
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
        "No source was named.",
    )
    session.answer(entry_found, lines)


def _whole_id(text: str) -> UUID:
    """Return the id in a text. It must be a whole id, because source handlers see no log entries,
    and so the program does not look up part of an id for them. Raises BadInput."""
    try:
        return UUID(text)
    except ValueError as error:
        raise BadInput(
            f"{text!r} is only a part of an id: give all 36 characters of the id"
        ) from error


@drift_app.command("digest")
def drift_digest(
    context: typer.Context,
    month: Annotated[str, typer.Argument(metavar="MONTH", help="2011-03, 3/2011 or March 2011.")],
) -> None:
    """List sources that often reported on one suspect. It covers one month. It is for information,
    and casts no suspicion on the source."""
    session: CommandSession = context.obj
    first = parse_month(month)
    after = (first + timedelta(days=31)).replace(day=1)
    start, end = (session.time(str(day)) for day in (first, after))
    with session.reading() as db:
        rows = source_digest.about_suspects(db, session.reader, start, end)
    lines = [(short(row.source), label, row.items) for row, label in rows]
    head = ("source", "about", "items")
    session.answer(
        [row for row, _ in rows], table(head, lines, "No source reported often on one suspect.")
    )
