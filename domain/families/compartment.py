"""Health and placement: data of a case that only workers who are admitted to a compartment may see.

Each compartment is a stream, so that the stream of the case never has its content. The text of a
compartment is encrypted; the names of admitted workers are not.
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID, uuid5

from msgspec import Struct, field
from msgspec.structs import replace

from domain.kernel.codes import Compartment, PlacementKind
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, CODE, IDENTIFYING, OWNER, WRITTEN
from domain.kernel.values import Refused

COMPARTMENTS = UUID("5a2b7c1d-3e4f-5a6b-9c8d-7e6f5a4b3c21")


class HealthNoted(Event, frozen=True):
    """A fact about the child's health was recorded that people must know to protect the child."""

    stored: ClassVar = Stored(
        "health.noted", "evidence", "subject", ("category", "words", "happened")
    )
    meaning: ClassVar = Meaning(("work",), kind="compartment")
    case: Annotated[UUID, ABOUT, OWNER]
    category: Annotated[str, CODE]
    words: Annotated[str, WRITTEN]
    happened: date | None = None


class PlacementMade(Event, frozen=True):
    """The place where a child is placed was recorded. The address is only in this event, and does
    not become a place in the network of links.
    """

    stored: ClassVar = Stored(
        "placement.made", "evidence", "subject", ("category", "address", "normal", "since", "words")
    )
    meaning: ClassVar = Meaning(("work",), kind="compartment")
    case: Annotated[UUID, ABOUT, OWNER]
    category: PlacementKind
    address: Annotated[str, IDENTIFYING]
    normal: Annotated[str, IDENTIFYING]
    since: date | None = None
    words: Annotated[str | None, WRITTEN] = None


class PlacementEnded(Event, frozen=True):
    """A child's stay at a recorded place ended."""

    stored: ClassVar = Stored("placement.ended", "evidence", "subject", ("until", "words"))
    meaning: ClassVar = Meaning(("work",), kind="compartment")
    case: Annotated[UUID, ABOUT, OWNER]
    until: date | None = None
    words: Annotated[str | None, WRITTEN] = None


class CompartmentOpened(Event, frozen=True):
    """A worker may see the compartment (health or placement) of a case from now on."""

    stored: ClassVar = Stored("compartment.opened", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(("work", "allocate"))
    case: Annotated[UUID, ABOUT, OWNER]
    compartment: Compartment
    worker: Annotated[str, CODE]
    reason: Annotated[str, WRITTEN]


class CompartmentClosed(Event, frozen=True):
    """A worker may no longer see the compartment (health or placement) of a case."""

    stored: ClassVar = Stored("compartment.closed", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(("work", "allocate"))
    case: Annotated[UUID, ABOUT, OWNER]
    compartment: Compartment
    worker: Annotated[str, CODE]
    reason: Annotated[str, WRITTEN]


EVENTS = (HealthNoted, PlacementMade, PlacementEnded, CompartmentOpened, CompartmentClosed)


class CompartmentState(Struct, frozen=True):
    """The state of one compartment of a case: the workers who are admitted, and whether a placement
    is current."""

    holders: frozenset[str] = field(default_factory=frozenset)
    placed: bool = False


def evolve(state: CompartmentState, event: Event) -> CompartmentState:
    match event:
        case CompartmentOpened():
            return replace(state, holders=state.holders | {event.worker})
        case CompartmentClosed():
            return replace(state, holders=state.holders - {event.worker})
        case PlacementMade():
            return replace(state, placed=True)
        case PlacementEnded():
            return replace(state, placed=False)
    return state


def stream_of(case: UUID, compartment: Compartment) -> UUID:
    """Return the id of the stream of a case's health or placement compartment."""
    return uuid5(COMPARTMENTS, f"{case}|{compartment}")


def _admit_first(
    state: CompartmentState, case: UUID, compartment: Compartment, by: str
) -> tuple[Event, ...]:
    """Return the event that admits a user to a compartment (a case's health or placement data) if
    no user is admitted yet; otherwise ().
    """
    if state.holders:
        return ()
    return (CompartmentOpened(case, compartment, by, "opened it"),)


def note_health(state: CompartmentState, noted: HealthNoted, by: str) -> tuple[Event, ...]:
    if not noted.words.strip() or not noted.category.strip():
        raise Refused("give the category and the text of the health note")
    return (*_admit_first(state, noted.case, "health", by), noted)


def place(state: CompartmentState, made: PlacementMade, by: str) -> tuple[Event, ...]:
    """Record where the child is placed, which ends the previous placement."""
    if not made.normal.strip():
        raise Refused("give the address of the placement", field="address")
    before = (PlacementEnded(made.case, made.since),) if state.placed else ()
    return (*_admit_first(state, made.case, "placement", by), *before, made)


def end_placement(state: CompartmentState, ended: PlacementEnded) -> tuple[Event, ...]:
    if not state.placed:
        raise Refused("this case has no current placement of the child")
    return (ended,)


def pass_on(
    state: CompartmentState, case: UUID, compartment: Compartment, former: str, new: str
) -> tuple[Event, ...]:
    """Return the events that move access to a compartment (a case's health or placement data) from
    the child's former worker to the new worker. Return () if the former worker had no access.
    """
    if former not in state.holders or former == new:
        return ()
    closed = CompartmentClosed(case, compartment, former, "no longer the child's worker")
    if new in state.holders:
        return (closed,)
    return (CompartmentOpened(case, compartment, new, "allocated for the child"), closed)


def open_to(
    state: CompartmentState,
    case: UUID,
    compartment: Compartment,
    worker: str,
    reason: str,
    by: str,
    *,
    leads: bool = False,
) -> tuple[Event, ...]:
    """Admit another worker to the health or placement compartment of a case. Only an admitted
    worker may do so. If no admitted worker can read the compartment any more, a leader of the team
    may do so (`leads` is True). A refusal does not show whether the compartment exists.
    """
    if by not in state.holders and not leads:
        raise Refused(f"you have no access to the {compartment} compartment of this case")
    if not worker.strip() or not reason.strip():
        raise Refused("say who gets access to this compartment, and why they need it")
    if worker in state.holders:
        return ()
    return (CompartmentOpened(case, compartment, worker, reason),)


def close_to(
    state: CompartmentState, case: UUID, compartment: Compartment, worker: str, reason: str, by: str
) -> tuple[Event, ...]:
    """End a worker's admission to the health or placement compartment of a case. Only an admitted
    worker may do so, and the admission of the last admitted worker cannot be ended."""
    if by not in state.holders or worker not in state.holders:
        raise Refused(
            f"you and that person do not both have access to the {compartment} compartment "
            "of this case",
            field="which",
        )
    if state.holders == {worker}:
        raise Refused(
            "the last person with access to this compartment cannot give it up: give "
            "another worker access first"
        )
    if not reason.strip():
        raise Refused(
            "say why this person no longer needs access to the compartment", field="reason"
        )
    return (CompartmentClosed(case, compartment, worker, reason),)
