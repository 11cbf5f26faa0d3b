"""Health and placement of a case: recorded by anybody, seen by those who hold the compartment.

A case is named as people name it, and is looked up once it is known whether the command was given
before.
"""

from collections.abc import Callable
from datetime import date
from typing import TypeVar, Unpack
from uuid import UUID

from msgspec import structs

from access.who_may.table import MAY
from commands.kernel.colleague import colleague, live, reads
from commands.kernel.item_references import UNNAMED, case_named
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, asked_before, facts
from domain import forms
from domain.families import compartment
from domain.families.compartment import CompartmentState, HealthNoted, PlacementEnded, PlacementMade
from domain.kernel.codes import Compartment, PlacementKind
from domain.kernel.envelope import Event, Fact
from domain.kernel.values import Reader, Refused, Role
from projections.families.compartments import SEEING
from projections.people_and_teams import accounts

Kept = TypeVar("Kept", HealthNoted, PlacementMade, PlacementEnded)
Decides = Callable[[UUID, CompartmentState], tuple[Event, ...]]


def note_health(
    desk: Desk,
    reader: Reader,
    case: str,
    category: str,
    words: str,
    happened: date | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Note what must be known of a child's health; the person who opens the compartment holds
    it."""
    noted = HealthNoted(UNNAMED, category, words, happened)
    return _record(
        desk,
        reader,
        case,
        "health",
        noted,
        lambda held, its: compartment.note_health(held, its, reader.name),
        **command,
    )


def place(
    desk: Desk,
    reader: Reader,
    case: str,
    category: PlacementKind,
    address: str,
    since: date | None = None,
    words: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record where a child is placed. The address becomes no place that others could find."""
    made = PlacementMade(UNNAMED, category, address.strip(), forms.place(address), since, words)
    return _record(
        desk,
        reader,
        case,
        "placement",
        made,
        lambda held, its: compartment.place(held, its, reader.name),
        **command,
    )


def end_placement(
    desk: Desk,
    reader: Reader,
    case: str,
    until: date | None = None,
    words: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """The child no longer lives there. Raises Refused where no placement stands."""
    ended = PlacementEnded(UNNAMED, until, words)
    return _record(desk, reader, case, "placement", ended, compartment.end_placement, **command)


def open_to(
    desk: Desk,
    reader: Reader,
    case: str,
    which: Compartment,
    worker: str,
    reason: str,
    **command: Unpack[Command],
) -> Receipt:
    """A holder opens a compartment to another worker. Where no holder can read it any more, who
    leads the team names one, and reads nothing of it. Raises Refused for everybody else, in the
    words with which one is told that there is none; and for a worker who is no live account that
    works with such things in the case's team, with the nearest name."""

    def decided(found: UUID, state: CompartmentState) -> tuple[Event, ...]:
        leads = _named_by_manager(desk, reader, found, which, state)
        compartment.open_to(state, found, which, worker, reason, reader.name, leads=leads)
        named = colleague(desk, reader, worker, SEEING[which], case=found)
        if leads:
            _reads(desk, named, which, found)
        return compartment.open_to(state, found, which, named, reason, reader.name, leads=leads)

    return _act(desk, reader, case, which, decided, ["open", worker, reason], **command)


def _reads(desk: Desk, named: str, which: Compartment, case: UUID) -> None:
    """Raises Refused where a worker whom a manager names would read nothing of the case."""
    with desk.deciding() as db:
        if named not in {one.user for one in live(db) if reads(db, one, SEEING[which], case)}:
            raise Refused(
                f"{named} does not work with this family and would read nothing of it: assign them "
                "to the case first"
            )


def passed_on(desk: Desk, reader: Reader, case: UUID, former: str, new: str) -> tuple[Fact, ...]:
    """The facts by which what the child's former worker holds passes to the new one: each
    compartment that the new one's role may hold. The former one holds those no more."""
    made: tuple[Fact, ...] = ()
    with desk.deciding() as db:
        closed = accounts.is_closed(db)
        roles = next((one.roles for one in live(db) if one.user == new), frozenset[Role]())
    for which, seeing in SEEING.items():
        if closed and not any(seeing in MAY[role] for role in roles):
            continue
        stream = compartment.stream_of(case, which)
        held, version = desk.fold(stream, CompartmentState(), compartment.evolve)
        passed = compartment.pass_on(held, case, which, former, new)
        made += facts(reader, stream, version, passed)
    return made


def _named_by_manager(
    desk: Desk, reader: Reader, case: UUID, which: Compartment, of: CompartmentState
) -> bool:
    """Whether the reader leads the case's team and no holder can read the compartment any more."""
    if not (of.holders and reader.closed and desk.reaches(reader, "case.allocate", case)):
        return False
    with desk.deciding() as db:
        fitting = {one.user for one in live(db) if reads(db, one, SEEING[which], case)}
    return not of.holders & fitting


def close_to(
    desk: Desk,
    reader: Reader,
    case: str,
    which: Compartment,
    worker: str,
    reason: str,
    **command: Unpack[Command],
) -> Receipt:
    """A holder takes it from a worker. Raises Refused for everybody else, as `open_to`."""

    def decided(found: UUID, state: CompartmentState) -> tuple[Event, ...]:
        return compartment.close_to(state, found, which, worker, reason, reader.name)

    return _act(desk, reader, case, which, decided, ["close", worker, reason], **command)


def _record(
    desk: Desk,
    reader: Reader,
    case: str,
    which: Compartment,
    told: Kept,
    decide: Callable[[CompartmentState, Kept], tuple[Event, ...]],
    **command: Unpack[Command],
) -> Receipt:
    """Record what was told of a case that is looked up first."""
    return _act(
        desk,
        reader,
        case,
        which,
        lambda found, held: decide(held, structs.replace(told, case=found)),
        told,
        former=lambda found: structs.replace(told, case=found),
        **command,
    )


def _act(
    desk: Desk,
    reader: Reader,
    case: str,
    which: Compartment,
    decide: Decides,
    body: object,
    *,
    former: Callable[[UUID], object] | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """`former` is the body of before, which held the case that was found."""
    name = f"compartment.{which}"
    again = asked_before(
        desk,
        name,
        case,
        body,
        lambda: compartment.stream_of(case_named(desk, reader, case), which),
        former=(lambda: former(case_named(desk, reader, case))) if former else None,
        **command,
    )
    if again:
        return again
    found = case_named(desk, reader, case)
    return act(
        desk,
        reader,
        name,
        compartment.stream_of(found, which),
        CompartmentState(),
        compartment.evolve,
        lambda held: decide(found, held),
        body,
        told=case,
        **command,
    )
