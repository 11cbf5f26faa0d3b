"""Screens of time-limited access: emergency access to a case, an authority, an entry of the source
register opened by two people; and the reviews that are due."""

from fastapi import APIRouter
from fastapi.responses import Response

from commands.people_and_teams import grant
from projections.families import cases
from web.site.request_context import Looking

router = APIRouter()
#: Most grants shown at once; due reviews come first.
MOST = 100


@router.get("/glass")
def opened(visit: Looking, owed: bool = False) -> Response:
    """Show open access, requests for a second person, and due reviews; or these only."""
    with visit.reading() as db:
        rows = (grant.list_unreviewed if owed else grant.list_grants)(db, visit.reader, visit.now)
        found = {row.item: cases.get(db, visit.reader, row.item) for row in rows[:MOST]}
    rows.sort(key=lambda row: (row.due is None, row.due or row.since))
    return visit.page(
        "records/glass.html",
        rows=rows[:MOST],
        numbers={item: case.number for item, case in found.items() if case},
        total=len(rows),
        owed=owed,
    )
