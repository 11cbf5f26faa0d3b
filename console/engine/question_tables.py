"""Prints the answer to a question as tables for the terminal."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from console.engine.session import short, stamp
from console.engine.table import table
from domain.forms.local import day_of
from projections.kernel import columns as view_columns

if TYPE_CHECKING:
    from network.people.missing_now import First
    from projections.kernel.columns import Column, Listed
    from usecases.kernel.question import Answer, Table


def answer_lines(tables: "Sequence[Table]", answer: "Answer") -> list[str]:
    """Return the lines of an answer: all its tables and notes. If there are several tables, each
    has its title."""
    printed: list[str] = []
    for shape, rows in zip(tables, answer.tables, strict=True):
        head = ["", shape.title] if printed else [shape.title]
        printed += [
            *(head if len(tables) > 1 else ()),
            *lines(rows, shape.row.columns, shape.empty),
        ]
    return [*printed, *(("", *answer.notes) if answer.notes else ())]


def above_lines(first: "First | None") -> list[str]:
    """Return the lines about missing children that are printed above every answer; [] if no child
    is missing. If some missing children are left out, the last line gives their number."""
    if first is None or not first.rows:
        return []
    more = [f"{first.others}: continuum missing now"] if first.others else []
    return [*(row.says for row in first.rows), *more, ""]


def lines(rows: "Sequence[Listed]", columns: "Sequence[Column]", empty: str) -> list[str]:
    """Return the lines in which the terminal shows a table with these rows and columns; `empty` is
    the text for a table without rows."""
    head = ["" if column.form == "mark" else column.label for column in columns]
    shown = [
        [
            value if value is None else _SHOWN.get(column.form, str)(value)
            for column, value in zip(columns, view_columns.cells(row, columns), strict=True)
        ]
        for row in rows
    ]
    return table(head, shown, empty)


def _figure(value: float) -> str:
    return f"{value:.3f}"


_SHOWN: Mapping[str, Callable[[Any], str]] = {
    "moment": stamp,
    "day": lambda value: str(day_of(value)),
    "id": short,
    "key": short,
    "figure": _figure,
}
