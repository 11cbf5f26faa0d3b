"""Signing in and out, and the first page."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from projections import cases, queue
from web.guard import from_elsewhere
from web.visit import FromElsewhere, House, Looking, Sending, page, safe_path, session_of

router = APIRouter()


@router.get("/")
def first(visit: Looking) -> Response:
    """What there is to do."""
    with visit.reading() as db:
        waiting = queue.queue(db, visit.reader, visit.now, visit.clocks)
        unallocated = cases.unallocated(db, visit.reader)
    return visit.page(
        "first.html",
        waiting=len(waiting),
        overdue=sum(item.overdue for item in waiting),
        urgent=sum(item.urgent for item in waiting),
        unallocated=len(unallocated),
    )


@router.get("/sign-in")
def ask(request: Request, next: str = "/") -> Response:  # noqa: A002 (the address says next)
    """Who are you?"""
    return page(request, "sign_in.html", next=safe_path(next), signed=session_of(request))


@router.post("/sign-in")
def sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=100)] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002
) -> Response:
    """Open a session under a name: a label that nobody checks while the store has no accounts."""
    if from_elsewhere(request.headers):
        raise FromElsewhere
    house: House = request.app.state.house
    if not name.strip():
        return page(request, "sign_in.html", 422, next=safe_path(next), missing=True, signed=None)
    answer = RedirectResponse(safe_path(next), status_code=303)
    answer.set_cookie(
        house.cookie,
        house.sessions.open(name.strip()),
        httponly=True,
        samesite="strict",
        secure=house.secure,
        path="/",
    )
    return answer


@router.post("/sign-out")
def sign_out(visit: Sending) -> Response:
    """Close the session; what waits in the phone's outbox stays there."""
    house = visit.house
    house.sessions.close(visit.request.cookies.get(house.cookie))
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(house.cookie, path="/", secure=house.secure, httponly=True)
    return answer


@router.post("/why")
def why(
    visit: Sending,
    reason: Annotated[str, Form(max_length=2000)] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Why somebody asks: kept with whatever they are shown from now on, until they say another."""
    visit.signed.why = reason.strip() or None
    return visit.go(safe_path(back))


@router.get("/session")
def session(visit: Looking) -> Response:
    """For the outbox: who is signed in, and the token that what it sends must carry."""
    return JSONResponse({"name": visit.signed.name, "csrf": visit.signed.csrf})
