"""The commands that are made from declared questions: a table for people, JSON for programs, a
workbook to take along."""

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from console.declared import default_of, kind_of, parameter, reads
from console.entries import BadInput, hand_over
from console.options import Purpose, Recipient
from console.session import Session, short, stamp, table
from usecases.every import QUESTIONS
from usecases.fields import fields_of, values_of
from usecases.question import Question
from usecases.usecase import Mistold

if TYPE_CHECKING:
    from projections.columns import Column, Listed

Workbook = Annotated[
    Path | None, typer.Option("--xlsx", help="Write the table to this file, recorded as an export.")
]


def register(app: typer.Typer) -> None:
    """Add a command for every declared question; where its word is a group's, it is what the group
    answers by itself."""
    groups = {one.name: one.typer_instance for one in app.registered_groups if one.typer_instance}
    for question in QUESTIONS.values():
        name = question.asked_as.command
        if name in groups:
            answers = groups[name].callback(invoke_without_command=True, no_args_is_help=False)
            answers(command(question))
        else:
            app.command(name)(command(question))


def command(question: type[Question]) -> Callable[..., None]:
    """The command of this question."""
    fields = fields_of(question)

    def run(context: typer.Context, **given: Any) -> None:
        if context.invoked_subcommand:
            return
        session: Session = context.obj
        xlsx, recipient, purpose = (given.pop(name) for name in ("xlsx", "recipient", "purpose"))
        try:
            asked = question(**values_of(fields, given, reads(session)))
        except Mistold as mistold:
            raise BadInput(str(mistold)) from None
        rows = asked.rows(session.desk, session.reader, session.now())
        if xlsx is None:
            session.answer(rows, lines(rows, asked.columns(), question.asked_as.empty))
            return
        from usecases.workbook import taken_along

        session.prove_again()
        session.consulted(msgspec.json.encode(rows))
        content = taken_along(
            asked, rows, session.desk, session.reader, recipient=recipient, purpose=purpose
        )
        hand_over(xlsx, content)
        session.tell({"file": str(xlsx), "rows": len(rows)}, [f"Written: {xlsx}"])

    own = [
        parameter("context", typer.Context),
        *(parameter(one.name, kind_of(one, one.name.upper()), default_of(one)) for one in fields),
        parameter("xlsx", Workbook, None),
        parameter("recipient", Recipient, None),
        parameter("purpose", Purpose, None),
    ]
    run.__doc__ = question.__doc__
    run.__signature__ = inspect.Signature(own)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in own}
    return run


def lines(rows: "Sequence[Listed]", columns: "Sequence[Column]", empty: str) -> list[str]:
    """A table for people."""
    from projections.columns import cells

    shown: dict[str, Callable[[Any], str]] = {"moment": stamp, "id": short}
    head = ["" if one.form == "mark" else one.label for one in columns]
    told = [
        [
            shown[column.form](value) if column.form in shown and value is not None else value
            for column, value in zip(columns, cells(row, columns), strict=True)
        ]
        for row in rows
    ]
    return table(head, told, empty)
