"""Restrictions of use: place and lift."""

from datetime import date
from uuid import UUID

import msgspec

from commands.erasure import erasure, retention
from commands.erasure.erasure_reach import require_reached
from domain.kernel.codes import RestrictionGround
from web.api.call import ApiCall
from web.api.operation import post
from web.api.recording import Short


class Restriction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The legal ground, under the law of the record, and why."""

    ground: RestrictionGround
    reason: Short


class Changed(msgspec.Struct, frozen=True):
    """The items that were restricted, or put back into use: the item with all that belongs to
    it."""

    items: tuple[UUID, ...]


@post("/items/{item}/restriction", "restrict")
def restrict(call: ApiCall, item: UUID, given: Restriction) -> Changed:
    """Restrict the use of an item with all that belongs to it; child protection continues. It
    grants a request if the ground is one that a person claims."""
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


class Lifting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body that lifts a restriction: why it is lifted; and, if a person requested it, when and
    how they were informed before."""

    reason: Short
    told_on: date | None = None
    told: Short | None = None


@post("/items/{item}/restriction-lifting", "unrestrict")
def lift_restriction(call: ApiCall, item: UUID, given: Lifting) -> Changed:
    """Put an item back into ordinary use, with all that belongs to it."""
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
    """Return the item with all that belongs to it. Raises Hidden if the caller may not see the
    item."""
    require_reached(call.desk, call.reader, [item])
    return erasure.own_items(call.desk, item)
