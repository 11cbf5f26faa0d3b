"""Screens to review a source for covert status (CHIS). A detective inspector decides for one source
and one suspect, for a time; the review never delays an entry."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from domain.information.covert_source_review import LONGEST, StatusDecided, StatusReviewDue
from projections.information import covert_source_review as view
from projections.intelligence import people
from web.site.request_context import Looking, NotThere, Visit

router = APIRouter()


def _review(visit: Visit, which: UUID) -> view.Review:
    with visit.reading() as db:
        found = [row for row in view.reviews(db, visit.reader, visit.now) if row.id == which]
    if not found:
        raise NotThere("review")
    return found[0]


@router.get("/standing/{which}")
def show(visit: Looking, which: UUID) -> Response:
    """Show the review of one source and one suspect: who asked and why, how often the source
    reported, and the decision."""
    row = _review(visit, which)
    history = visit.desk.logs["sources"].history(which)
    with visit.reading() as db:
        months = view.pattern(db, visit.reader, row.source, row.suspect)
        known = people.entities(db, visit.reader, [row.suspect])
    return visit.page(
        "desk/standing_one.html",
        row=row,
        suspect=known.get(row.suspect),
        asked=[fact for fact in history if isinstance(fact.event, StatusReviewDue)],
        decided=[fact for fact in history if isinstance(fact.event, StatusDecided)],
        months=months,
        most=max((month.items for month in months), default=0),
        last=visit.now.date() + LONGEST,
    )
