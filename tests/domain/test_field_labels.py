"""Each field of an event in the evidence log has a label that is true of it."""

from collections import defaultdict
from datetime import date
from typing import Any, get_args, get_type_hints
from uuid import UUID

from domain import catalogue
from domain.kernel.envelope import Event
from domain.kernel.field_labels import LABELS, field_label
from domain.kernel.values import When


def _events() -> list[type[Event]]:
    return [event for event in catalogue.by_name().values() if event.stored.log == "evidence"]


def _sort(hint: Any) -> str:
    """Return whether a field of this type holds an item, a time, a number, a text or something
    else."""
    parts = [part for part in get_args(hint) if part is not type(None)] or [hint]
    for sort, types in {"item": UUID, "time": date | When, "number": int | float}.items():
        if all(isinstance(part, type) and issubclass(part, types) for part in parts):
            return sort
    return "text"


def _fields(event: type[Event]) -> dict[str, Any]:
    hints = get_type_hints(event)
    return {name: hints[name] for name in event.__struct_fields__}


def test_no_two_fields_of_an_event_have_one_label() -> None:
    for event in _events():
        fields = _fields(event)
        assert len({field_label(event.stored.name, name) for name in fields}) == len(fields), event


def test_each_label_is_of_a_field_that_exists() -> None:
    names = {
        name
        for event in _events()
        for field in _fields(event)
        for name in (field, f"{event.stored.name}.{field}")
    }
    assert LABELS.keys() <= names


def test_one_label_for_several_events_is_for_fields_that_hold_the_same() -> None:
    """For example, `kept` is the result of a promise in one event and a file's name in another."""
    sorts = defaultdict(set)
    for event in _events():
        for name, hint in _fields(event).items():
            if name in LABELS and f"{event.stored.name}.{name}" not in LABELS:
                sorts[name].add(_sort(hint))
    assert {name: found for name, found in sorts.items() if len(found) > 1} == {}
