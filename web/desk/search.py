"""Searches while the user types: for names, nicknames, misspellings, partial plates, endings of
numbers, words.
"""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from projections.composed import finding
from projections.composed.facets import FACETS, Facet, FacetCount, FacetFilter
from projections.families import cases
from projections.kernel.database import Db
from projections.search import RankedHit
from web.desk.search_reasons import reason
from web.site.request_context import Looking, Visit, current_address

router = APIRouter()
MOST = 20
#: The number of hits for which the case is looked up.
WITH_CASES = 5


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
    """Show the best hits of a search, limited to the kind, team, period, stage and case that the
    user chose. If the request comes from a search page that is already open, return only the list
    of hits."""
    text = q.strip()[:200]
    chosen = {"kind": kind, "team": team, "period": period, "stage": stage, "case": case}
    wanted = FacetFilter(**{facet: value[:200] for facet, value in chosen.items() if value})
    with visit.reading() as db:
        page = finding.search(db, visit.reader, text, MOST, wanted)
        cases_of, numbers, case_found = _cases(db, visit, text, page.hits)
    show, template = (
        (visit.part, "desk/search_hits.html")
        if request.headers.get("hx-request")
        else (visit.page, "desk/search.html")
    )
    shown = show(
        template,
        hits=page.hits,
        q=text,
        every=page.every,
        facets=[(facet, _of(page.counts, facet), chosen[facet]) for facet in FACETS],
        touched=page.touched,
        reason=reason,
        cases_of=cases_of,
        numbers=numbers,
        case_found=case_found,
    )
    # the browser puts the query into the address, so that its back button shows the same hits
    shown.headers["HX-Replace-Url"] = current_address(request)
    return shown


def _cases(
    db: Db, visit: Visit, text: str, hits: Sequence[RankedHit]
) -> tuple[dict[UUID, UUID], dict[UUID, int], UUID | None]:
    """Return three values: the case of each child among the first hits, the numbers of these cases,
    and the case whose number or reference the user typed (None if there is none)."""
    people = [hit.id for hit in hits if hit.kind == "person"][:WITH_CASES]
    found_items = {
        person: case for person in people if (case := cases.of_child(db, visit.reader, person))
    }
    meant = cases.find(db, visit.reader, text) if text else None
    ids = {*found_items.values(), *([meant] if meant else ())}
    return found_items, cases.numbers(db, visit.reader, ids), meant


def _of(counts: Sequence[FacetCount], facet: Facet) -> list[FacetCount]:
    return [count for count in counts if count.facet == facet]
