"""What waits for a second person is confirmed or refused."""

from uuid import UUID

import msgspec

from commands.kernel.unit_of_work import Receipt
from commands.people_and_teams import two_person
from domain.kernel.codes import What
from web.api.call import ApiCall
from web.api.operation import post
from web.api.recording import Short


class Confirmed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is confirmed. `reason` is a named senior's, where a child would be left with something
    open."""

    what: What
    reason: Short | None = None


@post("/proposals/{item}/confirmation", "proposals")
def confirm_proposal(call: ApiCall, item: UUID, given: Confirmed) -> Receipt:
    """Confirm, as a second person, what was proposed about a case, a person or something held."""
    return two_person.confirm(
        call.desk,
        call.reader,
        item,
        given.what,
        reason=given.reason,
        command_id=call.command_id,
    )


class Declined(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is refused, and why."""

    what: What
    reason: Short


@post("/proposals/{item}/refusal", "proposals")
def refuse(call: ApiCall, item: UUID, given: Declined) -> Receipt:
    """Refuse what was proposed, or take one's own proposal back; nothing changed."""
    return two_person.refuse(
        call.desk, call.reader, item, given.what, given.reason, command_id=call.command_id
    )
