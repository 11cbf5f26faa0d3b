"""Commands for the charity's own records: contacts with a family and notes, under the charity's own
controller and law.
"""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from msgspec import structs, to_builtins

from commands.families import safe_contact
from commands.kernel.case_filing import for_charity, keep
from commands.kernel.declared import FromFields
from commands.kernel.entity import recorded
from commands.kernel.item_references import resolve_case
from commands.kernel.unit_of_work import Desk, Receipt
from domain.families import charity_support
from domain.families.charity_support import (
    ENDS_AT,
    ContactMade,
    NoteWritten,
    WayChecked,
    advise_safe_ways,
)
from domain.families.family_contact import FamilyTold
from domain.kernel.codes import Channel
from domain.kernel.values import EntityKind, Reader, Refused
from projections.families import cases

Support = TypeVar("Support", ContactMade, NoteWritten)
CHANNELS: tuple[EntityKind, ...] = ("phone", "handle", "place")


@FromFields
def make_contact(
    desk: Desk,
    reader: Reader,
    made: ContactMade,
    *,
    case: str | None = None,
    to: str | None = None,
    done: bool = False,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Record a contact of the charity with a family that `case` names. `to` is the destination,
    such as a phone number; `done` is True if the contact was already made. Whether the destination
    is safe is checked first, because a person who may harm the child could read the message.
    """
    command_id = command_id or desk.new_random_id()
    causes = tuple(because_of)
    body = [(_entered_fields(made, case),), causes, *([to, done] if to or done else [])]
    if again := desk.repeated(
        command_id,
        "support.contact",
        body,
        former=lambda: [(_former_fields(_with_case(desk, reader, made, case)),), causes],
    ):
        return again
    made = _with_case(desk, reader, made, case)
    way, safe = check_way(desk, reader, made.case, made.channel, to, done=done)
    events = charity_support.make_contact(made, way, done=done, safe=safe)
    return keep(desk, for_charity(reader), "support.contact", events, command_id, causes, body)


def _entered_fields(made: Support, case: str | None) -> object:
    """Return the fields of a support record as the user entered them, with the case as the user
    named it.
    """
    return to_builtins(made) | {"case": case} if case else made


def _former_fields(contact: ContactMade) -> object:
    """Return the fields of a contact as older versions hashed them: without `travel` if that is
    empty.
    """
    fields: dict[str, object] = to_builtins(contact)
    return (
        fields if contact.travel is not None else {k: v for k, v in fields.items() if k != "travel"}
    )


def _with_case(desk: Desk, reader: Reader, made: Support, case: str | None) -> Support:
    """Return a support record with the id of the case that `case` names. Raises Refused if there is
    no such case.
    """
    return structs.replace(made, case=resolve_case(desk, reader, case)) if case else made


def check_way(
    desk: Desk, reader: Reader, case: UUID, by: Channel, to: str | None, *, done: bool
) -> tuple[WayChecked | None, tuple[str, ...]]:
    """Return the result of the safety check of a way to contact a family; None if there is nothing
    to check or to warn about. Also return the safe ways that the worker may use instead.
    """
    if not to and not ENDS_AT[by]:
        return None, ()
    with desk.deciding() as db:
        if not to:
            family = safe_contact.contact_ways_of(db, reader, case, by)
            return WayChecked(case, "unsafe") if family.unsafe else None, family.safe
        try:
            found_item = channel(desk, to)
        except Refused:
            if not done:
                raise
            # the contact was already made, so it is recorded even if the destination is not
            # recognised
            return WayChecked(case, "ask-first", told=to), ()
        checked = safe_contact.check_entered(db, reader, found_item, to)
        unsafe = checked.verdict == "unsafe"
        near: Channel = by if ENDS_AT[by] else "text"
        safe = safe_contact.contact_ways_of(db, reader, case, near).safe if unsafe else ()
    return WayChecked(case, checked.verdict, found_item, to), safe


def reaches_harm(desk: Desk, reader: Reader, event: FamilyTold) -> bool:
    """Return whether a message to this family would reach a person who may harm the child."""
    with desk.deciding() as db:
        row = cases.get(db, reader, event.case)
        if row is None:
            return False
        carer, both = event.carer, event.whom in ("parents", "family")
        return safe_contact.reaches_harm(db, reader, event.case, row.child, carer, both=both)


def warning(desk: Desk, reader: Reader, made: UUID) -> str | None:
    """Return the warning that a worker made a contact in an unsafe way; None if the way is safe."""
    first, *rest = (fact.event for fact in desk.logs["evidence"].history(made))
    way = next((event for event in rest if isinstance(event, WayChecked)), None)
    if way is None or way.verdict != "unsafe" or not isinstance(first, ContactMade | FamilyTold):
        return None
    with desk.asking() as db:
        by = first.channel if ENDS_AT[first.channel] else "text"
        safe = safe_contact.contact_ways_of(db, reader, first.case, by).safe
    if isinstance(first, FamilyTold) and not way.told and reaches_harm(desk, reader, first):
        return (
            "A person who receives this may harm the child. An alert is raised: speak to the other "
            "parent alone"
        )
    begin = (
        "A person who may harm the child shares this way of contact"
        if way.told
        else "A person who may harm the child shares one of this family's ways of contact: say "
        "where messages go (--to)"
    )
    return f"{begin}. An alert is raised. {advise_safe_ways(safe)}"


@FromFields
def write_note(
    desk: Desk,
    reader: Reader,
    made: NoteWritten,
    *,
    case: str | None = None,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Write a support note about the family that `case` names. An attitude always counts as an
    opinion. Raises Refused if an opinion lacks its holder, its basis or its review date.
    """
    command_id = command_id or desk.new_random_id()
    if made.kind == "attitude" and made.opinion == "not-known":
        made = structs.replace(made, opinion="opinion")
    causes = tuple(because_of)
    body = [(_entered_fields(made, case),), causes]
    if again := desk.repeated(
        command_id,
        "support.note",
        body,
        former=lambda: [(_with_case(desk, reader, made, case),), causes],
    ):
        return again
    events = charity_support.write_note(_with_case(desk, reader, made, case))
    return keep(desk, for_charity(reader), "support.note", events, command_id, causes, body)


def channel(desk: Desk, text: str) -> UUID | None:
    """Return the id of the phone, handle (name of an account) or place that `text` names as
    `kind:value`; None if it is not recorded. Items hidden from the reader are included, because a
    safety check must not miss them.

    Raises Refused if the text is not `kind:value`.
    """
    prefix, _, value = text.partition(":")
    kind = next(
        (channel_name for channel_name in CHANNELS if channel_name == prefix.strip().lower()), None
    )
    if kind is None or not value.strip():
        raise Refused(
            "write a way to reach a person as phone:NUMBER, handle:NAME or place:ADDRESS",
            field="to",
        )
    return recorded(desk, kind, value)
