"""Before something grave: the second factor once more. The session gets a new token by it, so a
stolen older one is worth nothing any more.

A form that asked for it travels sealed in the page, readable for us alone and for its sender, and
goes on by itself as it was typed.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from access.signing_in.vault import NotRight, TooMany
from web.signing_in import expired_form
from web.signing_in.signing import PasskeyAnswer, site_of
from web.site import browser_tokens
from web.site.app_state import House
from web.site.json_body import json_of
from web.site.request_context import Looking, Sending, Visit, here, page, safe_path, typed
from web.site.sessions import Signed

router = APIRouter()


def wanted(request: Request, visit: Visit) -> Response:
    """The page that asks, instead of what was asked for; what was typed travels with it."""
    kept = ""
    if request.method == "POST":
        kept = expired_form.sealed(visit.house, request, visit.signed.name, typed(request))
    return _asked(visit, "/" if kept else here(request), kept)


def _asked(
    visit: Visit, to: str, kept: str, error: str | None = None, status: int = 403
) -> Response:
    elsewhere = visit.system.provider is not None
    return visit.page(
        "signing_in/prove.html", status=status, to=to, kept=kept, error=error, elsewhere=elsewhere
    )


@router.get("/prove")
def ask(visit: Looking, to: str = "/") -> Response:
    """Prove it again."""
    return _asked(visit, safe_path(to), "", status=200)


@router.post("/prove")
def prove(
    visit: Sending,
    digits: Annotated[str, Form(max_length=20)] = "",
    to: Annotated[str, Form()] = "/",
    kept: Annotated[str, Form(alias="unsent")] = "",
) -> Response:
    """Six digits; or none, after a passkey has answered."""
    token = visit.request.cookies.get(visit.house.cookie, "")
    if not visit.signed.fresh or digits.strip():
        try:
            token = visit.system.credentials.prove(token, digits)
        except (NotRight, TooMany) as wrong:
            status = 429 if isinstance(wrong, TooMany) else 401
            return _asked(visit, safe_path(to), kept, f"{str(wrong).capitalize()}.", status)
    return _on(visit, token, to, kept)


def _on(visit: Visit, token: str, to: str, kept: str) -> Response:
    """On to what was asked for; a form goes on as it was typed."""
    house = visit.house
    form = expired_form.opened(house, kept) if kept else None
    signed = house.sessions.check(token)
    answer: Response = RedirectResponse(safe_path(to), status_code=303)
    if form and signed and form.who == signed.name:
        answer = page(
            visit.request, "signing_in/proved.html", form=form, signed=signed, back=form.back
        )
    send(house, answer, token, visit.signed)
    return answer


def send(house: House, answer: Response, token: str, before: Signed) -> None:
    """The session's new token, and with it why its owner asks."""
    signed = house.sessions.check(token)
    browser_tokens.send_token(house, answer, token, before.name)
    if signed and before.why:
        browser_tokens.keep(house, answer, "why", [signed.csrf, before.why])


@router.post("/prove/ask")
def ask_passkey(visit: Sending) -> Response:
    """For a browser: ask for a passkey of the person who is signed in."""
    passkeys = visit.system.credentials.passkeys
    told = passkeys.ask(site_of(visit.request), visit.signed.name)
    return JSONResponse({"handle": told.handle, "options": told.options})


@router.post("/prove/passkey")
def passkey(visit: Sending, told: Annotated[PasskeyAnswer, json_of(PasskeyAnswer)]) -> Response:
    """A passkey answered; the page's form then goes on."""
    token = visit.request.cookies.get(visit.house.cookie, "")
    site = site_of(visit.request)
    fresh = visit.system.credentials.prove_with(token, told.handle, told.answer, site)
    signed = visit.house.sessions.check(fresh)
    answer = JSONResponse({"csrf": signed.csrf if signed else ""})
    send(visit.house, answer, fresh, visit.signed)
    return answer
