"""Who looked: at an item, by a person, out of the ordinary; and searches that met what I hold."""

from fastapi import APIRouter
from fastapi.responses import Response

from commands import looked as view
from commands import unusual
from projections import cases, consultations, people
from projections import hits as hit_view
from web.asking import moment, one
from web.visit import Looking, NotThere

router = APIRouter()
PAGE = 50


@router.get("/looked")
def looked(visit: Looking, of: str = "", by: str = "", before: int | None = None) -> Response:
    """Who was shown an item, with its parts; or what one person was shown: oneself, or for those
    who review it anybody."""
    wanted, person = of.strip(), by.strip()
    if person and person != visit.reader.name and not visit.may("review-glass"):
        raise NotThere("person")
    item = one(visit, wanted) if wanted else None
    with visit.looked() as db:
        if item:
            rows = view.at(db, visit.reader, item, before=before, limit=PAGE)
        elif person:
            rows = consultations.by(db, visit.reader, person, before=before, limit=PAGE)
        else:
            rows = []
    return visit.page(
        "looked.html",
        of=wanted,
        item=item,
        by=person,
        rows=rows,
        older=rows[-1].seq if len(rows) == PAGE else None,
    )


@router.get("/hits")
def hits(visit: Looking, overdue: bool = False) -> Response:
    """Searches that met what my team holds: a decision within 24 hours whether to get in touch."""
    with visit.looked() as db:
        rows = hit_view.owed(db, visit.reader, visit.now, overdue_only=overdue)
        found = {row.case: cases.get(db, visit.reader, row.case) for row in rows[:PAGE]}
        children = [row.child for row in found.values() if row]
        known = people.entities(db, visit.reader, children)
    return visit.page(
        "hits.html",
        rows=rows[:PAGE],
        total=len(rows),
        cases={case: row for case, row in found.items() if row},
        known=known,
        overdue=overdue,
    )


@router.get("/unusual")
def out_of_the_ordinary(visit: Looking, since: str = "") -> Response:
    """Whose consultations stand out, and why: to be looked into, no verdict."""
    with visit.looked() as db:
        rows = unusual.unusual(db, visit.reader, moment(since))
    return visit.page("unusual.html", rows=rows[:PAGE], total=len(rows), since=since)
