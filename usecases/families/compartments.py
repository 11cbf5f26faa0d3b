"""A child's health and placement, and who has access to them."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from commands.families import compartment
from domain.kernel.codes import Compartment, PlacementKind
from projections.families import compartments
from usecases.kernel.question import Question, QuestionText, of_case
from usecases.kernel.usecase import Ask, CaseRef, Causes, Day, Line, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from projections.families.compartments import HealthNote, Holder, Placement

#: The text of a health need, which may be long.
Long: TypeAlias = Annotated[str, Meta(max_length=500_000)]


class NoteHealth(UseCase, frozen=True):
    """Record a health fact that people must know to protect a child."""

    named = UseCaseText(
        command="health note",
        records="health.noted",
        about="case",
        title="Record a health need",
        send="Record the health need",
        success_message="Health need recorded. Only people with access to the health record see it",
        address="health",
    )
    case: CaseRef
    words: Annotated[
        Long, Ask("What do others need to know about the child's health?", piped=True, rows=5)
    ]
    category: Annotated[
        Text,
        Ask(
            "Which kind of health need is it?",
            "For example a pregnancy, an injury or medication",
            option="--category",
        ),
    ]
    happened: Annotated[
        Day | None, Ask("On which day did the health need begin?", option="--on")
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return compartment.note_health(
            desk, reader, self.case, self.category, self.words, self.happened, **command
        )


class PlaceChild(UseCase, frozen=True):
    """Record a child's placement. Only people with access see the address."""

    named = UseCaseText(
        command="placement made",
        records="placement.made",
        about="case",
        title="Record a placement",
        send="Record the placement",
        success_message="Placement recorded. Only people with access see the address",
        address="placements",
    )
    case: CaseRef
    address: Annotated[
        Text,
        Ask(
            "Address of the placement",
            "Only people with access see the address.",
            piped=True,
            rows=2,
        ),
    ]
    category: Annotated[
        PlacementKind, Ask("In what kind of home is the child placed?", option="--kind")
    ]
    since: Annotated[
        Day | None, Ask("From which day is the child in the placement?", option="--on")
    ] = None
    words: Annotated[Text | None, Ask("Note on the placement", option="--note", rows=2)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return compartment.place(
            desk,
            reader,
            self.case,
            self.category,
            self.address,
            self.since,
            self.words,
            **command,
        )


class EndPlacement(UseCase, frozen=True):
    """Record that a placement ended."""

    named = UseCaseText(
        command="placement ended",
        records="placement.ended",
        about="case",
        title="Record the end of the placement",
        send="End the placement",
        success_message="End of the placement recorded",
        address="placements/end",
    )
    case: CaseRef
    until: Annotated[Day | None, Ask("On which day did the placement end?", option="--on")] = None
    words: Annotated[
        Text | None, Ask("Note on the end of the placement", option="--note", rows=2)
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return compartment.end_placement(desk, reader, self.case, self.until, self.words, **command)


class OpenCompartment(UseCase, frozen=True):
    """Give a worker access to a compartment. Only a person with access can give it."""

    named = UseCaseText(
        command="compartment open",
        records="compartment.opened",
        about="case",
        title="Give access to a health or placement record",
        send="Give access",
        success_message="{worker} has access to the {which} record",
        address="holders",
    )
    case: CaseRef
    which: Annotated[Compartment, Ask("To which record of health or placement do you give access?")]
    worker: Annotated[Line, Ask("Which worker gets access?")]
    reason: Annotated[Text, Ask("Why does this worker need access?", option="--reason")]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return compartment.open_to(
            desk, reader, self.case, self.which, self.worker, self.reason, **command
        )


class CloseCompartment(UseCase, frozen=True):
    """Remove a worker's access to a compartment. Only a person with access can remove it."""

    named = UseCaseText(
        command="compartment close",
        records="compartment.closed",
        about="case",
        title="Remove access to a health or placement record",
        send="Remove access",
        success_message="{worker} no longer has access to the {which} record",
        address="holders/end",
    )
    case: CaseRef
    which: Annotated[Compartment, Ask("To which record of health or placement does access end?")]
    worker: Annotated[Line, Ask("Which worker's access ends?")]
    reason: Annotated[Text, Ask("Why does this worker no longer need access?", option="--reason")]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return compartment.close_to(
            desk, reader, self.case, self.which, self.worker, self.reason, **command
        )


class ListHealth(Question, frozen=True):
    """Show a child's health notes. You need access to the child's health record."""

    named = QuestionText(
        command="health list",
        title="Health",
        empty="You have access to no health notes.",
        acts=("see-health",),
    )
    case: CaseRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[HealthNote]":
        with of_case(desk, reader, self.case) as arguments:
            return compartments.health(*arguments)

    @classmethod
    def row(cls) -> "type[HealthNote]":
        return compartments.HealthNote


class ListPlacements(Question, frozen=True):
    """Show where a child is and was placed. You need access to the placement."""

    named = QuestionText(
        command="placement list",
        title="Placement",
        empty="You have access to no placements.",
        acts=("see-placement",),
    )
    case: CaseRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Placement]":
        with of_case(desk, reader, self.case) as arguments:
            return compartments.placements(*arguments)

    @classmethod
    def row(cls) -> "type[Placement]":
        return compartments.Placement


class ListHolders(Question, frozen=True):
    """Show who has access to a compartment. A compartment is a child's health or placement record.
    You need access to it yourself."""

    named = QuestionText(
        command="compartment show",
        title="People with access to the record",
        empty="You have no access to this record.",
        acts=("see-health", "see-placement"),
        within="holders",
    )
    case: CaseRef
    which: Annotated[Compartment, Ask("For which record is access shown?")]

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Holder]":
        with of_case(desk, reader, self.case) as arguments:
            rows = compartments.holders(*arguments, self.which)
            return list(map(compartments.Holder, rows))

    @classmethod
    def row(cls) -> "type[Holder]":
        return compartments.Holder
