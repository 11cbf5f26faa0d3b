"""Columns for lists that people read: each column is declared once, in the class of its row, for
all interfaces."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import (
    Any,
    ClassVar,
    Literal,
    Protocol,
    TypeVar,
    cast,
    get_type_hints,
)

from msgspec import Struct

from domain.kernel.codes import in_words
from domain.kernel.fields import codes_in

#: How a value is shown: `moment` is a time, `day` a day, `id` the id of an item, `key` an id by
#: which a command names the row. `mark` shows the column's label if the value is true, `figure` a
#: number with three decimal places. A `text` whose Python type is a set of codes is shown in words;
#: `code` is for codes of any other type.
Form = Literal["text", "code", "moment", "day", "id", "key", "mark", "figure"]


class Column(Struct, frozen=True):
    """A column of a table: the row's field or property that it shows, its heading, and its form."""

    name: str
    label: str
    form: Form = "text"


class Listed(Protocol):
    """A row class that declares its columns and its sort order. A minus before the first field of
    the order reverses it. The next page of a list begins after the last row's values of these
    fields.
    """

    columns: ClassVar[tuple[Column, ...]]
    order: ClassVar[tuple[str, ...]]


L = TypeVar("L", bound=Listed)


def cells(row: Listed, columns: Sequence[Column]) -> list[Any]:
    """Return the values of a row's columns, with codes in words. An unknown value is None, and so
    is a "mark" (a yes-or-no column) that is false.
    """
    codes = coded(type(row))
    return [
        _cell(getattr(row, column.name), column, codes.get(column.name, ())) for column in columns
    ]


def _cell(value: object, column: Column, codes: Sequence[str]) -> Any:
    if column.form == "mark":
        return column.label.upper() if value else None
    if isinstance(value, tuple):
        text: object = ", ".join(str(_worded(item, column, codes)) for item in value)
    else:
        text = _worded(value, column, codes)
    return None if text == "" else text


def _worded(value: object, column: Column, codes: Sequence[str]) -> object:
    """Return a code of `codes` in words, and any other value unchanged."""
    if isinstance(value, str) and (column.form == "code" or value in codes):
        return in_words(value)
    return value


@cache
def coded(row: type[Listed]) -> Mapping[str, tuple[str, ...]]:
    """Return the codes that each column may have, read from the types of fields and properties."""
    hints = get_type_hints(row)
    codes_by_name = {}
    for name in (column.name for column in row.columns):
        kind = hints.get(name)
        if kind is None and isinstance(attribute := getattr(row, name), property):
            kind = get_type_hints(attribute.fget).get("return")
        codes_by_name[name] = tuple(code for code in codes_in(kind) if isinstance(code, str))
    return codes_by_name


class RowOrder(Struct, frozen=True):
    """The sort order of rows. `kind` is the type that decodes a position from a page's cursor."""

    names: tuple[str, ...]
    kind: Any
    backwards: bool

    def place(self, row: Listed) -> tuple[Any, ...]:
        """Return the position that this row has in the order."""
        return tuple(getattr(row, name) for name in self.names)

    def some(
        self, rows: Sequence[L], after: tuple[Any, ...] | None, most: int
    ) -> "tuple[list[L], tuple[Any, ...] | None]":
        """Return at most `most` rows after the position `after`, and the position of the last of
        these rows if more rows follow; otherwise None.
        """
        row_by_place = {self.place(row): row for row in rows}
        places = sorted(row_by_place, reverse=self.backwards)
        if after is not None:
            places = [
                place for place in places if (place < after if self.backwards else place > after)
            ]
        last = places[most - 1] if len(places) > most else None
        return [row_by_place[place] for place in places[:most]], last


def order_of(row: type[Listed]) -> RowOrder:
    """Return the sort order of rows of this class."""
    first, *more = row.order
    names = (first.removeprefix("-"), *more)
    hints, several = get_type_hints(row), cast(Any, tuple)
    kinds = tuple(
        hints[name] if name in hints else get_type_hints(getattr(row, name).fget)["return"]
        for name in names
    )
    return RowOrder(names, several[kinds], first.startswith("-"))
