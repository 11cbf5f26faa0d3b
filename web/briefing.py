"""The weekly brief: what is new, what changed, what is undecided since the team last looked."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from access import scope
from commands import due, governance
from projections import brief
from web.asking import moment as moment_of
from web.visit import Looking, Sending

router = APIRouter()
#: Rows of each part: a longer list is read on paper, not on a screen.
MOST = 100


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
        found = brief.brief(db, visit.reader, since, visit.now, most=MOST)
        past, late = due.went_past(visit.desk, db, visit.reader, since, visit.now, MOST)
        rows = (*found.new, *found.changed, *found.undecided)
        seen = scope.seen(db, visit.reader, {row.id for row in rows})
    more = found.more
    parts = (
        ("New", found.new, more.new),
        ("Changed", found.changed, more.changed),
        ("Undecided", found.undecided, more.undecided),
    )
    return visit.page("brief.html", brief=found, parts=parts, seen=seen, past=past, late=late)


@router.post("/brief")
def hold(visit: Sending, until: Annotated[str, Form()]) -> Response:
    """The team has looked at it, up to the moment that the page showed."""
    moment = moment_of(until) or visit.now
    governance.hold_brief(visit.desk, visit.reader, min(moment, visit.now))
    return visit.go("/brief", "The brief was held. The next one begins here.")
