"""Telling a family what became of what they said, promising them something, inviting and asking
them: the charity's own record, as its contacts are."""

from typing import Unpack
from uuid import UUID

from access.who_may.decide import decide
from commands.families.charity_support import heard_by_harm, way_of
from commands.kernel.case_filing import file_in_case, for_charity
from commands.kernel.declared import InCase, OnItem, by_day, plain
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.families import charity_support, family_contact
from domain.families.charity_support import WayChecked
from domain.families.family_contact import (
    FamilyAsked,
    FamilyInvited,
    FamilyTold,
    Promise,
    PromiseEnded,
    PromiseMade,
)
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.families import cases, family_members
from projections.intelligence import links, people
from projections.intelligence.links import LinkFilter


def tell(
    desk: Desk,
    reader: Reader,
    told: FamilyTold,
    case: str,
    *,
    carer: str | None = None,
    to: str | None = None,
    done: bool = False,
    **command: Unpack[Command],
) -> Receipt:
    """Record what a family is told; `case` and `carer` name them as somebody told it, `to` is where
    it goes, `done` that it was said or sent already. Raises Refused as
    `domain.families.family_contact.tell`, and for a way that is unsafe."""

    def decide(one: FamilyTold) -> tuple[Event, ...]:
        own, others = _names(desk, reader, one) if one.words else ((), ())
        found = desk.gives_away(one.words or "", own, others)
        (one_told,) = family_contact.tell(one, {mark.words: mark.why for mark in found}, done=done)
        way, safe = way_of(desk, reader, one.case, one.channel, to, done=done)
        if (way is None or way.verdict != "unsafe") and heard_by_harm(desk, reader, one):
            way = WayChecked(one.case, "unsafe")
        return charity_support.sent(one_told, way, done=done, safe=safe)

    return file_in_case(
        desk,
        _teller(reader),
        "family.tell",
        told,
        case,
        decide,
        named=[("carer", carer)],
        told=[to, done],
        **command,
    )


def _teller(reader: Reader) -> Reader:
    """Who supports a family tells it for the charity; an officer who tells it of a step of the
    case, for the police."""
    return for_charity(reader) if decide(reader, "support").allowed else reader


#: Record what a family was promised.
promise = InCase(PromiseMade, by_day(family_contact.promise), recorder=for_charity)
#: Record that a promise was kept, or was not and why.
end_promise = OnItem(
    PromiseEnded,
    "family-promise",
    Promise(),
    family_contact.evolve,
    plain(family_contact.end_promise),
    recorder=for_charity,
)
#: Record to what a family was invited, or what it was given.
invite = InCase(FamilyInvited, by_day(family_contact.invite), recorder=for_charity)
#: Record how a family finds the support.
ask = InCase(FamilyAsked, plain(family_contact.ask), recorder=for_charity)


def _names(desk: Desk, reader: Reader, told: FamilyTold) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The family's own names (of the child, of those who are kin by a recorded link or were named
    in the family and are no suspects, of the carer who is told), and those of everybody and
    everything else that is tied to the child."""
    with desk.deciding() as db:
        child = cases.children(db, reader, told.case).get(told.case)
        own = {one for one in (child, told.carer) if one}
        ties = links.touching(db, reader, own, LinkFilter(min_rank=None)) if child else []
        own |= {end for tie in ties if tie.kind == "family" for end in (tie.a, tie.b)}
        kin = family_members.kin(db, reader, told.case)
        suspects = people.suspected(db, reader, kin)
        own |= {one for one in kin if one not in suspects or not suspects[one][0]}
        others = {end for tie in ties for end in (tie.a, tie.b)} - own

        def names(some: set[UUID]) -> tuple[str, ...]:
            return tuple(name for one in sorted(some) for name in people.names(db, reader, one))

        return names(own), names(others)
