"""What a force offers to other forces, blind: an assessed plate, number or account of a suspect.

Forces find each other by it and tell each other nothing else. It is never a child's, a parent's or
carer's, a worker's, a victim's or a witness's, and no key is ever made of a person's name. An offer
stands on a sharing agreement and on its impact assessment (Data Protection Act 2018 s.64 [verify];
the sharing itself s.35 and s.36), ends by itself, and ends with any fact by which it could no
longer be made. A match tells both owners silently: they decide whether to talk.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, ClassVar, Literal, TypeAlias, get_args
from uuid import UUID

import msgspec

from domain.kernel.codes import Contact
from domain.kernel.decoding import convert
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import (
    ABOUT,
    CODE,
    IDENTIFYING,
    MENTION,
    NAMED,
    NOT_CHECKED,
    NOT_REACHED,
    OWNER,
    WRITTEN,
)
from domain.kernel.values import VICTIM_CATEGORIES, HandlingCode, PoleCategory, Refused

#: What may be offered: an account is a handle.
OfferKind = Literal["vehicle", "phone", "handle"]
OFFER_KINDS: tuple[OfferKind, ...] = get_args(OfferKind)
#: How good what ties it to the suspect is: the letter of the grade. How good the source is, the
#: digit, is never told. What is suspected to be false (E) is not offered.
GradeClass = Literal["A", "B", "C", "D"]
#: Why an offer ended: somebody withdrew it; its time is over; or it could no longer be made.
EndedBy = Literal["withdrawn", "expired", "no-longer"]
#: An offer stands so long at most; then it is made again, or not [verify].
STANDS = timedelta(days=365)
#: A plate, a number or an account of any of these is never offered.
PROTECTED: frozenset[PoleCategory] = VICTIM_CATEGORIES | {"vulnerable-adult", "witness"}
_FORCE = re.compile(r"[a-z][a-z0-9_]{1,30}")
#: Offered to every force of the agreement.
ALL = "all"
#: One sentence for what the reader may not know of and for what is never offered.
NOT_OFFERED = (
    "it is not offered: what is offered is an assessed plate, number or account of a suspect that "
    "is not also that of somebody protected"
)


class OfferMade(Event, frozen=True):
    """A force offered an identifier of a suspect to others until a day. `reference` is all that
    leaves beside the token: it leads back here and nowhere else."""

    stored: ClassVar = Stored(
        "offer.made",
        "product",
        "record",
        ("conditions", "agreement", "assessment", "reason", "records_reference"),
    )
    meaning: ClassVar = Meaning(("offer",), commands=("offer.make",))
    thing: Annotated[UUID, ABOUT, OWNER]
    person: Annotated[UUID, NAMED, OWNER]
    link: Annotated[UUID, NAMED, MENTION]
    kind: OfferKind
    grade: GradeClass
    handling: HandlingCode
    recipients: Annotated[tuple[str, ...], CODE]
    week: date
    until: date
    epoch: int
    reference: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    agreement: Annotated[str, WRITTEN]
    assessment: Annotated[str, WRITTEN]
    reason: Annotated[str, WRITTEN]
    conditions: Annotated[str | None, WRITTEN] = None
    records_reference: Annotated[str | None, IDENTIFYING] = None


class OfferRenewed(Event, frozen=True):
    """The offer was made again, with a token under another key."""

    stored: ClassVar = Stored("offer.renewed", "product", "none")
    meaning: ClassVar = Meaning(("run-store",))
    epoch: int


class OfferEnded(Event, frozen=True):
    """The offer ended."""

    stored: ClassVar = Stored("offer.ended", "product", "record", ("reason",))
    meaning: ClassVar = Meaning(("offer",), commands=("offer.withdraw",))
    why: EndedBy
    reason: Annotated[str | None, WRITTEN] = None


class OfferEndObeyed(Event, frozen=True):
    """The hub reported that it has deleted the offer."""

    stored: ClassVar = Stored("offer.end_obeyed", "product", "none")
    meaning: ClassVar = Meaning(("run-store",))


class OfferMatched(Event, frozen=True):
    """Another force offers the same `thing`: which force, under which reference of theirs, with
    which grade of its link to their suspect, and since which week."""

    stored: ClassVar = Stored("offer.matched", "product", "record", ("records_reference",))
    meaning: ClassVar = Meaning(("run-store",))
    thing: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    force: Annotated[str, CODE]
    theirs: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    grade: GradeClass
    week: date
    handling: HandlingCode
    records_reference: Annotated[str | None, IDENTIFYING] = None


class OfferMatchEnded(Event, frozen=True):
    """The match ended, because one of the two forces ended its offer."""

    stored: ClassVar = Stored("offer.match_ended", "product", "none")
    meaning: ClassVar = Meaning(("run-store",))
    force: Annotated[str, CODE]
    theirs: Annotated[UUID, NOT_CHECKED, NOT_REACHED]


class OfferContactDecided(Event, frozen=True):
    """An owner of the offer decided whether to get in touch with the other force."""

    stored: ClassVar = Stored("offer.contact_decided", "product", "record", ("reason",))
    meaning: ClassVar = Meaning(("offer",), commands=("offer.decide_contact",))
    force: Annotated[str, CODE]
    theirs: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    contact: Contact
    reason: Annotated[str, WRITTEN]


EVENTS = (
    OfferMade,
    OfferRenewed,
    OfferEnded,
    OfferEndObeyed,
    OfferMatched,
    OfferMatchEnded,
    OfferContactDecided,
)

Other: TypeAlias = tuple[str, UUID]


@dataclass(frozen=True)
class Offer:
    """What decisions need to know of one offer: with whom it matches now (another force and its
    reference), whether it ended, and whether the hub obeyed."""

    made: OfferMade | None = None
    epoch: int = 0
    ended: bool = False
    obeyed: bool = False
    matched: frozenset[Other] = frozenset()


def evolve(state: Offer, event: Event) -> Offer:
    match event:
        case OfferMade():
            return Offer(event, event.epoch)
        case OfferRenewed():
            return replace(state, epoch=event.epoch)
        case OfferEnded():
            return replace(state, ended=True)
        case OfferEndObeyed():
            return replace(state, obeyed=True)
        case OfferMatched():
            return replace(state, matched=state.matched | {(event.force, event.theirs)})
        case OfferMatchEnded():
            return replace(state, matched=state.matched - {(event.force, event.theirs)})
    return state


class OfferedLink(msgspec.Struct, frozen=True):
    """Somebody whose an identifier is: `grade` and `handling` are those of the link (None: it is
    not assessed), `related` says that they are kin or a carer of a child who is worked with, or a
    colleague, and `seen` that the officer who offers it sees the person and the link."""

    person: UUID
    link: UUID
    grade: str | None
    handling: HandlingCode | None
    categories: frozenset[PoleCategory]
    is_child: bool = False
    related: bool = False
    restricted: bool = False
    seen: bool = True


def of_suspect(ties: Collection[OfferedLink]) -> OfferedLink:
    """The best assessed tie to a suspect. Raises Refused where there is none, and where the
    identifier is tied to anybody who is protected, in one sentence for all of it."""
    if not (carrying := _carrying(ties)):
        raise Refused(NOT_OFFERED, field="what")
    return min(carrying, key=lambda tie: (tie.grade or "")[::-1])


def stands(made: OfferMade, ties: Collection[OfferedLink]) -> bool:
    """Whether the link on which it was offered still carries it, at the grade and the handling of
    which others were told."""
    return any(
        tie.link == made.link
        and grade_class(tie.grade or "") <= made.grade
        and (tie.handling != "C" or made.handling == "C")
        for tie in _carrying(ties)
    )


def _carrying(ties: Collection[OfferedLink]) -> list[OfferedLink]:
    """The assessed ties to a suspect; none where anybody who is protected is tied to it, too."""
    for tie in ties:
        if tie.is_child or tie.related or tie.restricted or tie.categories & PROTECTED:
            return []
    return [
        tie
        for tie in ties
        if tie.seen
        and "suspect" in tie.categories
        and tie.grade
        and tie.grade[1] in get_args(GradeClass)
    ]


def grade_class(grade: str) -> GradeClass:
    """The letter of a grade such as 2B, which says how the information is known."""
    found: GradeClass = convert(grade[1], GradeClass)
    return found


def own_name(force: str | None) -> str:
    """What this force is called in the exchange, as it is set. Raises Refused where nothing is set,
    and for what is no force's name."""
    if force is None:
        raise Refused("this force has no name in the exchange: set exchange_force (docs/hub.md)")
    if not _FORCE.fullmatch(force) or force == ALL:
        raise Refused(f"exchange_force: {force!r} is no force's name in the exchange (docs/hub.md)")
    return force


def forces(told: Collection[str], own: str) -> tuple[str, ...]:
    """To whom it is offered, each once. Raises Refused without any, for what is no force's name,
    and for oneself."""
    found = tuple(dict.fromkeys(one.strip().lower() for one in told if one.strip()))
    if not found:
        raise Refused(f"say to which forces it is offered, or {ALL}", field="to")
    for one in found:
        if not _FORCE.fullmatch(one):
            raise Refused(f"{one!r} is no force's name in the exchange", field="to")
        if one == own:
            raise Refused("a force does not offer to itself", field="to")
    if ALL in found and len(found) > 1:
        raise Refused(f"{ALL} means every force: name no other beside it", field="to")
    return found


def week_of(day: date) -> date:
    """The Monday of its week: no closer time leaves."""
    return day - timedelta(days=day.weekday())


def check(
    today: date,
    until: date,
    handling: HandlingCode,
    tie: OfferedLink,
    conditions: str | None,
    agreement: str,
    assessment: str,
    reason: str,
) -> None:
    """Raises Refused for what an offer lacks: its agreement, the assessment of its impact, a
    reason, a day on which it ends; and where its handling would be less strict than that of what
    ties it to the suspect."""
    if not agreement.strip():
        raise Refused("name the sharing agreement under which it is offered", field="agreement")
    if not assessment.strip():
        raise Refused("name the impact assessment of that agreement", field="assessment")
    if not reason.strip():
        raise Refused("say why it is offered", field="reason")
    if not today < until <= today + STANDS:
        raise Refused(f"an offer ends after today and within {STANDS.days} days", field="until")
    if tie.handling == "C" and handling == "P":
        raise Refused(
            "what it rests on is handled under conditions (C): so is this", field="handling"
        )
    if handling == "C" and not (conditions or "").strip():
        raise Refused("say under which conditions (handling C)", field="conditions")
    if handling == "P" and (conditions or "").strip():
        raise Refused("handling P takes no conditions", field="conditions")


def end(state: Offer, ended: OfferEnded) -> tuple[Event, ...]:
    """It is offered no more, and matches no more. Raises Refused where nothing is offered, and for
    a withdrawal without a reason. The end of what has ended is no other fact."""
    if state.made is None:
        raise Refused("nothing is offered there")
    if ended.why == "withdrawn" and not (ended.reason or "").strip():
        raise Refused("say why it is withdrawn", field="reason")
    if state.ended:
        return ()
    return ended, *(OfferMatchEnded(*other) for other in sorted(state.matched))


def renew(state: Offer, epoch: int) -> tuple[Event, ...]:
    """It is offered again under the key of this number, if it is under another one and stands."""
    stands = state.made is not None and not state.ended and state.epoch != epoch
    return (OfferRenewed(epoch),) if stands else ()


def match(state: Offer, found: OfferMatched) -> tuple[Event, ...]:
    """Another force offers the same. What is told again, or of an offer that has ended, is no other
    fact."""
    again = (found.force, found.theirs) in state.matched
    return () if state.made is None or state.ended or again else (found,)


def end_match(state: Offer, over: OfferMatchEnded) -> tuple[Event, ...]:
    """The other force offers it no more."""
    return (over,) if (over.force, over.theirs) in state.matched else ()


def obey(state: Offer) -> tuple[Event, ...]:
    """The hub holds nothing of it any more. It says so as often as it likes."""
    return (OfferEndObeyed(),) if state.ended and not state.obeyed else ()


def decide(state: Offer, force: str, contact: Contact, reason: str) -> tuple[Event, ...]:
    """An owner decides about each match with that force that stands. Raises Refused where there is
    none, and without a reason."""
    matches = sorted(theirs for other, theirs in state.matched if other == force)
    if not matches:
        raise Refused(f"no offer of {force} matches this one", field="force")
    if not reason.strip():
        raise Refused("say why", field="reason")
    return tuple(OfferContactDecided(force, theirs, contact, reason) for theirs in matches)
