"""Telling a family what became of what they said, promising them something, inviting and asking
them: the charity's own record, as its contacts are."""

from typing import Unpack
from uuid import UUID

from access.who_may.decide import decide
from commands.families.charity_support import heard_by_harm, way_of
from commands.kernel.case_filing import file_in_case, for_charity
from commands.kernel.item_references import act_on
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
from domain.kernel.codes import PromiseEnd
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.families import cases, family_members
from projections.intelligence import links, people
from projections.intelligence.links import Asked


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


def promise(
    desk: Desk, reader: Reader, made: PromiseMade, case: str, **command: Unpack[Command]
) -> Receipt:
    """Record what a family was promised. Raises Refused as
    `domain.families.family_contact.promise`."""
    today = desk.today()
    return file_in_case(
        desk,
        for_charity(reader),
        "family.promise",
        made,
        case,
        lambda one: family_contact.promise(one, today),
        **command,
    )


def end_promise(
    desk: Desk,
    reader: Reader,
    which: UUID | str,
    kept: PromiseEnd,
    words: str | None,
    **command: Unpack[Command],
) -> Receipt:
    """Say that a promise was kept, or was not and why. Raises Hidden, and Refused as
    `domain.families.family_contact.end_promise`."""
    ended = PromiseEnded(kept, words)
    return act_on(
        desk,
        for_charity(reader),
        "family.end_promise",
        which,
        "family-promise",
        Promise(),
        family_contact.evolve,
        lambda state: family_contact.end_promise(state, ended),
        [ended],
        **command,
    )


def invite(
    desk: Desk, reader: Reader, invited: FamilyInvited, case: str, **command: Unpack[Command]
) -> Receipt:
    """Record to what a family was invited, or what it was given. Raises Refused as
    `domain.families.family_contact.invite`."""
    today = desk.today()
    return file_in_case(
        desk,
        for_charity(reader),
        "family.invite",
        invited,
        case,
        lambda one: family_contact.invite(one, today),
        **command,
    )


def ask(
    desk: Desk, reader: Reader, asked: FamilyAsked, case: str, **command: Unpack[Command]
) -> Receipt:
    """Record how a family finds the support. Raises Refused as
    `domain.families.family_contact.ask`."""
    return file_in_case(
        desk, for_charity(reader), "family.ask", asked, case, family_contact.ask, **command
    )


def _names(desk: Desk, reader: Reader, told: FamilyTold) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The family's own names (of the child, of those who are kin by a recorded link or were named
    in the family and are no suspects, of the carer who is told), and those of everybody and
    everything else that is tied to the child."""
    with desk.deciding() as db:
        child = cases.children(db, reader, told.case).get(told.case)
        own = {one for one in (child, told.carer) if one}
        ties = links.touching(db, reader, own, Asked(min_rank=None)) if child else []
        own |= {end for tie in ties if tie.kind == "family" for end in (tie.a, tie.b)}
        kin = family_members.kin(db, reader, told.case)
        suspects = people.suspected(db, reader, kin)
        own |= {one for one in kin if one not in suspects or not suspects[one][0]}
        others = {end for tie in ties for end in (tie.a, tie.b)} - own

        def names(some: set[UUID]) -> tuple[str, ...]:
            return tuple(name for one in sorted(some) for name in people.names(db, reader, one))

        return names(own), names(others)
