"""What is asked here: each question is one frozen struct of what may be asked, and its rows say how
they are read. The command, the page, the API's call and the workbook are made from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

if TYPE_CHECKING:
    from datetime import datetime

    from access.table import Act
    from commands.desk import Desk
    from domain.values import Reader
    from projections.columns import Column, Listed


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a question is called: its command, the title of its page, and what is said where there
    is no row. `acts` are those of which one opens its page; `address` is that of a program's call,
    where it is not the command's own name; what is `free` holds nothing of anybody's record, so
    that a command line that shows it is not written down."""

    command: str
    title: str
    empty: str
    acts: "tuple[Act, ...]"
    address: str | None = None
    free: bool = False

    @property
    def slug(self) -> str:
        """The command's name as the end of an address."""
        return self.command.replace(" ", "-")


@dataclass(frozen=True)
class Part:
    """Further rows that stand under the answer, if there are any."""

    title: str
    rows: "Sequence[Listed]"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is answered. `told` is what a program is told where that is more than the rows; `parts`
    and `notes` stand under the rows for people."""

    rows: "Sequence[Listed]"
    told: Any = None
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def data(self) -> Any:
        """What a program is told."""
        return self.rows if self.told is None else self.told


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody asks. A subclass says in its first sentence what is answered, and declares
    `rows`, or where there is more to say `answer`; a field that names an item is looked up there,
    with `commands.reference.item`."""

    asked_as: ClassVar[Asked]

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Listed]":
        """The rows alone, as far as the reader may see them. Raises as `answer`."""
        return self.answer(desk, reader, now).rows

    def answer(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        """All that is answered. Raises LogUnavailable, and Refused for what nothing or several
        things are called."""
        return Answer(rows=self.rows(desk, reader, now))

    @classmethod
    def row(cls) -> "type[Listed]":
        """What a row of the answer is."""
        raise NotImplementedError

    @classmethod
    def columns(cls) -> "tuple[Column, ...]":
        """How its rows are read."""
        return cls.row().columns
