"""Answering alerts, and considering a child for a referral because of a suspect."""

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID, uuid5

from commands import referral
from commands.desk import Command, Desk, Receipt, act
from domain import protection
from domain.protection import (
    AlertAnswered,
    AlertKind,
    Answer,
    Answered,
    Considered,
    ReferralConsidered,
)
from domain.values import Reader


def answer_alert(
    desk: Desk,
    reader: Reader,
    alert: UUID,
    case: UUID,
    kind: AlertKind,
    answer: Answer,
    reason: str,
    **command: Unpack[Command],
) -> Receipt:
    """Say what was done about an alert."""
    answered = AlertAnswered(case, kind, answer, reason)
    return act(
        desk,
        reader,
        "alert.answer",
        alert,
        Answered(),
        protection.evolve,
        lambda _: protection.answer(answered),
        answered,
        **command,
    )


def consider(
    desk: Desk,
    reader: Reader,
    suspect: UUID,
    child: UUID,
    decision: Considered,
    reason: str,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Decide about one child tied to a suspect; "referred" makes the referral first.

    The referral names the links that were the reason, never another child.
    """
    command_id = command_id or desk.new_random_id()
    case: UUID | None = None
    if decision == "referred":
        case = referral.receive(
            desk,
            reader,
            command_id=uuid5(command_id, "referral"),
            who=str(child),
            source="snippets",
            concern=reason,
            because_of=because_of,
        ).id
    considered = ReferralConsidered(suspect, child, decision, reason, case)
    return act(
        desk,
        reader,
        "referral.consider",
        protection.through_stream(suspect, child),
        Answered(),
        protection.evolve,
        lambda _: protection.consider(considered),
        [suspect, child, decision, reason],
        command_id=command_id,
        because_of=because_of,
    )
