"""Commands for the schedule of unused material for the prosecutor, and for confidential reports to
the auditor.
"""

from typing import Annotated, Any, Literal

import typer

from commands.kernel import item_references
from commands.people_and_teams import confidential_report
from console.engine.options import CommandId, Reason
from console.engine.parsing import (
    TAKES_WORDS,
    BadInput,
    needed_text,
    parse_uuid,
    piped_text,
    refuse_typed_words,
)
from console.engine.session import CommandSession, note
from console.engine.table import table
from projections.people_and_teams import confidential_reports
from questions.justice import unused

Case = Annotated[str, typer.Argument(metavar="CASE", help="The case: number, reference or id.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.command()(schedule)
    app.command(context_settings=TAKES_WORDS)(escalate)


def _case(session: CommandSession, text: str) -> Any:
    found_item = session.case(text)
    if found_item is None:
        raise BadInput(f"there is no case {text!r}: give its number, reference or id")
    return found_item


def schedule(
    context: typer.Context,
    case: Case,
    form: Annotated[
        Literal["MG6C", "MG6D"], typer.Option(help="MG6C not sensitive, MG6D sensitive.")
    ],
    trial: Annotated[str, typer.Option(help="Which trial: numbers run within it.")] = "S1",
) -> None:
    """Write the schedule of unused material. If a schedule was written before, the new items
    continue it. The number of an item never changes."""
    session: CommandSession = context.obj
    found_case = _case(session, case)
    with session.open().reading_with_access_log() as db:
        made = unused.schedule(session.desk, db, session.reader, found_case, trial, form)
    head = ("no.", "description") + (("why sensitive",) if form == "MG6D" else ())
    rows = [(line.number, line.description, line.reason)[: len(head)] for line in made.lines]
    lines = [f"{form}, {trial}", *table(head, rows, "NIL: no material.")]
    if made.undecided:
        note(f"{len(made.undecided)} items without a decision are left out: material review")
    session.answer(made, lines)


def escalate(
    context: typer.Context,
    outside_line: Annotated[
        bool, typer.Option("--outside-line", help="Past your own line management, to the auditor.")
    ],
    reason: Reason,
    command_id: CommandId = None,
) -> None:
    """Report a concern straight to the auditor. Use it for concerns that your own line ignores or
    is part of. It reads the text from standard input. The text cannot be changed, and only you and
    the auditor see it."""
    if not outside_line:
        raise BadInput(
            "this concern goes to the auditor, past your own line management: confirm that with "
            "--outside-line"
        )
    session: CommandSession = context.obj
    refuse_typed_words(context)
    words = needed_text(context, "What is your concern?")
    receipt = confidential_report.escalate(
        session.desk, session.reader, words, reason, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, "With the auditor")


def answer(
    context: typer.Context,
    answer: Annotated[
        str | None,
        typer.Option(
            help=(
                "As the auditor: which concern you answer. The answer is read from standard input."
            )
        ),
    ] = None,
    command_id: CommandId = None,
) -> None:
    """Answer, as the auditor, a confidential report."""
    session: CommandSession = context.obj
    with session.open().reading_with_access_log() as db:
        rows = confidential_reports.list_reports(db, session.reader)
    item = item_references.ending(answer or "", (row.id for row in rows), "escalation")
    words = piped_text("What do you do about the concern?")
    receipt = confidential_report.see(
        session.desk, session.reader, item, words, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, "Answered")
