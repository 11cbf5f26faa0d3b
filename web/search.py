"""Search while it is typed: names, nicknames, misspellings, partial plates, endings, words."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from commands import finding
from web.visit import Looking, here

router = APIRouter()
MOST = 30


@router.get("/search")
def find(request: Request, visit: Looking, q: str = "") -> Response:
    """The best hits; a page that is open already gets the list alone."""
    asked = q.strip()[:200]
    with visit.reading() as db:
        found = finding.search(db, visit.reader, asked, limit=MOST)
    show, template = (
        (visit.part, "search_hits.html")
        if request.headers.get("hx-request")
        else (visit.page, "search.html")
    )
    shown = show(
        template,
        hits=found.hits,
        q=asked,
        most=MOST,
        touched=found.touched,
    )
    shown.headers["HX-Replace-Url"] = here(request)  # going back finds the same hits
    return shown
