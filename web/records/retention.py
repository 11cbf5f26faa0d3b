"""Screens of retention: due reviews and restrictions; and the forms of holds on one item."""

from collections.abc import Collection
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.erasure import erasure, legal_hold, retention
from commands.erasure.erasure_reach import require_reached
from commands.people_and_teams import due as owed
from domain.kernel.codes import RestrictionGround
from domain.kernel.values import HoldGround
from projections.data_protection import retention as due_view
from projections.due import DueFilter
from usecases.information.registers import ListRetention
from web.made import listing, tab_pages
from web.made.tab_pages import Values
from web.site.field_parsing import day, moment
from web.site.naming import display_names
from web.site.request_context import Looking, Sending, Visit

router = APIRouter()
HELD = "Hold placed: no item under the hold is erased while it applies."
#: The largest number of restrictions, and of requests, shown at once; the oldest are shown first.
MOST = 100
CommandId = Annotated[UUID, Form()]
Text = Annotated[str, Form(max_length=20_000)]


@tab_pages.tab(
    router, "/rights/retention", "records/retention.html", before="/retention", rows=True
)
def due(visit: Looking, page: int = 1) -> Values:
    """Show the due reviews, each with its reason and since when it is due, and the restrictions in
    force."""
    listed = listing.template_values(visit, ListRetention, page, only="due")
    waiting = DueFilter(clock="restriction-request")
    requests = owed.list_due(visit.desk, visit.reader, visit.now, waiting)
    with visit.reading() as db:
        restrictions = due_view.restrictions(db, visit.reader)
        standing = [row.item for row in requests[:MOST]]
        standing += [row.item for row in restrictions[:MOST]]
        named = display_names(db, visit, standing)
    return dict(
        restrictions=restrictions[:MOST],
        requests=requests[:MOST],
        requested=len(requests),
        restricted=len(restrictions),
        named=named,
        **listed,
    )


@router.post("/records/retention/{item}/hold")
def place_hold(
    visit: Sending,
    item: UUID,
    command_id: CommandId,
    ground: Annotated[HoldGround, Form()],
    reason: Text = "",
    order: Text = "",
    review: Annotated[str, Form()] = "",
) -> Response:
    """Place a hold: as long as it applies, neither the item nor anything that belongs to it is
    erased."""
    legal_hold.place(
        visit.desk,
        visit.reader,
        legal_hold.items_under_hold(visit.desk, item),
        ground,
        reason,
        reference=order,
        review=moment(review, today=visit.today),
        command_id=command_id,
    )
    return visit.go("/list/hold-list", HELD)


def _own(visit: Visit, item: UUID) -> list[UUID]:
    """Return an item with all that belongs to it. Raises Hidden if the reader may not see the
    item.
    """
    require_reached(visit.desk, visit.reader, [item])
    return erasure.own_items(visit.desk, item)


@router.post("/records/retention/{item}/restrict")
def restrict(
    visit: Sending,
    item: UUID,
    command_id: CommandId,
    ground: Annotated[Literal[""] | RestrictionGround, Form()] = "",
    reason: Text = "",
) -> Response:
    """Restrict the use of an item and of all that belongs to it. The restriction can be lifted
    again.
    """
    own = _own(visit, item)
    changed = retention.restrict(
        visit.desk, visit.reader, own, reason, ground=ground or None, command_id=command_id
    )
    return visit.go("/rights/retention#restricted", f"Restriction placed: {_many(changed)} in all.")


@router.post("/records/retention/{item}/use")
def use(
    visit: Sending,
    item: UUID,
    command_id: CommandId,
    reason: Text = "",
    told_on: Annotated[str, Form()] = "",
    told: Text = "",
) -> Response:
    """Lift the restriction of an item and of all that belongs to it, so that the item is in
    ordinary use again."""
    own = _own(visit, item)
    changed = retention.unrestrict(
        visit.desk,
        visit.reader,
        own,
        reason,
        told_on=day(told_on, visit.today),
        told=told,
        command_id=command_id,
    )
    return visit.go("/rights/retention#restricted", f"Restriction lifted: {_many(changed)} in all.")


def _many(changed: Collection[UUID]) -> str:
    return f"{len(changed)} {'item' if len(changed) == 1 else 'items'}"
