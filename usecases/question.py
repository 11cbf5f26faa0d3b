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
    is no row. `acts` are those of which one opens its page."""

    command: str
    title: str
    empty: str
    acts: "tuple[Act, ...]"


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody asks. A subclass says in its first sentence what is answered."""

    asked_as: ClassVar[Asked]

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Listed]":
        """The answer, as far as the reader may see it. Raises LogUnavailable."""
        raise NotImplementedError

    def columns(self) -> "tuple[Column, ...]":
        """How its rows are read."""
        raise NotImplementedError
