"""A worker's own: what became of what I sent, and the families I work with."""

from fastapi import APIRouter
from fastapi.responses import Response

from commands import workload
from projections import cases, feedback, people, queue, supervision
from web.paging import paged
from web.visit import Looking

router = APIRouter()
PAGE = 20


@router.get("/mine")
def mine(visit: Looking, page: int = 1) -> Response:
    """What became of it, in words that give nothing away."""
    with visit.reading() as db:
        rows = feedback.mine(db, visit.reader, visit.reader.name)
        some, turns = paged(rows, page, PAGE)
        words = {
            row.observation: row.words
            for row in queue.of(db, visit.reader, [one.id for one in some])
        }
    return visit.page(
        "mine.html",
        rows=some,
        words=words,
        became=feedback.BECAME,
        **turns,
        total=len(rows),
    )


@router.get("/families")
def families(visit: Looking) -> Response:
    """The cases in which I work with the child or the parents, and my week."""
    with visit.reading() as db:
        rows = cases.worked_by(db, visit.reader, visit.reader.name)
        known = people.entities(db, visit.reader, [row.child for row in rows])
        mine = supervision.listed(db, visit.reader, visit.reader.name)
    return visit.page(
        "families.html",
        rows=rows,
        known=known,
        week=workload.week(visit.desk, visit.reader, visit.now, None),
        supervised=mine[:PAGE],
    )
