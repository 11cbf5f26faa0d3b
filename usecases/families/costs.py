"""The cost of nights missing and days in care, at the research report's figures."""

from typing import TYPE_CHECKING

from questions.families import costs
from usecases.kernel.question import Question, QuestionText, of_case
from usecases.kernel.usecase import CaseRef

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from questions.families.costs import CostRow


class AskCosts(Question, frozen=True):
    """Show the cost of nights missing and days in care. The cost is computed for one child, with
    the figures of the research report. The figures count money spent, and claim no savings. Days in
    care are shown only if you have access to the child's placement."""

    named = QuestionText(
        command="costs",
        title="Cost of nights missing and days in care",
        empty="You have access to no records of nights missing or days in care.",
        acts=("see-case",),
    )
    case: CaseRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[CostRow]":
        with of_case(desk, reader, self.case) as arguments:
            return costs.of_case(*arguments, now)

    @classmethod
    def row(cls) -> "type[CostRow]":
        return costs.CostRow
