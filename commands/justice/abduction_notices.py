"""Commands for the service of child abduction warning notices, and for their breaches."""

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID

from msgspec import structs, to_builtins

from access.who_may.scope import hidden_error
from commands.kernel.case_filing import keep
from commands.kernel.declared import FromFields, OnItem, ignoring_desk
from commands.kernel.item_references import about, act_on_item
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.justice import abduction_notice
from domain.justice.abduction_notice import Breach, NoticeBreached, ServiceTold
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.composed.expiry import by_law
from projections.justice import abduction_notices


@FromFields
def record_service(
    desk: Desk,
    reader: Reader,
    notice: UUID | str,
    made: ServiceTold,
    *,
    photograph: str | None = None,
    statement: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record how an abduction notice was served; `photograph` names an exhibit, `statement` a
    statement. Raises Hidden, and Refused if `domain.justice.abduction_notice.tell_service` does.
    """

    def decide(state: ServiceTold | None) -> tuple[Event, ...]:
        found_items = {
            "photograph": about(desk, reader, photograph, "exhibit") if photograph else None,
            "statement": about(desk, reader, statement, "statement") if statement else None,
        }
        return abduction_notice.tell_service(state, structs.replace(made, **found_items))

    return act_on_item(
        desk,
        reader,
        "notice.service",
        notice,
        "notice",
        None,
        abduction_notice.service,
        decide,
        [made, photograph, statement],
        **command,
    )


@FromFields
def breach(
    desk: Desk,
    reader: Reader,
    notice: str,
    item: str,
    made: NoticeBreached,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Record the breach of an abduction notice. `notice` names the notice, and `item` is the log
    entry or evidence that shows the breach. Raises Hidden, and Refused if
    `domain.justice.abduction_notice.breach` does.
    """
    command_id, causes = command_id or desk.new_random_id(), tuple(because_of)
    body = [to_builtins(made) | {"notice": notice, "item": item}, causes]
    if again := desk.repeated(command_id, "notice.breach", body):
        return again
    notice_id = about(desk, reader, notice, "notice")
    with desk.deciding() as db:
        warned = abduction_notices.get(db, reader, notice_id)
        if warned is None:
            raise hidden_error("notice", notice)
        (warned,) = by_law(db, reader, [warned])
    found_items = {"notice": notice_id, "person": warned.person, "case": warned.case}
    breached = structs.replace(made, item=about(desk, reader, item), **found_items)
    events = abduction_notice.breach(breached, warned.served, warned.ends, desk.clock())
    return keep(desk, reader, "notice.breach", events, command_id, causes, body)


#: Record the response to a breach of an abduction notice.
follow_up = OnItem(
    "breach",
    Breach(),
    abduction_notice.evolve,
    ignoring_desk(abduction_notice.follow_up),
)
