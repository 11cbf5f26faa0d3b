"""The rota: who is on call, and what is urgent and taken by nobody."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands import rota
from domain.rota import DutyGiven
from domain.values import Refused
from projections import rota as view
from web.asking import moment, said
from web.visit import Looking, Sending

router = APIRouter()
Short = Annotated[str, Form(max_length=200)]


@router.get("/rota")
def listed(visit: Looking) -> Response:
    """The duties of now and later, and who is called for each thing that waits."""
    with visit.reading() as db:
        duties = view.standing(db, visit.now)
        untaken = rota.untaken(visit.desk, visit.reader, db)
    words = {one.id: rota.said(one.on_call) for one in untaken}
    return visit.page(
        "rota.html", duties=duties, untaken=untaken, words=words, keeps=rota.keeps(visit.reader)
    )


@router.post("/rota")
def give(
    visit: Sending,
    command_id: Annotated[UUID, Form()],
    user: Short = "",
    phone: Short = "",
    since: Short = "",
    until: Short = "",
    place: Short = "1",
    team: Short = "",
) -> Response:
    """Put somebody on call; times are those of the clock on the wall."""
    begins, ends = moment(since), moment(until)
    if begins is None or ends is None:
        raise Refused("say from when until when")
    if not place.strip().isdecimal():
        raise Refused(f"{place!r} is no place on the rota: 1 is called first")
    duty = DutyGiven(user.strip(), phone.strip(), begins, ends, int(place), said(team))
    rota.give(visit.desk, visit.reader, duty, command_id=command_id)
    return visit.go("/rota", f"{duty.user} is on call.")
