"""How long an item is kept, who holds it, and who may still use it.

A restriction takes it out of ordinary use and can be lifted; a review decides to retain or proposes
to dispose. No timer disposes of anything. Both stand in one stream beside the item, as do the holds
that earlier releases placed on it; today's holds are streams of their own (domain/hold.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID, uuid5

import msgspec

from domain.codes import ReviewDecision
from domain.envelope import Event, Stored
from domain.values import HoldGround, PoleCategory, Refused, TakesTwo

BESIDE = UUID("5f0c1d9a-7b1e-5c66-8f0a-4d6e2b9a1c04")
MopiGroup = Literal[1, 2, 3, 4]


class HoldPlaced(Event, frozen=True):
    """A legal hold on one item, as releases up to 0.1 recorded it (today: domain/hold.py). It is
    honoured as a hold on that item with all that hangs on it."""

    stored: ClassVar = Stored("hold.placed", "evidence", "record", ("reason",))
    item: UUID
    ground: HoldGround
    reason: str


class HoldLifted(Event, frozen=True):
    """A hold no longer stands."""

    stored: ClassVar = Stored("hold.lifted", "evidence", "record", ("reason",))
    item: UUID
    ground: HoldGround
    reason: str


class RestrictionPlaced(Event, frozen=True):
    """Kept, but out of ordinary use: DPA 2018 s.47(2), where evidence has to be maintained.
    `erasure` names the erasure that restricted what it might not destroy."""

    stored: ClassVar = Stored("restriction.placed", "evidence", "record", ("reason",))
    item: UUID
    reason: str
    erasure: UUID | None = None


class RestrictionLifted(Event, frozen=True):
    """In ordinary use again."""

    stored: ClassVar = Stored("restriction.lifted", "evidence", "record", ("reason",))
    item: UUID
    reason: str


class ReviewDecided(Event, frozen=True):
    """A review's decision (MoPI): retain until a day, or dispose, which proposes and erases
    nothing. `group` moves the item to another MoPI group from here on."""

    stored: ClassVar = Stored("review.decided", "evidence", "record", ("reason",))
    item: UUID
    decision: ReviewDecision
    reason: str
    until: datetime | None = None
    group: MopiGroup | None = None


EVENTS = (HoldPlaced, HoldLifted, RestrictionPlaced, RestrictionLifted, ReviewDecided)


class GroupRule(msgspec.Struct, frozen=True):
    """When an item of a MoPI group is reviewed: after so many clear years, then at intervals; a
    person of group 1 is kept until the age of `until_age` (None: no such limit)."""

    clear_years: int
    then_years: int
    until_age: int | None = None


@dataclass(frozen=True)
class Rules:
    """The groups and what belongs to them. [verify]: the group table of the APP on information
    management was not read in an official text; a force corrects it in its settings."""

    groups: Mapping[MopiGroup, GroupRule]
    by_category: Mapping[PoleCategory, MopiGroup]
    cases: MopiGroup = 2
    others: MopiGroup = 3

    def group(self, categories: frozenset[PoleCategory]) -> MopiGroup:
        """The strictest group (the lowest number) of a person's categories."""
        known = [self.by_category[c] for c in categories if c in self.by_category]
        return min(known, default=self.others)


#: College of Policing, APP information management, in the periods of the handbook [verify].
DEFAULT = Rules(
    groups={
        1: GroupRule(10, 10, until_age=100),
        2: GroupRule(10, 10),
        3: GroupRule(6, 5),
        4: GroupRule(6, 5),
    },
    by_category={
        "convicted": 1,
        "suspect": 2,
        "person-of-interest": 2,
        "victim": 2,
        "vulnerable-child": 2,
        "missing-person": 4,
        "acquitted": 3,
        "eliminated": 3,
    },
)


def beside(item: UUID) -> UUID:
    """The stream that says of an item how long it is kept."""
    return uuid5(BESIDE, str(item))


@dataclass(frozen=True)
class Kept:
    """What stands for one item."""

    holds: frozenset[HoldGround] = field(default_factory=frozenset)
    restricted: bool = False
    disposal: bool = False


def evolve(state: Kept, event: Event) -> Kept:
    match event:
        case HoldPlaced():
            return replace(state, holds=state.holds | {event.ground})
        case HoldLifted():
            return replace(state, holds=state.holds - {event.ground})
        case RestrictionPlaced():
            return replace(state, restricted=True)
        case RestrictionLifted():
            return replace(state, restricted=False)
        case ReviewDecided():
            return replace(state, disposal=event.decision == "dispose")
    return state


def _reasoned(reason: str, what: str) -> None:
    if not reason.strip():
        raise Refused(f"{what} needs its reason")


def lift_hold(
    state: Kept, item: UUID, ground: HoldGround | None, reason: str, *, agreed: bool = False
) -> tuple[HoldLifted]:
    """Lift the hold on this ground, or the only one that stands. Raises TakesTwo where no second
    person `agreed`."""
    _reasoned(reason, "lifting a hold")
    if not state.holds:
        raise Refused(f"no hold for {ground} stands for it" if ground else "no hold stands for it")
    if ground is None and len(state.holds) > 1:
        raise Refused(f"several holds stand ({', '.join(sorted(state.holds))}): say which")
    which = ground or next(iter(state.holds))
    if which not in state.holds:
        raise Refused(f"no hold for {which} stands for it")
    if not agreed:
        raise TakesTwo("lifting a hold takes two people")
    return (HoldLifted(item, which, reason),)


def restrict(
    state: Kept, item: UUID, reason: str, erasure: UUID | None = None
) -> tuple[Event, ...]:
    _reasoned(reason, "a restriction")
    return () if state.restricted else (RestrictionPlaced(item, reason, erasure),)


def lift_restriction(state: Kept, item: UUID, reason: str) -> tuple[Event, ...]:
    _reasoned(reason, "lifting a restriction")
    return (RestrictionLifted(item, reason),) if state.restricted else ()


def _group(told: int | None) -> MopiGroup | None:
    match told:
        case None | 1 | 2 | 3 | 4:
            return told
    raise Refused(f"there is no MoPI group {told}: 1, 2, 3 or 4", field="group")


def decide_review(
    item: UUID,
    decision: ReviewDecision,
    reason: str,
    *,
    held: bool,
    until: datetime | None,
    group: int | None,
    now: datetime,
) -> tuple[Event, ...]:
    """Every decision is recorded, with its reason. A hold that reaches it beats a disposal."""
    _reasoned(reason, "a review's decision")
    chosen = _group(group)
    if decision == "dispose" and held:
        raise Refused("a legal hold reaches it: it cannot be disposed of", field="decision")
    if decision == "dispose" and until:
        raise Refused("a disposal has no date until which it is retained")
    if until and until <= now:
        raise Refused("it would be due again at once: give a later day", field="until")
    return (ReviewDecided(item, decision, reason, until, chosen),)
