"""Commands for requests by the police for information about a victim, which the charity decides
about and answers.
"""

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID, uuid5

from msgspec import structs

from access.who_may.decide import decide as allowed
from access.who_may.event_rules import require_command
from commands.data_protection import disclosure
from commands.data_protection.disclosure import DisclosureDocument
from commands.kernel.case_filing import file_in_case, for_charity
from commands.kernel.declared import FromFields, OnItem, OnNamed, ignoring_desk
from commands.kernel.item_references import about, act_on_item, item
from commands.kernel.unit_of_work import Command, Desk, Receipt, act
from domain import forms
from domain.families.charity_support import SupportState
from domain.families.charity_support import evolve as support_evolve
from domain.justice import victim_request
from domain.justice.victim_request import (
    InformationAsked,
    InformationDecided,
    VictimRequest,
)
from domain.kernel.envelope import Event
from domain.kernel.values import Reader, Refused

KIND = "victim-request"
NOTES = ("support-contact", "support-note")
HANDED = UUID("3b0f6c5e-8a1d-5c7e-9f42-6f1f0f9b7d33")


def request_information(
    desk: Desk, reader: Reader, made: InformationAsked, case: str, **command: Unpack[Command]
) -> Receipt:
    """Request information about the child of a case. A user of the charity records here the request
    of a person without an account. Raises Refused if `domain.justice.victim_request.ask` does."""
    if reader.closed and not made.asker and not _may_ask(reader):
        raise Refused(
            "say who requests the victim's information: name, rank or role, and force or body",
            field="asker",
        )
    if reader.closed and made.asker and not allowed(reader, "support").allowed:
        raise Refused(
            "you make this request for the victim's information yourself: leave out who "
            "requests it",
            field="asker",
        )
    recorder = for_charity(reader) if made.asker else reader
    return file_in_case(
        desk, recorder, "victim_request.ask", made, case, victim_request.ask, **command
    )


def _may_ask(reader: Reader) -> bool:
    """Return whether the reader investigates or discloses, and so may request information about a
    victim (s.44E).
    """
    return any(allowed(reader, act).allowed for act in ("evidence", "schedule"))


#: Record that the victim was informed of a request about them, or was not informed, and why.
tell_victim = OnItem(
    KIND,
    VictimRequest(),
    victim_request.evolve,
    ignoring_desk(victim_request.tell_victim),
)


def _withdraw(desk: Desk, reader: Reader, state: VictimRequest, reason: str) -> tuple[Event, ...]:
    may_ask = not reader.closed or _may_ask(reader)
    return victim_request.withdraw(state, reason, may_ask=may_ask)


#: Record that the requester no longer needs the information about a victim.
withdraw = OnNamed(
    "victim_request.withdraw",
    KIND,
    VictimRequest(),
    victim_request.evolve,
    _withdraw,
)


@FromFields
def decide(
    desk: Desk,
    reader: Reader,
    request: UUID | str,
    made: InformationDecided,
    items: Sequence[str],
    **command: Unpack[Command],
) -> Receipt:
    """Record the charity's decision on a request about a victim; `items` names the notes to hand
    over. Raises Hidden. Raises Refused if the reader made the request, or has a role that makes
    such requests. Also raises what `domain.justice.victim_request.decide` raises.
    """

    def chosen(state: VictimRequest) -> tuple[Event, ...]:
        first = desk.logs["evidence"].history(about(desk, reader, request, KIND))[0]
        theirs = not (state.request and state.request.asker) and forms.same_person(
            first.by, reader.name
        )
        asked_it = theirs or (reader.closed and _may_ask(reader))
        found_items = _resolve_notes(desk, reader, state, items)
        return victim_request.decide(
            state, structs.replace(made, items=found_items), asked_it=asked_it
        )

    return act_on_item(
        desk,
        for_charity(reader),
        "victim_request.decide",
        request,
        KIND,
        VictimRequest(),
        victim_request.evolve,
        chosen,
        [made, list(items)],
        **command,
    )


def _resolve_notes(
    desk: Desk, reader: Reader, state: VictimRequest, items: Sequence[str]
) -> tuple[UUID, ...]:
    """Return the ids of the named notes and contacts of the case. Raises Hidden if the reader may
    not see one of them, Refused if one of them is about another family.
    """
    with desk.deciding() as db:
        found_items = tuple(dict.fromkeys(item(desk, db, reader, text, *NOTES) for text in items))
    for found_item in found_items:
        note, _ = desk.current_state(reader, found_item, SupportState(), support_evolve)
        if not (note.recorded and state.request and note.recorded.case == state.request.case):
            raise Refused(
                "only support notes and contacts of this family can be handed over in answer to "
                "this request",
                field="items",
            )
    return found_items


def hand_over(desk: Desk, reader: Reader, which: UUID | str) -> tuple[Receipt, DisclosureDocument]:
    """Hand over the information about a victim that the charity decided to give, and record the
    disclosure. Raises Hidden, and Refused if `domain.justice.victim_request.hand_over` does.
    """
    require_command(reader, "victim_request.hand_over")
    reader = for_charity(reader)
    request = about(desk, reader, which, KIND)
    state, _ = desk.current_state(reader, request, VictimRequest(), victim_request.evolve)
    victim_request.hand_over(state, request)
    event, decided = state.request, state.decided
    assert event  # noqa: S101 (it stands)
    assert decided  # noqa: S101 (as well)
    first = desk.logs["evidence"].history(request)[0]
    receipt, document = disclosure.disclose(
        desk,
        reader,
        [disclosure.note(desk, reader, one) for one in decided.items],
        basis="victim-request",
        purpose=event.enquiry,
        recipients=[event.asker or first.by],
        checked="each was chosen by the charity, which decides",
        command_id=uuid5(HANDED, str(request)),
    )
    act(
        desk,
        reader,
        "victim_request.hand_over",
        request,
        VictimRequest(),
        victim_request.evolve,
        lambda one: victim_request.hand_over(one, receipt.id),
        [str(receipt.id)],
        command_id=uuid5(HANDED, f"{request}/handed"),
    )
    return receipt, document
