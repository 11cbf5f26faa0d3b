"""After a verdict: orders of a court, and appeals against a conviction or sentence. Each is a
stream of its own.
"""

from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct

from domain.kernel.codes import AppealAgainst, AppealBy, AppealEnd, CourtOrder
from domain.kernel.deadline_effects import Begins
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, NAMED, OCCURRED, OWNER, WRITTEN
from domain.kernel.values import Refused


class OrderMade(Event, frozen=True):
    """A court made an order against a person, with its terms and its last day. The last day is None
    if the order has no end, or if its end is not known.
    """

    stored: ClassVar = Stored("verdict.order_made", "evidence", "subject", ("terms",))
    meaning: ClassVar = Meaning(
        ("outcome", "work"),
        commands=("verdict.order",),
        kind="court",
        enters=("court-order", "order"),
        reach="court",
        step="beside",
        journey=("order", "order"),
        deadlines=(Begins("order-ends", due="until"),),
        files=True,
        contact=("person", "case"),
        activity=True,
    )
    case: Annotated[UUID, ABOUT, OWNER]
    person: Annotated[UUID, NAMED, OWNER]
    order: CourtOrder
    terms: Annotated[str, WRITTEN]
    until: date | None = None
    happened: Annotated[datetime | None, OCCURRED] = None


class AppealLodged(Event, frozen=True):
    """An appeal against a conviction or sentence was lodged, and on whose behalf."""

    stored: ClassVar = Stored("verdict.appeal_lodged", "evidence", "subject", ("note",))
    meaning: ClassVar = Meaning(
        ("outcome", "work"),
        commands=("verdict.appeal",),
        kind="court",
        enters=("appeal", "lodged"),
        reach="court",
        step="beside",
        journey=("appeal", "against"),
        files=True,
        contact=("person", "case"),
        activity=True,
    )
    case: Annotated[UUID, ABOUT, OWNER]
    person: Annotated[UUID, NAMED, OWNER]
    against: AppealAgainst
    by: AppealBy
    happened: Annotated[datetime | None, OCCURRED] = None
    note: Annotated[str | None, WRITTEN] = None


class AppealDecided(Event, frozen=True):
    """A court decided an appeal."""

    stored: ClassVar = Stored("verdict.appeal_decided", "evidence", "subject", ("words",))
    meaning: ClassVar = Meaning(
        ("outcome", "work"),
        commands=("verdict.decide_appeal",),
        kind="court",
        turns="end",
        step="beside",
        journey=("appeal decided", "end"),
    )
    end: AppealEnd
    words: Annotated[str, WRITTEN]
    happened: Annotated[datetime | None, OCCURRED] = None


EVENTS = (OrderMade, AppealLodged, AppealDecided)


class Appeal(Struct, frozen=True):
    """The state of one appeal: lodged or decided."""

    lodged: AppealLodged | None = None
    decided: AppealDecided | None = None


def evolve(state: Appeal, event: Event) -> Appeal:
    match event:
        case AppealLodged():
            return Appeal(event)
        case AppealDecided():
            return Appeal(state.lodged, event)
    return state


def order(made: OrderMade, now: datetime) -> tuple[Event, ...]:
    """Record a court's order against a person. Raises Refused if its terms are missing, and for a
    time in the future.
    """
    if not made.terms.strip():
        raise Refused("say what the order requires or forbids", field="terms")
    _require_past(made.happened, now)
    return (made,)


def lodge(lodged: AppealLodged, now: datetime) -> tuple[Event, ...]:
    """Record that an appeal was lodged. Raises Refused for a time in the future."""
    _require_past(lodged.happened, now)
    return (lodged,)


def decide(state: Appeal, decided: AppealDecided, now: datetime) -> tuple[Event, ...]:
    """Record the outcome of an appeal. Raises Refused if there is no such appeal, if the outcome
    has no text, if its time is in the future, and if another outcome is already recorded. If
    exactly this outcome is already recorded, nothing is recorded.
    """
    if state.lodged is None:
        raise Refused("there is no appeal with this id")
    if not decided.words.strip():
        raise Refused("say what was decided in the appeal", field="words")
    _require_past(decided.happened, now)
    if state.decided == decided:
        return ()
    if state.decided:
        raise Refused("this appeal was decided already")
    return (decided,)


def _require_past(happened: datetime | None, now: datetime) -> None:
    if happened and happened > now:
        raise Refused(
            "the day of this step in the appeal is in the future: correct it", field="happened"
        )
