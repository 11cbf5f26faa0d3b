"""What stands in an event: the ids of items, each with the role of its field, and the texts in
which somebody may be named. Fields say by markers what they are (`domain.kernel.fields`)."""

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any, get_args, get_type_hints
from uuid import UUID

import msgspec

from domain.information.observation import ObservationRead, SourceHeld
from domain.information.source import SourceRegistered
from domain.intelligence.entity import AliasAdded, PersonNamed, PersonRecorded, ThingRecorded
from domain.intelligence.intelligence_report import ItemSanitised, ReportRedacted
from domain.kernel.envelope import Event
from domain.kernel.fields import Life, Text, markers_of

#: What these say in a name is who they are, not a mention of another; and what a machine read in
#: words stands and falls with them.
OWN_NAMES = (PersonRecorded, AliasAdded, PersonNamed, ThingRecorded, SourceRegistered)
NO_TEXT = (ObservationRead, SourceHeld)
#: The markers of words that may name somebody: a code does not.
TELLING = frozenset({Text.SAID, Text.WRITTEN, Text.IDENTIFYING, Text.AS_IS})
#: The bytes of an id where many are packed.
ID = 16


def items_in(event: msgspec.Struct) -> Iterator[tuple[UUID, Life]]:
    """Every id in an event, with the role of its field; one within a struct is only named."""
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
    found = []
    for name, markers in markers_of(event).items():
        role = next((one for one in markers if isinstance(one, Life)), None)
        if role or _holds_ids(hints[name]):
            found.append((name, role or Life.NOT_REACHED))
    return tuple(found)


def _holds_ids(hint: Any) -> bool:
    """Whether a type has a struct in it in which an id stands."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return bool(_fields(hint))
    return any(_holds_ids(one) for one in get_args(hint))


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
            yield from (item for each in (*value, *value.values()) for item in _ids(each))
        case tuple() | list() | frozenset():
            yield from (item for each in value for item in _ids(each))


def ids_in(told: Iterable[str]) -> Iterator[UUID]:
    """The ids among these, each alone or before the version that is meant."""
    for one in told:
        try:
            yield UUID(one.partition(":")[0])
        except ValueError:
            continue  # "none-known"


def texts(event: Event) -> list[tuple[int | None, str]]:
    """The sealed texts of an event, with the report's item that each is of."""
    if isinstance(event, ReportRedacted):
        return [(one.item, one.text or "") for one in event.items]
    item = event.item if isinstance(event, ItemSanitised) else None
    return [(item, text) for text in _texts_in(event, _text_fields(type(event))[0])]


def asides(event: Event) -> list[str]:
    """What else in an event may name somebody, and is no text that an erasure looks at."""
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
    found: list[str] = []
    for name in fields:
        _gather(getattr(event, name), found)
    return found


def _gather(value: object, found: list[str]) -> None:
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, tuple | list | frozenset):
        for each in value:
            _gather(each, found)
    elif isinstance(value, msgspec.Struct):
        found += _texts_in(value, value.__struct_fields__)
    elif isinstance(value, dict):  # a sheet may be called by a child's name
        for each in (*value, *value.values()):
            _gather(each, found)
