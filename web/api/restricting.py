"""Operations on restrictions of use: place a restriction, and lift it."""

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
    """The body of a request that restricts the use of an item: the ground in the law that applies
    to the record, and the reason."""

    ground: RestrictionGround
    reason: Short


class Changed(msgspec.Struct, frozen=True):
    """The items whose restriction was placed or lifted: an item, and all that belongs to it."""

    items: tuple[UUID, ...]


@post("/items/{item}/restriction", "restrict")
def restrict(call: ApiCall, item: UUID, given: Restriction) -> Changed:
    """Restrict the use of an item with all that belongs to it. Users who protect a child may still
    use it. If a person requested a restriction on this ground, the request is granted."""
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
    """The body of a request that lifts a restriction: the reason. If the restriction was made at a
    person's request, the body also says when and how this person was informed of the lifting in
    advance."""

    reason: Short
    told_on: date | None = None
    told: Short | None = None


@post("/items/{item}/restriction-lifting", "unrestrict")
def lift_restriction(call: ApiCall, item: UUID, given: Lifting) -> Changed:
    """Lift the restriction of an item with all that belongs to it, so that it is in ordinary use
    again.
    """
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
    """Return the ids of an item and of all that belongs to it. Raises Hidden if the caller may not
    see the item."""
    require_reached(call.desk, call.reader, [item])
    return erasure.own_items(call.desk, item)
