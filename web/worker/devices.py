"""Screens of phones with an outbox, which show the phones' unsent entries and can order the
deletion of a lost phone's entries.

Unsent entries have priority: they are listed first, the first button asks the phone's user to send
them, and the number of lost entries is recorded. A phone identifies itself only by its number,
because nobody is signed in on a lost phone.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from access.signing_in.outboxes import MOST, Outbox
from commands.information import phone_outbox
from domain.kernel.values import Refused
from web.desk import act_pages
from web.made import tab_pages
from web.made.tab_pages import Values
from web.signing_in.signing import device_of
from web.site.app_state import House
from web.site.json_body import json_of
from web.site.object_acts import Acts
from web.site.paging import paged
from web.site.request_context import Looking, NotThere, Own, Sending, Visit, session_of

router = APIRouter()
PAGE = 12
CommandId = Annotated[UUID, Form()]


class OutboxStatus(BaseModel):
    """The report of a phone about its outbox; `oldest` is the time of the oldest unsent entry."""

    id: UUID
    waiting: Annotated[int, Field(ge=0, le=MOST)] = 0
    oldest: datetime | None = None


@router.post("/outbox/contact")
def contact(request: Own, told: Annotated[OutboxStatus, json_of(OutboxStatus)]) -> Response:
    """Save a phone's report about its outbox, and answer with the action that the phone must do. If
    a user is signed in on the phone, that user is recorded as the phone's owner."""
    house: House = request.app.state.house
    outboxes = house.system.credentials.outboxes
    signed = session_of(request, staying=False)
    if signed:
        outboxes.register(told.id, signed.name, device_of(request))
    return JSONResponse({"wish": outboxes.contact(told.id, told.waiting, told.oldest)})


class Wiped(BaseModel):
    """The report of a wiped phone: how many entries its outbox deleted."""

    id: UUID
    lost: Annotated[int, Field(ge=0, le=MOST)] = 0


@router.post("/outbox/wiped")
def wiped(request: Own, told: Annotated[Wiped, json_of(Wiped)]) -> Response:
    """Record, under the phone's owner, how many entries a phone deleted on request."""
    house: House = request.app.state.house
    outboxes = house.system.credentials.outboxes
    outbox = outboxes.get(told.id)
    if outbox is None or outbox.wish != "wipe":
        raise NotThere("outbox")
    system = house.serving(outbox.user)
    phone_outbox.wiped(system.desk, system.reader, told.id, told.lost)
    outboxes.wiped(told.id, told.lost)
    return JSONResponse({"done": True})


@tab_pages.tab(router, "/system/devices", "worker/devices.html", before="/devices")
def devices(visit: Looking, page: int = 1) -> Values:
    """Show every phone that reported its outbox: its owner, the time of the last report, and the
    number of unsent entries.
    """
    rows = visit.system.credentials.outboxes.list_outboxes()
    page_rows, turns = paged(rows, page, PAGE)
    return dict(rows=page_rows, acts=_acts(visit, page_rows), **turns)


@router.get("/system/devices/do/{act}")
def act_form(visit: Looking, act: str, row: str) -> Response:
    """Show the form that wipes a phone."""
    phone = _phone(visit, row)
    return act_pages.form(visit, _acts(visit, [phone]), "Devices", act, row, phone=phone)


def _acts(visit: Visit, phones: Iterable[Outbox]) -> Acts:
    """Return the acts that wipe phones, one act for each phone. There is no act for a phone whose
    wiping is already ordered. Nor is there one for a phone of the reader that is of the same kind
    as the device that the reader uses now: it may be this device, which is not lost.
    """
    acts, here = Acts(visit.reader, "/system/devices"), device_of(visit.request)
    for phone in phones:
        used = phone.user == visit.reader.name and phone.device == here
        if phone.wish != "wipe" and not used:
            of = f"{phone.user}, {phone.device}"
            acts.own("wipe", "Wipe remotely", row=phone.id.hex, of=of)
    return acts


def _phone(visit: Visit, phone: str) -> Outbox:
    """Return the phone with this number. The number is written without hyphens, so that it differs
    from the id of an item."""
    try:
        outbox = visit.system.credentials.outboxes.get(UUID(phone))
    except ValueError:
        outbox = None
    if outbox is None:
        raise NotThere("phone")
    return outbox


@router.post("/devices/{phone}/collect")
def collect(visit: Sending, phone: str) -> Response:
    """Ask the user of a phone to sign in on it, so that the phone sends its unsent entries."""
    outbox = _phone(visit, phone)
    if outbox.wish == "wipe":
        raise Refused("this phone is to be wiped: cancel the wipe first")
    visit.system.credentials.outboxes.set_order(outbox.id, "collect")
    return visit.go(
        "/system/devices",
        "At its next contact the device asks its owner to send the unsent entries.",
    )


@router.post("/devices/{phone}/wipe")
def wipe(
    visit: Sending,
    phone: str,
    command_id: CommandId,
    reason: Annotated[str, Form(max_length=2000)] = "",
    lost: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Order that a phone deletes its entries at its next contact. The user must state how many
    entries are lost by this."""
    visit.prove()
    outbox = _phone(visit, phone)
    if lost.strip() != str(outbox.waiting):
        raise Refused(
            f"{outbox.waiting} entries are unsent on this phone, by its last report: write "
            "that number to confirm that the entries may be lost, or collect them first"
        )
    phone_outbox.order_wipe(
        visit.desk,
        visit.reader,
        outbox.id,
        outbox.user,
        outbox.waiting,
        reason,
        command_id=command_id,
    )
    visit.system.credentials.outboxes.set_order(outbox.id, "wipe")
    return visit.go("/system/devices", "Wipe ordered. The device is wiped at its next contact.")


@router.post("/devices/{phone}/keep")
def cancel_wipe(visit: Sending, phone: str, command_id: CommandId) -> Response:
    """Cancel all orders to wipe a phone, because its owner has it again."""
    outbox = _phone(visit, phone)
    if outbox.wish == "wipe":
        phone_outbox.take_back(
            visit.desk, visit.reader, outbox.id, outbox.user, command_id=command_id
        )
    visit.system.credentials.outboxes.set_order(outbox.id, None)
    return visit.go("/system/devices", "Wipe cancelled.")
