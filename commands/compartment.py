"""Health and placement of a case: recorded by anybody, seen by those who hold the compartment."""

from datetime import date
from typing import Any
from uuid import UUID

from commands.colleague import colleague
from commands.desk import Desk, Receipt, act
from domain import compartment, forms
from domain.compartment import (
    Compartment,
    HealthNoted,
    Held,
    PlacementEnded,
    PlacementKind,
    PlacementMade,
)
from domain.envelope import Event
from domain.values import Reader
from projections.compartments import SEEING


def note_health(
    desk: Desk,
    reader: Reader,
    case: UUID,
    category: str,
    words: str,
    happened: date | None = None,
    **command: Any,
) -> Receipt:
    """Note what must be known of a child's health; whoever opens the compartment holds it."""
    noted = HealthNoted(case, category, words, happened)
    return _act(
        desk,
        reader,
        case,
        "health",
        lambda s: compartment.note_health(s, noted, reader.name),
        noted,
        **command,
    )


def place(
    desk: Desk,
    reader: Reader,
    case: UUID,
    category: PlacementKind,
    address: str,
    since: date | None = None,
    words: str | None = None,
    **command: Any,
) -> Receipt:
    """Record where a child is placed. The address becomes no place that others could find."""
    made = PlacementMade(case, category, address.strip(), forms.place(address), since, words)
    return _act(
        desk,
        reader,
        case,
        "placement",
        lambda s: compartment.place(s, made, reader.name),
        made,
        **command,
    )


def end_placement(
    desk: Desk,
    reader: Reader,
    case: UUID,
    until: date | None = None,
    words: str | None = None,
    **command: Any,
) -> Receipt:
    ended = PlacementEnded(case, until, words)
    return _act(
        desk,
        reader,
        case,
        "placement",
        lambda s: compartment.end_placement(s, ended),
        ended,
        **command,
    )


def open_to(
    desk: Desk,
    reader: Reader,
    case: UUID,
    which: Compartment,
    worker: str,
    reason: str,
    **command: Any,
) -> Receipt:
    """A holder opens a compartment to another worker. Raises Refused for everybody else, in the
    words with which one is told that there is none; and for a worker who is no live account that
    works with such things in the case's team, with the nearest name."""

    def decided(state: Held) -> tuple[Event, ...]:
        compartment.open_to(state, case, which, worker, reason, reader.name)
        named = colleague(desk, reader, worker, SEEING[which], case=case)
        return compartment.open_to(state, case, which, named, reason, reader.name)

    return _act(
        desk,
        reader,
        case,
        which,
        decided,
        ["open", worker, reason],
        **command,
    )


def close_to(
    desk: Desk,
    reader: Reader,
    case: UUID,
    which: Compartment,
    worker: str,
    reason: str,
    **command: Any,
) -> Receipt:
    return _act(
        desk,
        reader,
        case,
        which,
        lambda s: compartment.close_to(s, case, which, worker, reason, reader.name),
        ["close", worker, reason],
        **command,
    )


def _act(
    desk: Desk,
    reader: Reader,
    case: UUID,
    which: Compartment,
    decide: Any,
    body: Any,
    **command: Any,
) -> Receipt:
    return act(
        desk,
        reader,
        f"compartment.{which}",
        compartment.stream_of(case, which),
        Held(),
        compartment.evolve,
        decide,
        body,
        **command,
    )
