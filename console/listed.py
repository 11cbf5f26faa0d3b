"""The rows of a question as tables for people at a terminal."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from console.session import short, stamp, table

if TYPE_CHECKING:
    from projections.columns import Column, Listed
    from usecases.question import Table


def answer_lines(tables: "Sequence[Table]", answer: "Sequence[Sequence[Listed]]") -> list[str]:
    """Every table of an answer; several have their titles over them."""
    told: list[str] = []
    for one, rows in zip(tables, answer, strict=True):
        head = ["", one.title] if told else [one.title]
        told += [*(head if len(tables) > 1 else ()), *lines(rows, one.row.columns, one.empty)]
    return told


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
