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
    is no row. `acts` are those of which one opens its page; `shown` is how many rows a terminal
    shows at most (None: all)."""

    command: str
    title: str
    empty: str
    acts: "tuple[Act, ...]"
    shown: int | None = None


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody asks. A subclass says in its first sentence what is answered."""

    asked_as: ClassVar[Asked]

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Listed]":
        """The answer, as far as the reader may see it. Raises LogUnavailable."""
        raise NotImplementedError

    def some(
        self, desk: "Desk", reader: "Reader", now: "datetime", skip: int, most: int
    ) -> "tuple[Sequence[Listed], int]":
        """So many rows behind so many others, and how many there are; exact as far as one further
        than is shown, and up to `COUNTED`. Raises LogUnavailable."""
        rows = self.rows(desk, reader, now)
        return rows[skip : skip + most], len(rows)

    def columns(self) -> "tuple[Column, ...]":
        """How its rows are read."""
        raise NotImplementedError
