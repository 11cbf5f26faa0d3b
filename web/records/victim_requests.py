"""The page that hands over the information about a victim that the charity decided to give."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from commands.justice import victim_request
from web.records.disclosing import handed_over
from web.site.request_context import Sending

router = APIRouter()


@router.post("/victim-requests/{which}/hand-over")
def hand_over(visit: Sending, which: UUID) -> Response:
    """Show the document with the information, once. It is recorded as a disclosure."""
    visit.require_kind(which, victim_request.KIND)
    visit.prove()
    _, document = victim_request.hand_over(visit.desk, visit.reader, which)
    return handed_over(visit, document)
