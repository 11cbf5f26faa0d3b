"""Legal holds. One person places a hold; a hold on the whole store is confirmed by a second person.
Holds are reviewed, and two people are needed to lift a hold.

A hold belongs to one team. Several teams can hold the same item, and each team lifts only its own
hold. `commands.erasure.hold_reach` computes which items a hold covers.

The file is long because a hold is placed, confirmed, reviewed and ended by the same rules.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Unpack
from uuid import UUID

import msgspec

from access.who_may import scope
from access.who_may.decide import Thing, decide
from access.who_may.event_rules import require_command
from commands.erasure import erasure
from commands.erasure.erasure_reach import require_reached
from commands.erasure.hold_reach import Reckoning
from commands.kernel import item_references as reference
from commands.kernel import proposing
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, LostRace, Receipt, facts
from domain import forms
from domain.clocks import CLOCKS
from domain.data_protection import legal_hold, retention
from domain.data_protection.legal_hold import HOLDS, Hold, HoldRegistered, Query
from domain.data_protection.retention import HoldLifted, RetentionState
from domain.families.referral import CaseOpened
from domain.intelligence.entity import PersonRecorded
from domain.kernel.envelope import Event, Recorded, Submission
from domain.kernel.values import Denied, Hidden, HoldGround, Reader, Refused
from projections.data_protection import retention as kept_view

#: The number of attempts to place a hold while other users also write to the register of holds.
TRIES = 20
#: The smallest number of final digits of an id by which a user may name a legal hold.
LEAST_DIGITS = 6
WIDE = (
    "this legal hold reaches beyond your team: a user who sees all teams, or approves erasures, "
    "can place it"
)


def place(
    desk: Desk,
    reader: Reader,
    query: Query,
    ground: HoldGround,
    reason: str,
    *,
    reference: str | None = None,
    review: datetime | None = None,
    command_id: UUID | None = None,
) -> Receipt:
    """Place a legal hold, which prevents all destruction of the items that it covers. The hold
    applies at once, even if a second person still has to confirm it. The receipt has the hold's id.

    Raises Denied if the hold would cover more than the reader may hold, and Hidden for an item that
    the reader may not hold.
    """
    require_command(reader, "hold.place")
    command_id = command_id or desk.new_random_id()
    body = [query, ground, reason, reference, review]
    if again := desk.repeated(
        command_id, "hold.place", body, former=lambda: _former_body(query, ground, reason)
    ):
        return again
    query = _checked_query(desk, reader, query)
    now = desk.clock()
    day = review or now + CLOCKS["hold-review"].within
    events = legal_hold.order(query, ground, reason, reference=reference, review=day, now=now)
    stream, digest = desk.new_id(), desk.digest("hold.place", body)
    made = facts(reader, stream, 0, events)
    for _ in range(TRIES):
        register = desk.logs["evidence"].history(HOLDS)
        version = register[-1].version if register else 0
        entered = facts(reader, HOLDS, version, [HoldRegistered(stream)])
        submission = Submission(command_id, digest, made + entered)
        try:
            return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]
        except LostRace:
            # try again: another hold was entered in the meantime, so the register has a new version
            continue
    raise LostRace(
        "other people placed legal holds at the same time, so nothing was recorded: repeat the "
        "command"
    )


def _former_body(query: Query, ground: HoldGround, reason: str) -> Any:
    """Return the input of a command to place a hold, in the form that the first release hashed. So
    a command that is repeated after an upgrade is recognised. In the first release a hold covered a
    single item.
    """
    return [str(retention.retention_stream(query.item or HOLDS)), [ground, reason], ()]


def _checked_query(desk: Desk, reader: Reader, query: Query) -> Query:
    """Return the query of a legal hold, checked and completed: with the actual kind of its item, or
    the exact name of its team. Raises Denied or Hidden if the reader may not place a hold with this
    query.
    """
    legal_hold.checked(query)
    if query.item is not None:
        require_reached(desk, reader, [query.item])
        if not any(desk.logs[log].history(query.item) for log in ("evidence", "sources")):
            raise scope.hidden_error("item", str(query.item))
        return items_under_hold(desk, query.item)
    if query.team is None:
        if not _may_hold_team(reader, ""):
            raise Denied(WIDE)
        return query
    text = query.team.strip()
    teams = Reckoning(desk.logs).teams
    meant = [text] if text in teams else [team for team in teams if forms.same_person(team, text)]
    if not all(_may_hold_team(reader, team) for team in meant or [text]):
        raise Denied(WIDE)
    if len(meant) != 1:
        raise Refused(
            f"{text!r} does not name exactly one team, so the legal hold would cover nothing: "
            "give the team's exact name"
        )
    return msgspec.structs.replace(query, team=meant[0])


def _may_hold_team(reader: Reader, team: str) -> bool:
    """Return whether this reader may place or confirm a hold on a whole team (or on every team)."""
    return _may(reader, HOLDS, team, "")


def confirm(desk: Desk, reader: Reader, text: str, **command: Unpack[Command]) -> Receipt:
    """Confirm, as a second person, a legal hold on the whole store; `text` is the hold's id or the
    end of the id.
    """

    def decided(state: Hold, placed_by: str) -> tuple[Event, ...]:
        if not _may_hold_team(reader, ""):
            raise Denied(WIDE)
        return legal_hold.confirm(state, placed_by=placed_by, by=reader.name)

    return _act(desk, reader, "hold.confirm", text, decided, [], **command)


def review(
    desk: Desk,
    reader: Reader,
    text: str,
    until: datetime,
    reason: str,
    *,
    reference: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record that a legal hold is still needed, with its next review date; `text` is the hold's id
    or the end of the id.
    """

    def decided(state: Hold, placed_by: str) -> tuple[Event, ...]:
        return legal_hold.review(state, until, reason, reference=reference, now=desk.clock())

    body = [until, reason, reference]
    return _act(desk, reader, "hold.review", text, decided, body, **command)


def _act(
    desk: Desk,
    reader: Reader,
    name: str,
    text: str,
    decide: Callable[[Hold, str], tuple[Event, ...]],
    body: object,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Record the reader's decision about a legal hold. The reader may also be a person who only
    approves erasures.
    """
    command_id = command_id or desk.new_random_id()
    causes = [tuple(because_of)] if because_of else []
    whole = [text, body, *causes]
    if again := desk.repeated(
        command_id, name, whole, former=lambda: [resolve_hold(desk, reader, text), body, *causes]
    ):
        return again
    item = resolve_hold(desk, reader, text)
    placed_by = require_hold(desk, reader, item)[0].by
    require_command(reader, name)
    state, version = desk.fold(item, Hold(), legal_hold.evolve)
    events = decide(state, placed_by)
    if not events:
        raise Refused("the legal hold is already confirmed")
    made = facts(reader, item, version, events, because_of)
    submission = Submission(command_id, desk.digest(name, whole), made)
    return desk.save([Prepared(item, {"evidence": submission}, reader)])[0]


def lift(
    desk: Desk,
    reader: Reader,
    hold_or_item: UUID | str,
    reason: str,
    ground: HoldGround | None = None,
    *,
    command_id: UUID | None = None,
) -> Receipt:
    """Propose to lift a legal hold; a second person, who erases or approves erasures, has to
    confirm. `hold_or_item` is the hold's id, the end of that id, or the id of the item under the
    hold. Raises Refused if the item has several holds.
    """
    require_command(reader, "hold.lift")
    command_id = command_id or desk.new_random_id()
    body = [str(hold_or_item), reason, ground]

    def found() -> UUID:
        return find_hold(desk, reader, item_or_hold(desk, reader, hold_or_item), ground)

    def former() -> object:
        hold = found()
        beside = [str(retention.retention_stream(hold)), [ground, reason], ()]
        return [str(hold), reason] if is_hold(desk, hold) else beside

    if again := desk.repeated(command_id, "hold.lift", body, former=former):
        return again
    item = found()
    if not is_hold(desk, item):
        return _lift_former(desk, reader, item, ground, reason, command_id, body)
    require_hold(desk, reader, item)
    state, _ = desk.fold(item, Hold(), legal_hold.evolve)
    legal_hold.end(state, reason, agreed=True)
    made = proposing.made_by(reader, "lift-hold", item, reason)
    digest = desk.digest("hold.lift", body)
    return proposing.propose(
        desk, reader, item, made, lambda told: Submission(command_id, digest, told)
    )


def _lift_former(
    desk: Desk,
    reader: Reader,
    item: UUID,
    ground: HoldGround | None,
    reason: str,
    command_id: UUID,
    body: object,
) -> Receipt:
    """Propose to lift a legal hold that the first release recorded in the stream of the held
    item.
    """
    stream = retention.retention_stream(item)
    require_reached(desk, reader, [item])
    state, _ = desk.fold(stream, RetentionState(), retention.evolve)
    lifted: HoldLifted
    (lifted,) = retention.lift_hold(state, item, ground, reason, agreed=True)
    made = proposing.made_by(reader, "lift-hold", item, reason, hold=lifted)
    digest = desk.digest("hold.lift", body)
    return proposing.propose(
        desk, reader, stream, made, lambda told: Submission(command_id, digest, told)
    )


# --- finding the hold that a user names -----------------------------------------------------


def items_under_hold(desk: Desk, item: UUID) -> Query:
    """Return the query of a legal hold on one item. If the item is a case or a person, the hold
    also covers everything about the case or person.
    """
    first = desk.logs["evidence"].history(item)[:1]
    if first and isinstance(first[0].event, CaseOpened):
        return Query("case", item)
    return Query("person" if first and isinstance(first[0].event, PersonRecorded) else "item", item)


def find_current_hold(desk: Desk, reader: Reader, text: str) -> UUID | None:
    """Return the id of the current legal hold whose id is, or ends with, `text`; None if there is
    none. Raises Refused if there are several.
    """
    wanted = text.strip().lower().replace("-", "")
    with desk.deciding() as db:
        rows = kept_view.holds(db, reader)
    found_items = [
        row.hold
        for row in rows
        if len(wanted) >= LEAST_DIGITS and row.hold.hex.endswith(wanted) and not row.former
    ]
    if len(found_items) > 1:
        raise Refused(f"{text!r} fits several legal holds: give more of the id", field="hold")
    return found_items[0] if found_items else None


def subject(desk: Desk, reader: Reader, text: str) -> UUID:
    """Return the item that a user wants to hold. `text` names an item in a view, or is the whole id
    of a source or a file. Raises Hidden if the reader may not hold the item.
    """
    try:
        with desk.deciding() as db:
            return reference.item(desk, db, reader, text)
    except Hidden:
        if found_item := erasure.subject(desk, reader, text):
            return found_item
        raise


def item_or_hold(desk: Desk, reader: Reader, item: UUID | str) -> UUID:
    """Return the current hold that the user names in order to lift it, or the item under the hold
    if the user names the item. Raises Hidden if the reader may not lift the hold.
    """
    if isinstance(item, UUID):
        return item
    return find_current_hold(desk, reader, item) or subject(desk, reader, item)


def resolve_hold(desk: Desk, reader: Reader, text: str) -> UUID:
    """Return the legal hold that `text` names: by the id of the hold, by the end of the id (only
    for a current hold), or by an item with a single current hold. A whole id is not checked. Raises
    Refused if no hold, or more than one, fits.
    """
    if found_item := find_current_hold(desk, reader, text):
        return found_item
    with suppress(Hidden):
        item = subject(desk, reader, text.strip())
        if (found_item := find_hold(desk, reader, item)) != item:
            return found_item
    with suppress(ValueError):
        return UUID(text.strip())
    raise Refused(f"there is no legal hold {text!r} that you can see", field="hold")


def is_hold(desk: Desk, item: UUID) -> bool:
    """Return whether this is the id of a legal hold."""
    first = desk.logs["evidence"].history(item)[:1]
    return bool(first) and isinstance(first[0].event, legal_hold.HoldOrdered)


def all_holds(desk: Desk) -> Sequence[UUID]:
    """Return every legal hold ever placed, from the register."""
    history = desk.logs["evidence"].history(HOLDS)
    return [fact.event.hold for fact in history if isinstance(fact.event, HoldRegistered)]


def find_hold(desk: Desk, reader: Reader, item: UUID, ground: HoldGround | None = None) -> UUID:
    """Return the legal hold with this id, or the reader's only current hold on the item with this
    id. If there is none, return the id itself, because the first release recorded a hold in the
    stream of its item.
    """
    if is_hold(desk, item):
        return item
    found_items = []
    for hold in all_holds(desk):
        first = desk.logs["evidence"].history(hold)[0]
        ordered = first.event
        assert isinstance(ordered, legal_hold.HoldOrdered)  # noqa: S101 (what the register names)
        state, _ = desk.fold(hold, Hold(), legal_hold.evolve)
        theirs = ordered.query.item == item and (ground is None or ordered.ground == ground)
        if theirs and not state.ended and _may(reader, hold, first.team, first.by):
            found_items.append(hold)
    if len(found_items) > 1:
        text = ", ".join(str(each) for each in found_items)
        raise Refused(f"several legal holds cover this item: give the id of one of them ({text})")
    return found_items[0] if found_items else item


def _may(reader: Reader, item: UUID, team: str, by: str) -> bool:
    thing = Thing("hold", item, team, by)
    return any(decide(reader, act, thing).allowed for act in ("erase", "approve-erasure"))


def require_hold(desk: Desk, reader: Reader, item: UUID) -> list[Recorded]:
    """Return the facts of a legal hold. Raises Hidden if the id is not that of a legal hold, or if
    the reader may not see the hold.
    """
    history = desk.logs["evidence"].history(item)
    placed = bool(history) and isinstance(history[0].event, legal_hold.HoldOrdered)
    if not placed or not _may(reader, item, history[0].team, history[0].by):
        raise scope.hidden_error("legal hold", str(item))
    return history
