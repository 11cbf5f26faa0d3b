"""Screens of legal holds: the holds in force, the items that each hold covers, and open
confirmations and reviews.
"""

from collections.abc import Iterator
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response
from markupsafe import Markup

from commands.erasure import legal_hold
from commands.kernel.display_names import kind_name
from domain.data_protection.legal_hold import (
    Category,
    Query,
)
from domain.kernel.values import HoldGround
from questions.data_protection import hold_proof
from questions.data_protection.hold_proof import HoldProof
from web.records.record_page import RecordPage, Tone, record, steps_of
from web.records.retention import HELD
from web.site import labels
from web.site.field_parsing import moment
from web.site.naming import display_names
from web.site.object_acts import Acts
from web.site.rendering import clip, stamp, words
from web.site.request_context import Sending, Visit

router = APIRouter()
#: The largest number of items of one kind that a hold's page names.
MOST = 12
VERIFY = "Verify the whole record, and tell the auditor."
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
    more = " A second person confirms the hold within 72 hours." if kind == "store" else ""
    return visit.go(f"/records/holds/{receipt.id}", HELD + more)


@record(router, "/records/holds/{which}", before="/holds/{which}")
def look(visit: Visit, which: UUID, page: int) -> RecordPage:
    """Show the items that a hold covers, and whether a key of any of them was destroyed since the
    hold was placed.
    """
    proof = hold_proof.prove(visit.desk, visit.reader, which, visit.system, visit.now)
    with visit.reading() as db:
        shown = [item_id for kind in proof.covers for item_id in kind.ids[:MOST]]
        item = proof.query.item
        named = display_names(db, visit, [*([item] if item else []), *shown])
    about = hold_proof.about(proof.query, named.get(item, "(no access)") if item else None)
    acts = Acts(visit.reader, f"/records/holds/{which}")
    if not proof.ended:
        if proof.waits:
            acts.add("hold confirm", hold=which)
        acts.add("hold review", hold=which)
        acts.add("hold lift", hold=which)
    status, tone = _status(proof)
    return RecordPage(
        f"Legal hold on {about.partition(':')[0].partition(',')[0]}",
        status,
        tone,
        ("/list/hold-list", "All legal holds"),
        acts,
        {
            "Covers": words(about),
            "Order reference": clip(proof.reference or "none yet"),
            "Review due": stamp(proof.review),
        },
        [
            Markup("{}: {}").format(labels.HOLDS[proof.ground], words(proof.reason)),
            *_why(proof),
        ],
        steps_of(legal_hold.require_hold(visit.desk, visit.reader, which), STEPS),
        part="records/hold.html",
        values={"told": proof, "named": named, "kind_name": kind_name, "most": MOST},
    )


def _status(proof: HoldProof) -> tuple[str, Tone]:
    if not proof.whole:
        return "Not intact", "red"
    if proof.ended:
        return "Lifted", "blue"
    if proof.waits:
        return "Applies, waits for a second person", "orange"
    return "Applies, intact", "green"


def _why(proof: HoldProof) -> Iterator[str]:
    """Yield sentences that say what the proof of a hold shows."""
    if proof.ended:
        yield "The hold is lifted. Items under another hold stay under that hold."
    elif proof.waits:
        yield "The hold applies now, and does not expire while it waits for the second person."
    if proof.whole:
        until = ", until it was lifted" if proof.ended else ""
        yield (
            f"No item under the hold lost a key since the hold was placed{until}. Each data "
            "key of these items was opened just now."
        )
    if proof.lost:
        yield f"{proof.lost} of the items under the hold lost a key while it applied. {VERIFY}"
    if proof.unopened:
        yield (
            f"{proof.unopened} of the items under the hold cannot be opened: a key was "
            f"changed, or the key-encryption key is not here. {VERIFY}"
        )


#: The words for each step of a legal hold.
STEPS = {
    "hold.ordered": "Placed",
    "hold.confirmed": "Confirmed by a second person",
    "hold.reviewed": "Reviewed: {reason}",
    "hold.ended": "Lifted: {reason}",
}
