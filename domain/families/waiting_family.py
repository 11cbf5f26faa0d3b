"""Families without a worker: they wait for a worker or are referred to another service, and the
outcome of the wait is recorded.

The report (1.1, Introduction): families who get no worker are signposted, and later no one could
say what became of them. Therefore a further contact with each family has a due day until an outcome
is recorded: the family gets a worker, a service helps, or the wait ends in another way.
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.card_effects import Counts
from domain.kernel.codes import WaitEnd, WaitState
from domain.kernel.deadline_effects import Ends, Postpones
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, IDENTIFYING, OWNER, WRITTEN
from domain.kernel.values import Refused


class WaitingTold(Event, frozen=True):
    """A family was recorded as waiting for a worker, as signposted (referred `to` another service),
    or as turned away. The event has the reason, and the day on which the family is contacted next.
    """

    stored: ClassVar = Stored("waiting.told", "evidence", "record", ("to", "why"))
    meaning: ClassVar = Meaning(
        ("support", "allocate", "work"),
        commands=("waiting.tell",),
        kind="family",
        enters=("waiting", "state"),
        reach="court",
        journey=("no worker now", "state"),
        access_request="others-rights",
        card=(Counts("no-worker"),),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    state: WaitState
    why: Annotated[str, WRITTEN]
    review: date
    to: Annotated[str | None, IDENTIFYING] = None


class WaitingAsked(Event, frozen=True):
    """A worker contacted a family that waits for support: the family still waits, and is contacted
    again later.
    """

    stored: ClassVar = Stored("waiting.asked", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support", "allocate", "work"),
        commands=("waiting.ask",),
        kind="family",
        access_request="others-rights",
        deadlines=(Postpones("family-waits", due="review"),),
    )
    words: Annotated[str, WRITTEN]
    review: date


class WaitingEnded(Event, frozen=True):
    """The wait of a family for support ended, with its outcome."""

    stored: ClassVar = Stored("waiting.ended", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support", "allocate", "work"),
        commands=("waiting.end",),
        kind="family",
        turns="became",
        journey=("what became of their waiting", "became"),
        access_request="others-rights",
        deadlines=(Ends("family-waits"),),
    )
    became: WaitEnd
    words: Annotated[str | None, WRITTEN] = None


EVENTS = (WaitingTold, WaitingAsked, WaitingEnded)
#: Outcomes of a wait for support that need a text of explanation.
_SAID: frozenset[WaitEnd] = frozenset({"not-taken-up", "lost-touch", "other"})


class WaitingState(Struct, frozen=True):
    """The state of one family without a worker: whether it waits, was signposted or turned away,
    and whether the wait is over.
    """

    recorded: WaitingTold | None = None
    over: bool = False


def evolve(state: WaitingState, event: Event) -> WaitingState:
    match event:
        case WaitingTold():
            return WaitingState(event)
        case WaitingEnded():
            return replace(state, over=True)
    return state


def tell(event: WaitingTold, today: date) -> tuple[Event, ...]:
    """Record that a family waits for support, was signposted or turned away. Raises Refused if
    there is no reason, if the family was signposted and no service is named, and if the next
    contact's day is not in the future.
    """
    if not event.why.strip():
        raise Refused("say why the family gets no worker now", field="why")
    if event.state == "signposted" and not (event.to or "").strip():
        raise Refused("say to which service the family was signposted", field="to")
    _to_come(event.review, today)
    return (event,)


def close_by_fact(state: WaitingState) -> WaitingState:
    """Return the state of a waiting family after its wait was ended by a fact, such as the
    allocation of a worker.
    """
    return replace(state, over=True)


def ask(state: WaitingState, event: WaitingAsked, today: date) -> tuple[Event, ...]:
    """Record a waiting family's situation at a further contact. Raises Refused if no family waits,
    if there is no text, and if the day of the next contact is not in the future.
    """
    _waits(state)
    if not event.words.strip():
        raise Refused("say how the family is", field="words")
    _to_come(event.review, today)
    return (event,)


def end(state: WaitingState, ended: WaitingEnded) -> tuple[Event, ...]:
    """Record how the wait of a family for support ended. Raises Refused if no family waits, and if
    the outcome needs an explanation and none is given.
    """
    _waits(state)
    if ended.became in _SAID and not (ended.words or "").strip():
        raise Refused("write what is known about the family", field="words")
    return (ended,)


def _waits(state: WaitingState) -> None:
    if state.recorded is None:
        raise Refused("there is no waiting family with this id")
    if state.over:
        raise Refused("the outcome for this family was recorded already")


def _to_come(day: date, today: date) -> None:
    if day <= today:
        raise Refused(
            "give a day in the future on which a worker asks how the family is", field="review"
        )
