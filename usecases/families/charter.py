"""Show the support worker's role charter.

The charter says what a Parent Support Worker does. The record shows who read it.
"""

from typing import TYPE_CHECKING, Annotated, Unpack

from commands.families import charter
from domain.kernel.codes import CHARTER
from projections.families import supervision
from usecases.kernel.question import Question, QuestionText, Table
from usecases.kernel.usecase import Ask, Line, UseCase, UseCaseText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from projections.kernel.columns import Listed


class AcknowledgeCharter(UseCase, frozen=True):
    """Confirm that you read the role charter. The charter says what a Parent Support Worker does
    and never does. You are asked to confirm again after a year."""

    named = UseCaseText(
        command="charter acknowledge",
        records="charter.acknowledged",
        title="Confirm that you read the role charter",
        send="Confirm reading",
        success_message="Confirmation recorded. Continuum asks you again in a year",
        address="charter/acknowledge",
    )
    version: Annotated[
        Line,
        Ask(
            "Which version of the charter did you read?", "The charter's heading gives the version"
        ),
    ] = CHARTER

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return charter.acknowledge(desk, reader, self.version, **command)


class ShowCharter(Question, frozen=True):
    """Show the Parent Support Worker's role charter. It also says who in your teams read it, and
    when."""

    named = QuestionText(
        command="charter show",
        title="Role charter of the Parent Support Worker",
        empty="The charter is empty.",
        acts=(),
        address="charter",
    )

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return (
            Table(
                "charter",
                f"Role charter, version {CHARTER}",
                "The charter is empty.",
                supervision.Sentence,
            ),
            Table(
                "read",
                "Readers of the charter",
                "No member of your teams has read the charter yet.",
                supervision.CharterRow,
            ),
        )

    def answer(
        self, desk: "Desk", reader: "Reader", now: "datetime"
    ) -> "tuple[Sequence[Listed], ...]":
        with desk.asking() as db:
            return supervision.charter(), supervision.acknowledged(db, reader)
