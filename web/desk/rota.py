"""The rota: the people on call, and the urgent entries that no worker has taken."""

from fastapi import APIRouter

from commands.people_and_teams import rota
from projections.people_and_teams import rota as view
from web.made.tab_pages import Values, tab
from web.site.request_context import Looking

router = APIRouter()


@tab(router, "/today/on-call", "desk/rota.html", before="/rota")
def listed(visit: Looking) -> Values:
    """Show present and later duties on call. For each open urgent entry, show the person who is
    called."""
    with visit.reading() as db:
        duties = view.list_duties(db, visit.now)
        untaken = rota.list_untaken(visit.desk, visit.reader, db)
    words = {open_item.id: rota.describe_on_call(open_item.on_call) for open_item in untaken}
    return {"duties": duties, "untaken": untaken, "words": words}
