"""Commands that answer alerts about children, and that refer a child who is linked to a suspect."""

from collections.abc import Callable, Sequence
from typing import TypeAlias, Unpack
from uuid import UUID, uuid5

from commands.families import referral
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, earlier_receipt
from domain.families import protection
from domain.families.protection import (
    AlertAnswered,
    AlertKind,
    Considered,
    LastDecision,
    ReferralConsidered,
)
from domain.kernel.codes import AlertAnswer
from domain.kernel.values import Reader

#: An alert about a child: its id, its case, and its kind.
Warned: TypeAlias = tuple[UUID, UUID, AlertKind]


def answer_alert(
    desk: Desk,
    reader: Reader,
    which: str,
    find: Callable[[], Warned],
    answer: AlertAnswer,
    reason: str,
    **command: Unpack[Command],
) -> Receipt:
    """Answer an alert about a child. `find` returns the alert that `which` names; it is not called
    if the command is a repetition. Raises what `find` raises, and Refused if there is no reason.
    """
    body = [answer, reason]

    def former() -> AlertAnswered:
        _, case, kind = find()
        return AlertAnswered(case, kind, answer, reason)

    if again := earlier_receipt(
        desk, "alert.answer", which, body, lambda: find()[0], former=former, **command
    ):
        return again
    alert, case, kind = find()
    answered = AlertAnswered(case, kind, answer, reason)
    return act(
        desk,
        reader,
        "alert.answer",
        alert,
        LastDecision(),
        protection.evolve,
        lambda _: protection.answer(answered),
        body,
        target=which,
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
    """Record the decision whether to refer a child linked to a suspect to a team. If the decision
    is "referred", the referral is recorded first, with the links that led to the decision; the
    referral names no other child.
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
        LastDecision(),
        protection.evolve,
        lambda _: protection.consider(considered),
        [suspect, child, decision, reason],
        command_id=command_id,
        because_of=because_of,
    )
