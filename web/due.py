"""What is due and what does not fit: two lists, each with its answers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands import due, odd
from domain.due import Answer
from projections import due as view
from web.asking import moment
from web.naming import called
from web.paging import paged
from web.visit import Looking, Sending

router = APIRouter()
PAGE = 25


@router.get("/due")
def listed(visit: Looking, mine: bool = False, past: bool = False, page: int = 1) -> Response:
    """Soonest first."""
    with visit.reading() as db:
        found = view.listed(db, visit.reader, visit.now, view.Asked(mine=mine, past=past))
        rows, turns = paged(found, page, PAGE)
        doubts = odd.listed(db, visit.reader)
        names = called(db, visit, {one.item for one in rows})
    return visit.page(
        "due.html",
        rows=rows,
        names=names,
        mine=mine,
        past=past,
        odd=doubts,
        audit=view.AUDIT,
        **turns,
    )


@router.post("/due/{which}/answer")
def answer(
    visit: Sending,
    which: UUID,
    command_id: Annotated[UUID, Form()],
    said: Annotated[Answer, Form()],
    reason: Annotated[str, Form(max_length=20_000)] = "",
    until: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Done, or again; an audit agrees, or sends the words back into the queue."""
    due.answer(
        visit.desk,
        visit.reader,
        which,
        said,
        reason,
        until=moment(until),
        command_id=command_id,
    )
    what = "It waits in the queue again." if said == "assess" else "Answered."
    return visit.go("/due", what)
