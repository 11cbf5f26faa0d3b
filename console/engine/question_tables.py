"""The rows of a question as tables for people at a terminal."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from console.engine.session import short, stamp
from console.engine.table import table
from domain.forms.local import day_of

if TYPE_CHECKING:
    from network.people.missing_now import First
    from projections.kernel.columns import Column, Listed
    from usecases.kernel.question import Answer, Table


def answer_lines(tables: "Sequence[Table]", answer: "Answer") -> list[str]:
    """Every table of an answer, several with their titles over them; and what is to be said."""
    told: list[str] = []
    for one, rows in zip(tables, answer.tables, strict=True):
        head = ["", one.title] if told else [one.title]
        told += [*(head if len(tables) > 1 else ()), *lines(rows, one.row.columns, one.empty)]
    return [*told, *(("", *answer.notes) if answer.notes else ())]


def above_lines(first: "First | None") -> list[str]:
    """Return the missing children who stand above an answer, and how many more there are."""
    if first is None or not first.rows:
        return []
    more = [f"{first.others}: continuum missing now"] if first.others else []
    return [*(row.says for row in first.rows), *more, ""]


def lines(rows: "Sequence[Listed]", columns: "Sequence[Column]", empty: str) -> list[str]:
    """A table for people."""
    from projections.kernel.columns import cells

    head = ["" if one.form == "mark" else one.label for one in columns]
    told = [
        [
            value if value is None else _SHOWN.get(one.form, str)(value)
            for one, value in zip(columns, cells(row, columns), strict=True)
        ]
        for row in rows
    ]
    return table(head, told, empty)


def _figure(value: float) -> str:
    return f"{value:.3f}"


_SHOWN: Mapping[str, Callable[[Any], str]] = {
    "moment": stamp,
    "day": lambda value: str(day_of(value)),
    "id": short,
    "key": short,
    "figure": _figure,
}
