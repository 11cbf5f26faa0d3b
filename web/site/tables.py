"""The tables of lists on pages: the name of each row, its page, and its bulk actions."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Literal, TypeAlias
from urllib.parse import quote, urlsplit
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from commands.erasure.erasure_reach import reached
from projections.kernel import item_ids
from projections.kernel.columns import Column, Listed, cells
from projections.kernel.database import Db
from usecases.kernel.fields import Declaration
from usecases.kernel.question import Question, Table
from usecases.kernel.registry import USE_CASES
from web.site import forms
from web.site.lists import LISTS, PLAIN, RowActions
from web.site.naming import display_names as called
from web.site.navigation import opens
from web.site.request_context import Visit

#: Columns that are left out of a table in which items are shown by name, because they repeat the
#: first column.
SAID = ("about", "words", "label")
#: A pattern that finds, in the address of a row's page, the names of fields in braces.
_NAMED = re.compile(r"{(\w+)}")


def way_of(question: type[Question], table: Table) -> RowActions:
    """Return the actions and links of the rows of this table."""
    page = LISTS.get(question.named.command, PLAIN)
    return page.tables.get(table.name, page.row)


class PageRow(Struct, frozen=True):
    """A row on a page: the row's data, the name by which commands know its item (`key`), all ids in
    it, the address of its page, and the values of its columns."""

    row: Listed
    key: str
    ids: tuple[UUID, ...]
    href: str | None
    cells: list[Any]


class PageTable(Struct, frozen=True):
    """A table on a page. Its first column has the titles of the rows. `names` are names of items,
    `seen` the items whose page this reader may open, `acts` the actions for several rows."""

    question: type[Question]
    table: Table
    columns: tuple[Column, ...]
    rows: list[PageRow]
    names: Mapping[UUID, str]
    seen: Collection[UUID]
    acts: tuple[Declaration, ...]

    @property
    def title(self) -> str:
        return self.table.title

    @property
    def head(self) -> str:
        """Return the heading of the first column."""
        first = self.columns[0].label
        return "item" if first == "id" and self.names else first

    def without_empty_marks(self) -> "PageTable":
        """Return the table without the yes-or-no columns in which no row has a yes. A list of
        several pages keeps them, so that it can be sorted by them."""
        shown = [
            number
            for number, column in enumerate(self.columns)
            if column.form != "mark" or any(row.cells[number] is not None for row in self.rows)
        ]
        rows = [replace(row, cells=[row.cells[number] for number in shown]) for row in self.rows]
        return replace(self, columns=tuple(self.columns[number] for number in shown), rows=rows)

    def called(self, row: PageRow) -> str:
        """Return the title of a row: its subject, the name of its item, or the kind of record."""
        value = row.cells[0]
        about: str | None = getattr(row.row, "about", None)
        if not isinstance(value, UUID):
            return about or "-" if value is None else str(value)
        if value in self.names and self.columns[0].name == way_of(self.question, self.table).head:
            return self.names[value]
        first = self.columns[0].label
        other = "no access" if first in ("id", "item") else first.capitalize()
        return about or self.names.get(value, other)


class Sorting(Struct, frozen=True):
    """How the tables of a page are sorted. `by` is empty or names a table and its column, such as
    "due.since", with a minus before it for the largest value first. `address` is the list's
    address up to the value of `by`."""

    by: str
    address: str

    def column_of(self, table: Table) -> str:
        """Return the column by which this table is sorted; "" if it is not sorted by a column."""
        name, _, column = self.by.removeprefix("-").partition(".")
        return column if name == table.name else ""

    @property
    def downward(self) -> bool:
        """Return whether the table is sorted with the largest value in the first row."""
        return self.by.startswith("-")

    def direction(self, table: Table, column: Column) -> Literal["", "ascending", "descending"]:
        """Return how this column is sorted; "" if the table is not sorted by it."""
        if self.column_of(table) != column.name:
            return ""
        return "descending" if self.downward else "ascending"

    def href(self, table: Table, column: Column) -> str:
        """Return the address of the list sorted by this column, or in the opposite direction if it
        is sorted by this column already.
        """
        minus = "-" if self.direction(table, column) == "ascending" else ""
        return f"{self.address}{minus}{table.name}.{column.name}"


#: The numbers and the texts of a value, so that 9 comes before 10.
SortKey: TypeAlias = tuple[tuple[int, float, str], ...]
_DIGITS = re.compile(r"(\d+)")


def sorted_rows(shown: PageTable, column: str, *, downward: bool) -> list[Listed]:
    """Return the rows of a table sorted by the shown values of a column. Rows without a value come
    last. If there is no such column, the order is unchanged."""
    at = next(
        (at for at, shown_column in enumerate(shown.columns) if shown_column.name == column), None
    )
    if at is None:
        return [row.row for row in shown.rows]
    keyed = [(_sort_key(shown, row, at), row.row) for row in shown.rows]
    sorted_pairs = sorted(
        ((key, row) for key, row in keyed if key), key=lambda pair: pair[0], reverse=downward
    )
    return [row for _, row in sorted_pairs] + [row for key, row in keyed if not key]


def _sort_key(shown: PageTable, row: PageRow, at: int) -> SortKey:
    """Return the value by which a row is sorted in the column number `at`; () if the row has no
    value there."""
    value = row.cells[at]
    if isinstance(value, int | float):
        return ((0, value, ""),)
    if isinstance(value, UUID):
        value = shown.called(row) if at == 0 else shown.names.get(value)
    text = value.isoformat() if isinstance(value, date) else str(value or "")
    return tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part.casefold())
        for part in _DIGITS.split(text)
        if part
    )


def make_table(
    visit: Visit, db: Db, question: type[Question], table: Table, rows: Sequence[Listed]
) -> PageTable:
    """Return a table with these rows for this reader. It has only the links and actions that the
    reader's roles allow."""
    way = way_of(question, table)
    head = _head(table.row, way.head)
    skipped_columns = {
        head.name,
        *([way.named] if way.head else ()),
        *(SAID if head.form == "id" and way is not PLAIN.row else ()),
    }
    others = (
        column
        for column in table.row.columns
        if column.name not in skipped_columns and column.form != "key"
    )
    columns = (head, *others)
    acts = tuple(
        USE_CASES[name] for name in way.each if forms.may_ever(visit.reader, USE_CASES[name])
    )
    told_in = [cells(row, columns) for row in rows]
    opened = [[getattr(row, name) for name in _NAMED.findall(way.opens)] for row in rows]
    ids = {
        item for row_cells in (*told_in, *opened) for item in row_cells if isinstance(item, UUID)
    }
    names = called(db, visit, ids)
    seen = item_ids.among(db, visit.reader, ids) if opens(visit.reader, "/items") else set[UUID]()
    links = _links(visit, way, rows, seen)
    made = [_row(way, *parts) for parts in zip(rows, told_in, links, strict=True)]
    return PageTable(question, table, columns, made, names, seen, acts)


def _head(row: type[Listed], name: str) -> Column:
    """Return the column with the titles of the rows: the column `name`, or else the first column
    with an item, or else the first with a text."""
    if name:
        return next(column for column in row.columns if column.name == name)
    columns = [column for form in ("id", "text") for column in row.columns if column.form == form]
    return next(iter(columns), row.columns[0])


def _row(way: RowActions, row: Listed, values: list[Any], href: str | None) -> PageRow:
    ids = [value for value in values if isinstance(value, UUID)]
    ids += getattr(row, "shown", ())  # the row may name further ids
    key = "" if _former(row) else str(getattr(row, way.named, ""))
    return PageRow(row, key, tuple(dict.fromkeys(ids)), href, values)


def _former(row: Listed) -> bool:
    """Return whether the row is a record from an earlier release on which no action is possible."""
    return getattr(row, "former", False)


def _unlisted(row: Listed) -> bool:
    """Return whether the row is a figure for which there is no list of the items that it counts."""
    return getattr(row, "unlisted", False)


def _links(
    visit: Visit, way: RowActions, rows: Sequence[Listed], seen: set[UUID]
) -> list[str | None]:
    """Return the address of each row's page, or None for a row whose page this reader may not
    open."""
    room = urlsplit(way.opens.partition("{")[0]).path.rstrip("/")
    if (
        not room
        or not opens(visit.reader, room)
        or not (way.act is None or visit.may_ever(way.act))
    ):
        return [None] * len(rows)
    fields = _NAMED.findall(way.opens)
    row_values = [{name: getattr(row, name) for name in fields} for row in rows]
    reachable = {value for values in row_values for value in values.values()}
    if room == "/items":
        reachable = seen
    elif room == "/records/retention":
        reachable = reached(visit.desk, visit.reader, reachable)
    return [
        way.opens.format(**{name: quote(str(value)) for name, value in values.items()})
        if reachable.issuperset(values.values()) and not _former(row) and not _unlisted(row)
        else None
        for row, values in zip(rows, row_values, strict=True)
    ]


def offered_values(way: RowActions, rows: Sequence[PageRow]) -> dict[str, list[str]]:
    """Return, by field, the choices for fields of the form for several rows. `way.offers` names for
    each of these fields a field of the rows; the choices are all values of that field in these
    rows."""
    return {
        name: [*dict.fromkeys(value for row in rows for value in getattr(row.row, attribute))]
        for name, attribute in way.offers.items()
    }


def common_values(way: RowActions, use: Declaration, rows: Sequence[PageRow]) -> dict[str, Any]:
    """Return the values that all these rows have in common, by the name of the field. Only fields
    of the rows that have the same name as a field of the use case are included."""
    if not (way.filled and rows):
        return {}
    values_by_name = {
        field.name: {getattr(row.row, field.name, None) for row in rows} for field in use.fields
    }
    return {name: values.pop() for name, values in values_by_name.items() if len(values) == 1}
