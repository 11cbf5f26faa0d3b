"""Teams, for administrators. Each change lists the cases that it leaves without a worker."""

from typing import TYPE_CHECKING, Annotated, Unpack

from commands.people_and_teams import team
from usecases.kernel.usecase import Ask, Line, UseCase, UseCaseText

if TYPE_CHECKING:
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader


class MakeTeam(UseCase, frozen=True):
    """Make another team. Engage, Cherish, Deter and Freedom exist already."""

    named = UseCaseText(
        command="team make",
        records="team.made",
        title="Make a team",
        send="Make the team",
        success_message="Team {team} made",
        address="teams",
    )
    team: Annotated[Line, Ask("Name of the new team")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return team.make_team(desk, reader, self.team, **command)


class NameCharity(UseCase, frozen=True):
    """Name the controller that is the charity here. The records of the charity's workers are stored
    under the name of this controller, and a supervisor whose account belongs to it can read the
    risks to a parent. This can be set only once."""

    named = UseCaseText(
        command="team charity",
        records="charity.named",
        title="Set the charity's controller",
        send="Set the controller",
        success_message="The charity's controller is {controller}",
        address="teams/charity",
    )
    controller: Annotated[
        Line,
        Ask(
            "Which controller is responsible for the charity's record?",
            "Its name, as in the accounts of the charity's workers",
        ),
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return team.name_charity(desk, reader, self.controller, **command)


class RenameTeam(UseCase, frozen=True):
    """Rename a team. Its cases and people move with it."""

    named = UseCaseText(
        command="team rename",
        records="team.renamed",
        title="Rename a team",
        send="Rename the team",
        success_message="{team} is now called {new}",
        address="teams/rename",
    )
    team: Annotated[Line, Ask("Which team is renamed?")]
    new: Annotated[Line, Ask("What is the team's new name?")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return team.rename_team(desk, reader, self.team, self.new, **command)

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return team.describe_uncovered(receipt)


class MergeTeam(UseCase, frozen=True):
    """Merge a team into another. Its cases and people move with it. On a live store an
    administrator proposes the merger, and a manager of either team or a DCI confirms it with the
    same command."""

    named = UseCaseText(
        command="team merge",
        records="team.merged",
        title="Merge two teams",
        send="Merge the teams",
        success_message="{team} is now part of {into}",
        address="teams/merge",
    )
    team: Annotated[Line, Ask("Which team is merged into another team?")]
    into: Annotated[Line, Ask("Which team continues after the merger?", option="--into")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return team.merge_team(desk, reader, self.team, self.into, **command)

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return team.describe_pending_merger(desk, self.team) or team.describe_uncovered(receipt)
