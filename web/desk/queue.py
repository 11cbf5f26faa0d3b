"""The inbox's list: open log entries, how long they have waited, and the assessor who took each.
The user decides about each entry once."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.information import observation
from domain.information.observation import OthersSaidIt, Outcome
from web.desk import assess, inbox
from web.site import labels
from web.site.request_context import Looking, Sending

router = APIRouter()


@router.get("/queue")
def waiting(
    visit: Looking,
    page: int = 1,
    overdue: bool = False,
    part: bool = False,
    after: UUID | None = None,
) -> Response:
    """Show the list of open entries, the most urgent first. With `part`, return only the rows, for
    a page that is already open. With `after`, the page also shows the result for this entry,
    which was just graded."""
    rows = inbox.list_of(visit, page, overdue=overdue)
    if part:
        return visit.part("desk/queue_rows.html", **rows)
    graded = inbox.just_assessed(visit, after)
    return visit.page(
        "desk/queue.html",
        touched=graded.touched if graded else None,
        graded=graded,
        same_entry=False,
        deciding=None,
        **rows,
    )


@router.post("/queue/{item}/decide")
def decide(
    visit: Sending,
    item: UUID,
    command_id: Annotated[UUID, Form()],
    outcome: Annotated[Outcome, Form()],
    reason: Annotated[str, Form(max_length=20_000)] = "",
    looked: Annotated[bool, Form()] = False,
) -> Response:
    """Record a decision about an entry of the queue, with its reason. If the user decides without a
    grade although other entries may corroborate the entry, nothing is recorded yet: those entries
    are shown first."""
    visit.require_kind(item, "observation")
    desk, reader = visit.desk, visit.reader
    try:
        observation.triage(
            desk, reader, item, outcome, reason, looked=looked, command_id=command_id
        )
    except OthersSaidIt:
        return assess.decide_again(visit, item, outcome, reason)
    if outcome == "assess":
        return visit.go(f"/assess/{item}")
    if outcome == "refer":
        return visit.go(f"/items/{item}/do/refer")
    return visit.go("/queue", f"Decided: {labels.OUTCOMES[outcome]}.")
