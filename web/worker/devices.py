"""Phones with an outbox: what waits in them, and the wiping of a lost one from afar.

Words win: what waits is told first, collecting it is offered first, and what was lost is written
down. A phone asks by its own number alone, for nobody signs in on a lost one any more.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from access.signing_in.outboxes import MOST, Outbox
from commands.information import phone_outbox
from domain.kernel.values import Refused
from web.signing_in.signing import device_of
from web.site.app_state import House
from web.site.json_body import json_of
from web.site.paging import paged
from web.site.request_context import Looking, NotThere, Own, Sending, Visit, session_of

router = APIRouter()
PAGE = 50
CommandId = Annotated[UUID, Form()]


class OutboxStatus(BaseModel):
    """What an outbox tells of itself; `oldest` is since when something waits in it."""

    id: UUID
    waiting: Annotated[int, Field(ge=0, le=MOST)] = 0
    oldest: datetime | None = None


@router.post("/outbox/contact")
def contact(request: Own, told: Annotated[OutboxStatus, json_of(OutboxStatus)]) -> Response:
    """A phone is there: what is it asked to do? Its owner is the person who is signed in on it."""
    house: House = request.app.state.house
    outboxes = house.system.credentials.outboxes
    signed = session_of(request, staying=False)
    if signed:
        outboxes.register(told.id, signed.name, device_of(request))
    return JSONResponse({"wish": outboxes.contact(told.id, told.waiting, told.oldest)})


class Wiped(BaseModel):
    """How many entries an outbox deleted."""

    id: UUID
    lost: Annotated[int, Field(ge=0, le=MOST)] = 0


@router.post("/outbox/wiped")
def wiped(request: Own, told: Annotated[Wiped, json_of(Wiped)]) -> Response:
    """The phone did what it was asked: how much was lost is written down under its owner."""
    house: House = request.app.state.house
    outboxes = house.system.credentials.outboxes
    known = outboxes.get(told.id)
    if known is None or known.wish != "wipe":
        raise NotThere("outbox")
    system = house.serving(known.user)
    phone_outbox.wiped(system.desk, system.reader, told.id, told.lost)
    outboxes.wiped(told.id, told.lost)
    return JSONResponse({"done": True})


@router.get("/devices")
def devices(visit: Looking, page: int = 1) -> Response:
    """Every phone that was in contact: whose, when, and how much waits there unsent."""
    rows = visit.system.credentials.outboxes.listed()
    some, turns = paged(rows, page, PAGE)
    return visit.page("worker/devices.html", rows=some, **turns)


def _phone(visit: Visit, phone: str) -> Outbox:
    """A phone by its number, which is written without hyphens: it is no item of the record."""
    try:
        found = visit.system.credentials.outboxes.get(UUID(phone))
    except ValueError:
        found = None
    if found is None:
        raise NotThere("phone")
    return found


@router.post("/devices/{phone}/collect")
def collect(visit: Sending, phone: str) -> Response:
    """Ask the person who has it to sign in, so that what waits is sent."""
    found = _phone(visit, phone)
    if found.wish == "wipe":
        raise Refused("this phone is to be wiped: take that back first")
    visit.system.credentials.outboxes.ask(found.id, "collect")
    return visit.go("/devices", "At its next contact it asks its owner to sign in and send.")


@router.post("/devices/{phone}/wipe")
def wipe(
    visit: Sending,
    phone: str,
    command_id: CommandId,
    reason: Annotated[str, Form(max_length=2000)] = "",
    lost: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """At its next contact it deletes what waits there; the person who orders it says how much that
    is."""
    visit.prove()
    found = _phone(visit, phone)
    if lost.strip() != str(found.waiting):
        raise Refused(
            f"{found.waiting} entries wait on this phone, as far as it told: write that number to "
            "say that they may be lost, or collect them first"
        )
    phone_outbox.order_wipe(
        visit.desk,
        visit.reader,
        found.id,
        found.user,
        found.waiting,
        reason,
        command_id=command_id,
    )
    visit.system.credentials.outboxes.ask(found.id, "wipe")
    return visit.go("/devices", "Ordered. It is done at the phone's next contact.")


@router.post("/devices/{phone}/keep")
def keep(visit: Sending, phone: str, command_id: CommandId) -> Response:
    """The phone was found: it is asked nothing any more."""
    found = _phone(visit, phone)
    if found.wish == "wipe":
        phone_outbox.take_back(
            visit.desk, visit.reader, found.id, found.user, command_id=command_id
        )
    visit.system.credentials.outboxes.ask(found.id, None)
    return visit.go("/devices", "Taken back.")
