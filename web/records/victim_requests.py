"""What the charity decided to give of what was asked for about a victim is handed over."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from commands.justice import victim_request
from web.records.disclosing import handed_over
from web.site.request_context import Sending

router = APIRouter()


@router.post("/victim-requests/{which}/hand-over")
def hand_over(visit: Sending, which: UUID) -> Response:
    """The document, once; it is written down as shared."""
    visit.kind_of(which, victim_request.KIND)
    visit.prove()
    receipt, document = victim_request.hand_over(visit.desk, visit.reader, which)
    return handed_over(visit, receipt.id, document)
