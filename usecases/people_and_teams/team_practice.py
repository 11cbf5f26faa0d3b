"""Settings of a team (capacity, definitions of risk, letters), and the letters that it has to
write."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from commands.families import raid
from commands.people_and_teams import team_practice
from domain.people_and_teams import team_practice as team_practice_domain
from projections.people_and_teams import team_practice as team_practice_view
from questions.families import letters
from usecases.kernel.question import Question, QuestionText
from usecases.kernel.usecase import Ask, CaseRef, Causes, Day, Line, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from projections.people_and_teams.team_practice import DefinitionRow
    from questions.families.letters import OwedLetter

OwnTeam: TypeAlias = Annotated[
    Line | None, Ask("For which team is the setting?", "Empty: your team", rare=True)
]


class SetCapacity(UseCase, frozen=True):
    """Set how much one full-time worker carries. The workload shows each worker's families and load
    beside this capacity."""

    named = UseCaseText(
        command="team capacity",
        records="team.capacity_set",
        title="Set a worker's capacity",
        send="Set the capacity",
        success_message="Capacity set: {families} families, weighted caseload {load}",
        address="team-capacities",
    )
    families: Annotated[
        Annotated[int, Meta(ge=1, le=1_000)],
        Ask("How many families with open cases may a worker have?", option="--families"),
    ]
    load: Annotated[
        Annotated[int, Meta(ge=1, le=10_000)],
        Ask(
            "How high may a worker's weighted caseload be?",
            "A family's weight depends on its rating.",
            option="--load",
        ),
    ]
    team: OwnTeam = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        made = team_practice_domain.CapacitySet(self.team or "", self.families, self.load)
        return team_practice.record(desk, reader, made, **command)


class DefineThresholds(UseCase, frozen=True):
    """Write down what low, medium and high risk mean. Each set of definitions is a version with a
    name, which a rating may quote. The text of a version never changes."""

    named = UseCaseText(
        command="team define",
        records="team.thresholds_defined",
        title="Define low, medium and high risk",
        send="Record the definitions",
        success_message="Definitions recorded: {version}",
        address="team-definitions",
    )
    version: Annotated[
        Line, Ask("Name of this version of the risk definitions", "For example engage/2")
    ]
    low: Annotated[Text, Ask("Which risk to a child is rated low?", option="--low", rows=2)]
    medium: Annotated[
        Text, Ask("Which risk to a child is rated medium?", option="--medium", rows=2)
    ]
    high: Annotated[Text, Ask("Which risk to a child is rated high?", option="--high", rows=2)]
    since: Annotated[Day, Ask("Since which day do the risk definitions apply?", option="--since")]
    team: OwnTeam = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        texts = (self.low, self.medium, self.high)
        made = team_practice_domain.ThresholdsDefined(
            self.team or "", self.version, *texts, self.since
        )
        return team_practice.record(desk, reader, made, **command)


class SetLetters(UseCase, frozen=True):
    """Set which families your team writes to. The rule can select families with a low risk level,
    and families of children who were identified through a raid. They are listed until they get
    their letter."""

    named = UseCaseText(
        command="team letters",
        records="team.letters_ruled",
        title="Set which families get a letter",
        send="Set the rule for letters",
        success_message="Letters are due within {days} days",
        address="team-letters",
    )
    days: Annotated[
        Annotated[int, Meta(ge=1, le=60)],
        Ask("Within how many days is a letter to the family due?", option="--days"),
    ]
    low_rated: Annotated[
        bool, Ask("Does a family with a low risk level get a letter?", option="--low-rated")
    ] = False
    after_raid: Annotated[
        bool, Ask("Does a family get a letter after a raid?", option="--after-raid")
    ] = False
    team: OwnTeam = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        made = team_practice_domain.LettersRuled(
            self.team or "", self.low_rated, self.after_raid, self.days
        )
        return team_practice.record(desk, reader, made, **command)


class RecordRaid(UseCase, frozen=True):
    """Record that a child was identified through a raid. Do not write where it was."""

    named = UseCaseText(
        command="family raid",
        records="case.found_in_raid",
        about="case",
        title="Record a family identified through a raid",
        send="Record the raid",
        success_message="Family recorded as identified through a raid on {on}",
        address="raids",
    )
    case: CaseRef
    on: Annotated[Day, Ask("On which day was the raid?", option="--on")]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return raid.found_in_raid


class ListDefinitions(Question, frozen=True):
    """List what low, medium and high mean in each team. It shows every version with its text and
    the day since which it applies."""

    named = QuestionText(
        command="team definitions",
        title="Definitions of risk",
        empty="No team has recorded definitions of risk.",
        acts=("see-case",),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[DefinitionRow]":
        with desk.asking() as db:
            return team_practice_view.definitions(db, None)

    @classmethod
    def row(cls) -> "type[DefinitionRow]":
        return team_practice_view.DefinitionRow


class ListLetters(Question, frozen=True):
    """List families who should get a letter. The list follows your team's rule, and says whether a
    letter can be written safely."""

    named = QuestionText(
        command="family letters",
        title="Letters to write to families",
        empty="No letters to families are due.",
        acts=("see-support",),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[OwedLetter]":
        with desk.asking() as db:
            return letters.list_owed(desk, db, reader, now)

    @classmethod
    def row(cls) -> "type[OwedLetter]":
        return letters.OwedLetter
