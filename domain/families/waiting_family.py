"""A family that gets no worker now: who waits, who was sent elsewhere, and what became of them.

The report (1.1, Introduction): families who get no worker are signposted, and nobody could say what
became of them. Each comes back on its day until somebody says, or until the family is given a
worker or sent to somebody who helps: then it is `over` by that fact.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from domain.kernel.codes import WaitEnd, WaitState
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, IDENTIFYING, OWNER, WRITTEN
from domain.kernel.values import Refused


class WaitingTold(Event, frozen=True):
    """A family waits for a worker, was signposted (`to` whom), or was turned away; why, and on
    which day somebody contacts them again."""

    stored: ClassVar = Stored("waiting.told", "evidence", "record", ("to", "why"))
    meaning: ClassVar = Meaning(
        ("support", "allocate", "work"),
        commands=("waiting.tell",),
        kind="family",
        enters=("waiting", "state"),
        reach="court",
        journey=("no worker now", "state"),
        access_request="others-rights",
    )
    case: Annotated[UUID, ABOUT, OWNER]
    state: WaitState
    why: Annotated[str, WRITTEN]
    review: date
    to: Annotated[str | None, IDENTIFYING] = None


class WaitingAsked(Event, frozen=True):
    """Somebody contacted a waiting family: they still wait, and are contacted again on a later
    day."""

    stored: ClassVar = Stored("waiting.asked", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support", "allocate", "work"),
        commands=("waiting.ask",),
        kind="family",
        access_request="others-rights",
    )
    words: Annotated[str, WRITTEN]
    review: date


class WaitingEnded(Event, frozen=True):
    """The wait ended: what became of the family."""

    stored: ClassVar = Stored("waiting.ended", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support", "allocate", "work"),
        commands=("waiting.end",),
        kind="family",
        turns="became",
        journey=("what became of their waiting", "became"),
        access_request="others-rights",
    )
    became: WaitEnd
    words: Annotated[str | None, WRITTEN] = None


EVENTS = (WaitingTold, WaitingAsked, WaitingEnded)
#: What became of them in words alone.
_SAID: frozenset[WaitEnd] = frozenset({"not-taken-up", "lost-touch", "other"})


@dataclass(frozen=True)
class WaitingState:
    """What decisions need to know of one family that waits."""

    told: WaitingTold | None = None
    over: bool = False


def evolve(state: WaitingState, event: Event) -> WaitingState:
    match event:
        case WaitingTold():
            return WaitingState(event)
        case WaitingEnded():
            return replace(state, over=True)
    return state


def tell(told: WaitingTold, today: date) -> tuple[Event, ...]:
    """Raises Refused without why, for a signpost to nowhere, and for a day that is not to come."""
    if not told.why.strip():
        raise Refused("say why they get no worker now", field="why")
    if told.state == "signposted" and not (told.to or "").strip():
        raise Refused("say to whom they were signposted", field="to")
    _to_come(told.review, today)
    return (told,)


def known(state: WaitingState) -> WaitingState:
    """Of what another fact told what became of them."""
    return replace(state, over=True)


def ask(state: WaitingState, asked: WaitingAsked, today: date) -> tuple[Event, ...]:
    """Raises Refused for nobody who waits, without how they are, and for a day that is not to
    come."""
    _waits(state)
    if not asked.words.strip():
        raise Refused("say how they are", field="words")
    _to_come(asked.review, today)
    return (asked,)


def end(state: WaitingState, ended: WaitingEnded) -> tuple[Event, ...]:
    """Raises Refused for nobody who waits, and without a word where the code says too little."""
    _waits(state)
    if ended.became in _SAID and not (ended.words or "").strip():
        raise Refused("say what is known of them", field="words")
    return (ended,)


def _waits(state: WaitingState) -> None:
    if state.told is None:
        raise Refused("no such family waits")
    if state.over:
        raise Refused("what became of them was told already")


def _to_come(day: date, today: date) -> None:
    if day <= today:
        raise Refused("say on which day to come somebody asks how they are", field="review")
