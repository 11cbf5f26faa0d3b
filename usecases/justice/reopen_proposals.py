"""Proposals to open decisions of no further action again, because of later log entries."""

from typing import TYPE_CHECKING

from questions.justice import reopen_proposals
from usecases.kernel.question import Question, QuestionText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from questions.justice.reopen_proposals import ReopenProposal


class ListReopenProposals(Question, frozen=True):
    """List decisions that later words may reopen. The decisions are of no further action. Each row
    names the case, the decision and the log entry. Confirm that both have the same subject (join
    confirm), and the decision is opened again; or dismiss it (join dismiss)."""

    named = QuestionText(
        command="outcome to-reopen",
        title="Later log entries about decisions of no further action",
        empty="No later log entry concerns a decision of no further action.",
        acts=("triage",),
        address="reopen-proposals",
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[ReopenProposal]":
        with desk.asking() as db:
            return reopen_proposals.list_proposals(db, reader)

    @classmethod
    def row(cls) -> "type[ReopenProposal]":
        return reopen_proposals.ReopenProposal
