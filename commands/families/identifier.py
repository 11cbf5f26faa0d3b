"""A child's number across agencies (the NHS number): recorded, withdrawn, opened for a duty,
and searched for.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import ClassVar, Unpack
from uuid import UUID

from msgspec import Struct

from access.who_may import scope
from commands.families.profile import is_child_or_suspect
from commands.kernel import item_references
from commands.kernel.unit_of_work import Command, Desk, Receipt, act_on_named
from domain.data_protection.access_log import SearchTouched
from domain.families import identifier
from domain.families.identifier import (
    Identifier,
    IdentifierOpened,
    IdentifierTold,
    IdentifierWithdrawn,
)
from domain.kernel.codes import IdentifierAgency, IdentifierDuty, IdentifierKind
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.composed import finding
from projections.families import cases, identifiers
from projections.intelligence import people
from projections.kernel.columns import Column
from projections.kernel.database import Db

#: The name of the secret key with which a child's number is hashed, so that it can be searched.
_INDEX = "identifier"


def record_number(
    desk: Desk,
    reader: Reader,
    who: str,
    kind: IdentifierKind,
    number: str,
    source: str,
    as_of: date,
    *,
    why: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record a child's NHS number, which replaces an earlier number. Raises Refused if the number
    is not valid or the person is not recorded, and what `domain.families.identifier.tell` raises.
    """
    normal = identifier.normal_number(kind, number)

    def decide(person: UUID) -> Callable[[Identifier], tuple[Event, ...]]:
        child, _ = is_child_or_suspect(desk, reader, person)
        event = IdentifierTold(
            person, kind, normal, search_hash(desk, kind, normal), source, as_of, why
        )
        return lambda state: identifier.tell(state, event, desk.today(), child=child)

    body = [kind, normal, source, as_of, why]
    return _act(desk, reader, "identifier.tell", who, kind, decide, body, **command)


def withdraw(
    desk: Desk,
    reader: Reader,
    who: str,
    kind: IdentifierKind,
    reason: str,
    **command: Unpack[Command],
) -> Receipt:
    """Withdraw a number that was recorded for a child but is not theirs. Raises Refused if
    `domain.families.identifier.withdraw` does.
    """

    def decide(person: UUID) -> Callable[[Identifier], tuple[Event, ...]]:
        return lambda state: identifier.withdraw(state, IdentifierWithdrawn(person, reason))

    return _act(desk, reader, "identifier.withdraw", who, kind, decide, [kind, reason], **command)


def unseal(
    desk: Desk,
    reader: Reader,
    who: str,
    kind: IdentifierKind,
    duty: IdentifierDuty,
    *,
    agency: IdentifierAgency | None = None,
    to: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Open a child's NHS number for a short time so that the reader can read it, and record the
    recipient to whom the reader gives it. Raises Refused if `domain.families.identifier.unseal`
    does.
    """

    def decide(person: UUID) -> Callable[[Identifier], tuple[Event, ...]]:
        opened = IdentifierOpened(person, duty, agency, to)
        return lambda state: identifier.unseal(state, opened)

    body = [kind, duty, agency, to]
    return _act(desk, reader, "identifier.open", who, kind, decide, body, **command)


def search_hash(desk: Desk, kind: IdentifierKind, number: str) -> bytes:
    """Return the keyed hash by which a child's number can be searched."""
    return desk.keys.blind(f"{_INDEX}/{kind}", number)


def _act(
    desk: Desk,
    reader: Reader,
    name: str,
    who: str,
    kind: IdentifierKind,
    decide: Callable[[UUID], Callable[[Identifier], tuple[Event, ...]]],
    body: Sequence[object],
    **command: Unpack[Command],
) -> Receipt:
    """Record a decision about a number of the child whom `who` names."""
    found_items: list[UUID] = []

    def find() -> UUID:
        found_items[:] = [
            _record_with_number(
                desk, reader, item_references.about(desk, reader, who, "person"), kind
            )
        ]
        return identifier.stream(found_items[0], kind)

    def of_them(state: Identifier) -> tuple[Event, ...]:
        return decide(found_items[0])(state)

    return act_on_named(
        desk,
        reader,
        name,
        who,
        find,
        Identifier(),
        identifier.evolve,
        of_them,
        body,
        **command,
    )


def _record_with_number(desk: Desk, reader: Reader, who: UUID, kind: IdentifierKind) -> UUID:
    """Return the child's record that has an identifying number of this kind: `who`, or another
    record merged with it. Return `who` if no record has one.
    """
    with desk.deciding() as db:
        rows = _current_numbers(db, reader, who)
    bearers = [row.person for row in rows if row.stream == identifier.stream(row.person, kind)]
    return bearers[0] if bearers and who not in bearers else who


def _current_numbers(db: Db, reader: Reader, who: UUID) -> list[identifiers.IdentifierRow]:
    """Return the current identification numbers (such as the NHS number) of a child, from all
    merged records of the child.
    """
    merged_ids = people.all_merged_ids(db, reader, who)
    return [row for item in merged_ids for row in identifiers.of_person(db, reader, item)]


class ShownIdentifier(Struct, frozen=True):
    """A child's number as the reader sees it: masked, or whole while the reader has it open."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("called", "kind of number"),
        Column("number", "number"),
        Column("source", "source"),
        Column("as_of", "received on", "day"),
        Column("by", "recorded by"),
        Column("recorded", "recorded", "moment"),
        Column("open_until", "open until", "moment"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "person")
    person: UUID
    called: str
    number: str
    source: str
    as_of: date
    by: str
    recorded: datetime
    open_until: datetime | None = None


def visible_numbers(
    desk: Desk, db: Db, reader: Reader, who: UUID, now: datetime
) -> list[ShownIdentifier]:
    """Return the current numbers of a child as the reader may see them now: masked, or open."""
    return [_shown(desk, db, reader, row, now) for row in _current_numbers(db, reader, who)]


def _shown(
    desk: Desk, db: Db, reader: Reader, row: identifiers.IdentifierRow, now: datetime
) -> ShownIdentifier:
    opened = identifiers.opened(db, reader, row, now - identifier.OPEN_FOR)
    until = opened + identifier.OPEN_FOR if opened else None
    number = _number(desk, row) if opened else identifier.masked(row.tail)
    called = identifier.KINDS[row.kind].called
    provenance = (row.source, row.as_of, row.by, row.recorded)
    return ShownIdentifier(row.person, called, number, *provenance, until)


def _number(desk: Desk, row: identifiers.IdentifierRow) -> str:
    """Return the whole NHS number of a child from the log. `row` is the number's row in a view,
    which stores only a hash and the last digits.
    """
    state = Identifier()
    for fact in desk.logs["evidence"].history(identifier.stream(row.person, row.kind)):
        if not fact.erased:
            state = identifier.evolve(state, fact.event)
    return state.recorded.number if state.recorded else identifier.masked(row.tail)


class KnownChild(Struct, frozen=True):
    """A child whose identification number (such as the NHS number) matches a search."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "child"),
        Column("person", "id", "id"),
        Column("case", "case", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("label", "person")
    person: UUID
    label: str
    case: UUID | None


def find_children(
    desk: Desk, db: Db, reader: Reader, kind: IdentifierKind, number: str
) -> tuple[list[KnownChild], tuple[SearchTouched, ...]]:
    """Return the children visible to the reader who have exactly this NHS number, and an alert for
    each hidden child who has it. The alert notifies the workers of the hidden child of the search;
    the searcher does not learn that the child exists. Raises Refused if the number is not valid.
    """
    normal = identifier.normal_number(kind, number)
    marked = search_hash(desk, kind, normal)
    mine = identifiers.bearing(db, reader, kind, marked)
    bearers = identifiers.bearing(db, scope.unlimited(reader), kind, marked)
    called = people.visible_names(db, reader, mine)
    rows = [
        KnownChild(item, called[item].label, cases.of_child(db, reader, item))
        for item in mine
        if item in called
    ]
    return rows, finding.hits_for_holders(db, reader, set(bearers) - set(mine))
