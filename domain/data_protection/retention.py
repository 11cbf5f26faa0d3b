"""How long an item is retained, whether a legal hold forbids its destruction, and who may still use
it.

A restriction takes the item out of ordinary use and can be lifted. A review decides to retain the
item, or proposes to dispose of it; nothing is disposed of automatically. An item has these events
in a second stream of its own. Legal holds have their own streams
(`domain/data_protection/legal_hold.py`); only holds from releases up to 0.1 are in the item's
second stream. The file is long because events, state and decisions of one stream are read together.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from domain.kernel.codes import ProtectiveBasis, RestrictionGround, ReviewDecision
from domain.kernel.deadline_effects import Begins, Ends
from domain.kernel.envelope import Event, Meaning, Regime, Stored
from domain.kernel.fields import (
    ABOUT,
    NOT_CHECKED,
    NOT_REACHED,
    RETENTION,
    WRITTEN,
)
from domain.kernel.values import HoldGround, PoleCategory, Refused, TakesTwo

BESIDE = UUID("5f0c1d9a-7b1e-5c66-8f0a-4d6e2b9a1c04")
MopiGroup = Literal[1, 2, 3, 4]
#: Each ground for restricting the use of an item, in words [verify]. An objection is a ground under
#: UK GDPR only.
GROUNDS: dict[RestrictionGround, str] = {
    "part-3-s46-4": "it would be rectified, and has to stay as evidence (DPA 2018 s.46(4))",
    "part-3-s47-2": "it would be erased, and has to stay as evidence (DPA 2018 s.47(2))",
    "part-3-s47-3": "they contest its accuracy, which cannot be ascertained (DPA 2018 s.47(3))",
    "uk-gdpr-art18-1-a": "they contest its accuracy: until it is verified (UK GDPR art.18(1)(a))",
    "uk-gdpr-art18-1-b": "it is unlawful, and they oppose erasure (UK GDPR art.18(1)(b))",
    "uk-gdpr-art18-1-c": "they need it for a legal claim, and we do not (UK GDPR art.18(1)(c))",
    "uk-gdpr-art18-1-d": "they object: until that is decided (UK GDPR art.18(1)(d))",
}
#: The grounds on which the person concerned can request a restriction. A supervisor or
#: data-protection officer decides on the request.
CLAIMED: frozenset[RestrictionGround] = frozenset(GROUNDS) - {"part-3-s46-4", "part-3-s47-2"}
#: The legal basis on which a restricted item may still be used to protect a person, for each regime
#: under which an item is recorded.
PROTECTS_ON: dict[Regime, ProtectiveBasis] = {
    "part-3": "part-3-sch8-para4",
    "uk-gdpr": "uk-gdpr-art18-2",
}


class HoldPlaced(Event, frozen=True):
    """A legal hold on one item was placed, as releases up to 0.1 recorded it (today:
    domain/data_protection/legal_hold.py). The hold covers the item and everything that is based on
    the item.
    """

    stored: ClassVar = Stored("hold.placed", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("erase",), kind="retention", deadlines=(Begins("hold-review", of="item"),)
    )
    item: Annotated[UUID, ABOUT, RETENTION]
    ground: HoldGround
    reason: Annotated[str, WRITTEN]


class HoldLifted(Event, frozen=True):
    """A legal hold on one item was lifted."""

    stored: ClassVar = Stored("hold.lifted", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("erase", "approve-erasure"), kind="retention", deadlines=(Ends("hold-review", of="item"),)
    )
    item: Annotated[UUID, ABOUT, RETENTION]
    ground: HoldGround
    reason: Annotated[str, WRITTEN]


class RestrictionChanged(Event, frozen=True):
    """The use of an item was restricted, or its restriction was lifted."""

    placed: ClassVar[bool]
    item: Annotated[UUID, ABOUT, RETENTION]


class RestrictionPlaced(RestrictionChanged, frozen=True):
    """The use of an item was restricted on a `ground` in law. `erasure` is set if an erasure
    restricted the item instead of destroying it. `protects_on` is the legal basis on which the item
    may still be used to protect a person.
    """

    stored: ClassVar = Stored("restriction.placed", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("erase",),
        commands=("restriction.place",),
        kind="retention",
        deadlines=(Begins("restriction-review", of="item"),),
    )
    placed: ClassVar = True
    reason: Annotated[str, WRITTEN]
    erasure: Annotated[UUID | None, NOT_CHECKED, NOT_REACHED] = None
    ground: RestrictionGround | None = None
    protects_on: ProtectiveBasis | None = None


class RestrictionRequested(Event, frozen=True):
    """A person requested that the use of an item be restricted. Nothing changes until the request
    is decided."""

    stored: ClassVar = Stored(
        "restriction.requested", "evidence", "record", ("requester", "reason")
    )
    meaning: ClassVar = Meaning(
        ("answer-subject", "erase"),
        commands=("restriction.request",),
        kind="retention",
        deadlines=(Begins("restriction-request", of="item", by="anyone"),),
    )
    item: Annotated[UUID, ABOUT, RETENTION]
    requester: Annotated[str, WRITTEN]
    reason: Annotated[str, WRITTEN]


class RestrictionRefused(Event, frozen=True):
    """A requested restriction was refused; the use of the item continues."""

    stored: ClassVar = Stored("restriction.refused", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("oversee", "disclose"),
        commands=("restriction.refuse",),
        kind="retention",
        deadlines=(Ends("restriction-request", of="item"),),
    )
    item: Annotated[UUID, ABOUT, RETENTION]
    reason: Annotated[str, WRITTEN]


class RestrictionLifted(RestrictionChanged, frozen=True):
    """The restriction on the use of an item was lifted. A person who had obtained the restriction
    was informed first: `told_on` is the day, and `told` says how.
    """

    stored: ClassVar = Stored("restriction.lifted", "evidence", "record", ("reason", "told"))
    meaning: ClassVar = Meaning(
        ("erase",),
        commands=("restriction.lift",),
        kind="retention",
        deadlines=(Ends("restriction-review", of="item"),),
    )
    placed: ClassVar = False
    reason: Annotated[str, WRITTEN]
    told_on: date | None = None
    told: Annotated[str | None, WRITTEN] = None


class ReviewDecided(Event, frozen=True):
    """The decision of a retention review (MoPI) was recorded: to retain the item until a day, or to
    dispose of it. A decision to dispose is only a proposal; it erases nothing. `group` is the
    item's new MoPI group, if the review changes it."""

    stored: ClassVar = Stored("review.decided", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("erase",),
        commands=("review.decide",),
        kind="retention",
        deadlines=(
            Ends("retention-review", of="item"),
            Begins("retention-review", of="item", due="until"),
        ),
    )
    item: Annotated[UUID, ABOUT, RETENTION]
    decision: ReviewDecision
    reason: Annotated[str, WRITTEN]
    until: datetime | None = None
    group: MopiGroup | None = None


EVENTS = (
    HoldPlaced,
    HoldLifted,
    RestrictionPlaced,
    RestrictionRequested,
    RestrictionRefused,
    RestrictionLifted,
    ReviewDecided,
)


class GroupRule(msgspec.Struct, frozen=True):
    """The review times of a MoPI group: a person is reviewed after `clear_years` without a new
    event, then every `then_years`. `until_age` is the age up to which the group's records are
    retained in any case; None if the group has no such age.
    """

    clear_years: int
    then_years: int
    until_age: int | None = None


class Rules(Struct, frozen=True):
    """The rules of retention: the MoPI groups and the categories of people in each. [verify]: the
    group table of the APP on information management was not read in an official text; a force
    corrects it in its settings.
    """

    groups: Mapping[MopiGroup, GroupRule]
    by_category: Mapping[PoleCategory, MopiGroup]
    cases: MopiGroup = 2
    others: MopiGroup = 3

    def group(self, categories: frozenset[PoleCategory]) -> MopiGroup:
        """Return the strictest MoPI group (the lowest number) for a person with these
        categories."""
        rules_of_item = [self.by_category[c] for c in categories if c in self.by_category]
        return min(rules_of_item, default=self.others)


#: The default rules of retention: the groups and review periods of the College of Policing's APP on
#: information management [verify].
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


def retention_stream(item: UUID) -> UUID:
    """Return the id of the stream with an item's retention events."""
    return uuid5(BESIDE, str(item))


class RetentionState(Struct, frozen=True):
    """The state of one item's retention: its legal holds, restriction, open request and
    disposal."""

    holds: frozenset[HoldGround] = field(default_factory=frozenset)
    restricted: bool = False
    claimed: bool = False
    requested: bool = False
    disposal: bool = False


def evolve(state: RetentionState, event: Event) -> RetentionState:
    match event:
        case HoldPlaced():
            return replace(state, holds=state.holds | {event.ground})
        case HoldLifted():
            return replace(state, holds=state.holds - {event.ground})
        case RestrictionPlaced():
            decided = event.ground in CLAIMED
            requested = state.requested and not decided
            claimed = state.claimed or decided
            return replace(state, restricted=True, claimed=claimed, requested=requested)
        case RestrictionRequested():
            return replace(state, requested=True)
        case RestrictionRefused():
            return replace(state, requested=False)
        case RestrictionLifted():
            return replace(state, restricted=False, claimed=False)
        case ReviewDecided():
            return replace(state, disposal=event.decision == "dispose")
    return state


def _reasoned(reason: str, act: str) -> None:
    if not reason.strip():
        raise Refused(f"give a reason for {act}", field="reason")


def lift_hold(
    state: RetentionState,
    item: UUID,
    ground: HoldGround | None,
    reason: str,
    *,
    agreed: bool = False,
) -> tuple[HoldLifted]:
    """Lift a legal hold on an item: the hold on this `ground` or, if `ground` is None, the item's
    only hold. Raises TakesTwo if no second person agreed (`agreed` is False).
    """
    _reasoned(reason, "lifting the hold")
    if not state.holds:
        raise Refused(
            f"this item has no legal hold for {ground}" if ground else "this item has no hold"
        )
    if ground is None and len(state.holds) > 1:
        raise Refused(
            f"this item has several legal holds ({', '.join(sorted(state.holds))}): name one of "
            "them"
        )
    which = ground or next(iter(state.holds))
    if which not in state.holds:
        raise Refused(f"this item has no legal hold for {which}")
    if not agreed:
        raise TakesTwo("lifting a legal hold takes two people")
    return (HoldLifted(item, which, reason),)


def restrict(
    state: RetentionState,
    item: UUID,
    reason: str,
    erasure: UUID | None = None,
    ground: RestrictionGround | None = None,
    regime: Regime | None = None,
) -> tuple[Event, ...]:
    """Restrict the use of an item; `regime` is the law under which the item was recorded. If the
    person concerned has requested a restriction, a restriction on a ground in `CLAIMED` grants the
    request. Raises Refused if there is no ground or reason.
    """
    _reasoned(reason, "the restriction")
    if ground is None and erasure is None:
        raise Refused("name the legal ground for the restriction", field="ground")
    if state.restricted and not (state.requested and ground in CLAIMED):
        return ()
    on = PROTECTS_ON[regime] if regime else None
    return (RestrictionPlaced(item, reason, erasure, ground, on),)


def request_restriction(
    state: RetentionState, item: UUID, requester: str, reason: str
) -> tuple[RestrictionRequested]:
    """Record a person's request to restrict the use of an item. Raises Refused if there is no
    requester or reason, and while an earlier request is open.
    """
    _reasoned(reason, "the request for restriction")
    if not requester.strip():
        raise Refused(
            "say who requests the restriction, and how you checked their identity",
            field="requester",
        )
    if state.requested:
        raise Refused("a restriction was requested already, and waits for a decision", field="item")
    return (RestrictionRequested(item, requester, reason),)


def refuse_restriction(state: RetentionState, item: UUID, reason: str) -> tuple[RestrictionRefused]:
    """Refuse a request to restrict the use of an item. Raises Refused if there is no reason, and if
    no request is open.
    """
    _reasoned(reason, "refusing the restriction")
    if not state.requested:
        raise Refused("no request to restrict this item waits for a decision", field="item")
    return (RestrictionRefused(item, reason),)


def lift_restriction(
    state: RetentionState,
    item: UUID,
    reason: str,
    *,
    told_on: date | None = None,
    told: str | None = None,
    today: date | None = None,
) -> tuple[Event, ...]:
    """Lift the restriction on the use of an item. If a person obtained the restriction, they have
    to be informed before it is lifted (UK GDPR art. 18(3)) [verify]. Raises Refused if it is not
    recorded that they were informed, or if the day of informing them is in the future.
    """
    _reasoned(reason, "lifting the restriction")
    if not state.restricted:
        return ()
    told = (told or "").strip() or None
    if told_on and today and told_on > today:
        raise Refused(
            "the day on which the person was informed is in the future: inform the person first",
            field="told_on",
        )
    if state.claimed and not (told and told_on):
        raise Refused(
            "the restriction was made at the request of the person concerned: tell them "
            "before it is lifted, and record how they were told, and on which day",
            field="told" if told_on else "told_on",
        )
    return (RestrictionLifted(item, reason, told_on, told),)


def _group(number: int | None) -> MopiGroup | None:
    match number:
        case None | 1 | 2 | 3 | 4:
            return number
    raise Refused(f"there is no MoPI group {number}: write 1, 2, 3 or 4", field="group")


def decide_review(
    item: UUID,
    decision: ReviewDecision,
    reason: str,
    *,
    on_hold: bool,
    until: datetime | None,
    group: int | None,
    now: datetime,
) -> tuple[Event, ...]:
    """Record the decision of a retention review of an item, with its reason. Raises Refused for a
    disposal that a legal hold forbids.
    """
    _reasoned(reason, "the decision of the review")
    chosen = _group(group)
    if decision == "dispose" and on_hold:
        raise Refused(
            "a legal hold covers this item, so it cannot be disposed of", field="decision"
        )
    if decision == "dispose" and until:
        raise Refused(
            "an item that is disposed of has no date until which it is retained: leave the date out"
        )
    if until and until <= now:
        raise Refused("the next review is not in the future: give a later day", field="until")
    return (ReviewDecided(item, decision, reason, until, chosen),)
