"""Complaints about what is done with data: each controller answers its own."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Unpack
from uuid import UUID, uuid5

from msgspec import structs

from access.who_may.decide import answers_for
from commands.kernel import entity, item_references
from commands.kernel.case_filing import for_charity
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, act_named
from domain.data_protection import complaint
from domain.data_protection.complaint import Complaint, ComplaintReceived, ComplaintStepTaken
from domain.kernel.codes import ComplaintOutcome
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.data_protection import complaints

COMPLAINTS = UUID("e2a1f4c6-6a1e-5d0e-8a53-0f0b6b1c9d27")


def receive(
    desk: Desk,
    reader: Reader,
    complainant: str,
    words: str,
    *,
    subject: str | None = None,
    received: datetime | None = None,
    command_id: UUID | None = None,
) -> Receipt:
    """A complaint came in; `subject` names as whom we know who complains, where we do. Raises
    Refused as `domain.data_protection.complaint.receive`, and for whom nobody knows."""
    command_id = command_id or desk.new_random_id()
    body = [complainant, words, subject, received]
    stream = uuid5(COMPLAINTS, str(command_id))
    if again := desk.repeated(command_id, "complaint.receive", [str(stream), body, ()], "access"):
        return again
    now = desk.clock()
    known = entity.find(desk, reader, subject)[0] if subject else None
    made = ComplaintReceived(received or now, complainant, words, known)
    return act(
        desk,
        _for_own(reader),
        "complaint.receive",
        stream,
        Complaint(),
        complaint.evolve,
        lambda state: complaint.receive(made, now),
        body,
        command_id=command_id,
        log="access",
    )


def _for_own(reader: Reader) -> Reader:
    """The reader, who answers for the charity where they are its worker."""
    return for_charity(reader) if answers_for(reader) == reader.charity else reader


def acknowledge(
    desk: Desk,
    reader: Reader,
    told: str,
    words: str | None = None,
    on: date | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Who complained was told that it came in. Raises Hidden, and Refused as
    `domain.data_protection.complaint.acknowledge`."""
    now = desk.clock()
    return _act(
        desk,
        reader,
        "complaint.acknowledge",
        told,
        lambda state: complaint.acknowledge(state, words, on, now),
        [words, on],
        **command,
    )


def take_step(
    desk: Desk, reader: Reader, told: str, step: ComplaintStepTaken, **command: Unpack[Command]
) -> Receipt:
    """Something was done about it. Raises Hidden, and Refused as
    `domain.data_protection.complaint.take_step`."""
    return _act(
        desk,
        reader,
        "complaint.step",
        told,
        lambda state: complaint.take_step(state, step),
        [structs.astuple(step)],
        **command,
    )


def tell_outcome(
    desk: Desk,
    reader: Reader,
    told: str,
    outcome: ComplaintOutcome,
    words: str,
    on: date | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Who complained was told what came of it. Raises Hidden, and Refused as
    `domain.data_protection.complaint.tell_outcome`."""
    now = desk.clock()
    return _act(
        desk,
        reader,
        "complaint.tell",
        told,
        lambda state: complaint.tell_outcome(state, outcome, words, on, now),
        [outcome, words, on],
        **command,
    )


def _act(
    desk: Desk,
    reader: Reader,
    name: str,
    told: str,
    decide: Callable[[Complaint], tuple[Event, ...]],
    body: list[Any],
    **command: Unpack[Command],
) -> Receipt:
    """One decision about a complaint, named by its id or the end of it."""

    def found() -> UUID:
        with desk.looked() as db:
            ids = [row.id for row in complaints.listed(db, reader, every=True)]
        return item_references.ending(told, ids, "complaint")

    return act_named(
        desk,
        _for_own(reader),
        name,
        told,
        found,
        Complaint(),
        complaint.evolve,
        decide,
        body,
        log="access",
        **command,
    )
