"""Operations that confirm or refuse open proposals."""

from uuid import UUID

import msgspec

from commands.kernel.unit_of_work import Receipt
from commands.people_and_teams import two_person
from domain.kernel.codes import What
from web.api.call import ApiCall
from web.api.operation import post
from web.api.recording import Short


class Confirmed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a confirmation: the kind of proposal to confirm. If something in the child's case
    is still open, a supervisor or a DCI has to confirm and give a `reason`."""

    what: What
    reason: Short | None = None


@post("/proposals/{item}/confirmation", "proposals")
def confirm_proposal(call: ApiCall, item: UUID, given: Confirmed) -> Receipt:
    """Confirm, as a second person, a proposal about a case, a person or an item under a hold."""
    return two_person.confirm(
        call.desk,
        call.reader,
        item,
        given.what,
        reason=given.reason,
        command_id=call.command_id,
    )


class Declined(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a refusal: the kind of proposal, and why it is refused."""

    what: What
    reason: Short


@post("/proposals/{item}/refusal", "proposals")
def refuse(call: ApiCall, item: UUID, given: Declined) -> Receipt:
    """Refuse a proposal, or withdraw your own proposal; the record stays as it is."""
    return two_person.refuse(
        call.desk, call.reader, item, given.what, given.reason, command_id=call.command_id
    )
