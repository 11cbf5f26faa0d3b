"""Teams, for administrators; what a reorganisation leaves without a worker is told."""

from typing import TYPE_CHECKING, Annotated, Unpack

from usecases.kernel.usecase import Ask, Line, UseCase, UseCaseText

if TYPE_CHECKING:
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader


class MakeTeam(UseCase, frozen=True):
    """Make another team. It stands beside Engage, Cherish, Deter and Freedom."""

    named = UseCaseText(
        command="team make",
        records="team.made",
        title="A new team",
        send="Make it",
        success_message="There is a team {team}",
        address="teams",
    )
    team: Annotated[Line, Ask("What is it called?")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.people_and_teams import team

        return team.make_team(desk, reader, self.team, **command)


class NameCharity(UseCase, frozen=True):
    """Say which controller the charity is here. Its workers' records are stored under that name,
    and a supervisor with an account there reads what endangers a parent. Set it once."""

    named = UseCaseText(
        command="team charity",
        records="charity.named",
        title="Which controller is the charity?",
        send="Say so",
        success_message="The charity is {controller}",
        address="teams/charity",
    )
    controller: Annotated[Line, Ask("Which controller?", "As its workers' accounts say it")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.people_and_teams import team

        return team.name_charity(desk, reader, self.controller, **command)


class RenameTeam(UseCase, frozen=True):
    """Rename a team. Its cases and people move with it."""

    named = UseCaseText(
        command="team rename",
        records="team.renamed",
        title="Another name for a team",
        send="Rename it",
        success_message="{team} is now {new}",
        address="teams/rename",
    )
    team: Annotated[Line, Ask("Which team?")]
    new: Annotated[Line, Ask("What is it called from now on?")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.people_and_teams import team

        return team.rename_team(desk, reader, self.team, self.new, **command)

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        from commands.people_and_teams.team import left_alone

        return left_alone(receipt)


class MergeTeam(UseCase, frozen=True):
    """Merge a team into another. Its cases and people move with it. On a live store an
    administrator proposes it, and a manager of one of both teams or a DCI confirms it by giving the
    same command."""

    named = UseCaseText(
        command="team merge",
        records="team.merged",
        title="A team becomes part of another",
        send="Merge it",
        success_message="{team} is part of {into}",
        address="teams/merge",
    )
    team: Annotated[Line, Ask("Which team?")]
    into: Annotated[Line, Ask("Of which does it become part?", option="--into")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.people_and_teams import team

        return team.merge_team(desk, reader, self.team, self.into, **command)

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        from commands.people_and_teams.team import left_alone, waits

        return waits(desk, self.team) or left_alone(receipt)
