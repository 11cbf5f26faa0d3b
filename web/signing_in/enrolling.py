"""Screens to enrol: with an administrator's code, a person chooses a password and sets up an
authenticator app. The QR code is drawn here, without an outside service."""

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from access.signing_in.credentials import Enrolment
from access.signing_in.vault import NotRight, TooMany
from domain.kernel.values import Refused
from web.signing_in.signing import NewKey, address_of, device_of, sign_in_page, signed_in
from web.site.app_state import House
from web.site.request_context import Own

router = APIRouter()
Name = Annotated[str, Form(max_length=100)]
Code = Annotated[str, Form(max_length=100)]
Secret = Annotated[str, Form(max_length=1000)]


@router.get("/enrol")
def ask(request: Request) -> Response:
    """Redirect from the former address of the form that asks for the code."""
    return RedirectResponse("/sign-in?state=enrol", status_code=303)


def _enrol_page(request: Request, error: str, name: str) -> Response:
    return sign_in_page(request, "/", error, 401, name, state="enrol")


@router.post("/enrol")
def begin(request: Own, name: Name = "", code: Code = "") -> Response:
    """Show the key for the authenticator app, and ask for a password."""
    try:
        return _second(request, name.strip(), code)
    except (NotRight, TooMany) as wrong:
        return _enrol_page(request, f"{str(wrong).capitalize()}.", name)


def _second(request: Request, name: str, code: str, error: str | None = None) -> Response:
    house: House = request.app.state.house
    enrolment = house.system.credentials.begin(name, code, address_of(request))
    key = NewKey(code, _in_fours(enrolment.secret), draw_qr_code(enrolment))
    return sign_in_page(request, "/", error, 422 if error else 200, name, state="enrol", key=key)


def _in_fours(secret: str) -> str:
    """Return the secret in groups of four characters, as the user types it."""
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))


def draw_qr_code(enrolment: Enrolment) -> Markup:
    """Return the enrolment's address for authenticator apps as a QR code, black on white in any
    colour scheme.
    """
    code = segno.make(enrolment.address, error="m", micro=False)
    picture = code.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True)
    return Markup(picture)  # noqa: S704 (the picture consists of squares only)


@router.post("/enrol/finish")
def finish(
    request: Own,
    name: Name = "",
    code: Code = "",
    password: Secret = "",
    again: Secret = "",
    digits: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Set the password after checking six digits from the authenticator app, and sign in."""
    house: House = request.app.state.house
    who = name.strip()
    try:
        if password != again:
            raise Refused("the two passwords differ: type the same password twice")
        house.system.credentials.redeem(who, code, password, digits, address_of(request))
    except (NotRight, TooMany, Refused) as wrong:
        try:
            return _second(request, who, code, f"{str(wrong).capitalize()}.")
        except (NotRight, TooMany) as worse:
            return _enrol_page(request, f"{str(worse).capitalize()}.", who)
    token = house.sessions.open(who, device_of(request))
    return signed_in(request, house, who, token, "/")
