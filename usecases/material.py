"""Unused material: a disclosure officer's decisions."""

from typing import TYPE_CHECKING, Annotated, Unpack

from domain.codes import Relevance, Sensitivity
from usecases.usecase import Ask, CaseRef, ItemRef, Line, Named, Text, UseCase

if TYPE_CHECKING:
    from commands.desk import Command, Desk, Receipt
    from domain.values import Reader


class ReviewMaterial(UseCase, frozen=True):
    """Decide whether an item of a case is relevant, and sensitive."""

    told_as = Named(
        command="material review",
        records="material.reviewed",
        about="case",
        title="Decide",
        send="Decide",
        done="Decided: {relevance}, {sensitivity}",
        address="material",
    )
    case: CaseRef
    item: Annotated[ItemRef, Ask("Which item?")]
    relevance: Annotated[Relevance, Ask("Is it relevant?", option="--relevance")]
    description: Annotated[
        Text,
        Ask(
            "How does it stand on the schedule?",
            "Enough to decide on, and nothing of who told us.",
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
    used: Annotated[bool, Ask("Part of the prosecution case")] = False

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import material

        return material.review(
            desk,
            reader,
            self.case,
            self.item,
            self.relevance,
            self.sensitivity,
            self.description,
            reason=self.reason,
            used=self.used,
            **command,
        )
