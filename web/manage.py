"""The manager: what is overdue, which cases nobody works on, and how much stands where."""

from collections import Counter

from fastapi import APIRouter
from fastapi.responses import Response

from projections import cases, continuum, people, queue
from web.visit import Looking

router = APIRouter()


@router.get("/manage")
def manage(visit: Looking) -> Response:
    """Overdue, unallocated, missing, and who works on how many cases."""
    with visit.reading() as db:
        late = queue.queue(db, visit.reader, visit.now, visit.clocks, overdue_only=True)
        rows = cases.listed(db, visit.reader)
        known = people.entities(db, visit.reader, [row.child for row in rows])
        stays = continuum.dwell(db, visit.reader)
        counts = continuum.counts(db, visit.reader)
    load = Counter(
        worker for row in rows for worker in {row.worker_child, row.worker_parents} if worker
    )
    return visit.page(
        "manage.html",
        late=late,
        cases=rows,
        unallocated=[row for row in rows if not row.worker_child and not row.worker_parents],
        missing=[row for row in rows if row.missing],
        known=known,
        load=sorted(load.items(), key=lambda one: (-one[1], one[0])),
        stays=stays,
        counts=counts,
    )
