"""Unused material: the disclosure officer's decisions."""

from typing import TYPE_CHECKING, Annotated, Unpack

from domain.kernel.codes import MaterialStands, Presumed, Relevance, Sensitivity
from usecases.kernel.question import Answer, Question, QuestionText, Table
from usecases.kernel.usecase import Ask, CaseRef, ItemRef, Line, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from questions.justice.unused import MaterialItem


class ReviewMaterial(UseCase, frozen=True):
    """Decide if material is relevant and sensitive."""

    named = UseCaseText(
        command="material review",
        records="material.reviewed",
        about="case",
        title="Decide about material",
        send="Record the decision",
        success_message="Decided: {relevance}, {sensitivity}",
        address="material",
    )
    case: CaseRef
    item: Annotated[ItemRef, Ask("Which item?")]
    relevance: Annotated[Relevance, Ask("Is it relevant?", option="--relevance")]
    description: Annotated[
        Text,
        Ask(
            "What is its status on the schedule?",
            "Enough to decide on, without naming the source.",
            option="--description",
            rows=2,
        ),
    ]
    sensitivity: Annotated[
        Sensitivity,
        Ask(
            "Is it sensitive?",
            "A real risk of serious prejudice to an important public interest.",
        ),
    ] = "undecided"
    reason: Annotated[Line | None, Ask("Why is it sensitive?")] = None
    used: Annotated[bool, Ask("It is part of the prosecution case")] = False
    presumed: Annotated[
        Presumed | None,
        Ask(
            "Is it of a kind that is presumed to be disclosed?",
            "It is listed separately",
            rare=True,
        ),
    ] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.justice import unused_material

        return unused_material.review(
            desk,
            reader,
            self.case,
            self.item,
            self.relevance,
            self.sensitivity,
            self.description,
            reason=self.reason,
            used=self.used,
            presumed=self.presumed,
            **command,
        )


class ListMaterial(Question, frozen=True):
    """List a case's material, with decisions. Items are in the order in which they were
    recorded."""

    named = QuestionText(
        command="material list",
        title="Material of a case",
        empty="No such material is filed under this case.",
        acts=("schedule",),
    )
    case: CaseRef
    stands: Annotated[MaterialStands | None, Ask("Which kind?", option="--only")] = None

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[MaterialItem]":
        from access.who_may.decide import require
        from commands.kernel import item_references
        from questions.justice import unused

        require(reader, "schedule")
        with desk.looked() as db:
            case = item_references.item(desk, db, reader, self.case, "case")
            return unused.list_material(db, reader, case, self.stands)

    @classmethod
    def row(cls) -> "type[MaterialItem]":
        from questions.justice.unused import MaterialItem

        return MaterialItem


class ReportMaterial(Question, frozen=True):
    """Show the disclosure officer's report (MG6E). It lists a case's material that is presumed
    disclosable, and every decision in order."""

    named = QuestionText(
        command="material report",
        title="The disclosure officer's report (MG6E)",
        empty="No decisions about this case's material.",
        acts=("schedule",),
    )
    case: CaseRef

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from access.who_may.decide import require
        from commands.kernel import item_references
        from projections.justice import unused_material as view
        from questions.justice import unused

        require(reader, "schedule")
        with desk.looked() as db:
            case = item_references.item(desk, db, reader, self.case, "case")
            log = view.log(db, reader, case)
            stands = {row.item: row for row in log}.values()
            presumed = [row for row in stands if row.presumed]
            waiting = len(unused.undecided(db, reader, case))
        told = f"{waiting} {'item is' if waiting == 1 else 'items are'} not decided yet."
        return Answer((presumed, log), (told,))

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        from projections.justice.unused_material import LogRow

        return (
            Table("presumed", "Presumed to be disclosed", "No items of such a kind.", LogRow),
            Table("decisions", "All decisions", "No decisions yet.", LogRow),
        )
