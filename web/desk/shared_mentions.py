"""Screens of possible corroboration: after grading, or while a worker decides that an entry has no
value; each match is confirmed or dismissed there."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from domain.information.observation import Outcome
from projections.information import queue
from questions.information import said_before
from web.desk import inbox
from web.site import labels
from web.site.request_context import Looking, Visit

router = APIRouter()


@router.get("/others/{item}")
def others(visit: Looking, item: UUID, part: bool = False) -> Response:
    """Show the entry's possible corroboration, best first; with `part` only what became of the
    entry, for a page that is open already."""
    if not part:
        return page(visit, item)
    graded = inbox.just_graded(visit, item)
    return visit.part(
        "desk/graded.html",
        touched=graded.touched if graded else None,
        graded=graded,
        not_shown=queue.NOT_SHOWN,
    )


def page(
    visit: Visit,
    item: UUID,
    deciding: Outcome | None = None,
    reason: str = "",
) -> Response:
    """Show possible corroboration beside a decision that the user repeats, with the typed values.
    Raises Hidden for an entry that the reader may not decide about, Refused for one without a
    grade."""
    with visit.desk.deciding() as db:
        told = (db, visit.reader, str(item))
        found = said_before.said_before(*told, deciding=deciding is not None)
    return visit.page(
        "desk/others.html",
        status=422 if deciding else 200,
        touched=found.touched,
        item=item,
        rows=found.rows,
        roots=found.roots,
        deciding=deciding,
        outcome=labels.OUTCOMES[deciding] if deciding else "",
        reason=reason,
        not_shown=queue.NOT_SHOWN,
    )
