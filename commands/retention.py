"""Restrictions and reviews: what is out of ordinary use, retained, or proposed for disposal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from access.doing import require_command
from commands.desk import Desk, Prepared, Receipt, act, facts
from commands.erasure_reach import require_reached
from commands.hold_reach import Reckoning
from domain import retention
from domain.envelope import Submission
from domain.retention import Decision, Kept, MopiGroup
from domain.values import Reader


def _act(
    desk: Desk, reader: Reader, name: str, item: UUID, decide: Any, body: Any, **command: Any
) -> Receipt:
    stream = retention.beside(item)
    require_command(reader, name)
    require_reached(desk, reader, [item])
    return act(desk, reader, name, stream, Kept(), retention.evolve, decide, body, **command)


def decide_review(
    desk: Desk,
    reader: Reader,
    item: UUID,
    decision: Decision,
    reason: str,
    *,
    until: datetime | None = None,
    group: MopiGroup | None = None,
    **command: Any,
) -> Receipt:
    """A review's decision about a person or a case; disposal is proposed, never carried out."""
    return _act(
        desk,
        reader,
        "review.decide",
        item,
        lambda _: retention.decide_review(
            item,
            decision,
            reason,
            held=decision == "dispose" and item in Reckoning(desk.logs).reached(),
            until=until,
            group=group,
            now=desk.clock(),
        ),
        [decision, reason, until, group],
        **command,
    )


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
