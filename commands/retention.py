"""Restrictions and reviews: what is out of ordinary use, retained, or proposed for disposal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Unpack
from uuid import UUID, uuid5

from access.doing import require_command
from commands import reference
from commands.desk import Command, Desk, Prepared, Receipt, act, asked_before, facts
from commands.erasure_reach import require_reached
from commands.hold_reach import Reckoning
from domain import retention
from domain.codes import ReviewDecision
from domain.envelope import Submission
from domain.retention import Kept, ReviewDecided
from domain.values import Reader


def decide_review(
    desk: Desk,
    reader: Reader,
    told: str,
    decision: ReviewDecision,
    reason: str,
    *,
    until: datetime | None = None,
    group: int | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """A review's decision about a person or a case, as somebody names it; disposal is proposed,
    never carried out. The receipt's id is the person's or the case's."""
    name, body = "review.decide", [decision, reason, until, group]

    def found() -> UUID:
        with desk.deciding() as db:
            return reference.item(desk, db, reader, told, "person", "case")

    if again := asked_before(desk, name, told, body, lambda: retention.beside(found()), **command):
        return _about(desk, again)
    require_command(reader, name)
    item = found()
    require_reached(desk, reader, [item])
    done = act(
        desk,
        reader,
        name,
        retention.beside(item),
        Kept(),
        retention.evolve,
        lambda _: retention.decide_review(
            item,
            decision,
            reason,
            held=decision == "dispose" and item in Reckoning(desk.logs).reached(),
            until=until,
            group=group,
            now=desk.clock(),
        ),
        body,
        told=told,
        **command,
    )
    return _about(desk, done)


def _about(desk: Desk, receipt: Receipt) -> Receipt:
    """The receipt of a review with the id of what it is about."""
    history = desk.logs["evidence"].history(receipt.id)
    items = [fact.event.item for fact in history if isinstance(fact.event, ReviewDecided)]
    return replace(receipt, id=items[-1])


def restrict(
    desk: Desk,
    reader: Reader,
    items: Sequence[UUID],
    reason: str,
    *,
    erasure: UUID | None = None,
    command_id: UUID | None = None,
) -> list[UUID]:
    """Take these items out of ordinary use, all or none; those that were not out of it yet."""
    return _all(
        desk,
        reader,
        "restriction.place",
        items,
        lambda state, item: retention.restrict(state, item, reason, erasure),
        reason,
        command_id,
    )


def unrestrict(
    desk: Desk,
    reader: Reader,
    items: Sequence[UUID],
    reason: str,
    *,
    command_id: UUID | None = None,
) -> list[UUID]:
    """Put these items back into ordinary use; those that were out of it."""
    return _all(
        desk,
        reader,
        "restriction.lift",
        items,
        lambda state, item: retention.lift_restriction(state, item, reason),
        reason,
        command_id,
    )


def _all(
    desk: Desk,
    reader: Reader,
    name: str,
    items: Sequence[UUID],
    decide: Any,
    reason: str,
    command_id: UUID | None,
) -> list[UUID]:
    require_command(reader, name)
    require_reached(desk, reader, items)
    base = command_id or desk.new_random_id()
    prepared, changed = [], []
    for item in dict.fromkeys(items):
        stream, one = retention.beside(item), uuid5(base, str(item))
        if desk.repeated(one, name, [item, reason]):
            changed.append(item)
            continue
        state, version = desk.fold(stream, Kept(), retention.evolve)
        if events := decide(state, item):
            made = facts(reader, stream, version, events)
            submission = Submission(one, desk.digest(name, [item, reason]), made)
            prepared.append(Prepared(item, {"evidence": submission}, reader))
            changed.append(item)
    if prepared:
        desk.save(prepared)
    return changed
