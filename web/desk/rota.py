"""The rota: who is on call, and what is urgent and taken by nobody."""

from fastapi import APIRouter
from fastapi.responses import Response

from commands.people_and_teams import rota
from projections.people_and_teams import rota as view
from web.site.request_context import Looking

router = APIRouter()


@router.get("/rota")
def listed(visit: Looking) -> Response:
    """The duties of now and later, and who is called for each thing that waits."""
    with visit.reading() as db:
        duties = view.standing(db, visit.now)
        untaken = rota.untaken(visit.desk, visit.reader, db)
    words = {one.id: rota.said(one.on_call) for one in untaken}
    return visit.page("desk/rota.html", duties=duties, untaken=untaken, words=words)
