"""A legal hold: items that its query covers must not be destroyed until two people lift the hold.

An order (of a public inquiry or a court, or under the CPIA) covers a case, a person, a category of
material, a period, a team or the whole store. A hold forbids only the destruction and disposal of
items. Every hold is a stream. One more stream, the register of holds, lists all holds, so that the
program can read active holds without a view.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from domain import forms
from domain.kernel.deadline_effects import Begins, Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import CODE, IDENTIFYING, NOT_CHECKED, NOT_REACHED, WRITTEN
from domain.kernel.values import HoldGround, Refused, TakesTwo

HOLDS = UUID("00000000-0000-7000-8000-000000000006")

HoldKind = Literal["item", "case", "person", "category", "period", "team", "store"]
#: Kinds of material that a court's order to preserve may name.
Category = Literal[
    "words",
    "reports",
    "released-copies",
    "links",
    "people",
    "vehicles",
    "phones",
    "places",
    "handles",
    "cases",
    "exhibits",
    "statements",
    "recorded-interviews",
    "outcomes",
    "files",
    "sources",
    "support",
    "meetings",
    "disclosures",
]
CATEGORIES: tuple[Category, ...] = get_args(Category)


class Query(msgspec.Struct, frozen=True):
    """The query of a legal hold: the items that must not be destroyed. `item` is the id of a case,
    a person or any other item. `since` and `until` bound a period, which may be open at either end:
    the hold covers everything that was recorded, reported or said to have happened in the period.
    """

    kind: HoldKind
    item: Annotated[UUID | None, NOT_CHECKED, NOT_REACHED] = None
    category: Category | None = None
    since: datetime | None = None
    until: datetime | None = None
    team: Annotated[str | None, CODE] = None


class HoldOrdered(Event, frozen=True):
    """A legal hold on the items of a query was placed. `reference` is the order's reference,
    `review` the day by which a person checks whether the hold is still needed; the header of the
    event has the author, team and controller.
    """

    stored: ClassVar = Stored("hold.ordered", "evidence", "record", ("reference", "reason"))
    meaning: ClassVar = Meaning(
        ("erase", "approve-erasure"),
        commands=("hold.place",),
        reach="hold",
        deadlines=(Begins("hold-review", due="review"),),
    )
    query: Query
    ground: HoldGround
    review: datetime
    reason: Annotated[str, WRITTEN]
    reference: Annotated[str | None, IDENTIFYING] = None


class HoldRegistered(Event, frozen=True):
    """A legal hold was entered in the register that covers the whole store."""

    stored: ClassVar = Stored("hold.registered", "evidence", "none")
    meaning: ClassVar = Meaning(("erase", "approve-erasure"))
    hold: Annotated[UUID, NOT_CHECKED, NOT_REACHED]


class HoldConfirmed(Event, frozen=True):
    """A second person confirmed a legal hold on the whole store. The hold applied before this,
    too.
    """

    stored: ClassVar = Stored("hold.confirmed", "evidence", "none")
    meaning: ClassVar = Meaning(
        ("erase", "approve-erasure"),
        commands=("hold.confirm",),
        deadlines=(Ends("hold-confirmation"),),
    )


class HoldReviewed(Event, frozen=True):
    """A person reviewed a legal hold and decided that it is still needed, until the next
    `review`."""

    stored: ClassVar = Stored("hold.reviewed", "evidence", "record", ("reference", "reason"))
    meaning: ClassVar = Meaning(
        ("erase", "approve-erasure"),
        commands=("hold.review",),
        deadlines=(Begins("hold-review", due="review"),),
    )
    review: datetime
    reason: Annotated[str, WRITTEN]
    reference: Annotated[str | None, IDENTIFYING] = None


class HoldEnded(Event, frozen=True):
    """Two people lifted a legal hold. Items under another hold stay on hold."""

    stored: ClassVar = Stored("hold.ended", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("erase", "approve-erasure"),
        commands=("hold.lift",),
        deadlines=(Ends("hold-review"), Ends("hold-confirmation")),
    )
    reason: Annotated[str, WRITTEN]


EVENTS = (HoldOrdered, HoldRegistered, HoldConfirmed, HoldReviewed, HoldEnded)


class Hold(Struct, frozen=True):
    """The state of one legal hold: its query, whether it was confirmed, whether it was lifted."""

    query: Query | None = None
    confirmed: bool = False
    ended: bool = False


def evolve(state: Hold, event: Event) -> Hold:
    match event:
        case HoldOrdered():
            return Hold(event.query)
        case HoldConfirmed():
            return replace(state, confirmed=True)
        case HoldEnded():
            return replace(state, ended=True)
    return state


def _reasoned(reason: str, act: str) -> str:
    if not reason.strip():
        raise Refused(f"give a reason for {act}", field="reason")
    return reason


def checked(query: Query) -> Query:
    """Return the query of a legal hold, if it has exactly the fields that its kind needs. Raises
    Refused otherwise.
    """
    needs = {
        "item": (query.item,),
        "case": (query.item,),
        "person": (query.item,),
        "category": (query.category,),
        "period": (query.since or query.until,),
        "team": (query.team and query.team.strip(),),
        "store": (),
    }[query.kind]
    criteria = [query.item, query.category, query.since or query.until, query.team]
    if not all(needs) or sum(criterion is not None for criterion in criteria) != len(needs):
        raise Refused(
            f"a legal hold on a {query.kind} names the {query.kind} and nothing else: give it, and "
            "leave out the other options",
            field=query.kind if query.kind in ("category", "team") else None,
        )
    if query.since and query.until and query.until <= query.since:
        raise Refused(
            "the period of the legal hold ends before it begins: correct one of its days",
            field="ends",
        )
    return query


def order(
    query: Query,
    ground: HoldGround,
    reason: str,
    *,
    reference: str | None,
    review: datetime,
    now: datetime,
) -> tuple[Event, ...]:
    """Place a legal hold on the items of a query. Raises Refused if there is no reason, and if a
    hold on more than one item, case or person lacks the reference of an order.
    """
    reference = (reference or "").strip() or None
    checked(query)
    if query.item is None and reference is None:
        raise Refused(
            "a legal hold on so many items needs the reference of the order that requires it",
            field="order",
        )
    _require_future(review, now)
    return (HoldOrdered(query, ground, review, _reasoned(reason, "the hold"), reference),)


def _require_future(review: datetime, now: datetime) -> None:
    if review <= now:
        raise Refused(
            "the review day of the legal hold is not in the future: give a later day", field="until"
        )


def _require_current(state: Hold) -> Query:
    if state.query is None:
        raise Refused("there is no legal hold with this id")
    if state.ended:
        raise Refused("this legal hold was lifted already")
    return state.query


def confirm(state: Hold, *, placed_by: str, by: str) -> tuple[Event, ...]:
    """Confirm, as the second person, a legal hold on the whole store. The hold applies from the
    moment it is placed, even if no second person confirms it within 72 hours; it can also be
    confirmed later.
    """
    query = _require_current(state)
    if query.kind != "store":
        raise Refused(
            "this legal hold needs no confirmation: only a legal hold on the whole store needs one"
        )
    if forms.same_person(placed_by, by):
        raise Refused(f"{placed_by} placed this legal hold: another person confirms it")
    return () if state.confirmed else (HoldConfirmed(),)


def review(
    state: Hold, until: datetime, reason: str, *, reference: str | None, now: datetime
) -> tuple[Event, ...]:
    """Record that a legal hold is still needed, with the day of its next review."""
    _require_current(state)
    _require_future(until, now)
    why = _reasoned(reason, "the review of the hold")
    return (HoldReviewed(until, why, (reference or "").strip() or None),)


def end(state: Hold, reason: str, *, agreed: bool = False) -> tuple[Event, ...]:
    """Lift a legal hold, once a second person agreed. Raises TakesTwo unless a second person
    `agreed`.
    """
    _require_current(state)
    why = _reasoned(reason, "lifting the hold")
    if not agreed:
        raise TakesTwo("lifting a legal hold takes two people")
    return (HoldEnded(why),)
