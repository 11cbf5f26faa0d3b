"""Read from an event the ids of items, each with the role of its field, and the texts that may name
a person. The type annotation of each field defines its role (`domain.kernel.fields`).
"""

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any, get_args, get_type_hints
from uuid import UUID

import msgspec

from domain.information.observation import ObservationRead, SourceHeld
from domain.information.source import SourceRegistered
from domain.intelligence.entity import (
    NameAdded,
    PersonRecorded,
)
from domain.intelligence.intelligence_report import ItemSanitised, ReportRedacted
from domain.kernel.envelope import Event
from domain.kernel.fields import Life, Text, markers_of

#: Events whose name field is the name of the event's own item, and no mention of another item.
#: `NO_TEXT` are events that are recorded only together with the text of a log entry.
OWN_NAMES = (PersonRecorded, NameAdded, SourceRegistered)
NO_TEXT = (ObservationRead, SourceHeld)
#: The annotations of text fields that may name a person. A code cannot.
TELLING = frozenset({Text.SAID, Text.WRITTEN, Text.IDENTIFYING, Text.AS_IS})
#: The size of an id in bytes.
ID = 16


def items_in(event: msgspec.Struct) -> Iterator[tuple[UUID, Life]]:
    """Yield each id of an item in an event, with the role of its field. An id within a nested
    struct counts only as a mention.
    """
    for name, role in _fields(type(event)):
        if (value := getattr(event, name)) is not None:
            if isinstance(value, UUID):
                yield value, role
            else:
                for item in _ids(value):
                    yield item, role


@cache
def _fields(event: type) -> tuple[tuple[str, Life], ...]:
    hints = get_type_hints(event)
    roles_by_field = []
    for name, markers in markers_of(event).items():
        role = next((marker for marker in markers if isinstance(marker, Life)), None)
        if role or _holds_ids(hints[name]):
            roles_by_field.append((name, role or Life.NOT_REACHED))
    return tuple(roles_by_field)


def _holds_ids(hint: Any) -> bool:
    """Return whether a type contains a struct with an id."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return bool(_fields(hint))
    return any(_holds_ids(argument) for argument in get_args(hint))


def _ids(value: object) -> Iterator[UUID]:
    match value:
        case UUID():
            yield value
        case bytes():
            yield from (UUID(bytes=value[at : at + ID]) for at in range(0, len(value), ID))
        case str():
            yield from ids_in((value,))
        case msgspec.Struct():
            yield from (item for item, _ in items_in(value))
        case dict():
            yield from (item for part in (*value, *value.values()) for item in _ids(part))
        case tuple() | list() | frozenset():
            yield from (item for part in value for item in _ids(part))


def ids_in(texts: Iterable[str]) -> Iterator[UUID]:
    """Yield the ids of items in these texts; a text is an id, or an id with a version after it."""
    for text in texts:
        try:
            yield UUID(text.partition(":")[0])
        except ValueError:
            continue  # the value is a code such as "none-known", not an id


def texts(event: Event) -> list[tuple[int | None, str]]:
    """Return the encrypted texts of an event. For an event about a report, each text has the number
    of the report's item to which it belongs; otherwise the number is None.
    """
    if isinstance(event, ReportRedacted):
        return [(item_text.item, item_text.text or "") for item_text in event.items]
    item = event.item if isinstance(event, ItemSanitised) else None
    return [(item, text) for text in _texts_in(event, _text_fields(type(event))[0])]


def asides(event: Event) -> list[str]:
    """Return the texts in an event that may name a person and that an erasure does not rewrite."""
    return _texts_in(event, _text_fields(type(event))[1])


@cache
def _text_fields(event: type[Event]) -> tuple[Collection[str], Collection[str]]:
    sealed, markers = event.stored.sealed, markers_of(event)
    clear = [n for n in markers if n not in sealed and TELLING.intersection(markers[n])]
    if issubclass(event, (*NO_TEXT, ReportRedacted)):
        return (), (*sealed, *clear)
    own = [name for name in sealed if name == "name" and issubclass(event, OWN_NAMES)]
    return [name for name in sealed if name not in own], (*own, *clear)


def _texts_in(event: msgspec.Struct, fields: Iterable[str]) -> list[str]:
    field_texts: list[str] = []
    for name in fields:
        _add_texts(getattr(event, name), field_texts)
    return field_texts


def _add_texts(value: object, texts: list[str]) -> None:
    if isinstance(value, str):
        texts.append(value)
    elif isinstance(value, tuple | list | frozenset):
        for part in value:
            _add_texts(part, texts)
    elif isinstance(value, msgspec.Struct):
        texts += _texts_in(value, value.__struct_fields__)
    elif isinstance(value, dict):
        # also read the keys of a dictionary: for example, the title of a sheet may be a child's
        # name
        for part in (*value, *value.values()):
            _add_texts(part, texts)
