"""Screens of missing children: a sheet that can be printed, returned children who are owed an
action, and patterns to review."""

from fastapi import APIRouter
from fastapi.responses import Response

from network.people import missing
from projections import missing as view
from web.site.request_context import Looking

router = APIRouter()
#: How many rows each list shows.
MOST = 50


@router.get("/missing")
def now(visit: Looking) -> Response:
    """Show the coordinator's first page."""
    with visit.reading() as db:
        rows = missing.now(db, visit.reader, visit.now)
        back = missing.back(db, visit.reader)
        patterns = missing.patterns(db, visit.reader)
        figure = view.figure(db, visit.reader, visit.now)
    return visit.page(
        "desk/missing.html",
        rows=rows,
        back=back[:MOST],
        patterns=patterns[:MOST],
        more=max(0, len(patterns) - MOST),
        figure=figure,
    )
