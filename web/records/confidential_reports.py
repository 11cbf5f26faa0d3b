"""Past one's own line: what goes to the auditor alone, and what the auditor does about it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.people_and_teams import confidential_report
from projections.people_and_teams import confidential_reports as view
from web.site.paging import paged
from web.site.request_context import Looking, NotThere, Sending

router = APIRouter()
PAGE = 20
Text = Annotated[str, Form(max_length=500_000)]


@router.get("/escalations")
def listing(visit: Looking, page: int = 1) -> Response:
    """One's own; for the auditor all of them."""
    with visit.looked() as db:
        rows = view.listed(db, visit.reader)
    some, turns = paged(list(reversed(rows)), page, PAGE)
    return visit.page("records/escalations.html", rows=some, **turns)


@router.post("/escalations")
def escalate(
    visit: Sending, command_id: Annotated[UUID, Form()], words: Text = "", reason: Text = ""
) -> Response:
    """Tell the auditor what one's own line does not hear, or is part of."""
    confidential_report.escalate(visit.desk, visit.reader, words, reason, command_id=command_id)
    return visit.go("/escalations", "It is with the auditor, and with nobody else.")


@router.post("/escalations/{which}/answer")
def answer(
    visit: Sending, which: UUID, command_id: Annotated[UUID, Form()], words: Text = ""
) -> Response:
    """What the auditor does about it."""
    with visit.looked() as db:
        if which not in {row.id for row in view.listed(db, visit.reader)}:
            raise NotThere("escalation")
    confidential_report.see(visit.desk, visit.reader, which, words, command_id=command_id)
    return visit.go("/escalations", "Answered.")
