"""What others have said of what some words name: looked at once they are graded, or while somebody
decides that they have no value, and confirmed or dismissed there."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from domain.information.observation import Outcome
from projections.information import queue
from questions.information import said_before
from web.desk.assess import next_of
from web.site import labels
from web.site.request_context import Looking, Visit

router = APIRouter()


@router.get("/others/{item}")
def others(visit: Looking, item: UUID, then: str = "") -> Response:
    """The words, and what others have said, best first; `then` leads on to the next that waits."""
    return page(visit, item, onward=next_of(visit, item) if then else None)


def page(
    visit: Visit,
    item: UUID,
    deciding: Outcome | None = None,
    reason: str = "",
    onward: str | None = None,
) -> Response:
    """The same beside a decision that is to be given once more, with what was typed. Raises Hidden
    for words that are not theirs to decide about, Refused for words that wait for their grade."""
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
        onward=onward,
        not_shown=queue.NOT_SHOWN,
    )
