"""What nights missing and days in care come to by the report's figures."""

from typing import TYPE_CHECKING

from usecases.kernel.question import Question, QuestionText, of_case
from usecases.kernel.usecase import CaseRef

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from questions.families.costs import CostRow


class AskCosts(Question, frozen=True):
    """Show the cost of nights missing and days in care. It uses the report's figures, for one
    child, and counts the money spent, not the money that anybody saved. Days in care show only if
    you have access to the placement."""

    named = QuestionText(
        command="costs",
        title="What it comes to",
        empty="No night missing and no day in care that you see.",
        acts=("see-case",),
    )
    case: CaseRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[CostRow]":
        from questions.families import costs

        with of_case(desk, reader, self.case) as told:
            return costs.of_case(*told, now)

    @classmethod
    def row(cls) -> "type[CostRow]":
        from questions.families.costs import CostRow

        return CostRow
