"""A team's statements about the services that it offers (Table One of the report), and a force's
statements of its unit costs.
"""

from typing import TYPE_CHECKING, Annotated, Unpack

from msgspec import Meta

from commands.people_and_teams import team_statements
from domain.kernel.codes import CostKind, ServiceState, TeamActivity
from domain.people_and_teams import costs, team_service
from projections.people_and_teams import team_statements as team_statements_view
from usecases.kernel.question import Question, QuestionText
from usecases.kernel.usecase import Ask, Causes, Day, Line, UseCase, UseCaseText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from projections.people_and_teams.team_statements import ServiceRow


class StateService(UseCase, frozen=True):
    """State whether your team offers an activity. Families are not invited to an activity that the
    team does not offer. If there are several statements for a day, the latest applies."""

    named = UseCaseText(
        command="service set",
        records="team.service_stated",
        title="State which services a team offers",
        send="Record the statement",
        success_message="{activity}: {state}",
        address="team-services",
    )
    activity: Annotated[TeamActivity, Ask("Which activity does the statement cover?")]
    state: Annotated[ServiceState, Ask("Does the team offer the activity?")]
    since: Annotated[
        Day | None, Ask("Since which day does the statement apply?", "Empty: today")
    ] = None
    whom: Annotated[
        Line | None,
        Ask(
            "Who can take part in the activity?",
            "For example schools or foster carers. Name no person",
        ),
    ] = None
    team: Annotated[
        Line | None, Ask("For which team is the statement?", "Empty: your team", rare=True)
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        team, since = self.team or reader.team, self.since or desk.today()
        stated = team_service.ServiceStated(team, self.activity, self.state, since, self.whom)
        return team_statements.state_service(desk, reader, stated, **command)


class ListServices(Question, frozen=True):
    """Show what each team offers, as a table. NK means that the team stated nothing, and never
    "no"."""

    named = QuestionText(
        command="services",
        csv=True,
        title="What each team offers",
        empty="No team has stated which services it offers.",
        acts=(),
    )
    day: Annotated[
        Day | None, Ask("Show the services of which day?", "Empty: today", option="--on")
    ] = None

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[ServiceRow]":
        with desk.asking() as db:
            return team_statements_view.matrix(db, self.day or desk.today())

    @classmethod
    def row(cls) -> "type[ServiceRow]":
        return team_statements_view.ServiceRow


class StateCost(UseCase, frozen=True):
    """State what a night missing or a year in care costs. It is the cost for one child in your
    area; your team's report card shows it beside the figure of the published evaluation."""

    named = UseCaseText(
        command="cost set",
        records="cost.stated",
        title="State the cost of a night missing or a year in care",
        send="State the cost",
        success_message="{cost}: £{pounds}",
        address="team-costs",
    )
    cost: Annotated[CostKind, Ask("Which cost do you state?")]
    pounds: Annotated[
        Annotated[int, Meta(ge=1, le=10_000_000)],
        Ask("How high is the cost, in pounds?", option="--pounds"),
    ]
    period: Annotated[
        Line, Ask("For which period is the cost?", "For example: 2012/13", option="--period")
    ]
    source: Annotated[
        Line, Ask("Which publication states the cost?", "Name no person", option="--source")
    ]
    team: Annotated[
        Line | None, Ask("For which team is the statement?", "Empty: your team", rare=True)
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        team = self.team or reader.team
        stated = costs.CostStated(team, self.cost, self.pounds, self.period, self.source)
        return team_statements.state_cost(desk, reader, stated, **command)
