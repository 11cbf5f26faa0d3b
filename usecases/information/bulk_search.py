"""Search for several plates, numbers or names at once."""

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from projections.composed import finding
from usecases.kernel.question import Answer, Question, QuestionText
from usecases.kernel.usecase import Ask, Line

if TYPE_CHECKING:
    from datetime import datetime

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from projections.composed.finding import BulkMatch

#: The most search terms in one address; a file may hold more (`search --csv`).
MOST = 100


class SearchList(Question, frozen=True):
    """Search for several plates, numbers or names. For each it shows the best match that you may
    see, or that there is none."""

    named = QuestionText(
        command="search-list",
        title="Search for several names or numbers at once",
        empty="Enter a plate, number or name to search for.",
        acts=(),
    )
    terms: Annotated[
        tuple[Line, ...],
        Meta(min_length=1, max_length=MOST),
        Ask(
            "Which plates, numbers or names do you search for?",
            "Separate plates, numbers and names with commas.",
            placed=True,
        ),
    ]

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        with desk.asking() as db:
            rows, touched = finding.several(db, reader, self.terms)
        return Answer((rows,), touched=touched)

    @classmethod
    def row(cls) -> "type[BulkMatch]":
        return finding.BulkMatch
