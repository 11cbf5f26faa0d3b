"""Labels of the fields of an event, and of the codes in them, for the timeline of an item."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from domain.kernel.envelope import Event
from web.site import labels

#: Labels of the fields whose stored name does not say on a screen what they hold. An entry for one
#: event has the event's stored name before the field's name.
FIELDS = {
    "link.asserted.a": "From",
    "link.asserted.b": "To",
    "case.referral_received.source": "Referred by",
    "offer.ended.why": "How it ended",
    "need.told.by": "To be met by",
    "family.promised.by": "Promised by",
    "meeting.decided.by": "To be done by",
    "observation.recorded.told": "Heard on",
    "complaint.step_taken.told": "Complainant informed",
    "restriction.lifted.told": "Informed",
    "support.way_checked.told": "Informed",
    "thing.recorded.told": "As the source described it",
    "a": "First record",
    "as_of": "As of",
    "at": "Time",
    "b": "Second record",
    "became": "Outcome",
    "body": "Decided by",
    "case": "Case",
    "case_told": "Case, as the source named it",
    "chain": "Heard through",
    "channel": "Received by",
    "clock": "Deadline",
    "code": "Check",
    "dated": "Date of the report",
    "did": "Response",
    "end": "Result",
    "entry": "Entry in the source register",
    "found": "Found at",
    "happened": "Event date",
    "how": "Means",
    "how_known": "How do you know it is true?",
    "how_known_words": "How it is known, in the source's words",
    "kept": "Stored file",
    "log": "Part of the record",
    "noticed": "Signs noticed",
    "of": "Record",
    "on": "Date",
    "opinion": "Fact or opinion",
    "origin": "Source",
    "raw": "As recorded",
    "root": "Independent source",
    "roots": "Independent sources",
    "sha256": "Checksum (SHA-256)",
    "since": "From",
    "state": "Status",
    "tie": "Relation",
    "to": "Recipient",
    "told_on": "Informed on",
    "urn": "Reference",
    "valid_from": "True from",
    "valid_to": "True until",
    "way": "Means",
    "what": "Subject",
    "who": "Person",
    "whom": "Person",
    "why": "Reason",
}


def labelled_fields(event: Event, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given fields of an event by their labels, with the label of each code as value."""
    codes = _codes_by_field(type(event))
    name = event.stored.name
    return {
        field_label(name, field): _labelled(value, codes.get(field, {}))
        for field, value in fields.items()
    }


def field_label(event: str, field: str) -> str:
    """Return the label of a field of the event with this stored name."""
    plain = field.replace("_", " ")
    return FIELDS.get(f"{event}.{field}") or FIELDS.get(field) or plain[:1].upper() + plain[1:]


def _labelled(value: object, called: Mapping[str, str]) -> Any:
    if isinstance(value, list | tuple):
        return [_labelled(part, called) for part in value]
    return called.get(value, value) if isinstance(value, str) else value


@cache
def _codes_by_field(event: type[Event]) -> dict[str, dict[str, str]]:
    """Return the label of each code, by the fields of an event that hold codes."""
    codes = {field: _codes(kind) for field, kind in get_type_hints(event).items()}
    return {field: labels.of_event_codes(names) for field, names in codes.items() if names}


def _codes(kind: object) -> tuple[str, ...]:
    """Return the codes that a value of this type may have, also inside an optional or a tuple."""
    if get_origin(kind) is Literal:
        return tuple(code for code in get_args(kind) if isinstance(code, str))
    return next((codes for inner in get_args(kind) if (codes := _codes(inner))), ())
