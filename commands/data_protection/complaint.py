"""Commands for complaints about the use of personal data. Each controller answers the complaints
about its own use of data.
"""

from datetime import datetime
from uuid import UUID, uuid5

from msgspec import structs

from access.who_may.decide import answers_for
from commands.kernel import entity, item_references
from commands.kernel.case_filing import for_charity
from commands.kernel.declared import OnItem, OnNamed, ignoring_desk, with_time
from commands.kernel.unit_of_work import Desk, Receipt, act
from domain.data_protection import complaint
from domain.data_protection.complaint import Complaint, ComplaintReceived
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
    """Record a complaint about the use of personal data; `subject` names the complainant's record,
    if there is one. Raises Refused if `domain.data_protection.complaint.receive` does, and if the
    subject is not recorded."""
    command_id = command_id or desk.new_random_id()
    body = [complainant, words, subject, received]
    stream = uuid5(COMPLAINTS, str(command_id))
    if again := desk.repeated(command_id, "complaint.receive", [str(stream), body, ()], "access"):
        return again
    now = desk.clock()
    known_item = entity.find(desk, reader, subject)[0] if subject else None
    made = ComplaintReceived(received or now, complainant, words, known_item)
    return act(
        desk,
        _as_own_controller(reader),
        "complaint.receive",
        stream,
        Complaint(),
        complaint.evolve,
        lambda state: complaint.receive(made, now),
        body,
        command_id=command_id,
        log="access",
    )


def _as_own_controller(reader: Reader) -> Reader:
    """Return the reader as a user of the charity, with the charity as data controller, if the
    reader answers complaints for the charity; otherwise return the reader unchanged.
    """
    return for_charity(reader) if answers_for(reader) == reader.charity else reader


def _resolve_complaint(desk: Desk, reader: Reader, text: str) -> UUID:
    """Return the complaint whose id is `text` or ends with it. Raises Hidden if the reader sees no
    such complaint.
    """
    with desk.looked() as db:
        ids = [row.id for row in complaints.list_complaints(db, reader, include_all=True)]
    return item_references.ending(text, ids, "complaint")


#: Record that the receipt of a complaint was acknowledged.
acknowledge = OnNamed(
    "complaint.acknowledge",
    _resolve_complaint,
    Complaint(),
    complaint.evolve,
    with_time(complaint.acknowledge),
    log="access",
    recorder=_as_own_controller,
)


#: Record a step in the investigation of a complaint.
take_step = OnItem(
    _resolve_complaint,
    Complaint(),
    complaint.evolve,
    ignoring_desk(complaint.take_step),
    recorder=_as_own_controller,
    body=structs.astuple,
)


#: Record that the complainant was informed of the outcome of their complaint.
tell_outcome = OnNamed(
    "complaint.tell",
    _resolve_complaint,
    Complaint(),
    complaint.evolve,
    with_time(complaint.tell_outcome),
    log="access",
    recorder=_as_own_controller,
)
