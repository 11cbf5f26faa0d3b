"""Commands that offer a suspect's plates, phone numbers and accounts to other forces, withdraw an
offer, and decide about a match.

Other forces receive only a token of the item. The message with the token is saved in the same
transaction as the event of the offer. The file is long because an offer and its end are written by
the same steps.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import reduce
from typing import Unpack
from uuid import UUID

import msgspec
from msgspec import Struct

from access.who_may import scope
from access.who_may.event_rules import require_command
from commands.intelligence.standing_watch import is_colleague
from commands.kernel import entity
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, facts
from domain import forms
from domain.exchange import offer
from domain.exchange.offer import OFFER_KINDS, Offer, OfferedLink, OfferEnded, OfferKind, OfferMade
from domain.kernel.codes import Contact
from domain.kernel.decoding import convert
from domain.kernel.envelope import Event, Outgoing, Submission
from domain.kernel.values import HandlingCode, LinkKind, Reader, Refused
from projections.families import family_members
from projections.intelligence import links, people
from projections.intelligence.links import LinkFilter
from projections.kernel.database import Db
from projections.people_and_teams import offers

#: Kinds of link by which a plate, number or account counts as a person's own. A link as a caller or
#: passenger does not count.
CLOSE: frozenset[LinkKind] = frozenset({"uses", "owns", "driver-of"})


class OfferRequest(Struct, frozen=True):
    """An officer's request to make an offer to other forces. `what` is a plate, a phone number or
    an account, or the id of one.
    """

    what: str
    to: tuple[str, ...]
    until: date
    handling: HandlingCode
    agreement: str
    assessment: str
    reason: str
    conditions: str | None = None
    records_reference: str | None = None


def make(
    desk: Desk,
    reader: Reader,
    wanted: OfferRequest,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Offer a plate, phone number or account of a suspect to other forces. Raises Refused if
    `domain.exchange.offer` does, if the item is already offered, or if the key service gives no
    token.
    """
    command_id, causes = command_id or desk.new_random_id(), tuple(because_of)
    body = [msgspec.to_builtins(wanted), causes]
    if again := desk.repeated(command_id, "offer.make", body, "product"):
        return again
    require_command(reader, "offer.make")
    recipients = offer.forces(wanted.to, offer.own_name(desk.policy.force))
    today = desk.today()
    with desk.deciding() as db:
        item, kind = entity.resolve_entity(desk, db, reader, wanted.what)
        scope.require_may(db, reader, "offer", item, "item")
        if kind not in OFFER_KINDS:
            raise Refused(offer.NOT_OFFERED, field="what")
        tie = offer.of_suspect(ties(db, reader, item))
        normal = people.names(db, reader, item)[0]
        before = offers.list_offers_of(db, item)
    if any(row.ended is None for row in before):
        raise Refused(
            "this item is offered to other forces already: withdraw the current offer first",
            field="what",
        )
    if kind == "vehicle" and not forms.plate(normal):
        raise Refused("only a whole number plate can be offered to other forces", field="what")
    offer.check(
        today,
        wanted.until,
        wanted.handling,
        tie,
        wanted.conditions,
        wanted.agreement,
        wanted.assessment,
        wanted.reason,
    )
    epoch, (token,) = desk.tokens([(kind, normal)], False)
    made = OfferMade(
        thing=item,
        person=tie.person,
        link=tie.link,
        kind=convert(kind, OfferKind),
        grade=offer.grade_class(tie.grade or ""),
        handling=wanted.handling,
        recipients=recipients,
        week=offer.week_of(today),
        until=wanted.until,
        epoch=epoch,
        reference=desk.new_random_id(),
        agreement=wanted.agreement,
        assessment=wanted.assessment,
        reason=wanted.reason,
        conditions=wanted.conditions,
        records_reference=wanted.records_reference,
    )
    stream = desk.new_random_id()
    submission = Submission(
        command_id,
        desk.digest("offer.make", body),
        facts(reader, stream, 0, (made,), causes),
        ((_next_key(desk, item, before), stream),),
        outgoing=_offer_messages(made, epoch, token),
    )
    return desk.save([Prepared(stream, {"product": submission}, reader)])[0]


def _next_key(desk: Desk, thing: UUID, before: Sequence[offers.OfferRow]) -> bytes:
    """Return a unique key for the next offer of this plate, phone number or account. The key is
    computed from the most recent offer of the item (the last in `before`). So if two officers offer
    the item at once, both offers get the same key, and the second is refused.
    """
    last = before[-1].offer if before else None
    return desk.keys.blind("offer", f"{thing}|{last or ''}")


def _offer_messages(made: OfferMade, epoch: int, token: bytes) -> tuple[Outgoing, ...]:
    """Return the messages to other forces for an offer, one for each recipient."""
    message_fields = (made.kind, made.week, made.grade, made.handling, made.until, epoch, token)
    return tuple(
        Outgoing(made.reference, recipient, "offer", *message_fields, made.records_reference)
        for recipient in made.recipients
    )


def end_messages(desk: Desk, erased: Collection[UUID]) -> tuple[Outgoing, ...]:
    """Return the messages that end erased offers at other forces. The erasure records no event in
    the stream of the offer.
    """
    states = (
        reduce(offer.evolve, (fact.event for fact in desk.logs["product"].history(item)), Offer())
        for item in erased
    )
    return tuple(
        row for state in states if state.made and not state.ended for row in _ends(state.made)
    )


def _ends(made: OfferMade) -> tuple[Outgoing, ...]:
    return tuple(Outgoing(made.reference, recipient, "end") for recipient in made.recipients)


def ties(db: Db, reader: Reader, thing: UUID) -> list[OfferedLink]:
    """Return the links of a plate, phone number or account to its owners, in all records.
    Restricted links are included, and the links of all merged records of a person. For an account,
    the links of accounts with the same name and no platform are included, too.
    """
    everybody = scope.unlimited(reader)
    alike = people.similar_accounts(db, everybody, thing)
    rows = links.touching(db, everybody, {thing, *alike}, LinkFilter(min_rank=None, ever=True))
    standing = [row for row in rows if row.known_to is None and row.kind in CLOSE]
    held_items = links.restricted(
        db, {item for row in standing for item in (row.link, row.a, row.b, *row.evidence)}
    )
    seen = scope.visible_items(db, reader, {item for row in standing for item in (row.link, row.a)})
    return [
        _tie(db, everybody, row, held_items, seen=row.b == thing and {row.link, row.a} <= seen)
        for row in standing
    ]


def _tie(
    db: Db, everybody: Reader, row: links.LinkRow, held_items: Collection[UUID], *, seen: bool
) -> OfferedLink:
    same = people.all_merged_ids(db, everybody, row.a)
    entities = people.entities(db, everybody, same)
    names = {forms.name(name) for one in entities.values() for name in one.names}
    return OfferedLink(
        person=row.a,
        link=row.link,
        grade=row.grade,
        handling=convert(row.handling, HandlingCode | None),
        categories=frozenset(c for one in entities.values() for c in one.categories),
        is_child=any(one.is_child for one in entities.values()),
        related=family_members.is_kin(db, everybody, same) or is_colleague(db, names),
        restricted=len(entities) < len(same)
        or not {row.link, *row.evidence}.isdisjoint(held_items),
        seen=seen,
    )


def withdraw(
    desk: Desk, reader: Reader, which: str, reason: str, **command: Unpack[Command]
) -> Receipt:
    """End an offer to other forces. Raises Hidden if the reader may not see the offer, Refused if
    there is no reason.
    """
    return _act(
        desk,
        reader,
        "offer.withdraw",
        which,
        lambda state: offer.end(state, OfferEnded("withdrawn", reason)),
        [reason],
        **command,
    )


def decide_contact(
    desk: Desk,
    reader: Reader,
    which: str,
    force: str,
    contact: Contact,
    reason: str,
    **command: Unpack[Command],
) -> Receipt:
    """Record the decision of an owner of an offered item whether to contact a force whose offer
    matches. The other force is not informed of the decision. Raises Hidden, and Refused if
    `domain.exchange.offer.decide` does."""
    return _act(
        desk,
        reader,
        "offer.decide_contact",
        which,
        lambda state: offer.decide(state, force, contact, reason),
        [force, contact, reason],
        **command,
    )


def _act(
    desk: Desk,
    reader: Reader,
    name: str,
    which: str,
    decide: Callable[[Offer], tuple[Event, ...]],
    body: Sequence[object],
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Record a decision about an offer; `which` is its id or the end of the id. If the decision
    ends the offer, the other forces are informed in the same transaction.
    """

    command_id, causes = command_id or desk.new_random_id(), tuple(because_of)
    whole = [which, body, causes]
    if again := desk.repeated(command_id, name, whole, "product"):
        return again
    require_command(reader, name)
    with desk.deciding() as db:
        found_item = offers.find(db, reader, which)
    if found_item is None:
        raise scope.hidden_error("offer", which)
    state, version = desk.fold(found_item, Offer(), offer.evolve, "product")
    events = decide(state)
    if not events:
        raise Refused("this offer to other forces has ended already")
    prepared_offer = prepared(
        desk, reader, found_item, (state, version), events, command_id, name, whole, causes
    )
    return desk.save([prepared_offer])[0]


def prepared(
    desk: Desk,
    reader: Reader,
    item: UUID,
    before: tuple[Offer, int],
    events: tuple[Event, ...],
    command_id: UUID,
    name: str,
    body: object,
    causes: tuple[str, ...] = (),
    token: bytes | None = None,
) -> Prepared:
    """Return events about one offer, ready to be saved together with messages to the other forces.
    The messages end the offer or, with a `token`, give the offer this new token.
    """
    state, version = before
    after, leave = reduce(offer.evolve, events, state), tuple[Outgoing, ...]()
    if state.made and after.ended and not state.ended:
        leave = _ends(state.made)
    elif state.made and token:
        leave = _offer_messages(state.made, after.epoch, token)
    submission = Submission(
        command_id,
        desk.digest(name, body),
        facts(reader, item, version, events, causes),
        outgoing=leave,
    )
    return Prepared(item, {"product": submission}, reader)
