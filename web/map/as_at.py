"""Screens of the state of knowledge on a day: links, the queue, and changes since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from domain.kernel.values import ENTITY_KINDS, PoleCategory, Refused
from network.over_time import changes
from network.over_time.changes import NetworkChanges, TieChange
from projections.information import queue
from projections.intelligence import people
from projections.intelligence.people import Entity
from projections.kernel.database import Db
from web.site.field_parsing import format_typed_day, moment
from web.site.request_context import Looking, NotThere, Visit

router = APIRouter()
#: Rows of each kind on the page; all of them are in the list of changes.
LISTED = 40


@router.get("/then")
def then(visit: Looking, day: str = "", who: UUID | None = None) -> Response:
    """Show the network and the queue as known on a day, or a person as known then, beside
    today's."""
    at = moment(day, today=visit.today)
    if who:
        visit.kind_of(who, *ENTITY_KINDS)
    if at is None:
        return visit.page("map/then.html", asked=day, at=None, who=who, person=None)
    if at >= visit.now:
        raise Refused("that day has not ended: write a day in the past", field="day")
    with visit.reading() as db:
        found = changes.changes(db, visit.reader, at, visit.now, who, known=True)
        person = _person(db, visit, who, at) if who else None
        waiting, more = ([], False) if who else queue.waited(db, visit.reader, at, most=LISTED)
    return visit.page(
        "map/then.html",
        asked=format_typed_day(day, visit.today),
        at=at,
        who=who,
        person=person,
        stood=found.stood[:LISTED],
        ties=len(found.stood),
        since=_since(found),
        ungraded=found.ungraded,
        waiting=waiting,
        more=more,
        not_shown=queue.NOT_SHOWN,
        listed=LISTED,
    )


def _since(found: NetworkChanges) -> list[tuple[str, tuple[TieChange, ...], int]]:
    """Return later changes by title: at most `LISTED` of each, and the total number."""
    kinds = {
        "Learned": found.learned,
        "Stronger": found.strengthened,
        "Weaker or gone": found.faded,
    }
    return [(called, rows[:LISTED], len(rows)) for called, rows in kinds.items() if rows]


@dataclass(frozen=True)
class KnownIdentity:
    """A person as known under all records that are judged theirs today."""

    label: str
    names: tuple[str, ...]
    categories: frozenset[PoleCategory]
    is_child: bool
    known_from: datetime


def _person(
    db: Db, visit: Visit, who: UUID, at: datetime
) -> tuple[KnownIdentity, KnownIdentity | None]:
    """Return a person as known now, and as known then; None for then if they were not known."""
    members = people.all_merged_ids(db, visit.reader, who)
    now = _known(people.entities(db, visit.reader, members, as_at=visit.now).values())
    if now is None:
        raise NotThere("person")
    return now, _known(people.entities(db, visit.reader, members, as_known=at).values())


def _known(records: Iterable[Entity]) -> KnownIdentity | None:
    found = sorted(records, key=lambda one: (one.known_from, one.id))
    if not found:
        return None
    return KnownIdentity(
        found[0].label,
        tuple(dict.fromkeys(name for one in found for name in one.names)),
        frozenset().union(*(one.categories for one in found)),
        any(one.is_child for one in found),
        found[0].known_from,
    )
