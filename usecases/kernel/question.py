"""Questions: each is one frozen struct of its parameters, and its rows say how they are displayed.
The command, the page, the API call and the workbook are made from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeAlias

import msgspec
from msgspec import Struct, field

from commands.kernel import item_references
from projections.kernel import columns
from usecases.kernel.old_names import PAIRS, PLAIN

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from commands.kernel.unit_of_work import Desk
    from domain.data_protection.access_log import SearchTouched
    from domain.kernel.acts import Act
    from domain.kernel.values import Reader
    from network.people.missing_now import First
    from projections.kernel.columns import Listed
    from projections.kernel.database import Db
    from usecases.kernel.paper import Paper, PaperPicture

#: The sort key of a row, made from the fields that `order` names.
Place: TypeAlias = tuple[Any, ...]


@contextmanager
def of_case(desk: "Desk", reader: "Reader", case: str) -> "Iterator[tuple[Db, Reader, UUID]]":
    """Yield the three arguments of a query about a case: the views, the reader, and the id of the
    case that the user named. Raises Hidden and Refused, as `commands.kernel.item_references.item`
    does."""
    with desk.asking() as db:
        yield db, reader, item_references.item(desk, db, reader, case, "case")


class QuestionText(Struct, frozen=True, kw_only=True):
    """The texts of a question: its command, the title of its page, and the message for an answer
    without rows.

    `acts` are actions: a user whose role allows one of them may open the page; if `acts` is empty,
    every user may. `address` is the address of the API call, if it differs from the command's name.
    `within` is the key of the rows in JSON, if the rows are in an object. A `free` question shows
    nothing of any record, so its commands are not recorded in the access log. `shown` is the
    largest number of rows on a terminal, or None for all rows; a question with such a limit is read
    in parts. `printed` are the actions of which a role must allow one to hand the answer over as a
    numbered paper (`Question.paper`); if it is empty, there is no such paper. In the answer to a
    `sparse` question people see only the tables with rows, or the first table if none has rows.
    With `csv` the tables can also be exported as CSV.
    """

    command: str
    title: str
    empty: str
    acts: "tuple[Act, ...]"
    address: str | None = None
    within: str = ""
    shown: int | None = None
    free: bool = False
    printed: "tuple[Act, ...]" = ()
    sparse: bool = False
    csv: bool = False

    @property
    def slug(self) -> str:
        """Return the command's name with hyphens instead of spaces, as addresses contain it."""
        return self.command.replace(" ", "-")


class Table(Struct, frozen=True):
    """The declaration of a table in an answer: `name` is the key of its rows in the JSON answer,
    `title` its heading, `empty` the message if there are no rows, and `row` the type of a row. If
    the key is empty, the JSON answer is the list of rows itself."""

    name: str
    title: str
    empty: str
    row: "type[Listed]"


class Answer(Struct, frozen=True):
    """An answer to a question: the rows of each of its tables; the notes that people see below the
    tables; and further values for JSON, by key. `marking` is printed at the top of every page of a
    workbook.

    `touched` are the matches that the reader may not see, about which the program notifies the
    teams that have the matching records; it is None for a question that cannot have such matches.
    For other questions, the access log also records an answer without such matches: otherwise an
    entry in that log would reveal that there was a match.
    """

    tables: "tuple[Sequence[Listed], ...]"
    notes: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    touched: "tuple[SearchTouched, ...] | None" = None
    marking: str = ""


class RowPage(NamedTuple):
    """A page of rows: its rows; the position of its last row, or None if no rows follow; and the
    matches that the reader may not see. The teams that hold the records of these matches are
    notified."""

    rows: "Sequence[Listed]"
    last: "Place | None"
    touched: "tuple[SearchTouched, ...] | None" = None


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A query with its parameters. The first sentence of a subclass's docstring is its help.

    A subclass declares `rows`, which also resolves a field that names an item (with
    `commands.kernel.item_references.item`). A subclass declares `answer` if the answer has several
    tables, and `told` if it has further values.
    """

    named: ClassVar[QuestionText]

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Listed]":
        """Return the rows of the answer, as far as the reader may see them. Raises LogUnavailable
        if a log or view cannot be read, and Refused if a typed name matches no item or several
        items."""
        raise NotImplementedError

    def part(
        self, desk: "Desk", reader: "Reader", now: "datetime", skip: int, most: int
    ) -> "tuple[Sequence[Listed], int]":
        """Return at most `most` rows after the first `skip` rows, and the number of all rows. For
        very many rows the number may be too small, but it is at least `COUNTED`, and it includes
        the returned rows. Raises what `rows` raises."""
        rows = self.rows(desk, reader, now)
        return rows[skip : skip + most], len(rows)

    @classmethod
    def row(cls) -> "type[Listed]":
        """Return the type of the rows in the question's answer."""
        raise NotImplementedError

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        """Return the declarations of the answer's tables. By default there is a single table, whose
        rows are the question's `rows`."""
        question_text = cls.named
        return (Table(question_text.within, question_text.title, question_text.empty, cls.row()),)

    def answer(
        self, desk: "Desk", reader: "Reader", now: "datetime"
    ) -> "tuple[Sequence[Listed], ...]":
        """Return, for each table of the answer, its rows. Raises what `rows` raises."""
        return (self.rows(desk, reader, now),)

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        """Return the complete answer: its tables and, in questions that override this method, notes
        and further values. Raises what `rows` raises."""
        return Answer(self.answer(desk, reader, now))

    def above(self, desk: "Desk", reader: "Reader", now: "datetime") -> "First | None":
        """Return the missing children, which are shown above the answer if the answer is one of the
        lists with which users begin their work. Return None, the default, for other questions.
        Raises what `rows` raises.
        """
        return None

    def some(
        self, desk: "Desk", reader: "Reader", now: "datetime", after: "Place | None", most: int
    ) -> "RowPage":
        """Return a page of the first table of the answer: at most `most` rows, from the row after
        the position `after`. Raises what `rows` raises."""
        answer = self.told(desk, reader, now)
        return RowPage(
            *columns.order_of(self.row()).some(answer.tables[0], after, most), answer.touched
        )

    def paper(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Paper":
        """Return the answer as a paper to read out, if it is `printed`. Raises what `rows`
        raises."""
        raise NotImplementedError

    def charts(self, answer: Answer) -> "Sequence[PaperPicture]":
        """Return the charts of an answer, which people see above its tables."""
        return ()

    @classmethod
    def more(cls) -> Mapping[str, Any]:
        """Return, by key, the types of the further values that the JSON answer has beside its rows.
        If the rows have no key, the command line's JSON is only the list of rows, and these values
        are in the API's answer alone.
        """
        return {}


def tables_to_show(
    question: type[Question], tables: "Sequence[Sequence[Listed]]"
) -> "list[tuple[Table, Sequence[Listed]]]":
    """Return the tables of an answer that people see, each with its rows."""
    shown_tables = list(zip(question.tables(), tables, strict=True))
    if question.named.sparse:
        return [table_rows for table_rows in shown_tables if table_rows[1]] or shown_tables[:1]
    return shown_tables


def document(question: type[Question], answer: Answer) -> Any:
    """Return the answer in JSON form."""
    rows_by_table: dict[str, Any] = {}
    for table, rows in zip(question.tables(), answer.tables, strict=True):
        rows_by_table[table.name] = _read((question.named.command, table.name), rows)
    return rows_by_table.get("", rows_by_table | dict(answer.more))


def _read(which: tuple[str, str], rows: "Sequence[Listed]") -> Any:
    if text := PLAIN.get(which):
        return [getattr(row, text) for row in rows]
    if pair := PAIRS.get(which):
        return {getattr(row, pair[0]): getattr(row, pair[1]) for row in rows}
    return rows
