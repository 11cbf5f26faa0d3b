"""A child's one number across agencies: told, withdrawn, opened for a duty, and asked after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Unpack
from uuid import UUID

from access.who_may import scope
from commands.families.profile import is_child_or_suspect
from commands.kernel import item_references
from commands.kernel.unit_of_work import Command, Desk, Receipt, act_named
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

#: Under which name the keyed hash of a number is made.
_INDEX = "identifier"


def tell(
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
    """Record a child's number, or another one in its place. Raises Refused for a number that is
    none, for whom nobody recorded, and as `domain.families.identifier.tell`."""
    kept = identifier.normal(kind, number)

    def decide(person: UUID) -> Callable[[Identifier], tuple[Event, ...]]:
        child, _ = is_child_or_suspect(desk, reader, person)
        told = IdentifierTold(person, kind, kept, mark(desk, kind, kept), source, as_of, why)
        return lambda state: identifier.tell(state, told, desk.today(), child=child)

    body = [kind, kept, source, as_of, why]
    return _act(desk, reader, "identifier.tell", who, kind, decide, body, **command)


def withdraw(
    desk: Desk,
    reader: Reader,
    who: str,
    kind: IdentifierKind,
    reason: str,
    **command: Unpack[Command],
) -> Receipt:
    """It is not this child's. Raises Refused as `domain.families.identifier.withdraw`."""

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
    """Open it to read it for a while, and say to whom it is told. Raises Refused as
    `domain.families.identifier.unseal`."""

    def decide(person: UUID) -> Callable[[Identifier], tuple[Event, ...]]:
        opened = IdentifierOpened(person, duty, agency, to)
        return lambda state: identifier.unseal(state, opened)

    body = [kind, duty, agency, to]
    return _act(desk, reader, "identifier.open", who, kind, decide, body, **command)


def mark(desk: Desk, kind: IdentifierKind, number: str) -> bytes:
    """The keyed hash by which a number is found again."""
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
    """Decide about the number of somebody whom the reader names."""
    found: list[UUID] = []

    def find() -> UUID:
        found[:] = [_bearer(desk, reader, item_references.about(desk, reader, who, "person"), kind)]
        return identifier.stream(found[0], kind)

    def of_them(state: Identifier) -> tuple[Event, ...]:
        return decide(found[0])(state)

    return act_named(
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


def _bearer(desk: Desk, reader: Reader, who: UUID, kind: IdentifierKind) -> UUID:
    """Under which of the ids that were judged to be a child their number stands; where none does,
    the one that was named."""
    with desk.deciding() as db:
        rows = _standing(db, reader, who)
    bearers = [one.person for one in rows if one.stream == identifier.stream(one.person, kind)]
    return bearers[0] if bearers and who not in bearers else who


def _standing(db: Db, reader: Reader, who: UUID) -> list[identifiers.IdentifierRow]:
    """What stands for a child, under any of the ids that were judged to be them."""
    every = people.together(db, reader, who)
    return [row for one in every for row in identifiers.of_person(db, reader, one)]


@dataclass(frozen=True)
class ShownIdentifier:
    """A child's number as the reader is shown it: covered, or whole while they have it open."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("called", "what"),
        Column("number", "number"),
        Column("source", "who told it"),
        Column("as_of", "as of", "day"),
        Column("by", "recorded by"),
        Column("recorded", "when", "moment"),
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


def shown(desk: Desk, db: Db, reader: Reader, who: UUID, now: datetime) -> list[ShownIdentifier]:
    """What stands for a child, as the reader is shown it now."""
    return [_shown(desk, db, reader, row, now) for row in _standing(db, reader, who)]


def _shown(
    desk: Desk, db: Db, reader: Reader, row: identifiers.IdentifierRow, now: datetime
) -> ShownIdentifier:
    opened = identifiers.opened(db, reader, row, now - identifier.OPEN_FOR)
    until = opened + identifier.OPEN_FOR if opened else None
    number = _number(desk, row) if opened else identifier.covered(row.tail)
    called = identifier.KINDS[row.kind].called
    said = (row.source, row.as_of, row.by, row.recorded)
    return ShownIdentifier(row.person, called, number, *said, until)


def _number(desk: Desk, row: identifiers.IdentifierRow) -> str:
    """The number itself, out of the log: no view has it."""
    state = Identifier()
    for fact in desk.logs["evidence"].history(identifier.stream(row.person, row.kind)):
        if not fact.erased:
            state = identifier.evolve(state, fact.event)
    return state.told.number if state.told else identifier.covered(row.tail)


@dataclass(frozen=True)
class KnownChild:
    """A child who bears the number that was asked after."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "child"),
        Column("person", "id", "id"),
        Column("case", "case", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("label", "person")
    person: UUID
    label: str
    case: UUID | None


def known(
    desk: Desk, db: Db, reader: Reader, kind: IdentifierKind, number: str
) -> tuple[list[KnownChild], tuple[SearchTouched, ...]]:
    """Which children of those that the reader sees bear exactly this number, and what was met that
    they do not see: those who hold it learn of it, and the one who asked learns nothing. Raises
    Refused for a number that is none."""
    kept = identifier.normal(kind, number)
    marked = mark(desk, kind, kept)
    mine = identifiers.bearing(db, reader, kind, marked)
    every = identifiers.bearing(db, scope.unlimited(reader), kind, marked)
    called = people.called(db, reader, mine)
    rows = [
        KnownChild(one, called[one].label, cases.of_child(db, reader, one))
        for one in mine
        if one in called
    ]
    return rows, finding.held_by(db, reader, set(every) - set(mine))
