"""Running the store: how far its views are, its keys, and what is due for review. No content."""

from typing import Annotated, get_args
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands import erasure, retention
from domain.retention import Decision
from projections import all_views, runner
from projections import retention as due_view
from web.asking import moment
from web.visit import Looking, NotThere, Sending

router = APIRouter()
PAGE = 50
DECISIONS = {code: code.capitalize() for code in get_args(Decision)}


@router.get("/store")
def health(visit: Looking) -> Response:
    """How long each log is, how far each view has come, what was set aside, and the keys."""
    system = visit.system
    lengths = {name: log.last() for name, log in system.logs.items()}
    with visit.looked() as db:
        reached = runner.positions(db)
        aside = runner.set_aside(db)
    views = [
        {
            "name": view.name,
            "behind": max(lengths[n] - reached.get((view.name, n), 0) for n in view.logs),
        }
        for view in all_views.VIEWS
    ]
    return visit.page(
        "store.html",
        lengths=lengths,
        behind=[view for view in views if view["behind"]],
        views=len(views),
        aside=aside,
        families=system.shredder().status(),
        unfinished=erasure.unfinished(visit.desk),
    )


@router.post("/store/keys")
def rotate(visit: Sending) -> Response:
    """A new epoch: every live key is wrapped anew, the older epochs are destroyed."""
    visit.prove()
    epochs = visit.system.shredder().rotate()
    told = ", ".join(f"{family}: epoch {epoch}" for family, epoch in epochs.items())
    return visit.go("/store", f"{told}. Back up the keys now, and throw older copies away.")


@router.get("/retention")
def queue(visit: Looking, every: bool = False, page: int = 1) -> Response:
    """What is due for review, since when and why; the holds and restrictions that stand."""
    now, rules = visit.now, visit.desk.policy.retention
    with visit.reading() as db:
        rows = due_view.due(db, visit.reader, rules, now, by=None if every else now)
        holds = due_view.holds(db, visit.reader)
        restrictions = due_view.restrictions(db, visit.reader)
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(page, 1), pages)
    return visit.page(
        "retention.html",
        rows=rows[(page - 1) * PAGE : page * PAGE],
        total=len(rows),
        holds=holds[:PAGE],
        restrictions=restrictions[:PAGE],
        decisions=DECISIONS,
        every=every,
        page_number=page,
        pages=pages,
    )


@router.post("/retention/{item}")
def decide(
    visit: Sending,
    item: UUID,
    command_id: Annotated[UUID, Form()],
    decision: Annotated[Decision, Form()],
    reason: Annotated[str, Form(max_length=20_000)] = "",
    until: Annotated[str, Form()] = "",
) -> Response:
    """Kept longer, or proposed for disposal: nothing is erased by it."""
    if not visit.may("erase"):
        raise NotThere("review")
    visit.kind_of(item, "person", "case")
    retention.decide_review(
        visit.desk,
        visit.reader,
        item,
        decision,
        reason,
        until=moment(until),
        command_id=command_id,
    )
    return visit.go("/retention", "Decided. Nothing is erased by it.")
