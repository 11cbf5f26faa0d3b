"""Which cases there are, who is missing, and what waits for a second person."""

from datetime import datetime
from uuid import UUID

import msgspec

from commands import proposal
from commands.desk import Receipt
from domain.codes import What
from domain.values import Threshold
from network import missing
from network.missing import Found, Missing
from projections import cases, people
from projections.proposals import ProposalRow
from web.api.call import Call
from web.api.operation import get, post
from web.api.pages import Cursor, Limit, Page, behind, page
from web.api.recording import Short


class Case(msgspec.Struct, frozen=True):
    """A case as it stands. `child` is the child's id where the caller sees the child."""

    id: UUID
    number: int
    reference: str | None
    team: str
    child: UUID | None
    threshold: Threshold
    worker_child: str | None
    worker_parents: str | None
    engagement_child: str
    engagement_parents: str
    missing_since: datetime | None
    opened: datetime
    closed: datetime | None


class Place(msgspec.Struct, frozen=True, order=True):
    """Where a page ends. Two cases may bear one number where it is drawn from their ids."""

    number: int
    case: UUID


class Which(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which cases: closed ones too, or only those of children who are missing."""

    closed: bool = False
    missing: bool = False
    limit: Limit = 50
    cursor: Cursor = None


@get("/cases", "cases")
def listed(call: Call, asked: Which) -> Page[Case]:
    """The cases, by number."""
    after = behind(call, asked.cursor, Place)
    with call.reading() as db:
        found = {
            Place(row.number, row.case): row
            for row in cases.listed(db, call.reader, open_only=not asked.closed)
            if row.missing or not asked.missing
        }
        places = sorted(place for place in found if after is None or place > after)
        some = [found[place] for place in places[: asked.limit]]
        seen = people.entities(db, call.reader, [row.child for row in some])
    told = [
        Case(
            row.case,
            row.number,
            row.reference,
            row.team,
            row.child if row.child in seen else None,
            row.threshold,
            row.worker_child,
            row.worker_parents,
            row.engagement_child,
            row.engagement_parents,
            row.missing_since,
            row.opened,
            row.closed,
        )
        for row in some
    ]
    place = places[asked.limit - 1] if len(places) > len(some) else None
    kept = {name: "true" for name in ("closed", "missing") if getattr(asked, name)}
    return page(call, told, place, "/api/v1/cases", limit=asked.limit, **kept)


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which patterns: those too at which somebody has looked."""

    every: bool = False


@get("/missing", "missing")
def who_is_missing(call: Call) -> list[Missing]:
    """Who is missing now, the greatest danger first, with what may find them."""
    with call.reading() as db:
        return missing.now(db, call.reader, call.desk.clock())


@get("/patterns", "patterns")
def patterns(call: Call, asked: Seen) -> list[Found]:
    """What the machine found among missing children: again and again, or together."""
    with call.reading() as db:
        return missing.patterns(db, call.reader, every=asked.every)


@get("/proposals", "proposals")
def waiting(call: Call) -> list[ProposalRow]:
    """What waits for a second person: the caller's to confirm, or proposed by the caller."""
    return proposal.waiting(call.desk, call.reader)


class Confirmed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is confirmed. `reason` is a named senior's, where a child would be left with something
    open."""

    what: What
    reason: Short | None = None


@post("/proposals/{item}/confirmation", "proposals")
def confirm(call: Call, item: UUID, given: Confirmed) -> Receipt:
    """Confirm, as a second person, what was proposed about a case, a person or something held."""
    return proposal.confirm(
        call.desk,
        call.reader,
        item,
        given.what,
        reason=given.reason,
        command_id=call.command_id,
    )


class Declined(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is refused, and why."""

    what: What
    reason: Short


@post("/proposals/{item}/refusal", "proposals")
def refuse(call: Call, item: UUID, given: Declined) -> Receipt:
    """Refuse what was proposed, or take one's own proposal back; nothing changed."""
    return proposal.refuse(
        call.desk, call.reader, item, given.what, given.reason, command_id=call.command_id
    )
