"""A file of rows in any format: its sheets, and each cell with its place."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct, field

from ingest.files.cells import Cell
from ingest.files.problems import FilePosition

Rows = Iterator[tuple[int, list[Cell]]]
#: Largest number of rows in a sheet of Excel.
MOST_ROWS = 1_048_576
#: Largest number of columns in a sheet: many more than any form has.
MOST_COLUMNS = 2_000


class Merge(Struct, frozen=True):
    """A block of merged cells; rows and columns are counted from 1, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class RowFault(NamedTuple):
    """An error in a row of a file, with its column and the beginning of the text."""

    reason: str
    column: str | None = None
    text: str = ""


class Sheet(Struct, frozen=True):
    """A visible sheet of a file.

    Each call of `rows` yields all rows from the first on, each as (row number, cells). `longest` is
    the largest permitted number of characters in a cell, `count` the number of rows (None if they
    were not counted). `formulas` are the positions of the formulas as (row, column), counted from
    1. `wrong` maps a row number to a fault that was noticed when the file was read.
    """

    place: FilePosition
    rows: Callable[[], Rows]
    longest: int
    merges: tuple[Merge, ...] = ()
    formulas: tuple[tuple[int, int], ...] = ()
    count: int | None = None
    wrong: Mapping[int, RowFault] = field(default_factory=dict)


class Book(Struct, frozen=True):
    """The content of a file that is read as sheets: its visible sheets, the names of hidden sheets,
    the pictures in it, and notes about contents that are not read. `network` is True if the rows
    were made from a file of a network (nodes and links).
    """

    kind: str
    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    network: bool = False


def column_letters(index: int) -> str:
    """Return the letters of a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
