"""What is due and what does not fit: two lists, each with its answers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands import calendar, due, odd
from domain.due import Answer
from projections import due as view
from projections.schema import COUNTED
from web.asking import moment
from web.paging import turned
from web.visit import Looking, Sending

router = APIRouter()
PAGE = 25
#: No list is longer, and a larger number is none that a database takes.
FURTHEST = 10**9
#: What somebody may answer, in words.
SAID: dict[Answer, str] = {
    "agree": "I agree: no value",
    "assess": "It should have been assessed: back into the queue",
    "done": "Done",
    "again": "It comes again on a later day",
}


@router.get("/due")
def listed(visit: Looking, mine: bool = False, past: bool = False, page: int = 1) -> Response:
    """Soonest first."""
    asked = view.Asked(mine=mine, past=past)
    page = min(max(page, 1), FURTHEST)
    told = (visit.desk, visit.reader, visit.now, asked)
    rows, total = due.page(*told, skip=(page - 1) * PAGE, most=PAGE)
    skip, turns = turned(total, page, PAGE)
    if total and not rows:  # behind the last page
        rows, total = due.page(*told, skip=skip, most=PAGE)
    turns["counted"] = total <= max(COUNTED, page * PAGE)
    with visit.reading() as db:
        doubts = odd.listed(db, visit.reader)
    answers = {one.id: due.answers(visit.reader, one) for one in rows}
    return visit.page(
        "due.html",
        rows=rows,
        mine=mine,
        past=past,
        odd=doubts,
        answers=answers,
        said={one: {each: SAID[each] for each in one} for one in set(answers.values())},
        **turns,
    )


@router.post("/due/calendar")
def taken(visit: Sending) -> Response:
    """What is one's own to answer, as a calendar file."""
    content, rows = calendar.taken(visit.desk, visit.reader, visit.now)
    visit.consulted("\n".join(str(row.item) for row in rows).encode())
    headers = {"Content-Disposition": 'attachment; filename="due.ics"'}
    return Response(content, media_type="text/calendar", headers=headers)


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
