"""Makes commands from declared questions. A command prints a table, prints JSON, or writes a
workbook."""

import inspect
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import typer
from msgspec.structs import replace

from console.engine.options import Purpose, Recipient
from console.engine.parsing import DAY, BadInput, group_of, hand_over, require_room
from console.engine.question_tables import above_lines, answer_lines
from console.engine.session import CommandSession, note
from console.made.declared import (
    as_typed,
    default_of,
    kind_of,
    parameter,
    placed,
    reads,
)
from console.made.lazy_commands import LazyCommand
from console.police import due, grading, unused_material
from domain.kernel.values import Refused
from projections.kernel import queries
from usecases.kernel import numbered_copy, registry, workbook
from usecases.kernel.fields import Field, fields_of, find_silent_hits, values_of
from usecases.kernel.question import Answer, Question, document, tables_to_show
from usecases.kernel.usecase import FieldErrors

Workbook = Annotated[
    Path | None, typer.Option("--xlsx", help="Write the table to this file; recorded as an export.")
]
Csv = Annotated[
    Path | None,
    typer.Option(
        "--csv",
        help="Write the table to this file as CSV, several as a ZIP; recorded as an export.",
    ),
]
Printed = Annotated[
    Path | None,
    typer.Option("--pdf", help="Write it to this file as a numbered paper; recorded as a copy."),
]
DestroyBy = Annotated[
    str | None,
    typer.Option(
        "--destroy-by",
        metavar=DAY,
        help="The day on which the paper is destroyed (default: in 28 days).",
    ),
]

#: Functions that commands of some questions run instead of answering the question, if the user gave
#: the function's first option.
BESIDE: dict[str, Callable[..., None]] = {
    "escalations": unused_material.answer,
    "due": due.calendar,
    "releases": grading.leave,
}


def register(app: typer.Typer) -> None:
    """Add a command for each declared question to the command line. The first words of the name are
    command groups: "network ego" is added to the group "network". A question with the name of a
    group is answered if the group is called without a further word."""
    for question in registry.QUESTIONS.values():
        add(app, question)


def add(app: typer.Typer, question: type[Question]) -> None:
    """Add the command of this question to the command line."""
    within, last = placed(app, question.named.command, question.__module__)
    if group := group_of(within, last):
        answers = group.callback(invoke_without_command=True, no_args_is_help=False)
        answers(command(question))
        group.info.help = question.__doc__
    else:
        within.command(last)(command(question))


def command(question: type[Question]) -> LazyCommand:
    """Return the command that answers this question."""
    hand = BESIDE.get(question.named.command)
    _, *beside = inspect.signature(hand).parameters.values() if hand else (None,)

    def run(context: typer.Context, **given: Any) -> None:
        if context.invoked_subcommand:
            return
        session: CommandSession = context.obj
        options = {one.name: given.pop(one.name) for one in beside}
        if hand and options[beside[0].name] not in (None, False):
            hand(context, **options)
            return
        fields = _fields(question)
        xlsx, recipient, purpose = (given.pop(name) for name in ("xlsx", "recipient", "purpose"))
        pdf, destroy_by = (given.pop(name, None) for name in ("pdf", "destroy_by"))
        csv = given.pop("csv", None)
        if csv is not None and xlsx is not None:
            raise BadInput("give either --csv or --xlsx, not both")
        _require_room(xlsx or csv, pdf, destroy_by)
        try:
            query = question(**values_of(fields, given, reads(session)))
        except FieldErrors as mistold:
            called = {
                field.name: field.name.upper() if field.by_place else field.option
                for field in fields
            }
            raise BadInput(as_typed(called, mistold), mistold.faults) from None
        asker = (session.desk, session.reader, session.now())
        shown = question.named.shown
        try:
            if shown and xlsx is None and csv is None and not session.json:
                above = None if session.id_only else query.above(*asker)
                shown_rows, total = query.part(*asker, 0, shown)
                lines = [
                    *above_lines(above),
                    *answer_lines(question.tables(), Answer((shown_rows,))),
                ]
                session.answer(shown_rows, lines, beside=above)
                if total > len(shown_rows):
                    shown_of = f"{len(shown_rows)} of {queries.figure(total)} are shown"
                    note(f"{shown_of}: narrow the question, or get all with --json or --xlsx")
                return
            if pdf is not None:
                _print(session, query, pdf, destroy_by, recipient=recipient, purpose=purpose)
                return
            answer = query.told(*asker)
        except Refused:
            session.consulted(b"", find_silent_hits(query, session.desk, session.reader) or ())
            raise
        file = xlsx or csv
        if file is None:
            people_see = tables_to_show(question, answer.tables)
            lines = answer_lines(
                [table for table, _ in people_see],
                replace(answer, tables=tuple(rows for _, rows in people_see)),
            )
            if question.named.free:
                session.print_message(document(question, answer), lines)
            else:
                session.answer(document(question, answer), lines, touched=answer.touched or ())
            return
        form: Literal["xlsx", "csv"] = "csv" if csv else "xlsx"
        _export(session, query, answer, file, form, recipient=recipient, purpose=purpose)

    return LazyCommand(run, question.__doc__, partial(_parameters, question, beside))


def _export(
    session: CommandSession,
    question: Question,
    answer: Answer,
    file: Path,
    form: Literal["xlsx", "csv"],
    *,
    recipient: str | None,
    purpose: str | None,
) -> None:
    """Write the answer to a question into a file, as a workbook or as CSV."""
    session.prove_again()
    session.consulted(msgspec.json.encode(document(type(question), answer)), answer.touched or ())
    content = workbook.export_workbook(
        question,
        answer,
        session.desk,
        session.reader,
        form=form,
        recipient=recipient,
        purpose=purpose,
    )
    hand_over(file, content)
    rows = sum(map(len, answer.tables))
    session.print_message({"file": str(file), "rows": rows}, [f"Written: {file}"])


def _require_room(table: Path | None, pdf: Path | None, destroy_by: str | None) -> None:
    """Raise BadInput if the file for a printed or exported answer cannot be written, or if a day is
    given for destroying a printed paper, but no file for the paper."""
    if table is not None:
        require_room(table)
    if pdf is not None:
        require_room(pdf, new=True)
    elif destroy_by:
        raise BadInput(
            "--destroy-by is the day on which a printed paper is destroyed: also give --pdf "
            "FILE, or leave --destroy-by out"
        )


def _print(
    session: CommandSession,
    question: Question,
    pdf: Path,
    destroy_by: str | None,
    *,
    recipient: str | None,
    purpose: str | None,
) -> None:
    """Write the answer to a question into a file, as a numbered paper."""
    session.prove_again()
    content = numbered_copy.printed(
        question,
        session.desk,
        session.reader,
        session.now(),
        lambda ids: session.consulted("\n".join(map(str, ids)).encode()),
        recipient=recipient,
        destroy_by=session.day(destroy_by) if destroy_by else None,
        purpose=purpose,
        synthetic=session.open().synthetic,
    )
    hand_over(pdf, content, new=True)
    session.print_message({"file": str(pdf)}, [f"Written: {pdf}"])


def _fields(question: type[Question]) -> list[Field]:
    """Return the question's fields. Positional arguments come before options."""
    return sorted(fields_of(question), key=lambda field: not field.by_place)


#: The command-line options of every question whose answer can be printed.
_PAPER = (parameter("pdf", Printed, None), parameter("destroy_by", DestroyBy, None))


def _parameters(
    question: type[Question], beside: Sequence[inspect.Parameter]
) -> list[inspect.Parameter]:
    return [
        parameter("context", typer.Context),
        *(
            parameter(field.name, kind_of(field, field.name.upper()), default_of(field))
            for field in _fields(question)
        ),
        *(
            parameter(beside_parameter.name, beside_parameter.annotation, beside_parameter.default)
            for beside_parameter in beside
        ),
        parameter("xlsx", Workbook, None),
        *((parameter("csv", Csv, None),) if question.named.csv else ()),
        parameter("recipient", Recipient, None),
        parameter("purpose", Purpose, None),
        *(_PAPER if question.named.printed else ()),
    ]
