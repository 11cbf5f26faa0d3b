"""Screens of confidential reports, which go to the auditor only, and the auditor's answers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.people_and_teams import confidential_report
from projections.people_and_teams import confidential_reports as view
from web.made import tab_pages
from web.made.tab_pages import Values
from web.site.paging import paged
from web.site.request_context import Looking, NotThere, Sending

router = APIRouter()
PAGE = 20
Text = Annotated[str, Form(max_length=500_000)]


@tab_pages.tab(router, "/access/reports", "records/escalations.html", before="/escalations")
def listing(visit: Looking, page: int = 1) -> Values:
    """Show the reader's own confidential reports; to the auditor, show all of them."""
    with visit.reading_with_access_log() as db:
        rows = view.list_reports(db, visit.reader)
    page_rows, turns = paged(list(reversed(rows)), page, PAGE)
    return dict(rows=page_rows, **turns)


@router.post("/escalations")
def escalate(
    visit: Sending, command_id: Annotated[UUID, Form()], words: Text = "", reason: Text = ""
) -> Response:
    """Report to the auditor a concern that the reader's own managers ignore or are involved in."""
    confidential_report.escalate(visit.desk, visit.reader, words, reason, command_id=command_id)
    return visit.go("/access/reports", "Report sent. Only you and the auditor can see the report.")


@router.post("/escalations/{which}/answer")
def answer(
    visit: Sending, which: UUID, command_id: Annotated[UUID, Form()], words: Text = ""
) -> Response:
    """Record the auditor's answer to a confidential report."""
    with visit.reading_with_access_log() as db:
        if which not in {row.id for row in view.list_reports(db, visit.reader)}:
            raise NotThere("escalation")
    confidential_report.see(visit.desk, visit.reader, which, words, command_id=command_id)
    return visit.go("/access/reports", "Answered.")
