"""My account: what I may do, my passkeys, where I am signed in, my password."""

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
    """My roles and teams; my devices and sessions, each of which I can end."""
    credentials, who = visit.system.credentials, visit.signed.name
    with visit.reading() as db:
        mine = accounts.account(db, who)
    return visit.page(
        "signing_in/me.html",
        mine=mine,
        passkeys=credentials.passkeys.of(who),
        sessions=credentials.sessions.of(visit.house.sessions.owner(visit.signed)),
        enrolled=credentials.enrolled(who),
    )


def _checked(visit: Visit) -> None:
    """Raises Refused for a name that nobody checked: it has no devices."""
    if not visit.signed.checked:
        raise Refused("nobody checked your name here: sign in with your password first")
    visit.prove()


@router.post("/me/passkeys/ask")
def ask_new(visit: Sending) -> Response:
    """For a browser: register this device."""
    _checked(visit)
    told = visit.system.credentials.passkeys.ask_new(visit.signed.name, site_of(visit.request))
    return JSONResponse({"handle": told.handle, "options": told.options})


@router.post("/me/passkeys")
def register(visit: Sending, told: Annotated[PasskeyAnswer, json_of(PasskeyAnswer)]) -> Response:
    """The device answered: from now on it signs in."""
    _checked(visit)
    visit.system.credentials.passkeys.register(
        visit.signed.name, told.handle, told.answer, told.name, site_of(visit.request)
    )
    return JSONResponse({"done": True})


@router.post("/me/passkeys/forget")
def forget(visit: Sending, one: Annotated[str, Form(max_length=2000)]) -> Response:
    """A device counts for nothing any more."""
    visit.system.credentials.passkeys.forget(visit.signed.name, one)
    return visit.go("/me", "That device counts for nothing any more.")


@router.post("/me/sessions/end")
def end(visit: Sending, one: Annotated[UUID, Form()]) -> Response:
    """End one of my sessions, such as that of a lost phone."""
    owner = visit.house.sessions.owner(visit.signed)
    visit.system.credentials.sessions.end(owner, one)
    return visit.go("/me", "That session has ended.")


@router.post("/me/density")
def rows(
    visit: Sending,
    wanted: Annotated[row_density.Density, Form(alias="density")],
    back: Annotated[str, Form(max_length=10_000)] = "/me",
) -> Response:
    """How close together the rows of lists stand in this browser."""
    answer = visit.go(safe_path(back))
    row_density.keep(visit.house, answer, wanted)
    return answer


@router.post("/me/password")
def change(
    visit: Sending,
    old: Secret = "",
    password: Secret = "",
    again: Secret = "",
    digits: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Another password; every session ends, this one too."""
    if password != again:
        raise Refused("the two passwords are not the same")
    visit.system.credentials.change_password(visit.signed.name, old, password, digits)
    answer = RedirectResponse("/sign-in", status_code=303)
    browser_tokens.forget(visit.house, answer)
    return answer
