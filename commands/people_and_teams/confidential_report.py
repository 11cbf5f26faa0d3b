"""Commands for confidential reports of a concern to the auditor, past the reporter's own
managers.
"""

from uuid import UUID

from commands.kernel.declared import OnNamed, by_id, ignoring_desk
from commands.kernel.unit_of_work import Desk, Receipt, act
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from domain.people_and_teams import confidential_report
from domain.people_and_teams.confidential_report import EscalatedOutsideLine


def escalate(
    desk: Desk, reader: Reader, words: str, reason: str, *, command_id: UUID | None = None
) -> Receipt:
    """Report to the auditor a concern that the reader's line of management ignores, or is involved
    in.
    """
    command_id = command_id or desk.new_random_id()
    return act(
        desk,
        reader,
        "escalation.make",
        command_id,  # a repeated command records no second report
        False,
        _evolve,
        lambda exists: confidential_report.escalate(words, reason),
        [words, reason],
        command_id=command_id,
        log="access",
    )


def _evolve(exists: bool, event: Event) -> bool:
    return exists or isinstance(event, EscalatedOutsideLine)


#: Record that the auditor has read a confidential report, and their next step.
see = OnNamed(
    "escalation.see", by_id, False, _evolve, ignoring_desk(confidential_report.see), log="access"
)
