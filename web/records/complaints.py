"""Complaints about what is done with data: who complained, what was done, what they were told."""

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
    """Those that wait, as they came; with `every` those that were answered, too."""
    with visit.looked() as db:
        rows = complaints.listed(db, visit.reader, every=every)
    some, turns = paged(rows, page, PAGE)
    with visit.reading() as db:
        known = people.entities(db, visit.reader, [row.subject for row in some if row.subject])
    return visit.page("records/complaints.html", rows=some, known=known, every=every, **turns)
