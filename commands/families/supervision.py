"""The command that records that a worker's supervision was offered, held or declined."""

from typing import Unpack
from uuid import UUID

from msgspec import structs

from access.who_may.decide import Thing, decide
from access.who_may.event_rules import require_command
from commands.kernel.case_filing import for_charity
from commands.kernel.colleague import colleague
from commands.kernel.declared import FromFields
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, earlier_receipt
from domain.families import supervision
from domain.families.supervision import Supervision, SupervisionTold
from domain.kernel.values import Denied, Reader


@FromFields
def record_supervision(
    desk: Desk, reader: Reader, made: SupervisionTold, **command: Unpack[Command]
) -> Receipt:
    """Record that a worker's supervision was offered, held or declined. Raises Denied if the reader
    is neither the worker nor a manager. Raises Refused if the worker has no active account that
    works with families, if a manager names a worker of another team, or if
    `domain.families.supervision.tell` does.
    """
    name, body = "supervision.tell", [made.kind, made.state, made.day, made.agreed]

    def found() -> UUID:
        return supervision.stream(made.worker)

    if again := earlier_receipt(desk, name, made.worker, body, found, **command):
        return again
    require_command(reader, name)
    worker = colleague(desk, reader, made.worker, "work", "support")
    theirs = Thing("supervision", supervision.stream(worker), reader.team, worker)
    if worker != reader.name and not decide(reader, "supervise", theirs).allowed:
        raise Denied("only the worker, or their manager, can record the supervision of a worker")
    if worker != reader.name:
        colleague(desk, reader, worker, "work", "support", team=reader.team)
    event = structs.replace(made, worker=worker)
    today = desk.clock().date()
    return act(
        desk,
        for_charity(reader),
        name,
        supervision.stream(worker),
        Supervision(),
        supervision.evolve,
        lambda state: supervision.tell(state, event, reader.name, today),
        body,
        target=made.worker,
        **command,
    )
