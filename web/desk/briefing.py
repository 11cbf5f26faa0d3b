"""Screens of the weekly brief: changes of networks and children since the last one, and decisions,
to be read out; and, on another page, item by item."""

from base64 import b64encode
from collections.abc import Sized
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from access.who_may import scope
from commands.people_and_teams import store_admin
from projections.intelligence import brief
from projections.kernel.database import Db
from questions.intelligence import brief as whole
from questions.intelligence.brief_aloud import MOST, read_out
from web.site.field_parsing import moment as moment_of
from web.site.request_context import Looking, Sending

router = APIRouter()


@router.get("/brief")
def weekly(visit: Looking, days: int = 0) -> Response:
    """Show the brief since the last one held, or over some days. It is complete: the next one
    begins where it ends."""
    with visit.desk.deciding() as db:
        told = read_out(visit.desk, db, visit.reader, _since(visit, db, days), visit.now)
    found, more = told.brief, told.brief.more
    counts = (
        ("new", _many(found.new, more.new)),
        ("changed", _many(found.changed, more.changed)),
        ("undecided", _many(found.undecided, more.undecided)),
    )
    return visit.page("desk/brief.html", told=told, drawn=_drawn, counts=counts, days=days)


@router.get("/brief/items")
def by_item(visit: Looking, days: int = 0) -> Response:
    """Show the same period item by item, with possible corroboration and overdue items."""
    with visit.desk.deciding() as db:
        since = _since(visit, db, days)
        found = whole.by_item(visit.desk, db, visit.reader, since, visit.now, MOST)
        rows = [row for _, some, _ in found.parts for row in some]
        seen = scope.visible_items(db, visit.reader, {row.id for row in rows})
    return visit.page(
        "desk/brief_items.html",
        brief=found.brief,
        parts=found.parts,
        seen=seen,
        past=found.past,
        late=found.late,
        others=found.others,
        days=days,
    )


def _many(shown: Sized, more: int) -> str:
    """Return how many there are; "more than" the shown ones if the others are not counted."""
    return f"more than {len(shown)}" if more else str(len(shown))


def _since(visit: Looking, db: Db, days: int) -> datetime | None:
    """Return the moment after which a brief begins; None for the beginning of the record."""
    if days > 0:
        return visit.now - timedelta(days=min(days, 3650))
    return brief.read_last_held(db, visit.reader)


def _drawn(svg: str) -> str:
    """Return a map as the address of an image, from which nothing can reach the page."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


@router.post("/brief")
def hold(visit: Sending, until: Annotated[str, Form()]) -> Response:
    """Record that the team has looked at the brief, up to the moment that the page showed."""
    moment = moment_of(until) or visit.now
    store_admin.hold_brief(visit.desk, visit.reader, min(moment, visit.now))
    return visit.go("/brief", "Brief recorded as held. The next one begins here.")
