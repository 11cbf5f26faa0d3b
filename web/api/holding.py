"""Operations on legal holds: place a hold, and prove that its items are unharmed."""

from uuid import UUID

import msgspec

from commands.erasure import legal_hold
from commands.kernel.unit_of_work import Receipt
from domain.data_protection.legal_hold import Query
from domain.kernel.values import HoldGround
from questions.data_protection import hold_proof
from questions.data_protection.hold_proof import HoldProof
from web.api.call import ApiCall
from web.api.operation import get, post
from web.api.recording import Moment, Short


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An order to preserve material. `reference` is the number of the order; it is required if the
    hold covers more than one item, case or person. `review` is the review date; without it the hold
    is reviewed in half a year.
    """

    query: Query
    ground: HoldGround
    reason: Short
    reference: Short | None = None
    review: Moment | None = None


@post("/holds", "hold place")
def place(call: ApiCall, given: Order) -> Receipt:
    """Hold a case, a person, an item, a category of material, a period, a team or the whole store:
    nothing in its scope is destroyed from now on."""
    return legal_hold.place(
        call.desk,
        call.reader,
        given.query,
        given.ground,
        given.reason,
        reference=given.reference,
        review=given.review,
        command_id=call.command_id,
    )


@get("/holds/{one}/proof", "hold prove")
def prove(call: ApiCall, one: UUID) -> HoldProof:
    """Return the items under a hold that the caller may see, and for each whether its encryption
    key was destroyed."""
    return hold_proof.prove(call.desk, call.reader, one, call.system, call.system.clock())
