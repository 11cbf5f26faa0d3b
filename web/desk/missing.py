"""Who is missing now, on a sheet that can be printed; who came back and is owed something; and what
the machine found, for somebody to look at."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from network.people import missing
from projections import missing as view
from usecases.kernel.question import Question
from web.site import density
from web.site.visit import Looking, Visit

router = APIRouter()
#: Rows of each list.
MOST = 50


def above(visit: Visit, asked: Question) -> dict[str, Any]:
    """Return what `missing_first.html` shows above the answer to a question."""
    return {
        "missing_first": asked.above(visit.desk, visit.reader, visit.now),
        "missing_folded": density.on_their_feet(visit.reader),
    }


@router.get("/missing")
def now(visit: Looking) -> Response:
    """The coordinator's first page."""
    with visit.reading() as db:
        rows = missing.now(db, visit.reader, visit.now)
        back = missing.back(db, visit.reader)
        patterns = missing.patterns(db, visit.reader)
        figure = view.figure(db, visit.reader, visit.now)
    return visit.page(
        "desk/missing.html",
        rows=rows,
        back=back[:MOST],
        patterns=patterns[:MOST],
        more=max(0, len(patterns) - MOST),
        figure=figure,
    )
