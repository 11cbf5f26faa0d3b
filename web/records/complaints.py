"""The screen of complaints about the use of data: who complained, what was done, the reply."""

from fastapi import APIRouter
from fastapi.responses import Response

from projections.data_protection import complaints
from projections.intelligence import people
from web.site.paging import paged
from web.site.request_context import Looking

router = APIRouter()
PAGE = 20


@router.get("/complaints")
def listing(visit: Looking, every: bool = False, page: int = 1) -> Response:
    """Show open complaints in the order of receipt; with `every` also answered ones."""
    with visit.reading_with_access_log() as db:
        rows = complaints.list_complaints(db, visit.reader, every=every)
    some, turns = paged(rows, page, PAGE)
    with visit.reading() as db:
        known = people.entities(db, visit.reader, [row.subject for row in some if row.subject])
    return visit.page("records/complaints.html", rows=some, known=known, every=every, **turns)
