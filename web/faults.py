"""What went wrong, in words: a page for people, problem details for programs (RFC 9457).

Never a traceback, never a value that may be somebody's words.
"""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from domain.envelope import CommandReused, LogUnavailable, Unprovable
from domain.values import Denied, Hidden, Refused
from system import INTEGRITY
from web.visit import (
    FromElsewhere,
    House,
    NotSignedIn,
    NotThere,
    Visit,
    page,
    session_of,
    sign_in_first,
)

log = structlog.get_logger("continuum")


@dataclass(frozen=True)
class Problem:
    """What is told of an error: its kind, the status, a title and what to do."""

    kind: str
    status: int
    title: str
    detail: str


def _refused(error: Exception) -> Problem:
    return Problem("refused", 422, "That could not be done", str(error))


def _denied(error: Exception) -> Problem:
    return Problem("denied", 403, "That is not yours to do", str(error))


def _hidden(error: Exception) -> Problem:
    return Problem("not-there", 404, "There is nothing here", str(error))


def _reused(error: Exception) -> Problem:
    return Problem("command-reused", 409, "This was sent before with other words", str(error))


def _not_signed_in(error: Exception) -> Problem:
    return Problem("not-signed-in", 401, "Sign in", "Nobody is signed in here: sign in, then again")


def _from_elsewhere(error: Exception) -> Problem:
    return Problem(
        "from-elsewhere",
        403,
        "This form is too old",
        "Nothing was recorded. Open the page again and send it from there",
    )


def _not_there(error: Exception) -> Problem:
    what = str(error) or "page"
    return Problem("not-there", 404, "There is nothing here", f"There is no such {what}.")


def _unavailable(error: Exception) -> Problem:
    return Problem("unavailable", 503, "The store does not answer", str(error))


def _integrity(error: Exception) -> Problem:
    return Problem(
        "integrity",
        500,
        "The record is not what was written",
        f"{error}. Tell the auditor; change nothing",
    )


def _invalid(error: Exception) -> Problem:
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    where = "; ".join(
        f"{'.'.join(str(part) for part in fault['loc'][1:])}: {fault['msg']}" for fault in faults
    )
    return Problem("invalid", 422, "Something in it cannot be", where or "It cannot be read")


def _plain_http(error: Exception) -> Problem:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:
        return _not_there(Exception())
    detail = str(error.detail) if isinstance(error, HTTPException) else ""
    return Problem("http", status, "That cannot be done here", detail)


KNOWN: dict[type[Exception], Callable[[Exception], Problem]] = {
    Hidden: _hidden,
    Denied: _denied,
    Refused: _refused,
    CommandReused: _reused,
    Unprovable: _refused,
    NotSignedIn: _not_signed_in,
    FromElsewhere: _from_elsewhere,
    NotThere: _not_there,
    LogUnavailable: _unavailable,
    RequestValidationError: _invalid,
    HTTPException: _plain_http,
    **dict.fromkeys(INTEGRITY, _integrity),
}


def for_programs(request: Request) -> bool:
    """Whether a program asks, which reads JSON and no pages."""
    return (
        request.url.path.startswith("/api/")
        or request.headers.get("content-type", "").startswith("application/json")
        or "application/json" in request.headers.get("accept", "")
    )


def answer(request: Request, problem: Problem) -> Response:
    """The problem, for whoever asked."""
    if for_programs(request):
        return JSONResponse(
            {
                "type": f"urn:continuum:{problem.kind}",
                "title": problem.title,
                "status": problem.status,
                "detail": problem.detail,
            },
            problem.status,
            media_type="application/problem+json",
        )
    if problem.kind == "not-signed-in":
        return sign_in_first(request)
    signed = session_of(request)
    if signed and "route" in request.scope:  # a refusal may name what is in the record
        house: House = request.app.state.house
        visit = Visit(request, house, signed, house.serving(signed.name))
        return visit.page("problem.html", status=problem.status, problem=problem)
    return page(request, "problem.html", problem.status, problem=problem, signed=signed)


def register(app: FastAPI) -> None:
    """Tell the app how each error is answered."""
    for kind, told in KNOWN.items():

        def handle(
            request: Request, error: Exception, told: Callable[[Exception], Problem] = told
        ) -> Response:
            return answer(request, told(error))

        app.add_exception_handler(kind, handle)


def fault(request: Request, error: Exception) -> Response:
    """The answer to a fault of the program; what is logged names its place and no value."""
    frames = traceback.extract_tb(error.__traceback__)
    where = ", ".join(f"{Path(f.filename).name}:{f.lineno}" for f in frames[-3:])
    log.error("fault of the program", kind=type(error).__name__, where=where)
    told = f"A fault of the program ({type(error).__name__}). Please report it"
    return answer(request, Problem("fault", 500, "Something broke here", told))
