"""Screens to enrol: with an administrator's code, a person chooses a password and sets up an
authenticator app. The QR code is drawn here, without an outside service."""

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from markupsafe import Markup

from access.signing_in.credentials import Enrolment
from access.signing_in.vault import NotRight, TooMany
from domain.kernel.values import Refused
from web.signing_in.signing import address_of, device_of, signed_in
from web.site.app_state import House
from web.site.request_context import Own, page, session_of

router = APIRouter()
Name = Annotated[str, Form(max_length=100)]
Code = Annotated[str, Form(max_length=100)]
Secret = Annotated[str, Form(max_length=1000)]


@router.get("/enrol")
def ask(request: Request) -> Response:
    """Ask for the name and the code."""
    return _asked(request)


def _asked(
    request: Request, error: str | None = None, status: int = 200, name: str = ""
) -> Response:
    signed = session_of(request)
    return page(request, "signing_in/enrol.html", status, error=error, name=name, signed=signed)


@router.post("/enrol")
def begin(request: Own, name: Name = "", code: Code = "") -> Response:
    """Show the key for the authenticator app, and ask for a password."""
    try:
        return _second(request, name.strip(), code)
    except (NotRight, TooMany) as wrong:
        return _asked(request, f"{str(wrong).capitalize()}.", 401, name)


def _second(request: Request, name: str, code: str, error: str | None = None) -> Response:
    house: House = request.app.state.house
    found = house.system.credentials.begin(name, code, address_of(request))
    return page(
        request,
        "signing_in/enrol_finish.html",
        422 if error else 200,
        name=name,
        code=code,
        error=error,
        secret=_in_fours(found.secret),
        picture=draw_qr_code(found),
        signed=None,
    )


def _in_fours(secret: str) -> str:
    """Return the secret in groups of four characters, as the user types it."""
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))


def draw_qr_code(found: Enrolment) -> Markup:
    """Return the app's address as a QR code, black on white in any colour scheme."""
    code = segno.make(found.address, error="m", micro=False)
    picture = code.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True)
    return Markup(picture)  # noqa: S704 (drawn by us, of squares alone)


@router.post("/enrol/finish")
def finish(
    request: Own,
    name: Name = "",
    code: Code = "",
    password: Secret = "",
    again: Secret = "",
    digits: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Set the password after checking six digits from the app, and sign in."""
    house: House = request.app.state.house
    who = name.strip()
    try:
        if password != again:
            raise Refused("the two passwords are not the same")
        house.system.credentials.redeem(who, code, password, digits, address_of(request))
    except (NotRight, TooMany, Refused) as wrong:
        try:
            return _second(request, who, code, f"{str(wrong).capitalize()}.")
        except (NotRight, TooMany) as worse:
            return _asked(request, f"{str(worse).capitalize()}.", 401, who)
    token = house.sessions.open(who, device_of(request))
    return signed_in(request, house, who, token, "/")
