"""The commands that are made from declared questions: a table for people, JSON for programs, a
workbook to take along."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from console.declared import as_typed, default_of, group_of, kind_of, parameter, placed, reads
from console.entries import BadInput, hand_over
from console.options import Purpose, Recipient
from console.session import Session, short, stamp, table
from domain.values import Refused
from usecases.every import QUESTIONS
from usecases.fields import fields_of, values_of
from usecases.question import Question
from usecases.usecase import Mistold, met

if TYPE_CHECKING:
    from projections.columns import Column, Listed
    from usecases.question import Answer

Workbook = Annotated[
    Path | None, typer.Option("--xlsx", help="Write the table to this file, recorded as an export.")
]


def register(app: typer.Typer) -> None:
    """Add a command for every declared question, to the groups of its first words; where its last
    word is a group's, it is what the group answers by itself."""
    for question in QUESTIONS.values():
        within, last = placed(app, question.asked_as.command, question)
        if group := group_of(within, last):
            group.callback(invoke_without_command=True)(command(question))
        else:
            within.command(last)(command(question))


def command(question: type[Question]) -> Callable[..., None]:
    """The command of this question."""
    fields = sorted(fields_of(question), key=lambda field: not field.by_place)

    def run(context: typer.Context, **given: Any) -> None:
        if context.invoked_subcommand:
            return
        session: Session = context.obj
        xlsx, recipient, purpose = (given.pop(name) for name in ("xlsx", "recipient", "purpose"))
        try:
            asked = question(**values_of(fields, given, reads(session)))
        except Mistold as mistold:
            called = {one.name: one.name.upper() if one.by_place else one.option for one in fields}
            raise BadInput(as_typed(called, mistold)) from None
        try:
            answer = asked.answer(session.desk, session.reader, session.now())
        except Refused:
            session.consulted(b"", met(asked, session.desk, session.reader))
            raise
        if xlsx is None:
            show = session.tell if question.asked_as.free else session.answer
            show(answer.data, list(lines(asked, answer)))
            return
        from usecases.workbook import taken_along

        session.prove_again()
        session.consulted(msgspec.json.encode(answer.data))
        content = taken_along(
            asked, answer, session.desk, session.reader, recipient=recipient, purpose=purpose
        )
        hand_over(xlsx, content)
        session.tell({"file": str(xlsx), "rows": len(answer.rows)}, [f"Written: {xlsx}"])

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


def lines(asked: Question, answer: "Answer") -> Iterator[str]:
    """A table for people, and what stands under it."""
    yield from _table(answer.rows, asked.columns(), asked.asked_as.empty)
    for part in answer.parts:
        if part.rows:
            yield from ("", part.title, "")
            yield from _table(part.rows, part.rows[0].columns, "")
    if answer.notes:
        yield from ("", *answer.notes)


def _table(rows: "Sequence[Listed]", columns: "Sequence[Column]", empty: str) -> list[str]:
    from projections.columns import cells

    head = ["" if one.form == "mark" else one.label for one in columns]
    told = [
        [
            value if value is None else _SHOWN.get(one.form, str)(value)
            for one, value in zip(columns, cells(row, columns), strict=True)
        ]
        for row in rows
    ]
    return table(head, told, empty)


def _day(value: date) -> str:
    return stamp(value)[:10] if isinstance(value, datetime) else str(value)


def _figure(value: float) -> str:
    return f"{value:.3f}"


_SHOWN: Mapping[str, Callable[[Any], str]] = {
    "moment": stamp,
    "day": _day,
    "id": short,
    "figure": _figure,
}
