"""Screens that show what was known on an earlier day: the links, the queue, and the changes since
then."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from msgspec import Struct

from access.who_may.decide import require
from domain.kernel.values import ENTITY_KINDS, PoleCategory
from network.over_time import changes
from network.over_time.changes import NetworkChanges, TieChange
from network.query.graph_builder import GRADED
from projections.information import queue
from projections.intelligence import links, people
from projections.intelligence.people import Entity
from projections.kernel.database import Db
from questions.kernel import known
from web.site.known_at import asked_day
from web.site.naming import display_names
from web.site.page_in_parts import Progress, page_in_parts
from web.site.request_context import Looking, NotThere, Visit

router = APIRouter()
#: The number of rows of each kind on the page; the list of changes has all of them.
LISTED = 12
#: The largest number of rows of each kind, and of deadlines, on the page of a day whose state was
#: rebuilt.
REBUILT = 4
#: The page of a network with more graded links than this is sent in parts, because its contents
#: take long to compute.
LARGE = 2_000


@router.get("/then")
def then(
    visit: Looking,
    day: str = "",
    who: UUID | None = None,
    was: str = "",
    rebuilt: bool = False,
) -> Response:
    """Show the network and the queue, or a person, as known on a day, beside today's state. With
    `rebuilt`, auditors also see a hash over all rows. `was` is the day that the page showed before:
    it is shown again if the day that the user typed cannot be read. If the contents take long to
    compute, the beginning of the page is sent before the contents."""
    as_at_day = asked_day(visit, day, was)
    if who:
        visit.require_kind(who, *ENTITY_KINDS)
    at = as_at_day.at
    rebuilt = rebuilt and not who
    shown: dict[str, Any] = {
        "status": 422 if as_at_day.fault else 200,
        "asked": as_at_day.typed,
        "fault": as_at_day.fault,
        "at": at,
        "who": who,
        "person": None,
    }
    if at is None:
        return visit.page("map/then.html", **shown)
    if rebuilt:
        require(visit.reader, "replay")
    with visit.reading() as db:
        if who:
            shown["person"] = _person(db, visit, who, at)
        slow = rebuilt or (not who and links.many(db, visit.reader, GRADED) > LARGE)

    def compute(progress: Progress) -> dict[str, Any]:
        most = REBUILT if rebuilt else LISTED
        with visit.reading() as db:
            waited, more = ([], False) if who else queue.waited(db, visit.reader, at, most=most)
            changed = _changes(db, visit, at, most, who)
        values = {"waited": waited, "more": more, "not_shown": queue.NOT_SHOWN, "listed": most}
        if rebuilt:
            progress(f"Links of the chosen day, compared: {changed['ties']:,}")
        return values | changed | (_rebuilt(visit, at) if rebuilt else {})

    if not slow:
        return visit.page("map/then.html", **shown, **compute(lambda _: None))
    waiting = (
        "Rebuilding the records of the chosen day from the log"
        if rebuilt
        else "Comparing the links of the chosen day with the links now"
    )
    return page_in_parts(visit, "map/then.html", waiting, compute, **shown)


def _changes(db: Db, visit: Visit, at: datetime, most: int, who: UUID | None) -> dict[str, Any]:
    """Return the links that were known at a moment, their number, and the changes since; at most
    `most` links and changes are listed."""
    map_changes = changes.changes(db, visit.reader, at, visit.now, who, known=True)
    return {
        "stood": map_changes.stood[:most],
        "ties": len(map_changes.stood),
        "since": _since(map_changes, most),
        "ungraded": map_changes.ungraded,
    }


def _rebuilt(visit: Visit, at: datetime) -> dict[str, Any]:
    """Return the records as they were at a moment, rebuilt from the log, with the names of the due
    items. Only auditors may see them, because the hash and the position depend on other teams'
    records."""
    with visit.system.views.reading_at(at, None) as db:
        state = known.read_state(visit.desk, db, visit.reader, at, most=REBUILT)
    with visit.reading() as db:
        named = display_names(db, visit, [row.item for row in state.due])
    return {"state": state, "named": named}


@router.get("/replay")
def replay(visit: Looking, until: str = "") -> Response:
    """Redirect from a former address to the page that shows what was known on the day `until`."""
    require(visit.reader, "replay")
    return visit.go("/then?" + urlencode({"day": until, "rebuilt": "true"}))


def _since(
    network_changes: NetworkChanges, most: int
) -> list[tuple[str, tuple[TieChange, ...], int]]:
    """Return the changes since a day, by title: at most `most` of each kind, and the total number
    of each kind."""
    kinds = {
        "New links": network_changes.learned,
        "Stronger links": network_changes.strengthened,
        "Weaker or ended links": network_changes.faded,
    }
    return [(called, rows[:most], len(rows)) for called, rows in kinds.items() if rows]


class KnownIdentity(Struct, frozen=True):
    """A person with all records that are judged to be this person today."""

    label: str
    names: tuple[str, ...]
    categories: frozenset[PoleCategory]
    is_child: bool
    known_from: datetime


def _person(
    db: Db, visit: Visit, who: UUID, at: datetime
) -> tuple[KnownIdentity, KnownIdentity | None]:
    """Return a person as known now and as known at the moment `at`. The second is None if the
    person was not recorded by then."""
    members = people.all_merged_ids(db, visit.reader, who)
    now = _identity_of(people.entities(db, visit.reader, members, as_at=visit.now).values())
    if now is None:
        raise NotThere("person")
    return now, _identity_of(people.entities(db, visit.reader, members, as_known=at).values())


def _identity_of(records: Iterable[Entity]) -> KnownIdentity | None:
    entities = sorted(records, key=lambda entity: (entity.known_from, entity.id))
    if not entities:
        return None
    return KnownIdentity(
        entities[0].label,
        tuple(dict.fromkeys(name for entity in entities for name in entity.names)),
        frozenset().union(*(entity.categories for entity in entities)),
        any(entity.is_child for entity in entities),
        entities[0].known_from,
    )
