"""The background process that exchanges offers of suspects' plates, phone numbers and accounts with
other forces. It ends offers, sends offers again under a new key, and records the messages of the
hub between the forces.

Each offer is checked regularly against all records, and ends when any recorded fact forbids it. A
message of the hub is recorded only once, even if it arrives several times.
"""

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Literal
from uuid import UUID, uuid5

import msgspec

from commands.exchange.offer import prepared, ties
from commands.kernel.unit_of_work import Desk, LostRace
from domain.exchange import offer
from domain.exchange.offer import EndedBy, Offer, OfferEnded, OfferMatched, OfferMatchEnded
from domain.kernel.envelope import CommandReused, Event
from domain.kernel.values import HandlingCode, Reader, Refused
from projections.intelligence import people
from projections.kernel.database import Db
from projections.people_and_teams import offers

#: The author in records of the hub's messages, and of the end of an offer that a later fact
#: forbids.
EXCHANGE = "continuum exchange"
_TOLD = UUID("b2a1c7de-5c0e-5d0d-9b45-3f8f2f0e6a17")


class OfferStatus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message of the hub about one offer of this force. `id` is the number that the hub gave the
    message."""

    id: int
    what: Literal["match", "match-ended", "obeyed"]
    reference: UUID
    force: str | None = None
    theirs: UUID | None = None
    grade: offer.GradeClass | None = None
    week: date | None = None
    handling: HandlingCode | None = None
    records_reference: str | None = None


def reconsider(desk: Desk) -> int:
    """End offers to other forces that have expired or are no longer allowed; return how many ended.
    Raises LogUnavailable.
    """
    today = desk.today()
    with desk.deciding() as db:
        over: list[tuple[offers.OfferRow, EndedBy]] = [
            (row, "expired" if row.until <= today else "no-longer")
            for row in offers.list_current_offers(db)
            if row.until <= today or not _is_supported(desk, db, row)
        ]
    return sum(
        _record(desk, row, "offer.end", partial(offer.end, ended=OfferEnded(why)))
        for row, why in over
    )


def _is_supported(desk: Desk, db: Db, row: offers.OfferRow) -> bool:
    """Return whether a link to a suspect still supports this offer to other forces."""
    # an erased or restricted item has no names
    if not people.names(db, _exchange_reader(""), row.thing):
        return False
    made = desk.fold(row.offer, Offer(), offer.evolve, "product")[0].made
    return made is not None and offer.is_supported(made, ties(db, _exchange_reader(""), row.thing))


def offer_again(desk: Desk, most: int = 1_000) -> int:
    """Send all current offers to other forces again, with tokens under the present key of the key
    service; return how many were sent again. Offers that are no longer supported by a link to a
    suspect are ended.

    Raises Refused if the key service gives no tokens, or uses an older key (the hub ignores tokens
    of an older key). Raises LogUnavailable.
    """
    reconsider(desk)
    with desk.deciding() as db:
        rows = offers.list_current_offers(db)
        epoch = desk.epoch()
        if later := max((row.epoch for row in rows if row.epoch > epoch), default=0):
            raise Refused(
                f"the exchange now uses key {epoch}, but earlier offers were made under the "
                f"newer key {later}, and the hub ignores offers under an older key. Set the key "
                f"services to key {later} again; or withdraw the current offers, and make them "
                "again"
            )
        rows = [row for row in rows if row.epoch != epoch][:most]
        named = [(row.kind, people.names(db, _exchange_reader(""), row.thing)[0]) for row in rows]
    if not rows:
        return 0
    epoch, tokens = desk.tokens(named, True)
    return sum(
        _record(desk, row, f"offer.renew {epoch}", partial(offer.renew, epoch=epoch), token)
        for row, token in zip(rows, tokens, strict=True)
    )


def take(desk: Desk, statuses: Collection[OfferStatus]) -> int:
    """Record the hub's messages about this force's offers and return how many were new. Repeated
    messages are ignored, and so are messages about an offer that is not recorded. Raises Refused if
    a message about a match has missing fields, and LogUnavailable.
    """
    new = 0
    with desk.deciding() as db:
        of = offers.by_reference(db, {offer_status.reference for offer_status in statuses})
    for status in statuses:
        if row := of.get(status.reference):
            name = f"hub {status.id} {status.what} {status.theirs}"
            new += _record(desk, row, name, _recorded_as(row.thing, status))
    return new


def _recorded_as(thing: UUID, status: OfferStatus) -> Callable[[Offer], tuple[Event, ...]]:
    if status.what == "obeyed":
        return offer.obey
    if status.force and status.theirs and status.what == "match-ended":
        return partial(offer.end_match, over=OfferMatchEnded(status.force, status.theirs))
    if not (status.force and status.theirs and status.grade and status.week and status.handling):
        raise Refused(
            "the hub reported a match without the other force's name or reference, the grade, the "
            "handling or the week: report this to the hub's operator"
        )
    event = OfferMatched(
        thing,
        status.force,
        status.theirs,
        status.grade,
        status.week,
        status.handling,
        status.records_reference,
    )
    return partial(offer.match, event=event)


def _record(
    desk: Desk,
    row: offers.OfferRow,
    name: str,
    decide: Callable[[Offer], tuple[Event, ...]],
    token: bytes | None = None,
) -> bool:
    """Record the events that `decide` returns for one offer, unless events were already recorded
    for this offer under the same `name`; return whether events were recorded. With a new `token`,
    also send the offer again. If another user writes to the offer at the same time, call `decide`
    again.
    """
    item, command = row.offer, uuid5(_TOLD, f"{row.offer}:{name}")
    while not desk.logs["product"].known_commands([command]):
        before = desk.fold(item, Offer(), offer.evolve, "product")
        events = decide(before[0])
        if not events:
            return False
        body, reader = [str(item)], _exchange_reader(row.team)
        prepared_item = prepared(
            desk, reader, item, before, events, command, name, body, token=token
        )
        with suppress(LostRace, CommandReused):
            desk.save([prepared_item])
            return True
    return False


def _exchange_reader(team: str) -> Reader:
    """Return the reader in whose name the process that communicates with the hub reads records. The
    process shows nothing to users.
    """
    return Reader(EXCHANGE, team, "police", assessor=False)
