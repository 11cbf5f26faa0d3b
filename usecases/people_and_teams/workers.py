"""Workers' weeks, workload and supervision."""

from typing import TYPE_CHECKING, Annotated

from commands.families import supervision
from domain.kernel.codes import SupervisionKind, SupervisionState
from projections.families import supervision as supervision_view
from questions.people_and_teams import mergers, prevention, workload
from usecases.kernel.question import Question, QuestionText
from usecases.kernel.usecase import Ask, Causes, Day, Line, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from projections.families.supervision import SupervisionRow
    from questions.people_and_teams.mergers import MergerLoad
    from questions.people_and_teams.prevention import Outcome
    from questions.people_and_teams.workload import Dimension, Load


class TellSupervision(UseCase, frozen=True):
    """Record a worker's supervision. The supervision was offered, held or declined. The content of
    therapeutic supervision is never recorded."""

    named = UseCaseText(
        command="supervision told",
        records="supervision.told",
        title="Record supervision",
        send="Record the supervision",
        success_message="Supervision recorded: {kind}, {state}",
        address="supervision",
    )
    worker: Annotated[
        Line, Ask("Whose supervision do you record?", "The name of the worker's account")
    ]
    kind: Annotated[SupervisionKind, Ask("Was the supervision line management or therapeutic?")]
    state: Annotated[SupervisionState, Ask("Did the supervision take place?")]
    day: Annotated[Day, Ask("On which day was the supervision?", option="--on")]
    agreed: Annotated[
        Text | None,
        Ask(
            "What was agreed in the supervision?",
            "Only for line-management supervision",
            option="--agreed",
            rows=2,
        ),
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return supervision.record_supervision


class ListWeek(Question, frozen=True):
    """Show your week by activity. It shows contacts, minutes, work outside office hours, and
    travel."""

    named = QuestionText(
        command="week",
        title="My week",
        empty="You recorded no contacts in the chosen week.",
        acts=("support",),
    )
    day: Annotated[
        Day | None,
        Ask(
            "Which week do you want to see?",
            "Any day of that week. Empty: this week",
            option="--of",
        ),
    ] = None

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Dimension]":
        return workload.week(desk, reader, now, self.day)

    @classmethod
    def row(cls) -> "type[Dimension]":
        return workload.Dimension


class ListWorkload(Question, frozen=True):
    """Show what your teams' workers carry in a week. It shows figures, and supervision dates."""

    named = QuestionText(
        command="workload",
        title="Workload",
        empty="No worker in your teams has an allocated family or a contact.",
        acts=("supervise",),
    )
    day: Annotated[
        Day | None,
        Ask(
            "Which week do you want to see?",
            "Any day of that week. Empty: this week",
            option="--of",
        ),
    ] = None

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Load]":
        with desk.asking() as db:
            return workload.loads(desk, db, reader, now, self.day)

    @classmethod
    def row(cls) -> "type[Load]":
        return workload.Load


class ListMergers(Question, frozen=True):
    """Show the work before and after a merger of teams. It compares 90 days before with 90 days
    after it; a difference proves no cause."""

    named = QuestionText(
        command="team mergers",
        title="Figures before and after a merger of teams",
        empty="None of your teams is the result of a merger.",
        acts=("supervise",),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[MergerLoad]":
        with desk.asking() as db:
            return mergers.list_mergers(db, reader, now)

    @classmethod
    def row(cls) -> "type[MergerLoad]":
        return mergers.MergerLoad


class ListSupervision(Question, frozen=True):
    """List supervision offered, held and declined. It shows your own, or that of a person whom you
    manage."""

    named = QuestionText(
        command="supervision list",
        title="Supervision",
        empty="No supervision is recorded.",
        acts=("supervise",),
    )
    worker: Annotated[Line | None, Ask("Only this worker's supervision")] = None

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[SupervisionRow]":
        with desk.asking() as db:
            return supervision_view.list_supervision(db, reader, self.worker)

    @classmethod
    def row(cls) -> "type[SupervisionRow]":
        return supervision_view.SupervisionRow


class CountPrevention(Question, frozen=True):
    """Show what was prevented, beside convictions. It counts children out of harm's way before
    anybody was charged, notices that were not breached, and sentences. It shows no name, and no
    figure under five. A team's work contributes to these figures; they do not show that it is the
    cause."""

    named = QuestionText(
        command="prevention",
        title="Prevention and convictions",
        empty="No figures on prevention and convictions yet.",
        acts=("see-counts",),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Outcome]":
        return prevention.counted(desk, reader)

    @classmethod
    def row(cls) -> "type[Outcome]":
        return prevention.Outcome
