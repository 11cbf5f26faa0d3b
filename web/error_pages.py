"""Error messages: a page for people, problem details for programs (RFC 9457).

They never contain a traceback, nor a value that may be a source's words. The file is long because
each error has its page and its problem document here.
"""

import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from access.logger import log
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import SignInFirst
from installation.problems import Problem, broken, invalid, problem_of, problems
from installation.settings import plainly
from installation.system import INTEGRITY
from web import page_again
from web.made import private_queries
from web.server.request_limits import Excess
from web.signing_in import expired_form
from web.site import browser_tokens, form_again
from web.site.app_state import House
from web.site.field_parsing import Unclear
from web.site.request_context import (
    FormFromElsewhere,
    NeedsProof,
    NotSignedIn,
    NotThere,
    TooOld,
    Visit,
    current_address,
    page,
    session_of,
    sign_in_first,
    typed,
)


class Ambiguous(Problem, frozen=True):
    """A time that means two moments, because clocks were put back. The user has to choose one of
    them.
    """

    unclear: Unclear | None = None


class ReportedProblem(Exception):
    """An error that is reported as a problem, with additional HTTP headers."""

    def __init__(self, problem: Problem, headers: dict[str, str] | None = None) -> None:
        super().__init__(problem.detail)
        self.problem, self.headers = problem, headers or {}


def _stopped(error: Exception) -> Problem:
    assert isinstance(error, ReportedProblem)  # noqa: S101 (this handler is registered for ReportedProblem only)
    return error.problem


def _unclear(error: Exception) -> Problem:
    unclear = error if isinstance(error, Unclear) else None
    return Ambiguous(
        "refused",
        422,
        "The time occurred twice that night: choose the earlier or the later",
        str(error),
        unclear=unclear,
    )


def _not_signed_in(error: Exception) -> Problem:
    return Problem(
        "not-signed-in", 401, "Sign in", "You are not signed in: sign in, then try again"
    )


def _from_elsewhere(error: Exception) -> Problem:
    return Problem(
        "from-elsewhere",
        403,
        "The form is too old",
        "Nothing was recorded. Open the page again and send the form from there",
    )


def _too_old(error: Exception) -> Problem:
    return Problem(
        "too-old",
        403,
        "The page was too old",
        "Nothing was recorded, because you have signed in again since the page was opened. "
        "The page shows your text: check it, and send it again",
    )


def _needs_proof(error: Exception) -> Problem:
    return Problem(
        "needs-proof",
        403,
        "Is it still you?",
        "Prove again who you are: open /prove, then repeat the request",
    )


def _not_there(error: Exception) -> Problem:
    description = str(error) or "page"
    return Problem(
        "not-there",
        404,
        "The page does not exist",
        f"There is no such {description}.",
    )


def _integrity(error: Exception) -> Problem:
    problem = problem_of(error)
    assert problem  # noqa: S101 (this handler is registered for errors that have a problem)
    return replace(problem, detail=f"{error}. Tell the auditor; change nothing")


def _invalid(error: Exception) -> Problem:
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    where = "; ".join(
        f"{'.'.join(str(part) for part in fault['loc'][1:])} {plainly(fault)}" for fault in faults
    )
    return invalid(where or "The request cannot be read")


def _plain_http(error: Exception) -> Problem:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:
        return _not_there(Exception())
    detail = str(error.detail) if isinstance(error, HTTPException) else ""
    return Problem("http", status, "This address does not accept such a request", detail)


#: The problem for an item that may be among the newest facts. The views do not have these facts
#: yet, so the item is not reported as missing.
NOT_YET = Problem(
    "unavailable",
    503,
    "The item may appear in a moment",
    "The item does not appear yet, because the newest records are still being added: try "
    "again in a moment",
)
LATER = {"Retry-After": "1"}
#: Kinds of errors after which a form is shown again with its values.
GIVEN_BACK = frozenset({"refused", "invalid", "unavailable", "too-old"})
KNOWN: dict[type[Exception], Callable[[Exception], Problem]] = {
    **problems(),
    ReportedProblem: _stopped,
    SignInFirst: _not_signed_in,
    Unclear: _unclear,
    NotSignedIn: _not_signed_in,
    FormFromElsewhere: _from_elsewhere,
    TooOld: _too_old,
    NeedsProof: _needs_proof,
    NotThere: _not_there,
    RequestValidationError: _invalid,
    HTTPException: _plain_http,
    **dict.fromkeys(INTEGRITY, _integrity),
}


def for_programs(request: Request) -> bool:
    """Return whether the sender of a request is a program, which reads JSON and no pages."""
    return (
        request.url.path.startswith("/api/")
        or request.headers.get("content-type", "").startswith("application/json")
        or "application/json" in request.headers.get("accept", "")
    )


def describe_error(error: Exception) -> Problem | None:
    """Return the problem that describes an error; None if the error is a fault of the program."""
    make_problem = next((KNOWN[kind] for kind in type(error).__mro__ if kind in KNOWN), None)
    return make_problem(error) if make_problem else None


def as_details(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return the problem for a program (RFC 9457)."""
    return JSONResponse(
        problem.document(),
        problem.status,
        dict(headers or {}),
        media_type="application/problem+json",
    )


def answer(
    request: Request, problem: Problem, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the answer that reports a problem to the sender of the request: a page or, for a
    program, problem details with these additional `headers`.
    """
    if for_programs(request):
        asks = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
        return as_details(problem, headers or asks)
    house: House = request.app.state.house
    if problem.kind == "not-signed-in":
        return _sign_in(request, house)
    signed = session_of(request)
    # only signed-in users see the page with the message, which may name items of the record
    if signed:
        visit = Visit(request, house, signed, house.serving(signed.name), dict(typed(request)))
        if problem.kind == "needs-proof":
            # imported only here, because most requests do not need the library WebAuthn
            from web.signing_in import second_factor

            return second_factor.wanted(request, visit)
        shown_fields = _shown_again(request) if problem.kind in GIVEN_BACK else []
        return visit.page(
            "site/problem.html",
            status=problem.status,
            problem=problem,
            kept=shown_fields,
            action=current_address(request),
        )
    return page(request, "site/problem.html", problem.status, problem=problem, signed=signed)


def _sign_in(request: Request, house: House) -> Response:
    """Show the sign-in page, from which the user gets back after signing in. If the request sent a
    form, its values are in the page, encrypted, so that they are not lost."""
    fields = typed(request)
    if request.method == "GET" or not fields:
        return sign_in_first(request)
    # imported only here, because most requests do not need the library WebAuthn, which this loads
    from web.signing_in import signing

    who = browser_tokens.read_cookie(house, request, "who")
    return signing.sign_in_page(
        request, "/", status=401, sealed_form=expired_form.sealed(house, request, who, fields)
    )


def _shown_again(request: Request) -> list[tuple[str, str]]:
    """Return the names and values of a refused form's fields, so that the form can be shown again.
    Passwords and other secrets are left out."""
    return [(name, text) for name, text in typed(request) if name not in form_again.SECRET]


def register(app: FastAPI) -> None:
    """Register the handlers of all errors with the app."""
    for kind, make_problem in KNOWN.items():

        async def handle(
            request: Request, error: Exception, told: Callable[[Exception], Problem] = make_problem
        ) -> Response:
            problem, visit = told(error), getattr(request.state, "visit", None)
            if problem.kind in ("refused", "invalid") and type(problem) is Problem:
                pages = private_queries.QueryDecrypter(app.router)
                errors = _by_field(request, error)
                if again := await page_again.page_again(pages, request, errors, _log_if_fault):
                    return again
            headers = getattr(error, "headers", None)
            if problem.kind == "not-there" and visit and visit.system.lacking:
                problem, headers = NOT_YET, LATER
            return await run_in_threadpool(answer, request, problem, headers)

        app.add_exception_handler(kind, handle)


def _by_field(request: Request, error: Exception) -> dict[str, str]:
    """Return the messages of an error by the form field that each is about. A message about no
    field has an empty name."""
    if isinstance(error, RequestValidationError):
        return {str(fault["loc"][-1]): plainly(fault) for fault in error.errors()}
    return form_again.errors_of(error, dict(typed(request)))


def fault(request: Request, error: Exception) -> Response:
    """Return the answer to an error that the program did not expect, and log the error."""
    log_fault(error)
    text = f"A fault of the program ({type(error).__name__}). Please report it"
    return answer(request, broken(text))


def log_fault(error: Exception) -> None:
    """Log the kind of an unexpected error and its place in the code, without any value."""
    frames = traceback.extract_tb(error.__traceback__)
    where = ", ".join(f"{Path(f.filename).name}:{f.lineno}" for f in frames[-3:])
    log.error("fault of the program", kind=type(error).__name__, where=where)


def _log_if_fault(error: Exception) -> None:
    """Log an error, unless it is one that the page explains to the user, such as a refusal."""
    if describe_error(error) is None:
        log_fault(error)


_KINDS = {401: "sign-in-first", 408: "too-slow", 413: "too-long"}


def turned_away(request: Request, excess: Excess) -> Response:
    """Return the answer to a request whose body was too large or too slow, or was not valid
    text."""
    kind = _KINDS.get(excess.status, "unreadable")
    return answer(request, Problem(kind, excess.status, excess.title, excess.detail))


def is_identified(request: Request) -> bool:
    """Return whether the sender of a request is identified: by a session, or as a program, whose
    token is checked later. If the session cannot be looked up, the page that handles the request
    reports this."""
    if request.url.path.startswith("/api/"):
        return True
    try:
        return session_of(request, staying=False) is not None
    except LogUnavailable:
        return True
