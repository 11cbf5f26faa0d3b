"""Past one's own line, to the auditor."""

from typing import Any
from uuid import UUID

from commands.kernel.unit_of_work import Desk, Receipt, act
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from domain.people_and_teams import confidential_report
from domain.people_and_teams.confidential_report import EscalatedOutsideLine


def escalate(
    desk: Desk, reader: Reader, words: str, reason: str, *, command_id: UUID | None = None
) -> Receipt:
    """Tell the auditor what one's own line does not hear, or is part of."""
    command_id = command_id or desk.new_random_id()
    return _act(
        desk,
        reader,
        "escalation.make",
        command_id,  # the same command twice is one escalation
        lambda known: confidential_report.escalate(words, reason),
        [words, reason],
        command_id,
    )


def see(
    desk: Desk, reader: Reader, made: UUID, words: str, *, command_id: UUID | None = None
) -> Receipt:
    """The auditor has read it, and says what they do."""
    return _act(
        desk,
        reader,
        "escalation.see",
        made,
        lambda known: confidential_report.see(known, words),
        [words],
        command_id,
    )


def _act(
    desk: Desk,
    reader: Reader,
    name: str,
    stream: UUID,
    decide: Any,
    body: Any,
    command_id: UUID | None,
) -> Receipt:
    return act(
        desk,
        reader,
        name,
        stream,
        False,
        _evolve,
        decide,
        body,
        command_id=command_id,
        log="access",
    )


def _evolve(known: bool, event: Event) -> bool:
    return known or isinstance(event, EscalatedOutsideLine)
