"""The children who are missing now, one line for each. This list is shown at the top of users'
first pages, and above the list of due items.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from network.people import missing_now
from usecases.kernel.question import Question, QuestionText

if TYPE_CHECKING:
    from datetime import datetime

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from network.people.missing_now import First, MissingLine


class ListMissingNow(Question, frozen=True):
    """List missing children in a line each. Each line shows since when the child is missing, and as
    much of the child, of vehicles and of who drives them as you may see."""

    named = QuestionText(
        command="missing now",
        title="Missing now",
        empty="No child is recorded as missing.",
        acts=("see-case",),
        shown=200,
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[MissingLine]":
        with desk.asking() as db:
            return missing_now.lines(db, reader, now)[0]

    def part(
        self, desk: "Desk", reader: "Reader", now: "datetime", skip: int, most: int
    ) -> "tuple[Sequence[MissingLine], int]":
        with desk.asking() as db:
            return missing_now.lines(db, reader, now, skip, most)

    @classmethod
    def row(cls) -> "type[MissingLine]":
        return missing_now.MissingLine


def first_lines(desk: "Desk", reader: "Reader", now: "datetime") -> "First":
    """Return the first lines of the list of missing children, and how many more lines the list has.
    Raises LogUnavailable."""
    rows, total = ListMissingNow().part(desk, reader, now, 0, missing_now.MOST)
    return missing_now.First(tuple(rows), total - len(rows))
