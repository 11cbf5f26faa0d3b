"""Sign in and out: one page asks for a password, for the code of a new account, or for the second
factor again.

Every error at signing in has the same message. A passkey is enough to sign in. Only some stores,
such as synthetic stores, accept a name without a check of identity.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from markupsafe import Markup
from pydantic import BaseModel, Field

from access.signing_in.passkeys import Site
from access.signing_in.vault import NotRight, TooMany
from domain.kernel.envelope import LogUnavailable
from domain.people_and_teams.account import RecoveryProposed, UserInvited, user_stream
from installation.system import INTEGRITY
from projections.people_and_teams import accounts
from web.signing_in import expired_form
from web.site import browser_tokens
from web.site.app_state import House
from web.site.json_body import json_of
from web.site.request_context import Looking, Own, Sending, new_id, page, safe_path, session_of

router = APIRouter()
#: The purposes of the sign-in page: to sign in, to enter the code of a new account, or to give the
#: second factor again.
State: TypeAlias = Literal["sign-in", "enrol", "prove"]
#: Addresses of this machine. For a request from one of these, no network address is recorded.
OWN = ("127.0.0.1", "::1", "localhost", "testclient")
#: How long the owner of an account is shown news about the account.
NEWS_LAST = timedelta(days=7)
#: The largest number of names offered on a synthetic store, where names are not checked.
OFFERED = 50


@dataclass(frozen=True)
class NewKey:
    """The key of an authenticator app, as text and as a QR code, and the code of the new
    account."""

    code: str
    secret: str
    picture: Markup


def address_of(request: Request) -> str | None:
    """Return the network address from which a request came; None if it came from this machine."""
    host = request.client.host if request.client else None
    return None if host in OWN else host


def site_of(request: Request) -> Site:
    """Return the scheme, host and port of these screens, as browsers write them in the header
    Origin."""
    house: House = request.app.state.house
    scheme = "https" if house.secure else request.url.scheme
    return Site(request.url.hostname or "", f"{scheme}://{request.url.netloc}")


def device_of(request: Request) -> str:
    """Return a description of the request's device that its user recognises."""
    agent = request.headers.get("user-agent", "")
    systems = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
    browsers = ("Edg", "Firefox", "Chrome", "Safari")
    system = next((name for name in systems if name in agent), "a device")
    return f"{next((name for name in browsers if name in agent), 'a browser')} on {system}"


@router.get("/sign-in")
def ask(request: Request, next: str = "/", state: State = "sign-in") -> Response:  # noqa: A002 (the parameter of the address is called next)
    """Show the sign-in page in the given `state`: to sign in, to enter the code of a new account,
    or to give the second factor again."""
    if state == "prove" and session_of(request) is None:
        state = "sign-in"
    return sign_in_page(request, safe_path(next), state=state)


def sign_in_page(
    request: Request,
    to: str,
    error: str | None = None,
    status: int = 200,
    name: str = "",
    sealed_form: str = "",
    *,
    state: State = "sign-in",
    key: NewKey | None = None,
) -> Response:
    """Show the sign-in page: for a name and a password, for the code of a new account (and then the
    key of an authenticator app), or for the second factor of a signed-in user. `sealed_form` is a
    form that was sent without a session. It is put into the page, encrypted, and shown again after
    the sign-in.
    """
    house: House = request.app.state.house
    sessions = house.sessions
    return page(
        request,
        "signing_in/sign_in.html",
        status,
        state=state,
        key=key,
        next=to,
        error=error,
        name=name,
        kept=sealed_form,
        signed=None if key else session_of(request),
        closed=sessions.closed,
        labels=sessions.labels,
        proves=sessions.proves,
        elsewhere=house.system.provider is not None,
        names=_names(house) if sessions.closed and sessions.labels else [],
    )


def _names(house: House) -> list[accounts.Account]:
    with house.system.reading() as db:
        found_accounts = [
            account
            for account in accounts.list_accounts(db)
            if not account.left and not account.locked
        ]
    return found_accounts[:OFFERED]


@router.post("/sign-in")
def sign_in(
    request: Own,
    name: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    digits: Annotated[str, Form(max_length=20)] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002
    kept: Annotated[str, Form(alias="unsent")] = "",
    proves: Annotated[bool, Form()] = False,
) -> Response:
    """Open a session, either with a password and a six-digit code or, in a store that allows this,
    under a name that is not checked. Outside of synthetic stores, `proves` says that the form is
    the one for a password: then the password is always checked.
    """
    house: House = request.app.state.house
    who, to, sessions = name.strip(), safe_path(next), house.sessions
    proves = proves and not house.system.synthetic
    if not who:
        return sign_in_page(request, to, "Enter your name", 422, sealed_form=kept)
    if _somebody_else(house, kept, who):
        return sign_in_page(
            request,
            to,
            "The unsent text on this page belongs to another person: sign in as that person",
            422,
            who,
            kept,
        )
    if not (password or proves) and sessions.labels:
        if not sessions.check(token := sessions.open_label(who, device_of(request))):
            return sign_in_page(request, to, "No account has this name", 422, who, kept)
        return signed_in(request, house, who, token, to, kept)
    try:
        device = browser_tokens.device_of(house, request, who)
        house.system.credentials.check(who, password, digits, address_of(request), device)
    except NotRight as wrong:
        return sign_in_page(request, to, f"{str(wrong).capitalize()}.", 401, who, kept)
    except TooMany as wait:
        return sign_in_page(request, to, f"{str(wait).capitalize()}.", 429, who, kept)
    return signed_in(request, house, who, sessions.open(who, device_of(request)), to, kept)


def _somebody_else(house: House, sealed_form: str, who: str) -> bool:
    form = expired_form.opened(house, sealed_form) if sealed_form else None
    return form is not None and form.who not in (None, who)


def signed_in(
    request: Request, house: House, name: str, token: str, to: str, sealed_form: str = ""
) -> Response:
    """Redirect to the page `to` under the session of this new token, and end the browser's older
    session. If `sealed_form` has a form that was sent after its session had ended, show this form
    again instead.
    """
    house.sessions.close(request.cookies.get(house.cookie))
    form = expired_form.opened(house, sealed_form) if sealed_form else None
    signed = house.sessions.check(token)
    answer: Response = RedirectResponse(to, status_code=303)
    if form and signed:
        answer = page(request, "signing_in/unsent.html", form=form, signed=signed, new_id=new_id)
    browser_tokens.send_token(house, answer, token, name)
    if signed and signed.checked:
        browser_tokens.remember_device(house, request, answer, name)
        if news := news_of(house, name):
            browser_tokens.set_sealed_cookie(house, answer, "said", [signed.csrf, news])
    return answer


class PasskeyAnswer(BaseModel):
    """A passkey's answer, as the browser sends it."""

    handle: Annotated[str, Field(max_length=200)]
    answer: Annotated[str, Field(max_length=20_000)]
    name: Annotated[str, Field(max_length=60)] = ""


@router.post("/sign-in/ask")
def ask_passkey(request: Own) -> Response:
    """Return the data with which a browser begins the check of any passkey, without revealing which
    passkeys exist.
    """
    house: House = request.app.state.house
    challenge = house.system.credentials.passkeys.sign_in_challenge(site_of(request))
    return JSONResponse({"handle": challenge.handle, "options": challenge.options})


@router.post("/sign-in/passkey")
def passkey(request: Own, told: Annotated[PasskeyAnswer, json_of(PasskeyAnswer)]) -> Response:
    """Check a passkey's answer, which is two factors at once."""
    house: House = request.app.state.house
    site = site_of(request)
    who = house.system.credentials.passkeys.check(told.handle, told.answer, site)
    answer = JSONResponse({"name": who})
    house.sessions.close(request.cookies.get(house.cookie))
    token = house.sessions.open(who, device_of(request))
    browser_tokens.send_token(house, answer, token, who)
    browser_tokens.remember_device(house, request, answer, who)
    signed = house.sessions.check(token)
    if signed and (news := news_of(house, who)):
        browser_tokens.set_sealed_cookie(house, answer, "said", [signed.csrf, news])
    return answer


def news_of(house: House, name: str) -> str | None:
    """Return news about an account, or None. The owner sees the news at each sign-in for a week:
    that a passkey was added, or that a code was made or proposed with which another person could
    sign in as the owner."""
    system = house.system
    since = system.clock() - NEWS_LAST
    sentences = [
        f"the passkey {device.name} was added on {device.added:%d %B}"
        for device in system.credentials.passkeys.list_devices(name)
        if device.added >= since
    ]
    try:
        history = system.logs["access"].history(user_stream(name))
    except (LogUnavailable, *INTEGRITY):
        history = []  # the sign-in must not fail because news cannot be read
    for fact in history:
        if isinstance(fact.event, UserInvited | RecoveryProposed) and fact.recorded >= since:
            verb = "made" if isinstance(fact.event, UserInvited) else "proposed"
            sentences.append(f"{fact.by} {verb} a new password code on {fact.recorded:%d %B}")
    if not sentences:
        return None
    return (
        f"Your account: {'; '.join(sentences)}. "
        "If you did not do this, tell your administrator at once."
    )


@router.post("/sign-out")
def sign_out(visit: Sending) -> Response:
    """Close the session; entries in the phone's outbox remain there."""
    house = visit.house
    house.sessions.close(visit.request.cookies.get(house.cookie))
    answer = RedirectResponse("/sign-in", status_code=303)
    browser_tokens.forget(house, answer)
    return answer


@router.post("/why")
def why(
    visit: Sending,
    reason: Annotated[str, Form(max_length=600)] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Set the purpose of access, which is stored with all items that are shown from now on, until
    the purpose is changed.
    """
    answer = visit.go(safe_path(back))
    browser_tokens.set_sealed_cookie(
        visit.house, answer, "why", [visit.signed.csrf, reason.strip() or None]
    )
    return answer


@router.get("/session")
def session(visit: Looking) -> Response:
    """Return the signed-in user and the token for requests of the outbox."""
    return JSONResponse({"name": visit.signed.name, "csrf": visit.signed.csrf})
