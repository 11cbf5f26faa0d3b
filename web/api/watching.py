"""What is due, what does not fit in what was recorded, who is on call, what nobody has taken."""

from dataclasses import dataclass
from datetime import UTC
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from commands import due as commands
from commands import odd, rota
from commands.desk import Receipt
from commands.odd import Oddity
from commands.rota import Untaken
from domain.due import Answer, Clock, Tier
from domain.rota import Duty, DutyGiven, OnCall
from projections import due as view
from projections import rota as duties
from projections.due import Due
from web.api.call import Call
from web.api.operation import get, post
from web.api.recording import Moment, Short


class All(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""


@get("/flags", "flags")
def flags(call: Call, asked: All) -> tuple[Oddity, ...]:
    """What was recorded and does not fit: a notice that the law does not carry, a sentence without
    a conviction, one mark twice. Each is kept as told."""
    with call.reading() as db:
        return tuple(odd.listed(db, call.reader))


#: Of a person or a team, as it may stand in an address.
Name = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]


class Which(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which part: those that are the caller's to answer, one person's, a team's, only what is past,
    by one clock, or of one tier."""

    mine: bool = False
    owner: Name | None = None
    team: Name | None = None
    past: bool = False
    clock: Clock | None = None
    tier: Tier | None = None


@get("/due", "due")
def due(call: Call, asked: Which) -> tuple[Due, ...]:
    """What has a date, soonest first: reviews, notices that end, decisions to be audited."""
    part = view.Asked(asked.mine, asked.owner, asked.team, asked.past, asked.clock, asked.tier)
    return tuple(commands.listed(call.desk, call.reader, call.now, part))


class Answered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An audit agrees, or sends the words back to be assessed; anything else is done, or comes
    again at `until`."""

    answer: Answer
    reason: Short
    until: Moment | None = None


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
