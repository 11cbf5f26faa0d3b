"""What is asked here: each question is one frozen struct of what may be asked, and its rows say how
they are read. The command, the page, the API's call and the workbook are made from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

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
    where it is not the command's own name."""

    command: str
    title: str
    empty: str
    acts: "tuple[Act, ...]"
    address: str | None = None

    @property
    def slug(self) -> str:
        """The command's name as the end of an address."""
        return self.command.replace(" ", "-")


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody asks. A subclass says in its first sentence what is answered; a field that
    names an item is looked up by `rows`, with `commands.reference.item`."""

    asked_as: ClassVar[Asked]

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Listed]":
        """The answer, as far as the reader may see it. Raises LogUnavailable, and Refused for
        what nothing or several things are called."""
        raise NotImplementedError

    @classmethod
    def row(cls) -> "type[Listed]":
        """What a row of the answer is."""
        raise NotImplementedError

    @classmethod
    def columns(cls) -> "tuple[Column, ...]":
        """How its rows are read."""
        return cls.row().columns
