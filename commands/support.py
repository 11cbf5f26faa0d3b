"""The charity's own record: contacts and notes, under its own controller and law."""

from uuid import UUID

import msgspec

from commands.desk import Desk, Prepared, Receipt, facts
from domain import support
from domain.envelope import Event, Submission
from domain.support import CONTROLLER, REGIME, ContactMade, NoteWritten
from domain.values import Reader


def make_contact(
    desk: Desk,
    reader: Reader,
    contact: ContactMade,
    *,
    command_id: UUID | None = None,
    because_of: tuple[str, ...] = (),
) -> Receipt:
    """Record a contact with a family; whether it was a safe one is asked before (contact check)."""
    events = support.make_contact(contact)
    return _record(desk, reader, "support.contact", events, command_id, because_of)


def write_note(
    desk: Desk,
    reader: Reader,
    note: NoteWritten,
    *,
    command_id: UUID | None = None,
    because_of: tuple[str, ...] = (),
) -> Receipt:
    """Write a note. Raises Refused where an opinion lacks whose it is, its basis or its review."""
    events = support.write_note(note)
    return _record(desk, reader, "support.note", events, command_id, because_of)


def _record(
    desk: Desk,
    reader: Reader,
    name: str,
    events: tuple[Event, ...],
    command_id: UUID | None,
    because_of: tuple[str, ...],
) -> Receipt:
    charity = msgspec.structs.replace(reader, controller=CONTROLLER, regime=REGIME)
    command_id = command_id or desk.new_random_id()
    body = [events, because_of]
    if again := desk.repeated(command_id, name, body):
        return again
    stream = desk.new_id()
    made = facts(charity, stream, 0, events, because_of)
    submission = Submission(command_id, desk.digest(name, body), made)
    return desk.save([Prepared(stream, {"evidence": submission})])[0]
