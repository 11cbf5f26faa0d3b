"""Commands for health and placement records in a case. Every worker may record them; only the
holders of the compartment, who are workers with access to it, may read them.

A repeated command is recognised before the case is looked up.
"""

from collections.abc import Callable
from datetime import date
from typing import TypeVar, Unpack
from uuid import UUID

from msgspec import structs

from access.who_may.table import MAY
from commands.kernel.colleague import colleague, live_accounts, may_read_case
from commands.kernel.item_references import UNNAMED, resolve_case
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, earlier_receipt, facts
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
    """Record a note on a child's health. The worker who opens the compartment becomes its
    holder."""
    noted = HealthNoted(UNNAMED, category, words, happened)
    return _record(
        desk,
        reader,
        case,
        "health",
        noted,
        lambda compartment_state, its: compartment.note_health(compartment_state, its, reader.name),
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
    """Record where a child is placed. The address does not become a place that other users can
    search.
    """
    made = PlacementMade(UNNAMED, category, address.strip(), forms.place(address), since, words)
    return _record(
        desk,
        reader,
        case,
        "placement",
        made,
        lambda compartment_state, its: compartment.place(compartment_state, its, reader.name),
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
    """Record that the child left the placement. Raises Refused if there is no current placement."""
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
    """Give another worker access to the health or placement compartment of a case. A worker with
    access may do so. If no worker with access can read the compartment any more, the team's manager
    names a new one without reading it.

    Raises Refused if the reader may not give access; the message is the same as if the compartment
    did not exist. Also raises Refused, with the nearest name, if the worker has no active account
    in the case's team that works with such records.
    """

    def decided(found_item: UUID, state: CompartmentState) -> tuple[Event, ...]:
        leads = _may_name_holder(desk, reader, found_item, which, state)
        compartment.open_to(state, found_item, which, worker, reason, reader.name, leads=leads)
        named = colleague(desk, reader, worker, SEEING[which], case=found_item)
        if leads:
            _require_reader(desk, named, which, found_item)
        return compartment.open_to(
            state, found_item, which, named, reason, reader.name, leads=leads
        )

    return _act(desk, reader, case, which, decided, ["open", worker, reason], **command)


def _require_reader(desk: Desk, named: str, which: Compartment, case: UUID) -> None:
    """Raise Refused if the worker `named` may not read this compartment of the case, for example
    because the worker has no access to the case.
    """
    with desk.deciding() as db:
        if named not in {
            account.user
            for account in live_accounts(db)
            if may_read_case(db, account, SEEING[which], case)
        }:
            raise Refused(
                f"{named} does not work with this family, and so would not see this record: "
                "assign them to the case first"
            )


def pass_on_facts(
    desk: Desk, reader: Reader, case: UUID, former: str, new: str
) -> tuple[Fact, ...]:
    """Return the events that give a new worker the former worker's access to the health and
    placement compartments of a case, and remove it from the former worker. A compartment that the
    new worker's role may not read is left out.
    """
    made: tuple[Fact, ...] = ()
    with desk.deciding() as db:
        closed = accounts.is_closed(db)
        roles = next(
            (account.roles for account in live_accounts(db) if account.user == new),
            frozenset[Role](),
        )
    for which, seeing in SEEING.items():
        if closed and not any(seeing in MAY[role] for role in roles):
            continue
        stream = compartment.stream_of(case, which)
        compartment_state, version = desk.fold(stream, CompartmentState(), compartment.evolve)
        passed = compartment.pass_on(compartment_state, case, which, former, new)
        made += facts(reader, stream, version, passed)
    return made


def _may_name_holder(
    desk: Desk, reader: Reader, case: UUID, which: Compartment, of: CompartmentState
) -> bool:
    """Return whether the reader leads the case's team and no holder can read the compartment any
    more.
    """
    if not (of.holders and reader.closed and desk.reaches(reader, "case.allocate", case)):
        return False
    with desk.deciding() as db:
        fitting = {
            account.user
            for account in live_accounts(db)
            if may_read_case(db, account, SEEING[which], case)
        }
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
    """Remove the access of the worker `worker` to the health or placement compartment of a case.
    Any worker with access may do so. Raises Refused if `worker` is the last worker with access, or
    if the reader or `worker` has no access. In the last case the message is the same as if the
    compartment did not exist.
    """

    def decided(found_item: UUID, state: CompartmentState) -> tuple[Event, ...]:
        return compartment.close_to(state, found_item, which, worker, reason, reader.name)

    return _act(desk, reader, case, which, decided, ["close", worker, reason], **command)


def _record(
    desk: Desk,
    reader: Reader,
    case: str,
    which: Compartment,
    event: Kept,
    decide: Callable[[CompartmentState, Kept], tuple[Event, ...]],
    **command: Unpack[Command],
) -> Receipt:
    """Record the entry `event` in a compartment of the case that `case` names."""
    return _act(
        desk,
        reader,
        case,
        which,
        lambda found_item, compartment_state: decide(
            compartment_state, structs.replace(event, case=found_item)
        ),
        event,
        former=lambda found_item: structs.replace(event, case=found_item),
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
    """Record a decision about a compartment of a case. `former` returns the command's input in the
    form that older releases hashed, which included the case's id.
    """
    name = f"compartment.{which}"
    again = earlier_receipt(
        desk,
        name,
        case,
        body,
        lambda: compartment.stream_of(resolve_case(desk, reader, case), which),
        former=(lambda: former(resolve_case(desk, reader, case))) if former else None,
        **command,
    )
    if again:
        return again
    found_item = resolve_case(desk, reader, case)
    return act(
        desk,
        reader,
        name,
        compartment.stream_of(found_item, which),
        CompartmentState(),
        compartment.evolve,
        lambda compartment_state: decide(found_item, compartment_state),
        body,
        target=case,
        **command,
    )
