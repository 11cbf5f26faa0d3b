"""How rows are read by people: each column is declared once, at the row, for every front."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol

#: `moment` is a time, `day` a day, `id` the id of an item, `key` one by which a command names the
#: row, `mark` the label where it is so.
Form = Literal["text", "moment", "day", "id", "key", "mark"]


@dataclass(frozen=True)
class Column:
    """A column of a table: the row's field or property, its heading, and in which form it is
    shown."""

    name: str
    label: str
    form: Form = "text"


class Listed(Protocol):
    """A row that says how it is read."""

    columns: ClassVar[tuple[Column, ...]]


def cells(row: Listed, columns: Sequence[Column]) -> list[Any]:
    """What stands in a row's columns; None for what is not known or is not so."""
    return [_cell(getattr(row, one.name), one) for one in columns]


def _cell(value: Any, column: Column) -> Any:
    if column.form == "mark":
        return column.label.upper() if value else None
    return None if value in ("", ()) else value
