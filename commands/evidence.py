"""Gathering evidence, its continuity, and what speaks against it."""

from typing import Any, Unpack
from uuid import UUID

from commands.desk import Command, Desk, Prepared, Receipt, act, facts
from domain import evidence
from domain.envelope import Submission
from domain.evidence import Evidence, EvidenceGathered, EvidenceStatus, EvidenceTransferred
from domain.values import Reader, Refused
from projections import register


def gather(
    desk: Desk,
    reader: Reader,
    item: EvidenceGathered,
    *,
    command_id: UUID | None = None,
    because_of: tuple[str, ...] = (),
) -> Receipt:
    """A new item that points to the words that led to it. Raises Refused for an observation that
    was never recorded."""
    command_id = command_id or desk.new_random_id()
    body = [item, because_of]
    if again := desk.repeated(command_id, "evidence.gather", body):
        return again
    with desk.deciding() as db:
        for one in item.observations:
            if not any(r.kind == "observation" for r in register.resolve(db, reader, str(one))):
                raise Refused(f"{one} is no observation")
    stream = desk.new_id()
    made = facts(reader, stream, 0, evidence.gather(item), because_of)
    submission = Submission(command_id, desk.digest("evidence.gather", body), made)
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]


def transfer(
    desk: Desk, reader: Reader, item: UUID, move: EvidenceTransferred, **command: Any
) -> Receipt:
    """Continuity: the item passes from one hand to another."""
    return act(
        desk,
        reader,
        "evidence.transfer",
        item,
        Evidence(),
        evidence.evolve,
        lambda s: evidence.transfer(s, move),
        [move],
        **command,
    )


def change_status(
    desk: Desk,
    reader: Reader,
    item: UUID,
    status: EvidenceStatus,
    reason: str,
    **command: Unpack[Command],
) -> Receipt:
    """Excluded, undermined or withdrawn: it shows and counts as that."""
    return act(
        desk,
        reader,
        "evidence.status",
        item,
        Evidence(),
        evidence.evolve,
        lambda s: evidence.change_status(s, status, reason),
        [status, reason],
        **command,
    )
