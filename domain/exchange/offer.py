"""A blind offer: other police forces learn only whether they know the same suspect. The offer does
not show which plate, number or account is offered.

The offered item is an assessed plate, number or account of a suspect. It never belongs to a child,
a parent or carer, a worker, a victim or a witness. An offer needs a sharing agreement and its
impact assessment (Data Protection Act 2018 s.64 [verify]; the sharing itself s.35 and s.36). An
offer ends on its last day, or when a fact is recorded that would forbid it. After a match, each
force is notified silently and decides whether to contact the other force.

The file is long because events, state and decisions of one offer are read together.
"""

import re
from collections.abc import Collection
from datetime import date, timedelta
from typing import Annotated, ClassVar, Literal, TypeAlias, get_args
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

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

#: Kinds of items that can be offered: plates, phone numbers, and accounts (called handles).
OfferKind = Literal["vehicle", "phone", "handle"]
OFFER_KINDS: tuple[OfferKind, ...] = get_args(OfferKind)
#: The quality of the link between the offered item and the suspect: the letter of the link's grade.
#: The digit, which is the quality of the source, is never shared. Information suspected to be false
#: (E) is not offered.
GradeClass = Literal["A", "B", "C", "D"]
#: Why an offer to other forces ended: an officer withdrew it; its last day is over; or a new fact
#: forbids it.
EndedBy = Literal["withdrawn", "expired", "no-longer"]
#: The longest time for which other forces can match an offer. When it is over, an officer may renew
#: the offer [verify].
STANDS = timedelta(days=365)
#: Categories of people whose plates, numbers and accounts are never offered to another force.
PROTECTED: frozenset[PoleCategory] = VICTIM_CATEGORIES | {"vulnerable-adult", "witness"}
_FORCE = re.compile(r"[a-z][a-z0-9_]{1,30}")
#: A recipient of this name means every force of the sharing agreement.
ALL = "all"
#: One message for two reasons: the reader may not see the item, or the item is never offered. So
#: the message does not show which reason applies.
NOT_OFFERED = (
    "this item cannot be offered: offer an assessed plate, number or account of a suspect that "
    "does not also belong to a protected person"
)


class OfferMade(Event, frozen=True):
    """A plate, number or account of a suspect was offered to other forces until the day `until`.
    Other forces get an encrypted value (token) and `reference`, which leads only this force to the
    offer."""

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
    """An offer to other forces was renewed, with a token under the key of a later period."""

    stored: ClassVar = Stored("offer.renewed", "product", "none")
    meaning: ClassVar = Meaning(("run-store",))
    epoch: int


class OfferEnded(Event, frozen=True):
    """An offer to other forces ended."""

    stored: ClassVar = Stored("offer.ended", "product", "record", ("reason",))
    meaning: ClassVar = Meaning(("offer",), commands=("offer.withdraw",))
    why: EndedBy
    reason: Annotated[str | None, WRITTEN] = None


class OfferEndObeyed(Event, frozen=True):
    """The hub between the forces reported that it has deleted an offer."""

    stored: ClassVar = Stored("offer.end_obeyed", "product", "none")
    meaning: ClassVar = Meaning(("run-store",))


class OfferMatched(Event, frozen=True):
    """Another force offers the same plate, number or account. The event holds that force's name and
    reference, the grade of its link to its suspect, and the week in which it made its offer.
    """

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
    """A match of two forces' offers ended, because one of the forces ended its offer."""

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


class Offer(Struct, frozen=True):
    """The state of one offer: the current matches with other forces' offers (each force and its
    reference), whether the offer ended, and whether the hub (the server between the forces) has
    deleted it.
    """

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
    """A link from an offered plate, number or account to a person. `grade` and `handling` are those
    of the link; None if the link is not assessed. `related` is True if the person is a relative or
    carer of a child on record, or seems to be a colleague (a user account has the person's name).
    `seen` is True if the offering officer may see the person and the link.
    """

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
    """Return the best assessed link from a plate, number or account to a suspect. Raises Refused if
    there is no link to a suspect, and, with the same message, if the plate, number or account also
    belongs to a protected person.
    """
    if not (carrying := _suspect_links(ties)):
        raise Refused(NOT_OFFERED, field="what")
    return min(carrying, key=lambda tie: (tie.grade or "")[::-1])


def is_supported(made: OfferMade, ties: Collection[OfferedLink]) -> bool:
    """Return whether an offer may continue, given the present state of its link to the suspect. The
    link's grade must not be worse than the grade in the offer, and the link's handling code must
    not be stricter than the offer's.
    """
    return any(
        tie.link == made.link
        and grade_class(tie.grade or "") <= made.grade
        and (tie.handling != "C" or made.handling == "C")
        for tie in _suspect_links(ties)
    )


def _suspect_links(ties: Collection[OfferedLink]) -> list[OfferedLink]:
    """Return the assessed links to suspects; none if the identifier also belongs to a protected
    person.
    """
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
    """Return the letter of a grade such as 2B: the assessment of the information."""
    letter: GradeClass = convert(grade[1], GradeClass)
    return letter


def own_name(force: str | None) -> str:
    """Return the configured name of this force in the exchange. Raises Refused if it is missing or
    invalid."""
    if force is None:
        raise Refused(
            "the name of this force in the exchange is missing: set exchange_force (docs/hub.md)"
        )
    if not _FORCE.fullmatch(force) or force == ALL:
        raise Refused(
            f"exchange_force: {force!r} is not the name of a force in the exchange (docs/hub.md)"
        )
    return force


def forces(names: Collection[str], own: str) -> tuple[str, ...]:
    """Return the names of the forces that receive the offer, without duplicates. Raises Refused if
    there is no name, if a name is invalid or this force's own, and if the word for all forces is
    used together with other names.
    """
    recipients = tuple(dict.fromkeys(name.strip().lower() for name in names if name.strip()))
    if not recipients:
        raise Refused(f"say to which forces the item is offered, or {ALL}", field="to")
    for name in recipients:
        if not _FORCE.fullmatch(name):
            raise Refused(f"{name!r} is not the name of a force in the exchange", field="to")
        if name == own:
            raise Refused("a force cannot offer an item to itself: leave it out", field="to")
    if ALL in recipients and len(recipients) > 1:
        raise Refused(f"{ALL} means every force: leave out the other names", field="to")
    return recipients


def week_of(day: date) -> date:
    """Return the Monday of this day's week: other forces see no more exact time."""
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
    """Raise Refused if an offer may not be made:
    - if there is no agreement, no impact assessment or no reason;
    - if the last day is not in the future, or too late;
    - if the handling is less strict than the handling of the link to the suspect;
    - if the conditions do not fit the handling code.
    """
    if not agreement.strip():
        raise Refused(
            "name the sharing agreement under which the item is offered", field="agreement"
        )
    if not assessment.strip():
        raise Refused("name the impact assessment of the sharing agreement", field="assessment")
    if not reason.strip():
        raise Refused("say why the item is offered to other forces", field="reason")
    if not today < until <= today + STANDS:
        raise Refused(
            f"give an end of the offer that is after today and within {STANDS.days} days",
            field="until",
        )
    if tie.handling == "C" and handling == "P":
        raise Refused(
            "the link has handling code C, so the offer needs handling code C, too",
            field="handling",
        )
    if handling == "C" and not (conditions or "").strip():
        raise Refused(
            "say under which conditions the item may be used (handling code C)", field="conditions"
        )
    if handling == "P" and (conditions or "").strip():
        raise Refused(
            "an offer with handling code P takes no conditions: leave them out, or use code C",
            field="conditions",
        )


def end(state: Offer, ended: OfferEnded) -> tuple[Event, ...]:
    """End an offer to other forces, and its matches. Raises Refused if there is no such offer, and
    if it is withdrawn and no reason is given. An offer that has ended already is left unchanged.
    """
    if state.made is None:
        raise Refused("there is no offer with this id")
    if ended.why == "withdrawn" and not (ended.reason or "").strip():
        raise Refused("say why the offer is withdrawn", field="reason")
    if state.ended:
        return ()
    return ended, *(OfferMatchEnded(*other) for other in sorted(state.matched))


def renew(state: Offer, epoch: int) -> tuple[Event, ...]:
    """Return the event that renews an offer to other forces in the key period `epoch`: the offer
    gets a token under the key of this period. Return () if the offer has ended, or already has a
    token under this key.
    """
    renewable = state.made is not None and not state.ended and state.epoch != epoch
    return (OfferRenewed(epoch),) if renewable else ()


def match(state: Offer, event: OfferMatched) -> tuple[Event, ...]:
    """Record that another force offers the same identifier. A repeated match, or a match of an
    ended offer, records nothing.
    """
    again = (event.force, event.theirs) in state.matched
    return () if state.made is None or state.ended or again else (event,)


def end_match(state: Offer, over: OfferMatchEnded) -> tuple[Event, ...]:
    """Record that the other force of a match ended its offer. This ends the match."""
    return (over,) if (over.force, over.theirs) in state.matched else ()


def obey(state: Offer) -> tuple[Event, ...]:
    """Record that the hub deleted an offer; a repeated report records nothing."""
    return (OfferEndObeyed(),) if state.ended and not state.obeyed else ()


def decide(state: Offer, force: str, contact: Contact, reason: str) -> tuple[Event, ...]:
    """Record whether this force contacts the force `force`, for each current match between offers
    of the two forces. Raises Refused if there is no match, and if no reason is given.
    """
    matches = sorted(theirs for text, theirs in state.matched if text == force)
    if not matches:
        raise Refused(f"no offer of {force} matches this offer", field="force")
    if not reason.strip():
        raise Refused("say why the other force is or is not contacted", field="reason")
    return tuple(OfferContactDecided(force, theirs, contact, reason) for theirs in matches)
