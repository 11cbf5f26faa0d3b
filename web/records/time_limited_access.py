"""What is opened for a time: a case by breaking glass, by an authority, an entry of the source
register by two people; and the review that somebody else owes."""

from fastapi import APIRouter
from fastapi.responses import Response

from commands.people_and_teams import grant
from projections.families import cases
from web.site.request_context import Looking

router = APIRouter()
#: Grants shown at once; what is owed comes first.
MOST = 100


@router.get("/glass")
def opened(visit: Looking, owed: bool = False) -> Response:
    """What is open, what waits for a second person, and which reviews are owed; or these alone."""
    with visit.reading() as db:
        rows = (grant.owed if owed else grant.listed)(db, visit.reader, visit.now)
        found = {row.item: cases.get(db, visit.reader, row.item) for row in rows[:MOST]}
    rows.sort(key=lambda row: (row.due is None, row.due or row.since))
    return visit.page(
        "records/glass.html",
        rows=rows[:MOST],
        numbers={item: case.number for item, case in found.items() if case},
        total=len(rows),
        owed=owed,
    )
