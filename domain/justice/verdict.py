"""After a verdict: what a court orders, and appeals. Each is a stream of its own."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from domain.kernel.codes import AppealAgainst, AppealBy, AppealEnd, CourtOrder
from domain.kernel.envelope import Event, Stored
from domain.kernel.values import Refused


class OrderMade(Event, frozen=True):
    """A court ordered something of somebody: its terms, and until which day; None where it has no
    end, or none that is known."""

    stored: ClassVar = Stored("verdict.order_made", "evidence", "subject", ("terms",))
    case: UUID
    person: UUID
    order: CourtOrder
    terms: str
    until: date | None = None
    happened: datetime | None = None


class AppealLodged(Event, frozen=True):
    """Somebody appeals: against what, and on whose behalf."""

    stored: ClassVar = Stored("verdict.appeal_lodged", "evidence", "subject", ("note",))
    case: UUID
    person: UUID
    against: AppealAgainst
    by: AppealBy
    happened: datetime | None = None
    note: str | None = None


class AppealDecided(Event, frozen=True):
    """What became of an appeal."""

    stored: ClassVar = Stored("verdict.appeal_decided", "evidence", "subject", ("words",))
    end: AppealEnd
    words: str
    happened: datetime | None = None


EVENTS = (OrderMade, AppealLodged, AppealDecided)


@dataclass(frozen=True)
class Appeal:
    """An appeal, and what became of it."""

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
    """Raises Refused without its terms, and for one that is still to come."""
    if not made.terms.strip():
        raise Refused("say what they must do, or must not", field="terms")
    _is_past(made.happened, now)
    return (made,)


def lodge(lodged: AppealLodged, now: datetime) -> tuple[Event, ...]:
    """Raises Refused for one that is still to come."""
    _is_past(lodged.happened, now)
    return (lodged,)


def decide(state: Appeal, decided: AppealDecided, now: datetime) -> tuple[Event, ...]:
    """Raises Refused where nobody appealed, without words, and for an appeal that was decided in
    another way. The same again is one fact."""
    if state.lodged is None:
        raise Refused("no appeal is recorded there")
    if not decided.words.strip():
        raise Refused("say what was decided", field="words")
    _is_past(decided.happened, now)
    if state.decided == decided:
        return ()
    if state.decided:
        raise Refused("it was decided already")
    return (decided,)


def _is_past(happened: datetime | None, now: datetime) -> None:
    if happened and happened > now:
        raise Refused("that is still to come", field="happened")
