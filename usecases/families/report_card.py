"""The report card: a year's figures for readers who see no family, and a team's targets.

The file is long because each command is declared here with its texts.
"""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, Unpack, cast

from msgspec import Meta

from commands.people_and_teams import period_card, publishing_card, report_card
from domain.kernel import log
from domain.kernel.codes import CardEdition, CardMeasure, CardParts, CardProtection
from domain.kernel.values import Refused
from domain.people_and_teams import report_card as report_card_domain
from projections.composed import card_costs, card_objectives, card_rows
from projections.families import caseload_makeup
from projections.families import report_card as report_card_view
from projections.people_and_teams import team_statements
from usecases.families import card_charts, card_paper
from usecases.kernel.question import Answer, Question, QuestionText, Table
from usecases.kernel.usecase import Ask, Causes, Day, Line, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from commands.people_and_teams.period_card import PeriodCard
    from domain.kernel.values import Reader
    from projections.composed.card_rows import FamilyRow, PeriodRow
    from projections.families.report_card import FigureRow
    from projections.people_and_teams.team_statements import ServiceRow
    from usecases.kernel.paper import Paper, PaperPicture

Year: TypeAlias = Annotated[int, Meta(ge=2000, le=2200)]


class SetTarget(UseCase, frozen=True):
    """Set a team's target for a year. A target says how many families the team wants to reach by
    one measure of the report card, for a funder or a board. Set the target before the year ends. If
    there are several, the latest applies."""

    named = UseCaseText(
        command="target set",
        records="target.set",
        title="Set a target",
        send="Set the target",
        success_message="{measure} in {year}: {number}",
        address="targets",
    )
    measure: Annotated[CardMeasure, Ask("For which measure is the target?")]
    year: Annotated[Year, Ask("For which year is the target?", option="--in")]
    number: Annotated[
        Annotated[int, Meta(ge=1, le=1_000_000)],
        Ask(
            "What is the target number of families?",
            "At least five: smaller figures are withheld",
            "--families",
        ),
    ]
    funder: Annotated[
        Line,
        Ask(
            "Which funder or board set the target?",
            "A funder or a board, not a person",
            option="--for",
        ),
    ]
    team: Annotated[
        Line | None, Ask("For which team is the target?", "Empty: your team", rare=True)
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        team = self.team or reader.team
        target = report_card_domain.TargetSet(
            team, self.measure, self.year, self.number, self.funder
        )
        return report_card.set_target(desk, reader, target, **command)


Teams: TypeAlias = Annotated[
    tuple[Line, ...],
    Meta(max_length=50),
    Ask("Figures of which teams are shown?", "Empty: all your teams", option="--team"),
]
FromDay: TypeAlias = Annotated[Day | None, Ask("First day of the period", option="--from")]
UntilDay: TypeAlias = Annotated[
    Day | None, Ask("Last day of the period", "The period includes this day.", "--until")
]
AsKnown: TypeAlias = Annotated[
    Day | None,
    Ask("On which known-as-at date are the figures based?", "Empty: figures as known now."),
]


class ReadCard(Question, frozen=True):
    """Show your teams' report card for a period. The card of a year and a published card contain no
    name, and no figure under five families. The team's own edition is for the team's manager, its
    supervisor and the DCI. It has complete figures and lists the families behind each figure; the
    access log records the reader's purpose."""

    named = QuestionText(
        command="card",
        csv=True,
        title="Report card",
        empty="No figures. Figures of a year appear after its end, figures of a period after "
        "publication.",
        acts=("see-card",),
        printed=("see-card",),
        sparse=True,
    )
    year: Annotated[
        Year | None, Ask("Figures of which year are shown?", "Empty: the last year that has ended")
    ] = None
    since: FromDay = None
    until: UntilDay = None
    by: Annotated[
        CardParts | None,
        Ask(
            "Length of the parts into which the period is divided",
            "The parts are shown beside each other",
        ),
    ] = None
    edition: Annotated[
        CardEdition | None,
        Ask(
            "Which edition of the figures is shown?",
            "team: complete figures. published: figures as published.",
        ),
    ] = None
    team: Teams = ()
    as_known: AsKnown = None
    used_for: Annotated[
        Line | None,
        Ask(
            "For which purpose do you read the complete figures?",
            "The access log records the purpose with your name.",
        ),
    ] = None

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        empty = cls.named.empty
        return (
            Table("figures", "Objectives", empty, report_card_view.CardRow),
            Table("known", "Completeness of the record", empty, report_card_view.KnownRow),
            Table("early", "Days until a worker was allocated", empty, report_card_view.EarlyRow),
            Table("children", "The children", empty, caseload_makeup.GroupRow),
            Table("period", "Figures of the period", empty, card_rows.PeriodRow),
            Table("support", "Referrals and support at court", empty, card_rows.SupportRow),
            Table("monitoring", "The children referred", empty, card_rows.ChildrenRow),
            Table("claims", "Claims of the report about the work", empty, card_rows.ClaimRow),
            Table("objectives", "Evidence for the objectives", empty, card_objectives.ObjectiveRow),
            Table("services", "What each team offers", empty, team_statements.ServiceRow),
            Table("costs", "Costs of the work, without savings", empty, card_costs.CostLine),
        )

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        card = self._card(desk, reader, now)
        if card is None:
            return self._of_year(desk, reader, now)
        of_year = (), (), (), ()
        of_period = card.figures, card.support, card.children, card.claims
        summary = card.objectives, card.services, card.costs
        tables = (*of_year, *of_period, *summary)
        return Answer(tables, card.notes, {"receipt": card.receipt}, marking=card.notes[0])

    @classmethod
    def more(cls) -> "Mapping[str, Any]":
        return {"receipt": log.LogRoot | None}

    def charts(self, answer: Answer) -> "Sequence[PaperPicture]":
        tables = dict(zip((table.name for table in self.tables()), answer.tables, strict=True))
        figures = cast("Sequence[PeriodRow]", tables["period"])
        return card_charts.charts(figures, cast("Sequence[ServiceRow]", tables["services"]))

    def paper(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Paper":
        card = self._card(desk, reader, now, printed=True)
        if card is None:
            raise Refused(
                "a report card is printed for a period: give its first and last day", field="since"
            )
        return card_paper.card(card, whole=self.edition == "team")

    def _card(
        self, desk: "Desk", reader: "Reader", now: "datetime", *, printed: bool = False
    ) -> "PeriodCard | None":
        """Return the report card for which the parameters ask; None if they ask for the card of a
        whole year."""
        choice = period_card.choose_edition(
            self.year, self.since, self.until, self.edition, self.as_known
        )
        if choice == "year":
            return None
        dates = (self.since, self.until, self.by, self.team, self.as_known)
        wanted = period_card.requested_card(*dates, now)
        if choice == "published":
            return period_card.published(desk, reader, wanted)
        of_team = period_card.printed_of_team if printed else period_card.of_team
        return of_team(desk, reader, now, wanted, self.used_for)

    def _of_year(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        found_card = report_card.read(desk, reader, now, self.year)
        return Answer(
            (
                found_card.figures,
                found_card.known,
                found_card.early,
                found_card.children,
                *[()] * 7,
            ),
            (f"Figures of the year {found_card.year}, as recorded.", *report_card_domain.CAUTION),
            {"receipt": None},
        )


class ListCardFamilies(Question, frozen=True):
    """List the families behind a figure of a card. Only those who manage the team see the list, as
    far as they may see the families."""

    named = QuestionText(
        command="card families",
        title="Families counted in a figure",
        empty="You have access to no family behind this figure.",
        acts=("see-card",),
    )
    measure: Annotated[CardMeasure, Ask("Which figure of the report card counts the families?")]
    team: Annotated[Line, Ask("Families of which team are listed?")]
    since: Annotated[Day, Ask("First day of the period", option="--from")]
    until: Annotated[Day, Ask("Last day of the period", option="--until")]
    as_known: AsKnown = None

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[FamilyRow]":
        wanted = period_card.requested_card(self.since, self.until, None, (), self.as_known, now)
        found_items = period_card.families(desk, reader, wanted, self.measure, self.team)
        return [card_rows.FamilyRow(item) for item in found_items]

    @classmethod
    def row(cls) -> "type[FamilyRow]":
        return card_rows.FamilyRow


class PublishCard(UseCase, frozen=True):
    """Publish a report card. Its figures are protected together with all figures that were
    published before: small figures are withheld, and so are other figures from which a small figure
    could be calculated. A publication cannot be taken back."""

    named = UseCaseText(
        command="card publish",
        records="card.published",
        title="Publish a report card",
        send="Publish the report card",
        success_message="Report card published, from {since} to {until}",
        address="cards",
        warns=True,
    )
    since: Annotated[Day, Ask("First day of the period", option="--from")]
    until: Annotated[
        Day, Ask("Last day of the period", "The period includes this day.", option="--until")
    ]
    by: Annotated[
        CardParts | None,
        Ask(
            "Length of the parts into which the period is divided",
            "The parts are shown beside each other",
        ),
    ] = None
    team: Annotated[
        tuple[Line, ...],
        Meta(max_length=50),
        Ask("Figures of which teams are published?", "Empty: your teams", option="--team"),
    ] = ()
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        now = desk.clock()
        wanted = period_card.requested_card(self.since, self.until, self.by, self.team, None, now)
        return publishing_card.publish(desk, reader, wanted, **command)


class ChooseProtection(UseCase, frozen=True):
    """Choose how published report cards protect small figures. A small figure can be withheld,
    which leaves small teams blank. Otherwise teams can be pooled, periods made longer, or figures
    rounded. The latest choice applies."""

    named = UseCaseText(
        command="card protection",
        records="card.protection_chosen",
        title="Choose the protection of published report cards",
        send="Choose the protection",
        success_message="Protection of published report cards: {protection}",
        address="card-protections",
    )
    protection: Annotated[CardProtection, Ask("How are small figures protected?")]
    reason: Annotated[Text, Ask("Why is this protection chosen?", option="--reason", rows=2)]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return publishing_card.choose


class ListFigures(Question, frozen=True):
    """Show the research report's own figures. Each has its period and its wording, and says where
    the report contradicts itself. Compare them with a report card."""

    named = QuestionText(
        command="figures",
        csv=True,
        title="Figures of the research report",
        empty="No figures.",
        acts=(),
        free=True,
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[FigureRow]":
        return report_card_view.register()

    @classmethod
    def row(cls) -> "type[FigureRow]":
        return report_card_view.FigureRow
