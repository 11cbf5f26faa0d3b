"""The list of the people about whom a meeting decides, and of people whom it leaves out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from questions.intelligence import for_decision
from usecases.intelligence import meetings
from usecases.kernel import papers
from usecases.kernel.question import Answer, Question, QuestionText, Table

if TYPE_CHECKING:
    from datetime import datetime

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from projections.kernel.columns import Listed
    from questions.intelligence.for_decision import Row as PersonRow
    from usecases.kernel.paper import Paper


class ListForDecision(Question, frozen=True):
    """List the people whom a meeting decides about. People linked to a child who is in danger now
    come first, then people with an overdue decision, then the others. There is no score. For each
    person the list shows the factors that speak against the suspicion, and what is missing before
    the police can act."""

    named = QuestionText(
        command="network for-decision",
        address="network/for-decision",
        title="People for decision",
        empty="No people for decision.",
        acts=("see-network",),
        printed=("export",),
    )

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        # programs get only the list of people to decide about; `network apart` gives the others
        return meetings.tables_of_board("")

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        with desk.asking() as db:
            board = for_decision.list_people(db, reader, now)
        return Answer((board.rows, board.decided, board.apart), (for_decision.CAUTION,))

    def paper(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Paper":
        from questions.intelligence import for_decision, spoken_people

        with desk.deciding() as db:
            rows = for_decision.list_people(db, reader, now).rows
            people = spoken_people.read_aloud(desk, db, [reader], rows, now)
        return papers.board(people, spoken_people.order(rows), reader.team, now)

    @classmethod
    def row(cls) -> "type[PersonRow]":
        return for_decision.Row


class ListApart(Question, frozen=True):
    """List people left off the list for decision. These people have links to children, but a
    decision about them was taken and nothing is new; or they are convicted, under 18, victims,
    eliminated or acquitted."""

    named = QuestionText(
        command="network apart",
        address="network/apart",
        title="People left off the list for decision",
        empty="No people were left off the list for decision.",
        acts=("see-network",),
    )

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return meetings.tables_of_board()[1:]

    def answer(
        self, desk: "Desk", reader: "Reader", now: "datetime"
    ) -> "tuple[Sequence[Listed], ...]":
        with desk.asking() as db:
            board = for_decision.list_people(db, reader, now)
        return board.decided, board.apart
