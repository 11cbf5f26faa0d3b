"""Screens of one item: its history step by step, the items that rest on it, and its actions."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from access.who_may import scope
from commands.information import photograph
from domain.intelligence.meeting import BoardKept, Decided, ItemAdded
from domain.kernel.envelope import Recorded
from domain.kernel.values import ENTITY_KINDS, LINK_KINDS
from projections.information import queue
from questions.kernel import item as whole
from web.site import labels
from web.site.request_context import Looking

router = APIRouter()
#: Kinds that are shown on the page of their meeting, to readers who may see that.
AT_MEETINGS = ("decision", "board", "agenda-item")


@router.get("/items/{item}")
def show(visit: Looking, item: UUID) -> Response:
    """Show one item; people and meetings have pages of their own."""
    kind = visit.kind_of(item)
    if kind in ENTITY_KINDS:
        return visit.go(f"/people/{item}")
    if kind == "meeting":
        return visit.go(f"/meetings/{item}")
    with visit.reading() as db:
        if kind in AT_MEETINGS:
            meeting = _meeting(visit.desk.logs["evidence"].history(item))
            if scope.one_seen(db, visit.reader, meeting):
                return visit.go(f"/meetings/{meeting}")
        found = whole.shown(visit.desk, db, visit.reader, item)
    return visit.page(
        "desk/item.html",
        **vars(found),
        closed_photograph=photograph.CLOSED,
        kinds=list(LINK_KINDS),
        outcomes=labels.OUTCOMES,
    )


def _meeting(history: list[Recorded]) -> UUID:
    """Return the meeting of a decision, board or agenda item."""
    first = history[0].event
    assert isinstance(first, Decided | BoardKept | ItemAdded)  # noqa: S101 (by its kind)
    return first.meeting


@router.get("/refer/{item}")
def refer_form(visit: Looking, item: UUID) -> Response:
    """Show the form for a referral because of this entry."""
    visit.kind_of(item, "observation")
    with visit.reading() as db:
        row = queue.get(db, visit.reader, item)
    return visit.page("desk/refer.html", item=item, row=row)
