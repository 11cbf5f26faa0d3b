"""The legal rules that Continuum applies, and their sources."""

from typing import TYPE_CHECKING, Annotated

from questions.people_and_teams import rules
from usecases.kernel.question import Question, QuestionText
from usecases.kernel.usecase import Ask

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from questions.people_and_teams.rules import RuleRow


class ListRules(Question, frozen=True):
    """List the legal rules that Continuum applies. For each rule it shows the source, the version
    of the law that was read and the date of reading, and whether a person still has to confirm the
    rule."""

    named = QuestionText(
        command="rules",
        title="Rules and their sources",
        empty="Every rule is verified.",
        acts=(),
        free=True,
    )
    verify: Annotated[bool, Ask("Only rules still to be verified", option="--verify")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[RuleRow]":
        return rules.list_rules(open_only=self.verify)

    @classmethod
    def row(cls) -> "type[RuleRow]":
        return rules.RuleRow
