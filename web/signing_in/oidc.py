"""Pages on which users sign in, or prove their identity again, at the force's identity provider.

When the provider redirects the browser back, the browser does not send this server's cookies,
because the request comes from another site. Therefore the server first answers with a page that
requests the next page from this site; with that request the browser sends the cookies.
"""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from msgspec.structs import asdict

from access.signing_in.oidc import NotSignedInThere, Provider, Started
from commands.people_and_teams.enrolment import may_sign_in
from web.signing_in import expired_form, second_factor
from web.signing_in.signing import device_of, sign_in_page, signed_in, site_of
from web.site import browser_tokens
from web.site.app_state import House
from web.site.request_context import NotSignedIn, NotThere, Own, new_id, page, safe_path, session_of
from web.site.sessions import SignedIn

router = APIRouter()


def _provider(house: House) -> Provider:
    """Return the identity provider. Raises NotThere if none is set up."""
    if house.system.provider is None:
        raise NotThere("page")
    return house.system.provider


@router.get("/sign-in/elsewhere")
def leave(request: Request, next: str = "/", again: bool = False) -> Response:  # noqa: A002
    """Redirect to the identity provider. The provider's answer has to match the state that is
    stored, encrypted, in this browser.
    """
    house: House = request.app.state.house
    back = f"{site_of(request).origin}/sign-in/back"
    started = _provider(house).begin(back, again=again)
    answer = RedirectResponse(started.address, status_code=303)
    browser_tokens.set_sealed_cookie(
        house, answer, "there", {"started": asdict(started), "to": safe_path(next)}
    )
    return answer


@router.get("/sign-in/back")
def back(request: Request, code: str = "", state: str = "") -> Response:
    """Return a page that continues the sign-in within this site, after the browser returned from
    the identity provider's site.
    """
    query = urlencode({"code": code, "state": state})
    return page(request, "signing_in/going_on.html", to=f"/sign-in/back/on?{query}", signed=None)


@router.get("/sign-in/back/on")
def arrive(request: Request, code: str = "", state: str = "") -> Response:
    """Sign in the person whom the identity provider names, or record that the person proved their
    identity again.
    """
    house: House = request.app.state.house
    cookie = browser_tokens.read_cookie(house, request, "there")
    if cookie is None:
        return sign_in_page(request, "/", "Signing in took too long: start again.", 401)
    started, to = Started(**cookie["started"]), safe_path(cookie["to"])
    try:
        who = _provider(house).finish(started, state, code)
    except NotSignedInThere as wrong:
        return sign_in_page(request, to, f"{str(wrong).capitalize()}.", 401)
    if not may_sign_in(house.system.desk, who):
        wrong_one = (
            f"The identity provider says that you are {who}, but Continuum has no account "
            "with that name."
        )
        return sign_in_page(request, to, wrong_one, 401)
    signed = session_of(request)
    if started.again and signed:
        answer = _proved(request, house, signed, who, to)
    else:
        answer = signed_in(request, house, who, house.sessions.open(who, device_of(request)), to)
    browser_tokens.drop(house, answer, "-there")
    return answer


def _proved(request: Request, house: House, signed: SignedIn, who: str, to: str) -> Response:
    """Give the session a new token if its owner is `who`, the person who proved their identity at
    the provider, and redirect to `to`. For another person, show the sign-in page with an error."""
    token = request.cookies.get(house.cookie, "")
    fresh = house.system.credentials.sessions.proved(token) if who == signed.name else None
    if fresh is None:
        return sign_in_page(
            request, to, f"You signed in as another person: sign in as {signed.name}.", 401
        )
    answer = RedirectResponse(to, status_code=303)
    second_factor.send(house, answer, fresh, signed)
    return answer


@router.post("/sign-in/carried")
def carried(request: Own, kept: Annotated[str, Form(alias="unsent")] = "") -> Response:
    """Show a form that was sent after its session had ended, once the user has signed in again in
    another tab."""
    house: House = request.app.state.house
    form, signed = expired_form.opened(house, kept), session_of(request)
    if signed is None:
        return sign_in_page(
            request, "/", "You are not signed in to Continuum yet.", 401, sealed_form=kept
        )
    if form is None or form.who not in (None, signed.name):
        raise NotSignedIn
    return page(request, "signing_in/unsent.html", form=form, signed=signed, new_id=new_id)
