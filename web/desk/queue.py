"""The sergeant's queue: open entries, since when, and who has taken them; one decision per item."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.information import observation
from domain.information.observation import OthersSaidIt, Outcome
from projections.families import cases
from projections.information import queue
from projections.kernel.database import Db
from projections.kernel.queries import COUNTED
from web.desk import shared_mentions
from web.site import labels
from web.site.paging import turned
from web.site.request_context import Looking, Sending, Visit

router = APIRouter()
PAGE = 25
#: No queue is longer, and databases refuse larger numbers.
FURTHEST = 10**9


@router.get("/queue")
def waiting(visit: Looking, page: int = 1, overdue: bool = False, part: bool = False) -> Response:
    """Show the queue, most urgent first; with `part` only the list, for a page that is open
    already."""
    with visit.reading() as db:
        asked = (db, visit.reader, visit.now, visit.clocks)
        page = min(max(page, 1), FURTHEST)
        most = max(COUNTED, page * PAGE)  # as far as this page and the next
        tally = queue.tally(*asked, most=most)
        total = tally.overdue if overdue else tally.waiting
        skip, turns = turned(total, page, PAGE)
        turns["counted"] = total <= most
        some, _ = queue.page(*asked, overdue_only=overdue, skip=skip, limit=PAGE)
        numbers = _numbers(db, visit, [row.case for row in some if row.case])
    show, template = (
        (visit.part, "desk/queue_rows.html") if part else (visit.page, "desk/queue.html")
    )
    return show(
        template,
        rows=some,
        numbers=numbers,
        total=total,
        overdue=overdue,
        **turns,
        outcomes=labels.OUTCOMES,
        not_shown=queue.NOT_SHOWN,
    )


def _numbers(db: Db, visit: Visit, wanted: list[UUID]) -> dict[UUID, int]:
    found = (cases.get(db, visit.reader, case) for case in set(wanted))
    return {row.case: row.number for row in found if row}


@router.post("/queue/{item}/decide")
def decide(
    visit: Sending,
    item: UUID,
    command_id: Annotated[UUID, Form()],
    outcome: Annotated[Outcome, Form()],
    reason: Annotated[str, Form(max_length=20_000)] = "",
    looked: Annotated[bool, Form()] = False,
) -> Response:
    """Record one decision, with its reason."""
    visit.kind_of(item, "observation")
    desk, reader = visit.desk, visit.reader
    try:
        observation.triage(
            desk, reader, item, outcome, reason, looked=looked, command_id=command_id
        )
    except OthersSaidIt:
        return shared_mentions.page(visit, item, outcome, reason)
    if outcome == "assess":
        return visit.go(f"/assess/{item}")
    if outcome == "refer":
        return visit.go(f"/refer/{item}")
    return visit.go("/queue", f"Decided: {labels.OUTCOMES[outcome]}.")
