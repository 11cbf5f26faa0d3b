"""Finds the item that a user means by a typed reference: one rule for every front."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar, Unpack
from uuid import UUID

from access.who_may import scope
from commands.kernel import entity
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, earlier_receipt
from domain.kernel.envelope import CommandReused, Event
from domain.kernel.values import Denied, Hidden, Reader, Refused
from projections.families import cases
from projections.kernel import item_ids
from projections.kernel.database import Db

#: A placeholder in an event for the id of an item. The item is looked up later.
UNNAMED = UUID(int=0)
S = TypeVar("S")
#: The code for the cause of a fact if the user knows no cause.
NONE_KNOWN = "none-known"
#: A pattern of an id, of the end of an id, or of an event's reference, but not of a name.
_ID_LIKE = re.compile(r"[0-9a-f-]{4,36}(:\d+)?")
#: The number of items that the message lists if a typed reference fits several.
_LISTED = 5


def item(desk: Desk, db: Db, reader: Reader, named: str, *kinds: str) -> UUID:
    """Return the one item that a typed text names. The text may be an id or its end, an event's
    reference, a case's number or reference, or the name of a person or thing.

    Raises Hidden if the reader sees no such item, or only items of other kinds than `kinds`;
    Refused if several fit.
    """
    if "case" in kinds and (case := cases.find(db, reader, named)):
        return case  # a reference that the team gave has priority over the end of an id
    rows = [row for row in item_ids.resolve(db, reader, named) if not kinds or row.kind in kinds]
    if not (rows or kinds) and (case := cases.find(db, reader, named)):
        return case
    if len(rows) == 1:
        return rows[0].id
    if rows:
        listed = ", ".join(str(row.id) for row in rows[:_LISTED])
        raise Refused(f"{named!r} fits several items: {listed}. Give more of the id.", named=named)
    if may_be_a_name(named, *kinds):
        try:
            item_id, kind = entity.resolve_entity(desk, db, reader, named)
            if not kinds or kind in kinds:
                return item_id
        except entity.FitsSeveral:
            raise
        except (Refused, Denied):
            pass  # no person or thing has that name
    raise Hidden(f"there is no {' or '.join(kinds) or 'item'} {named!r}", named=named)


def resolve_case(desk: Desk, reader: Reader, text: str) -> UUID:
    """Return the case that a typed number, reference or id names. Raises Refused if there is no
    such case."""
    with desk.deciding() as db:
        found_item = cases.find(db, reader, text)
    if found_item is None:
        raise Refused(
            f"there is no case {text!r}: give its id, its number or the team's reference",
            named=text,
        )
    return found_item


def ending(text: str, ids: Iterable[UUID], kind: str) -> UUID:
    """Return the one id among `ids` that the text names: the text is the whole id or its end.
    Raises Hidden if no id or several ids fit.
    """
    wanted = text.strip().lower().replace("-", "")
    found_items = {item_id for item_id in ids if wanted and item_id.hex.endswith(wanted)}
    if len(found_items) != 1:
        raise scope.hidden_error(kind, text)
    return found_items.pop()


def about(desk: Desk, reader: Reader, named: UUID | str, *kinds: str) -> UUID:
    """Return the item to which `named` refers, for a command that decides about the item. A UUID is
    returned unchanged, because it comes from the program and not from a user.
    """
    if isinstance(named, UUID):
        return named
    with desk.deciding() as db:
        return item(desk, db, reader, named, *kinds)


def earlier_receipt_about(
    desk: Desk,
    reader: Reader,
    name: str,
    named: UUID | str,
    kinds: Sequence[str],
    body: object,
    find: Callable[[], UUID],
    *,
    former: Callable[[], object] | None = None,
    **command: Unpack[Command],
) -> Receipt | None:
    """Return the first receipt of a repeated command, or None for a new command. One of the two
    commands may name the item by its id and the other by a text. Raises CommandReused if anything
    else in the input differs.
    """
    try:
        return earlier_receipt(desk, name, str(named), body, find, former=former, **command)
    except CommandReused as reused:
        if isinstance(named, UUID):
            raise
        try:
            text = str(about(desk, reader, named, *kinds))
        except Refused:
            raise reused from None
        return earlier_receipt(desk, name, text, body, find, former=former, **command)


def act_on_item(
    desk: Desk,
    reader: Reader,
    name: str,
    named: UUID | str,
    kind: str,
    start: S,
    evolve: Callable[[S, Event], S],
    decide: Callable[[S], tuple[Event, ...]],
    body: object,
    *,
    former: Callable[[], object] | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record a decision about the item of this kind that `named` refers to."""

    def find() -> UUID:
        return about(desk, reader, named, kind)

    text = str(named)
    again = earlier_receipt_about(
        desk, reader, name, named, (kind,), body, find, former=former, **command
    )
    if again:
        return again
    return act(desk, reader, name, find(), start, evolve, decide, body, target=text, **command)


def may_be_a_name(text: str, *kinds: str) -> bool:
    """Return whether the text may be a person's name: it is no id, and these kinds include
    people."""
    return not _ID_LIKE.fullmatch(text) and (not kinds or "person" in kinds)


def causes(
    desk: Desk, reader: Reader, texts: Sequence[str], command_id: UUID | None = None
) -> tuple[str, ...]:
    """Return the causes of a command as ids, because causes are stored unencrypted and must not
    contain free text. A repeated command may give a cause that no longer exists; this cause is
    returned as typed. Raises what `item` raises.
    """
    if not texts:
        return ()
    again = command_id is not None and any(
        log.known_commands([command_id]) for log in desk.logs.values()
    )
    with desk.deciding() as db:
        cause_ids = (_cause(desk, db, reader, text.strip(), again=again) for text in texts)
        return tuple(dict.fromkeys(cause_ids))


def _cause(desk: Desk, db: Db, reader: Reader, text: str, *, again: bool) -> str:
    if text == NONE_KNOWN:
        return text
    try:
        return str(item(desk, db, reader, text))
    except Refused as refused:
        if again:
            return text
        raise Refused(str(refused), field="because_of") from None
