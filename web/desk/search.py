"""Search while typing: names, nicknames, misspellings, partial plates, endings, words."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from projections.composed import finding
from projections.composed.facets import FACETS, Facet, FacetCount, Narrowed
from web.site.request_context import Looking, here

router = APIRouter()
MOST = 30


@router.get("/search")
def find(
    request: Request,
    visit: Looking,
    q: str = "",
    kind: str = "",
    team: str = "",
    period: str = "",
    stage: str = "",
    case: str = "",
) -> Response:
    """Show the best hits, narrowed as chosen; a page that is open already gets only the list."""
    asked = q.strip()[:200]
    chosen = {"kind": kind, "team": team, "period": period, "stage": stage, "case": case}
    wanted = Narrowed(**{facet: value[:200] for facet, value in chosen.items() if value})
    with visit.reading() as db:
        found = finding.search(db, visit.reader, asked, MOST, wanted)
    show, template = (
        (visit.part, "desk/search_hits.html")
        if request.headers.get("hx-request")
        else (visit.page, "desk/search.html")
    )
    shown = show(
        template,
        hits=found.hits,
        q=asked,
        every=found.every,
        facets=[(facet, _of(found.counts, facet), chosen[facet]) for facet in FACETS],
        touched=found.touched,
    )
    shown.headers["HX-Replace-Url"] = here(request)  # so that the back button finds the same hits
    return shown


def _of(counts: Sequence[FacetCount], facet: Facet) -> list[FacetCount]:
    return [one for one in counts if one.facet == facet]
