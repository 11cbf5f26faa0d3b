"""Restrictions of use: placed, asked for, refused, lifted."""

from datetime import date
from uuid import UUID

import msgspec

from commands.erasure import erasure, retention
from commands.erasure.erasure_reach import require_reached
from commands.kernel.unit_of_work import Receipt
from domain.kernel.codes import RestrictionGround
from web.api.call import ApiCall
from web.api.operation import post
from web.api.recording import Short


class Restriction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ground in law, of the law under which the item was recorded, and why."""

    ground: RestrictionGround
    reason: Short


class Changed(msgspec.Struct, frozen=True):
    """Which items were restricted, or put back into use: the item with all that is its own."""

    items: tuple[UUID, ...]


@post("/items/{item}/restriction", "restrict")
def restrict(call: ApiCall, item: UUID, given: Restriction) -> Changed:
    """Restrict the use of an item with all that is its own; what protects a child goes on. It
    grants a request where the ground is one that a person claims."""
    return Changed(
        tuple(
            retention.restrict(
                call.desk,
                call.reader,
                _own(call, item),
                given.reason,
                ground=given.ground,
                command_id=call.command_id,
            )
        )
    )


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who asks, how it was made sure that it is them, and why."""

    requester: Short
    reason: Short


@post("/items/{item}/restriction-request", "restrict")
def request_restriction(call: ApiCall, item: UUID, given: Request) -> Receipt:
    """Record that somebody asks for a restriction; nothing changes until it is decided."""
    told = call.desk, call.reader, item, given.requester, given.reason
    return retention.request_restriction(*told, command_id=call.command_id)


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is refused."""

    reason: Short


@post("/items/{item}/restriction-refusal", "restrict")
def refuse_restriction(call: ApiCall, item: UUID, given: Refusal) -> Receipt:
    """Refuse what somebody asked for; the use goes on."""
    told = call.desk, call.reader, item, given.reason
    return retention.refuse_restriction(*told, command_id=call.command_id)


class Lifting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is lifted; and, where a person obtained it, on which day and how they were told
    before."""

    reason: Short
    told_on: date | None = None
    told: Short | None = None


@post("/items/{item}/restriction-lifting", "unrestrict")
def lift_restriction(call: ApiCall, item: UUID, given: Lifting) -> Changed:
    """Put an item back into ordinary use, with all that is its own."""
    return Changed(
        tuple(
            retention.unrestrict(
                call.desk,
                call.reader,
                _own(call, item),
                given.reason,
                told_on=given.told_on,
                told=given.told,
                command_id=call.command_id,
            )
        )
    )


def _own(call: ApiCall, item: UUID) -> list[UUID]:
    """The item with all that is its own. Raises Hidden where the item is not the caller's."""
    require_reached(call.desk, call.reader, [item])
    return erasure.own_items(call.desk, item)
