"""Resolution of item references as users type them: one rule for every front."""

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

#: Placeholder in an event for an item that is yet to be looked up.
UNNAMED = UUID(int=0)
S = TypeVar("S")
#: The value for causes if none are known.
NONE_KNOWN = "none-known"
#: Matches an id, its ending or an event's reference, not a name.
_ID_LIKE = re.compile(r"[0-9a-f-]{4,36}(:\d+)?")
#: How many candidates to list if several fit.
_LISTED = 5


def item(desk: Desk, db: Db, reader: Reader, text: str, *kinds: str) -> UUID:
    """Return the one item for an id, its ending or an event's reference, a case's number or
    reference, or the name of a person or thing.

    Raises Hidden if the reader sees none, or only of other kinds, Refused if several fit.
    """
    if "case" in kinds and (case := cases.find(db, reader, text)):
        return case  # a team's own reference comes before the end of an id
    found = [row for row in item_ids.resolve(db, reader, text) if not kinds or row.kind in kinds]
    if not (found or kinds) and (case := cases.find(db, reader, text)):
        return case
    if len(found) == 1:
        return found[0].id
    if found:
        listed = ", ".join(str(row.id) for row in found[:_LISTED])
        raise Refused(f"{text!r} fits several items: {listed}. Give more of the id.", named=text)
    if one := _named(desk, db, reader, text, kinds):
        return one
    raise Hidden(f"there is no {' or '.join(kinds) or 'item'} {text!r}", named=text)


def resolve_case(desk: Desk, reader: Reader, text: str) -> UUID:
    """Return the case for a number, a reference or an id. Raises Refused."""
    with desk.deciding() as db:
        return cases.resolve_case(db, reader, text)


def ending(text: str, ids: Iterable[UUID], what: str) -> UUID:
    """Return the one of these ids that the text names, by itself or its ending. Raises Hidden."""
    wanted = text.strip().lower().replace("-", "")
    found = {one for one in ids if wanted and one.hex.endswith(wanted)}
    if len(found) != 1:
        raise scope.hidden_error(what, text)
    return found.pop()


def about(desk: Desk, reader: Reader, named: UUID | str, *kinds: str) -> UUID:
    """Return the item that `named` refers to, for a command that decides on it; raises as `item`. A
    UUID from the program is returned as it is.
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
    """Return an earlier result as `earlier_receipt`, where a command that named the item by its id
    counts as the same command. Raises CommandReused if the input differs.
    """
    try:
        return earlier_receipt(desk, name, str(named), body, find, former=former, **command)
    except CommandReused as reused:
        if isinstance(named, UUID):
            raise
        try:
            told = str(about(desk, reader, named, *kinds))
        except Refused:
            raise reused from None
        return earlier_receipt(desk, name, told, body, find, former=former, **command)


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
    """Record a decision as `act` does, about a named item of this kind."""

    def find() -> UUID:
        return about(desk, reader, named, kind)

    told = str(named)
    again = earlier_receipt_about(
        desk, reader, name, named, (kind,), body, find, former=former, **command
    )
    if again:
        return again
    return act(desk, reader, name, find(), start, evolve, decide, body, told=told, **command)


def may_be_a_name(text: str, *kinds: str) -> bool:
    """Return whether the text may be a person's name: it is no id, and these kinds include
    people."""
    return not _ID_LIKE.fullmatch(text) and (not kinds or "person" in kinds)


def _named(desk: Desk, db: Db, reader: Reader, text: str, kinds: Sequence[str]) -> UUID | None:
    """Return the person or thing of that name, or None. Raises FitsSeveral."""
    if not may_be_a_name(text, *kinds):
        return None
    try:
        one, kind = entity.resolve_entity(desk, db, reader, text)
    except entity.FitsSeveral:
        raise
    except (Refused, Denied):
        return None
    return one if not kinds or kind in kinds else None


def causes(
    desk: Desk, reader: Reader, told: Sequence[str], command_id: UUID | None = None
) -> tuple[str, ...]:
    """Return causes as ids: causes are stored unsealed, where no free text is allowed. In a
    repeated command, a cause that no longer resolves remains as entered. Raises as `item`.
    """
    if not told:
        return ()
    again = command_id is not None and any(
        log.known_commands([command_id]) for log in desk.logs.values()
    )
    with desk.deciding() as db:
        found = (_cause(desk, db, reader, one.strip(), again=again) for one in told)
        return tuple(dict.fromkeys(found))


def _cause(desk: Desk, db: Db, reader: Reader, told: str, *, again: bool) -> str:
    if told == NONE_KNOWN:
        return told
    try:
        return str(item(desk, db, reader, told))
    except Refused as refused:
        if again:
            return told
        raise Refused(str(refused), field="because_of") from None
