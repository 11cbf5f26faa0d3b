"""The evidence of a case that does not depend on the child's account."""

from typing import TYPE_CHECKING

from questions.justice import evidence_gaps
from usecases.kernel.question import Answer, Question, QuestionText, Table, of_case
from usecases.kernel.usecase import CaseRef

if TYPE_CHECKING:
    from datetime import datetime

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader


class WhatStands(Question, frozen=True):
    """Show the evidence apart from the child's account. The list shows each item with its exhibit
    or grade, and what is missing before the police can act. It demands nothing of a parent or a
    child."""

    named = QuestionText(
        command="evidence stands",
        title="Evidence other than the child's account",
        empty="No evidence other than the child's account is recorded.",
        acts=("evidence",),
    )
    case: CaseRef

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        with of_case(desk, reader, self.case) as arguments:
            return Answer(evidence_gaps.list_evidence(*arguments), evidence_gaps.CAUTION)

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return (
            Table(
                "stands",
                "Evidence",
                "No evidence other than the child's account is recorded.",
                evidence_gaps.Stand,
            ),
            Table("lacks", "Gaps before action", "No gaps.", evidence_gaps.Lack),
        )
