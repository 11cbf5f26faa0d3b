"""The fields of an event with labels, and labels for the codes in them, for an item's timeline."""

from collections.abc import Mapping
from functools import cache
from typing import Any, get_type_hints

from domain.kernel.envelope import Event
from domain.kernel.field_labels import field_label
from domain.kernel.fields import codes_in
from web.site import labels


def labelled_fields(event: Event, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given fields of an event by their labels, with the label of each code as value."""
    labels_by_field = _code_labels(type(event))
    return {
        field_label(event.stored.name, field): _labelled(value, labels_by_field.get(field, {}))
        for field, value in fields.items()
    }


def _labelled(value: object, code_labels: Mapping[str, str]) -> Any:
    if isinstance(value, list | tuple):
        return [_labelled(part, code_labels) for part in value]
    return code_labels.get(value, value) if isinstance(value, str) else value


@cache
def _code_labels(event: type[Event]) -> dict[str, dict[str, str]]:
    """Return the labels of the codes that each field of an event may have."""
    return {
        field: labels.of_event_codes([code for code in codes if isinstance(code, str)])
        for field, hint in get_type_hints(event).items()
        if (codes := codes_in(hint))
    }
