"""Screens of legal holds: those in force, what each covers, and open confirmations and reviews."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.erasure import legal_hold
from commands.kernel.display_names import kind_name
from domain.data_protection.legal_hold import Category, Query
from domain.kernel.values import HoldGround
from questions.data_protection import hold_proof
from web.desk import second_person
from web.records.retention import HELD
from web.site.field_parsing import moment
from web.site.naming import display_names
from web.site.request_context import Looking, Sending

router = APIRouter()
#: Most items of one kind that are named on a hold's page.
MOST = 12
CommandId = Annotated[UUID, Form()]
Text = Annotated[str, Form(max_length=20_000)]
Short = Annotated[str, Form(max_length=500)]


@router.post("/holds")
def place(
    visit: Sending,
    command_id: CommandId,
    kind: Annotated[Literal["category", "period", "team", "store"], Form()],
    ground: Annotated[HoldGround, Form()],
    reason: Text = "",
    order: Short = "",
    category: Annotated[Literal[""] | Category, Form()] = "",
    team: Short = "",
    starts: Short = "",
    ends: Short = "",
    review: Short = "",
) -> Response:
    """Place a hold on more than one item."""
    queries = {
        "category": Query("category", category=category or None),
        "period": Query(
            "period",
            since=moment(starts, last=False, today=visit.today),
            until=moment(ends, today=visit.today),
        ),
        "team": Query("team", team=team.strip() or None),
        "store": Query("store"),
    }
    receipt = legal_hold.place(
        visit.desk,
        visit.reader,
        queries[kind],
        ground,
        reason,
        reference=order,
        review=moment(review, today=visit.today),
        command_id=command_id,
    )
    more = " A second person confirms it within 72 hours." if kind == "store" else ""
    return visit.go(f"/holds/{receipt.id}", HELD + more)


@router.get("/holds/{one}")
def look(visit: Looking, one: UUID) -> Response:
    """Show what a hold covers, and whether anything under it lost a key since it was placed."""
    told = hold_proof.prove(visit.desk, visit.reader, one, visit.system, visit.now)
    with visit.reading() as db:
        shown = [each for kind in told.covers for each in kind.ids[:MOST]]
        item = told.query.item
        named = display_names(db, visit, [*([item] if item else []), *shown])
    waits = told.query.kind == "store" and not told.confirmed_by
    return visit.page(
        "records/hold.html",
        told=told,
        about=hold_proof.about(told.query, named.get(item, "(no access)") if item else None),
        named=named,
        kind_name=kind_name,
        most=MOST,
        waits=waits,
    )


@router.post("/holds/{one}/lift")
def lift(visit: Sending, one: UUID, command_id: CommandId, reason: Text = "") -> Response:
    """Propose to lift a hold: another person confirms it."""
    receipt = legal_hold.lift(visit.desk, visit.reader, one, reason, command_id=command_id)
    return second_person.redirect_after(
        visit, receipt, f"/holds/{one}", "Hold lifted.", "lift-hold"
    )
