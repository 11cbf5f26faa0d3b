"""What leaves a team: a sanitised report, and the originator's word before it is used."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands import intelligence
from web.asking import said
from web.visit import Sending

router = APIRouter()
Words = Annotated[str, Form(max_length=20_000)]
CommandId = Annotated[UUID, Form()]


@router.post("/items/{item}/release")
def release(
    visit: Sending,
    item: UUID,
    command_id: CommandId,
    to: Words = "",
    purpose: Words = "",
    conditions_met: Words = "",
    urgent: Words = "",
) -> Response:
    """Release a sanitised report: the copy that leaves tells nothing of who told us, or when."""
    visit.kind_of(item, "report")
    intelligence.disseminate(
        visit.desk,
        visit.reader,
        item,
        to.strip(),
        purpose.strip(),
        urgent=said(urgent),
        conditions_met=said(conditions_met),
        command_id=command_id,
    )
    return visit.go(f"/items/{item}", f"Released to {to.strip()}.")


@router.post("/items/{item}/consent")
def consent(
    visit: Sending,
    item: UUID,
    command_id: CommandId,
    answer: Annotated[Literal["ask", "give", "refuse"], Form()],
    words: Words = "",
) -> Response:
    """Ask the originator of what is under conditions, or answer as the originator."""
    visit.kind_of(item, "observation", "report")
    desk, reader = visit.desk, visit.reader
    if answer == "ask":
        intelligence.ask_consent(desk, reader, item, words.strip(), command_id=command_id)
    elif answer == "give":
        intelligence.give_consent(desk, reader, item, said(words), command_id=command_id)
    else:
        intelligence.refuse_consent(desk, reader, item, words.strip(), command_id=command_id)
    done = {"ask": "Asked.", "give": "Consent is given.", "refuse": "Refused."}
    return visit.go(f"/items/{item}", done[answer])
