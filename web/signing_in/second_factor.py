"""Asks for the second factor again before a sensitive action. The session then gets a new token, so
that a stolen older token is worthless.

If the user sent a form, the form is put into the page that asks for the second factor, encrypted
for this server and this user. After the second factor, the page sends the form with its values.
"""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from access.signing_in.vault import NotRight, TooMany
from web.signing_in import expired_form
from web.signing_in.signing import PasskeyAnswer, sign_in_page, site_of
from web.site import browser_tokens
from web.site.app_state import House
from web.site.json_body import json_of
from web.site.request_context import (
    Looking,
    Sending,
    Visit,
    current_address,
    page,
    safe_path,
    typed,
)
from web.site.sessions import SignedIn

router = APIRouter()


def wanted(request: Request, visit: Visit) -> Response:
    """Show the page that asks for the second factor in place of the requested page. If the request
    sent a form, the typed values are carried along in the page, encrypted."""
    sealed_form = ""
    if request.method == "POST":
        sealed_form = expired_form.sealed(visit.house, request, visit.signed.name, typed(request))
    return _prove_page(request, "/" if sealed_form else current_address(request), sealed_form)


def _prove_page(
    request: Request, to: str, sealed_form: str, error: str | None = None, status: int = 403
) -> Response:
    return sign_in_page(request, to, error, status, sealed_form=sealed_form, state="prove")


@router.get("/prove")
def ask(visit: Looking, to: str = "/") -> Response:
    """Redirect from the former address of the form that asks for the second factor again."""
    return visit.go(f"/sign-in?state=prove&next={quote(safe_path(to), safe='/')}")


@router.post("/prove")
def prove(
    visit: Sending,
    digits: Annotated[str, Form(max_length=20)] = "",
    to: Annotated[str, Form()] = "/",
    kept: Annotated[str, Form(alias="unsent")] = "",
) -> Response:
    """Check the six digits of the second factor; if a passkey has answered, none are needed."""
    token = visit.request.cookies.get(visit.house.cookie, "")
    if not visit.signed.fresh or digits.strip():
        try:
            token = visit.system.credentials.prove(token, digits)
        except (NotRight, TooMany) as wrong:
            status = 429 if isinstance(wrong, TooMany) else 401
            return _prove_page(
                visit.request, safe_path(to), kept, f"{str(wrong).capitalize()}.", status
            )
    return _on(visit, token, to, kept)


def _on(visit: Visit, token: str, to: str, sealed_form: str) -> Response:
    """Continue with the request that needed the second factor, under the session's new token. If
    the request sent a form, return a page that sends it again."""
    house = visit.house
    form = expired_form.opened(house, sealed_form) if sealed_form else None
    signed = house.sessions.check(token)
    answer: Response = RedirectResponse(safe_path(to), status_code=303)
    if form and signed and form.who == signed.name:
        answer = page(
            visit.request, "signing_in/proved.html", form=form, signed=signed, back=form.back
        )
    send(house, answer, token, visit.signed)
    return answer


def send(house: House, answer: Response, token: str, before: SignedIn) -> None:
    """Put the session's new token, and with it the purpose of access, into the cookies of an
    answer.
    """
    signed = house.sessions.check(token)
    browser_tokens.send_token(house, answer, token, before.name)
    if signed and before.why:
        browser_tokens.set_sealed_cookie(house, answer, "why", [signed.csrf, before.why])


@router.post("/prove/ask")
def ask_passkey(visit: Sending) -> Response:
    """Return the data with which a browser begins the check of a passkey of the signed-in user."""
    passkeys = visit.system.credentials.passkeys
    challenge = passkeys.sign_in_challenge(site_of(visit.request), visit.signed.name)
    return JSONResponse({"handle": challenge.handle, "options": challenge.options})


@router.post("/prove/passkey")
def passkey(visit: Sending, told: Annotated[PasskeyAnswer, json_of(PasskeyAnswer)]) -> Response:
    """Check a passkey's answer as second factor, and give the session a new token. Return the new
    form token, with which the browser sends the form that needed the second factor."""
    token = visit.request.cookies.get(visit.house.cookie, "")
    site = site_of(visit.request)
    fresh = visit.system.credentials.prove_with(token, told.handle, told.answer, site)
    signed = visit.house.sessions.check(fresh)
    answer = JSONResponse({"csrf": signed.csrf if signed else ""})
    send(visit.house, answer, fresh, visit.signed)
    return answer
