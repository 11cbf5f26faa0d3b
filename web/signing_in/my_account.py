"""Screens of the reader's own account: rights, passkeys, sessions, password."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import JSONResponse, RedirectResponse, Response

from domain.kernel.values import Refused
from projections.people_and_teams import accounts
from web.signing_in.signing import PasskeyAnswer, site_of
from web.site import browser_tokens, row_density
from web.site.json_body import json_of
from web.site.request_context import Looking, Sending, Visit, safe_path

router = APIRouter()
Secret = Annotated[str, Form(max_length=1000)]


@router.get("/me")
def me(visit: Looking) -> Response:
    """Show the reader's roles, teams and devices, and the reader's sessions, each of which can be
    ended.
    """
    credentials, who = visit.system.credentials, visit.signed.name
    with visit.reading() as db:
        mine = accounts.account(db, who)
    return visit.page(
        "signing_in/me.html",
        mine=mine,
        passkeys=credentials.passkeys.list_devices(who),
        sessions=credentials.sessions.list_sessions(visit.house.sessions.owner(visit.signed)),
        enrolled=credentials.enrolled(who),
    )


def _checked(visit: Visit) -> None:
    """Raise Refused for a user whose identity was not checked, because such a user cannot register
    a device."""
    if not visit.signed.checked:
        raise Refused("this browser has not checked who you are: sign in with your password first")
    visit.prove()


@router.post("/me/passkeys/ask")
def ask_new(visit: Sending) -> Response:
    """Return the data with which a browser begins to register this device."""
    _checked(visit)
    challenge = visit.system.credentials.passkeys.registration_challenge(
        visit.signed.name, site_of(visit.request)
    )
    return JSONResponse({"handle": challenge.handle, "options": challenge.options})


@router.post("/me/passkeys")
def register(visit: Sending, told: Annotated[PasskeyAnswer, json_of(PasskeyAnswer)]) -> Response:
    """Register the device by its answer; from now on the user can sign in with it."""
    _checked(visit)
    visit.system.credentials.passkeys.register(
        visit.signed.name, told.handle, told.answer, told.name, site_of(visit.request)
    )
    return JSONResponse({"done": True})


@router.post("/me/passkeys/forget")
def forget(visit: Sending, one: Annotated[str, Form(max_length=2000)]) -> Response:
    """Remove one of the reader's registered devices, so that the reader can no longer sign in with
    it."""
    visit.system.credentials.passkeys.forget(visit.signed.name, one)
    return visit.go("/me", "The removed device can no longer sign you in.")


@router.post("/me/sessions/end")
def end(visit: Sending, one: Annotated[UUID, Form()]) -> Response:
    """End one of the reader's sessions, such as a session on a lost phone."""
    owner = visit.house.sessions.owner(visit.signed)
    visit.system.credentials.sessions.end(owner, one)
    return visit.go("/me", "The chosen session has ended.")


@router.post("/me/density")
def rows(
    visit: Sending,
    wanted: Annotated[row_density.Density, Form(alias="density")],
    back: Annotated[str, Form(max_length=10_000)] = "/me",
) -> Response:
    """Set how dense the rows of lists are in this browser, and return to the page."""
    answer = visit.go(safe_path(back))
    row_density.store_density(visit.house, answer, wanted)
    return answer


@router.post("/me/password")
def change(
    visit: Sending,
    old: Secret = "",
    password: Secret = "",
    again: Secret = "",
    digits: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Change the password. All sessions of the user end, also this one."""
    if password != again:
        raise Refused("the two passwords differ: type the same password twice", field="again")
    visit.system.credentials.change_password(visit.signed.name, old, password, digits)
    answer = RedirectResponse("/sign-in", status_code=303)
    browser_tokens.forget(visit.house, answer)
    return answer
