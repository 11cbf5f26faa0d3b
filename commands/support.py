"""The charity's own record: contacts and notes, under its own controller and law."""

from uuid import UUID

import msgspec

from commands.desk import Desk, Prepared, Receipt, facts
from commands.entity import normal_form
from domain import support
from domain.envelope import Event, Submission
from domain.support import CONTROLLER, REGIME, ContactMade, NoteWritten
from domain.values import EntityKind, Reader, Refused

CHANNELS: tuple[EntityKind, ...] = ("phone", "handle", "place")


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


def channel(desk: Desk, told: str) -> UUID | None:
    """The phone, handle or place `kind:value` by which a family may be reached; None where nobody
    has recorded it. Whether the reader may see it is not asked: a check must not miss it.

    Raises Refused for what is none.
    """
    prefix, _, value = told.partition(":")
    kind = next((one for one in CHANNELS if one == prefix.strip().lower()), None)
    if kind is None or not value.strip():
        raise Refused("a way to reach somebody is phone:NUMBER, handle:NAME or place:ADDRESS")
    normal, _ = normal_form(kind, value)
    return desk.find("evidence", desk.keys.blind(kind, normal)) if normal else None


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
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]
