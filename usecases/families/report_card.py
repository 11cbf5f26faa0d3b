"""The report card: a year's figures for readers who see no family, and a team's targets."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from domain.kernel.codes import CardMeasure
from usecases.kernel.question import Answer, Question, QuestionText, Table
from usecases.kernel.usecase import Ask, Causes, Line, UseCase, UseCaseText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from projections.families.report_card import FigureRow

Year: TypeAlias = Annotated[int, Meta(ge=2000, le=2200)]


class SetTarget(UseCase, frozen=True):
    """Set a team's target for a year. It says how many families the team wants to reach by one
    measure of the report card, for a funder or a board. Set it before the year ends; the latest
    counts."""

    named = UseCaseText(
        command="target set",
        records="target.set",
        title="Set a target",
        send="Set the target",
        success_message="{measure} in {year}: {number}",
        address="targets",
    )
    measure: Annotated[CardMeasure, Ask("Which measure?")]
    year: Annotated[Year, Ask("In which year?", option="--in")]
    number: Annotated[
        Annotated[int, Meta(ge=1, le=1_000_000)],
        Ask("How many families?", "At least five: smaller figures are withheld", "--families"),
    ]
    funder: Annotated[
        Line, Ask("For whom is the target?", "A funder or a board, not a person", option="--for")
    ]
    team: Annotated[Line | None, Ask("Which team?", "Empty: yours", rare=True)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.people_and_teams import report_card as card
        from domain.people_and_teams.report_card import TargetSet

        team = self.team or reader.team
        target = TargetSet(team, self.measure, self.year, self.number, self.funder)
        return card.set_target(desk, reader, target, **command)


class ReadCard(Question, frozen=True):
    """Show your teams' report card for a year. It shows figures for each of the seven objectives,
    beside the targets; how complete the record is; how soon families had a worker; who the children
    were, and the outcomes. It holds no name, and no figure under five families."""

    named = QuestionText(
        command="card",
        title="Report card",
        empty="No figures for that year.",
        acts=("see-card",),
    )
    year: Annotated[Year | None, Ask("Which year?", "Empty: the last year that has ended")] = None

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        from projections.families.caseload_makeup import GroupRow
        from projections.families.report_card import CardRow, EarlyRow, KnownRow

        empty = cls.named.empty
        return (
            Table("figures", "Objectives", empty, CardRow),
            Table("known", "How complete the record is", empty, KnownRow),
            Table("early", "Days until a worker came", empty, EarlyRow),
            Table("children", "The children", empty, GroupRow),
        )

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from commands.people_and_teams import report_card as card
        from domain.people_and_teams.report_card import CAUTION

        found = card.read(desk, reader, now, self.year)
        return Answer(
            (found.figures, found.known, found.early, found.children),
            (f"The year {found.year}, as it is recorded.", *CAUTION),
        )


class ListFigures(Question, frozen=True):
    """Show the research report's own figures. Each has its period and its wording, and says where
    the report contradicts itself. Compare them with a report card."""

    named = QuestionText(
        command="figures",
        title="Figures of the research report",
        empty="No figures.",
        acts=(),
        free=True,
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[FigureRow]":
        from projections.families import report_card as card

        return card.register()

    @classmethod
    def row(cls) -> "type[FigureRow]":
        from projections.families.report_card import FigureRow

        return FigureRow
