"""The screen of offers to other forces, and of their matching offers."""

from fastapi import APIRouter
from fastapi.responses import Response

from projections.intelligence import people
from projections.people_and_teams import offers as view
from web.site.request_context import Looking

router = APIRouter()
PAGE = 50


@router.get("/exchange")
def exchange(visit: Looking) -> Response:
    """Show the force's own offers, and the matches whose contact is still to be decided."""
    with visit.reading_with_access_log() as db:
        offered = view.offered(db, visit.reader)
        matched = view.matched(db, visit.reader, visit.now)
        named = {row.thing for row in offered[:PAGE]} | {row.thing for row in matched[:PAGE]}
        called = people.visible_names(
            db, visit.reader, named | {row.person for row in offered[:PAGE]}
        )
    return visit.page(
        "records/exchange.html",
        offered=offered[:PAGE],
        matched=matched[:PAGE],
        more=len(offered) > PAGE or len(matched) > PAGE,
        known=called,
    )
