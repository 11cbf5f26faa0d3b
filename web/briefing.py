"""The weekly brief, to be read out: what became of networks and children since the team last
looked, and what has to be decided; then item by item."""

from base64 import b64encode
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from access import scope
from commands import due, governance, joining
from network.read_out import MOST, read_out
from projections import brief
from web.asking import moment as moment_of
from web.visit import Looking, Sending

router = APIRouter()


@router.get("/brief")
def weekly(visit: Looking, days: int = 0) -> Response:
    """Since the last brief that was held, or over so many days. It is complete: the next one begins
    where it ends."""
    with visit.desk.deciding() as db:
        since = (
            visit.now - timedelta(days=min(days, 3650))
            if days > 0
            else brief.last_held(db, visit.reader)
        )
        told = read_out(visit.desk, db, visit.reader, since, visit.now)
        found = told.brief
        past, late = due.went_past(visit.desk, db, visit.reader, since, visit.now, MOST)
        others = joining.waiting(db, visit.reader, since, MOST)
        rows = (*found.new, *found.changed, *found.undecided)
        seen = scope.seen(db, visit.reader, {row.id for row in rows})
    more = found.more
    parts = (
        ("New", found.new, more.new),
        ("Changed", found.changed, more.changed),
        ("Undecided", found.undecided, more.undecided),
    )
    return visit.page(
        "brief.html",
        told=told,
        drawn=_drawn,
        brief=found,
        parts=parts,
        seen=seen,
        past=past,
        late=late,
        others=others,
    )


def _drawn(svg: str) -> str:
    """A map as the address of an image: nothing in it can reach the page."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


@router.post("/brief")
def hold(visit: Sending, until: Annotated[str, Form()]) -> Response:
    """The team has looked at it, up to the moment that the page showed."""
    moment = moment_of(until) or visit.now
    governance.hold_brief(visit.desk, visit.reader, min(moment, visit.now))
    return visit.go("/brief", "The brief was held. The next one begins here.")
