"""Telling a family what became of what they said, promising them something, inviting and asking
them: the charity's own record, as its contacts are."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from msgspec import structs, to_builtins

from commands.charity import for_charity, keep
from commands.desk import Desk, Receipt
from commands.reference import act_on, case_named, item
from commands.support import way_of
from domain import family, support
from domain.codes import PromiseEnd
from domain.envelope import Event
from domain.family import FamilyAsked, FamilyInvited, FamilyTold, Promise, PromiseEnded, PromiseMade
from domain.forms.intervals import LONDON
from domain.values import Reader
from projections import cases, links, people
from projections.links import Asked

Made = TypeVar("Made", FamilyTold, PromiseMade, FamilyInvited, FamilyAsked)


def tell(
    desk: Desk,
    reader: Reader,
    told: FamilyTold,
    case: str,
    *,
    carer: str | None = None,
    to: str | None = None,
    done: bool = False,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Record what a family is told; `case` and `carer` name them as somebody told it, `to` is where
    it goes, `done` that it was said or sent already. Raises Refused as `domain.family.tell`, and
    for a way that is unsafe."""
    body = [_told(told, case), carer, to, done]

    def decide(one: FamilyTold) -> tuple[Event, ...]:
        if carer:
            with desk.deciding() as db:
                one = structs.replace(one, carer=item(desk, db, reader, carer, "person"))
        found = desk.gives_away(one.words, _names(desk, reader, one)) if one.words else ()
        (one_told,) = family.tell(one, {mark.words: mark.why for mark in found}, done=done)
        way, safe = way_of(desk, reader, one.case, one.channel, to, done=done)
        return support.sent(one_told, way, done=done, safe=safe)

    return _kept(desk, reader, "family.tell", told, case, decide, body, command_id, because_of)


def promise(
    desk: Desk,
    reader: Reader,
    made: PromiseMade,
    case: str,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Record what a family was promised. Raises Refused as `domain.family.promise`."""
    today = desk.clock().astimezone(LONDON).date()
    return _kept(
        desk,
        reader,
        "family.promise",
        made,
        case,
        lambda one: family.promise(one, today),
        [_told(made, case)],
        command_id,
        because_of,
    )


def end_promise(
    desk: Desk,
    reader: Reader,
    which: UUID | str,
    kept: PromiseEnd,
    words: str | None,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Say that a promise was kept, or was not and why. Raises Hidden, and Refused as
    `domain.family.end_promise`."""
    ended = PromiseEnded(kept, words)
    return act_on(
        desk,
        for_charity(reader),
        "family.end_promise",
        which,
        "family-promise",
        Promise(),
        family.evolve,
        lambda state: family.end_promise(state, ended),
        [kept, words],
        command_id=command_id,
        because_of=because_of,
    )


def invite(
    desk: Desk,
    reader: Reader,
    invited: FamilyInvited,
    case: str,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Record to what a family was invited, or what it was given. Raises Refused as
    `domain.family.invite`."""
    today = desk.clock().astimezone(LONDON).date()
    return _kept(
        desk,
        reader,
        "family.invite",
        invited,
        case,
        lambda one: family.invite(one, today),
        [_told(invited, case)],
        command_id,
        because_of,
    )


def ask(
    desk: Desk,
    reader: Reader,
    asked: FamilyAsked,
    case: str,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Record how a family finds the support. Raises Refused as `domain.family.ask`."""
    return _kept(
        desk,
        reader,
        "family.ask",
        asked,
        case,
        family.ask,
        [_told(asked, case)],
        command_id,
        because_of,
    )


def _told(made: Made, case: str) -> object:
    """What was told, the case as somebody named it."""
    return to_builtins(made) | {"case": case}


def _kept(
    desk: Desk,
    reader: Reader,
    name: str,
    made: Made,
    case: str,
    decide: Callable[[Made], tuple[Event, ...]],
    body: list[object],
    command_id: UUID | None,
    because_of: Sequence[str],
) -> Receipt:
    """Look the case up where the command is new, decide, and keep it as the charity's."""
    command_id = command_id or desk.new_random_id()
    causes = tuple(because_of)
    whole = [*body, causes]
    if again := desk.repeated(command_id, name, whole):
        return again
    events = decide(structs.replace(made, case=case_named(desk, reader, case)))
    return keep(desk, reader, name, events, command_id, causes, whole)


def _names(desk: Desk, reader: Reader, told: FamilyTold) -> tuple[str, ...]:
    """The family's own names: of the child, of those who are kin by a recorded link, of the carer
    who is told."""
    with desk.deciding() as db:
        child = cases.children(db, reader, told.case).get(told.case)
        own = {one for one in (child, told.carer) if one}
        kin = Asked(min_rank=None, kinds=frozenset({"family"}))
        for tie in links.touching(db, reader, own, kin) if child else ():
            own |= {tie.a, tie.b}
        return tuple(name for one in sorted(own) for name in people.names(db, reader, one))
