"""What is asked here: each question is one frozen struct of what may be asked, and its rows say how
they are read. The command, the page, the API's call and the workbook are made from it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeAlias

import msgspec

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
    from usecases.kernel.paper import Paper

#: Where a row stands among the others, by its `order`.
Place: TypeAlias = tuple[Any, ...]


@contextmanager
def of_case(desk: "Desk", reader: "Reader", case: str) -> "Iterator[tuple[Db, Reader, UUID]]":
    """The views, who asks, and the case that they named: as queries about a case take them. Raises
    Hidden and Refused as `commands.kernel.item_references.item`."""
    from commands.kernel import item_references

    with desk.asking() as db:
        yield db, reader, item_references.item(desk, db, reader, case, "case")


@dataclass(frozen=True, kw_only=True)
class QuestionText:
    """What a question is called: its command, the title of its page, and what is said where there
    is no row. `acts` are those of which one opens its page; `address` is that of a program's call,
    where it is not the command's own name; `within` is the key under which programs read the rows,
    where they stand in an object. No acts: everybody opens its page. What is `free` holds nothing
    of anybody's record, so that a command line that shows it is not written down. `shown` is how
    many rows a terminal shows at most (None: all): such a question is read a part at a time. What
    is `printed` can be handed over as a numbered paper, too (`Question.paper`), by the person who
    does one of these acts."""

    command: str
    title: str
    empty: str
    acts: "tuple[Act, ...]"
    address: str | None = None
    within: str = ""
    shown: int | None = None
    free: bool = False
    printed: "tuple[Act, ...]" = ()

    @property
    def slug(self) -> str:
        """The command's name as the end of an address."""
        return self.command.replace(" ", "-")


@dataclass(frozen=True)
class Table:
    """A table of an answer: the key under which programs read its rows (none: they are the answer),
    what stands over it, what is said where it has no row, and what a row is."""

    name: str
    title: str
    empty: str
    row: "type[Listed]"


@dataclass(frozen=True)
class Answer:
    """All that is answered: the rows of each table; the notes that stand under them for people;
    what else programs are told, by its key; and what was met and is not shown, for those who hold
    it (None: such a question meets nothing; that it was asked is written down otherwise even where
    nothing is shown, or the record of looks would tell that something was met)."""

    tables: "tuple[Sequence[Listed], ...]"
    notes: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    touched: "tuple[SearchTouched, ...] | None" = None


class Some(NamedTuple):
    """Some rows; the last one's place where more follow; and what was met and is not shown."""

    rows: "Sequence[Listed]"
    last: "Place | None"
    touched: "tuple[SearchTouched, ...] | None" = None


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody asks. A subclass says in its first sentence what is answered; a field that
    names an item is looked up by `rows`, with `commands.kernel.item_references.item`. It declares
    `rows`; where there are several tables `answer`; where there is more to say `told`."""

    named: ClassVar[QuestionText]

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Listed]":
        """The answer, as far as the reader may see it. Raises LogUnavailable, and Refused for
        what nothing or several things are called."""
        raise NotImplementedError

    def part(
        self, desk: "Desk", reader: "Reader", now: "datetime", skip: int, most: int
    ) -> "tuple[Sequence[Listed], int]":
        """So many rows behind so many others, and how many there are; exact as far as one further
        than is shown, and up to `COUNTED`. Raises as `rows`."""
        rows = self.rows(desk, reader, now)
        return rows[skip : skip + most], len(rows)

    @classmethod
    def row(cls) -> "type[Listed]":
        """What a row of the answer is."""
        raise NotImplementedError

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        """The tables of the answer: one of `rows`, where a question does not say otherwise."""
        asked = cls.named
        return (Table(asked.within, asked.title, asked.empty, cls.row()),)

    def answer(
        self, desk: "Desk", reader: "Reader", now: "datetime"
    ) -> "tuple[Sequence[Listed], ...]":
        """The rows of each table. Raises as `rows`."""
        return (self.rows(desk, reader, now),)

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        """All that is answered: the tables alone, where a question says no more. Raises as
        `rows`."""
        return Answer(self.answer(desk, reader, now))

    def above(self, desk: "Desk", reader: "Reader", now: "datetime") -> "First | None":
        """Return the missing children who stand above the answer for people, on lists that people
        begin their work with. Raises as `rows`."""
        return None

    def some(
        self, desk: "Desk", reader: "Reader", now: "datetime", after: "Place | None", most: int
    ) -> "Some":
        """The rows behind a place, at most so many. Raises as `rows`."""
        from projections.kernel.columns import order_of

        told = self.told(desk, reader, now)
        return Some(*order_of(self.row()).some(told.tables[0], after, most), told.touched)

    def paper(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Paper":
        """The answer as a paper to read out, where it is `printed`. Raises as `rows`."""
        raise NotImplementedError

    @classmethod
    def more(cls) -> Mapping[str, Any]:
        """What else programs are told: the type of each by its key. Beside rows that have no name
        the API tells it; a command line's JSON is the rows then."""
        return {}


def document(question: type[Question], answer: Answer) -> Any:
    """The answer as programs read it."""
    told: dict[str, Any] = {}
    for table, rows in zip(question.tables(), answer.tables, strict=True):
        told[table.name] = _read((question.named.command, table.name), rows)
    return told.get("", told | dict(answer.more))


def _read(which: tuple[str, str], rows: "Sequence[Listed]") -> Any:
    if one := PLAIN.get(which):
        return [getattr(row, one) for row in rows]
    if pair := PAIRS.get(which):
        return {getattr(row, pair[0]): getattr(row, pair[1]) for row in rows}
    return rows
