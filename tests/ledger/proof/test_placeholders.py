"""The history of an item can be loaded even if its text was erased."""

import enum
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
import pytest

from domain import catalogue
from domain.kernel.envelope import Event
from ledger.proof.placeholders import substitute, value_of
from tests.support.domain.listed import assert_each


class Colour(enum.Enum):
    RED = "red"


class Inner(msgspec.Struct):
    name: str
    size: int = 3


class Anything(msgspec.Struct):
    words: str
    code: Literal["a", "b"]
    colour: Colour
    perhaps: str | None
    either: int | str
    when: datetime
    day: date
    who: UUID
    all: tuple[str, ...]
    both: tuple[int, Inner]
    notes: dict[str, str]
    inner: Inner
    sure: bool
    share: float


def test_every_kind_of_field_has_a_substitute() -> None:
    told = msgspec.json.decode(
        b"{" + substitute(Anything, Anything.__struct_fields__) + b"}", type=Anything
    )
    assert (told.words, told.code, told.colour, told.perhaps) == ("[erased]", "a", Colour.RED, None)
    assert (told.all, told.notes, told.inner) == ((), {}, Inner("[erased]"))
    assert told.both == (0, Inner("[erased]"))


def test_a_field_that_could_not_be_erased_is_refused() -> None:
    kind: Any = msgspec.inspect.type_info(complex)
    with pytest.raises(TypeError, match="has no placeholder"):
        value_of(kind)


def test_every_event_loads_without_its_sealed_fields() -> None:
    assert_each(_loads_without_them, catalogue.events())


def _loads_without_them(event: type[Event]) -> None:
    sealed = event.stored.sealed
    told = msgspec.json.decode(b"{" + substitute(event, sealed) + b"}")
    assert set(told) == set(sealed)
    for field in msgspec.structs.fields(event):
        if field.name in sealed:
            msgspec.convert(told[field.encode_name], field.type)
    assert substitute(event, ()) == b""
