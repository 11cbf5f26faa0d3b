"""Complaints about what is done with data: each controller answers its own."""

from datetime import datetime
from uuid import UUID, uuid5

from msgspec import structs

from access.who_may.decide import answers_for
from commands.kernel import entity, item_references
from commands.kernel.case_filing import for_charity
from commands.kernel.declared import OnItem, OnNamed, by_clock, plain
from commands.kernel.unit_of_work import Desk, Receipt, act
from domain.data_protection import complaint
from domain.data_protection.complaint import Complaint, ComplaintReceived, ComplaintStepTaken
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


def _named(desk: Desk, reader: Reader, told: str) -> UUID:
    """Return the complaint of this id or this end of one. Raises Hidden."""
    with desk.looked() as db:
        ids = [row.id for row in complaints.listed(db, reader, every=True)]
    return item_references.ending(told, ids, "complaint")


#: Record that who complained was told that it came in.
acknowledge = OnNamed(
    "complaint.acknowledge",
    _named,
    Complaint(),
    complaint.evolve,
    by_clock(complaint.acknowledge),
    log="access",
    recorder=_for_own,
)


#: Record that something was done about it.
take_step = OnItem(
    ComplaintStepTaken,
    _named,
    Complaint(),
    complaint.evolve,
    plain(complaint.take_step),
    recorder=_for_own,
    body=structs.astuple,
)


#: Record that who complained was told what came of it.
tell_outcome = OnNamed(
    "complaint.tell",
    _named,
    Complaint(),
    complaint.evolve,
    by_clock(complaint.tell_outcome),
    log="access",
    recorder=_for_own,
)
