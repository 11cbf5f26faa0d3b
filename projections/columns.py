"""How rows are read by people: each column is declared once, at the row, for every front."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol

#: `moment` is a time, `day` a day, `id` the id of an item, `mark` the label where it is so,
#: `figure` a number with three digits behind the point.
Form = Literal["text", "moment", "day", "id", "mark", "figure"]


@dataclass(frozen=True)
class Column:
    """A column of a table: the row's field or property, its heading, and in which form it is
    shown."""

    name: str
    label: str
    form: Form = "text"


class Listed(Protocol):
    """A row that says how it is read, and by which of its fields or properties rows are told apart
    and stand in order, backwards where a minus stands before the first: where a page ends, the next
    one begins behind them."""

    columns: ClassVar[tuple[Column, ...]]
    order: ClassVar[tuple[str, ...]]


def cells(row: Listed, columns: Sequence[Column]) -> list[Any]:
    """What stands in a row's columns; None for what is not known or is not so."""
    return [_cell(getattr(row, one.name), one) for one in columns]


def _cell(value: Any, column: Column) -> Any:
    if column.form == "mark":
        return column.label.upper() if value else None
    if isinstance(value, tuple):
        value = ", ".join(map(str, value))
    return None if value == "" else value
