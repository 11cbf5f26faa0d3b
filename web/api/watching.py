"""Who is on call, what nobody has taken; what is due is
answered."""

from dataclasses import dataclass
from datetime import UTC
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi.responses import Response
from msgspec import Meta

from commands import calendar, rota
from commands import due as commands
from commands.desk import Receipt
from commands.rota import Untaken
from domain.due import Answer
from domain.rota import Duty, DutyGiven, OnCall
from projections import rota as duties
from web.api.call import Call
from web.api.operation import get, post
from web.api.recording import Moment, Short


class All(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""


class Answered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An audit agrees, or sends the words back to be assessed; anything else is done, or comes
    again at `until`."""

    answer: Answer
    reason: Short
    until: Moment | None = None


@post("/due/calendar", "due", gives="text/calendar", repeatable=False)
def take_calendar(call: Call) -> Response:
    """What is yours to answer as a calendar file: no name and no words; it is written down."""
    content, rows = calendar.taken(call.desk, call.reader, call.now)
    call.consulted("\n".join(str(row.item) for row in rows).encode())
    headers = {"Content-Disposition": 'attachment; filename="due.ics"'}
    return Response(content, media_type="text/calendar", headers=headers)


@post("/due/{which}/answer", "due answer")
def answer_due(call: Call, which: UUID, given: Answered) -> Receipt:
    """Answer what is due."""
    until = given.until.astimezone(UTC) if given.until else None
    return commands.answer(
        call.desk,
        call.reader,
        which,
        given.answer,
        given.reason,
        until=until,
        command_id=call.command_id,
    )


@dataclass(frozen=True)
class Rota:
    """The duties of now and later, who is called now for the caller's team, and the urgent items
    that nobody has taken, each with who is called for it."""

    duties: tuple[Duty, ...]
    on_call: OnCall
    untaken: tuple[Untaken, ...]


@get("/rota", "rota list")
def on_call(call: Call, asked: All) -> Rota:
    """Who is on call. A child in danger now: 999."""
    with call.reading() as db:
        return Rota(
            tuple(duties.standing(db, call.now)),
            rota.of(call.desk, db, call.reader.team),
            tuple(rota.untaken(call.desk, call.reader, db)),
        )


class OneDuty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose duty it is (an account), the number to ring, from when until when, in which place (1 is
    called first), for which team (none: all of them)."""

    user: Annotated[str, Meta(min_length=1, max_length=200)]
    phone: Annotated[str, Meta(min_length=1, max_length=200)]
    since: Moment
    until: Moment
    place: Annotated[int, Meta(ge=1, le=100)] = 1
    team: Annotated[str, Meta(min_length=1, max_length=200)] | None = None


@post("/rota", "rota add")
def give_duty(call: Call, given: OneDuty) -> Receipt:
    """Put somebody on call."""
    duty = DutyGiven(given.user, given.phone, given.since, given.until, given.place, given.team)
    return rota.give(call.desk, call.reader, duty, command_id=call.command_id)
