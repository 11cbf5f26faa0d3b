"""Restrictions on the use of items and retention reviews: items restricted, retained, or proposed
for disposal.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Unpack
from uuid import UUID, uuid5

from msgspec.structs import replace

from access.who_may import scope
from access.who_may.decide import decide
from access.who_may.event_rules import require_command
from commands.erasure.erasure_reach import require_reached, visible
from commands.erasure.hold_reach import Reckoning
from commands.kernel import item_references
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, earlier_receipt, facts
from domain import catalogue
from domain.data_protection import retention
from domain.data_protection.retention import (
    CLAIMED,
    RestrictionRefused,
    RetentionState,
    ReviewDecided,
)
from domain.forms.local import LONDON
from domain.kernel.codes import RestrictionGround, ReviewDecision
from domain.kernel.envelope import Event, LogName, Regime, Submission
from domain.kernel.values import Denied, Reader, Refused
from projections.data_protection import retention as view

_LOGS: tuple[LogName, ...] = ("evidence", "sources", "access")


def decide_review(
    desk: Desk,
    reader: Reader,
    text: str,
    decision: ReviewDecision,
    reason: str,
    *,
    until: datetime | None = None,
    group: int | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record the decision of a retention review about the person or case that `text` names.
    Disposal is only proposed. The receipt's id is the person's or the case's.
    """
    name, body = "review.decide", [decision, reason, until, group]

    def found() -> UUID:
        with desk.deciding() as db:
            return item_references.item(desk, db, reader, text, "person", "case")

    if again := earlier_receipt(
        desk, name, text, body, lambda: retention.retention_stream(found()), **command
    ):
        return _receipt_of_item(desk, again)
    require_command(reader, name)
    item = found()
    require_reached(desk, reader, [item])
    on_hold = decision == "dispose" and _is_held(desk, reader, item)
    receipt = act(
        desk,
        reader,
        name,
        retention.retention_stream(item),
        RetentionState(),
        retention.evolve,
        lambda _: retention.decide_review(
            item,
            decision,
            reason,
            on_hold=on_hold,
            until=until,
            group=group,
            now=desk.clock(),
        ),
        body,
        target=text,
        **command,
    )
    return _receipt_of_item(desk, receipt)


def _is_held(desk: Desk, reader: Reader, item: UUID) -> bool:
    """Return whether a legal hold covers an item that is to be disposed of. Raises Refused if the
    reader may not see the hold, or if a contact that the reader may not see delays the item's
    review.
    """
    holds = Reckoning(desk.logs).reached().get(item, frozenset())
    with desk.deciding() as db:
        hidden = view.hidden_contact(db, reader, desk.policy.retention, item, desk.clock())
    if hidden or (holds and not visible(desk, reader, holds)):
        raise Refused(scope.HIDDEN)
    return bool(holds)


def _receipt_of_item(desk: Desk, receipt: Receipt) -> Receipt:
    """Return the receipt of a retention review with the id of its item."""
    history = desk.logs["evidence"].history(receipt.id)
    items = [fact.event.item for fact in history if isinstance(fact.event, ReviewDecided)]
    return replace(receipt, id=items[-1])


def restrict(
    desk: Desk,
    reader: Reader,
    items: Sequence[UUID],
    reason: str,
    *,
    ground: RestrictionGround | None = None,
    erasure: UUID | None = None,
    command_id: UUID | None = None,
) -> list[UUID]:
    """Restrict the use of these items, in one transaction. Return the items that were not
    restricted before. With `ground`, a legal ground for restriction, only the items recorded under
    the law of this ground are restricted.

    Raises Denied if the person concerned claims the ground and the reader may not decide about
    claims. Raises Refused if no item was recorded under that law.
    """
    deciding = RestrictionRefused.meaning.acts
    if reader.closed and ground in CLAIMED and not any(decide(reader, a).allowed for a in deciding):
        raise Denied(
            "only a supervisor or the data-protection officer decides on a restriction that the "
            "person concerned requests. Record the request with: restriction request"
        )
    require_command(reader, "restriction.place")
    require_reached(desk, reader, items)
    regimes = {item: _regime(desk, reader, item) for item in dict.fromkeys(items)}
    under = [regime for regime in regimes if not ground or ground.startswith(regimes[regime])]
    if items and not under:
        law = "Part 3 of the DPA 2018" if "part-3" in regimes.values() else "UK GDPR"
        raise Refused(
            f"this item was recorded under {law}: name a ground for the restriction from that law",
            field="ground",
        )
    return _all(
        desk,
        reader,
        "restriction.place",
        under,
        lambda state, item: retention.restrict(state, item, reason, erasure, ground, regimes[item]),
        [reason, ground] if ground else [reason],
        command_id,
    )


def _regime(desk: Desk, reader: Reader, item: UUID) -> Regime:
    """Return the law under which an item was first recorded."""
    for log in _LOGS:
        if history := desk.logs[log].history(item):
            return history[0].regime
    return reader.regime


def request_restriction(
    desk: Desk, reader: Reader, text: str, requester: str, reason: str, **command: Unpack[Command]
) -> Receipt:
    """Record a person's request to restrict the use of an item; nothing changes until the request
    is decided.
    """
    return _of_request(
        desk,
        reader,
        "restriction.request",
        text,
        lambda state, item: retention.request_restriction(state, item, requester, reason),
        [requester, reason],
        **command,
    )


def refuse_restriction(
    desk: Desk, reader: Reader, text: str, reason: str, **command: Unpack[Command]
) -> Receipt:
    """Refuse a request to restrict the use of an item. The item remains in use."""
    return _of_request(
        desk,
        reader,
        "restriction.refuse",
        text,
        lambda state, item: retention.refuse_restriction(state, item, reason),
        [reason],
        **command,
    )


def _of_request(
    desk: Desk,
    reader: Reader,
    name: str,
    text: str,
    decided: Callable[[RetentionState, UUID], tuple[Event, ...]],
    body: list[str],
    **command: Unpack[Command],
) -> Receipt:
    """Let `decided` decide about the restriction of the item that `text` names, and record the
    resulting events.
    """

    def found() -> UUID:
        with desk.deciding() as db:
            return item_references.item(desk, db, reader, text)

    if again := earlier_receipt(
        desk, name, text, body, lambda: retention.retention_stream(found()), **command
    ):
        return again
    require_command(reader, name)
    item = found()
    _require_allowed(desk, reader, name, item)
    return act(
        desk,
        reader,
        name,
        retention.retention_stream(item),
        RetentionState(),
        retention.evolve,
        lambda state: decided(state, item),
        body,
        target=text,
        **command,
    )


def _require_allowed(desk: Desk, reader: Reader, command: str, item: UUID) -> None:
    """Raise Hidden if the reader may not run this command on an item. This is checked before the
    program looks up requests about the item.
    """
    require_command(reader, command)
    acts = catalogue.by_command()[command].meaning.acts
    with desk.deciding() as db:
        if reader.closed and not any(
            scope.reached(db, reader, act_name, [item]) for act_name in acts
        ):
            raise scope.hidden_error("item", str(item))


def unrestrict(
    desk: Desk,
    reader: Reader,
    items: Sequence[UUID],
    reason: str,
    *,
    told_on: date | None = None,
    told: str | None = None,
    command_id: UUID | None = None,
) -> list[UUID]:
    """Lift the restrictions on the use of these items; return the items that were restricted. A
    person who requested the restriction has to be informed first: `told_on` is the day and `told`
    is how. Raises Refused if the person was not informed.
    """
    today = desk.clock().astimezone(LONDON).date()
    return _all(
        desk,
        reader,
        "restriction.lift",
        items,
        lambda state, item: retention.lift_restriction(
            state, item, reason, told_on=told_on, told=told, today=today
        ),
        [reason, *([told_on, told] if told_on or told else [])],
        command_id,
    )


def _all(
    desk: Desk,
    reader: Reader,
    name: str,
    items: Sequence[UUID],
    decide: Any,
    details: Sequence[object],
    command_id: UUID | None,
) -> list[UUID]:
    require_command(reader, name)
    require_reached(desk, reader, items)
    base = command_id or desk.new_random_id()
    prepared, changed = [], []
    for item in dict.fromkeys(items):
        stream, item_command = retention.retention_stream(item), uuid5(base, str(item))
        if desk.repeated(item_command, name, [item, *details]):
            changed.append(item)
            continue
        state, version = desk.fold(stream, RetentionState(), retention.evolve)
        if events := decide(state, item):
            made = facts(reader, stream, version, events)
            submission = Submission(item_command, desk.digest(name, [item, *details]), made)
            prepared.append(Prepared(item, {"evidence": submission}, reader))
            changed.append(item)
    if prepared:
        desk.save(prepared)
    return changed
