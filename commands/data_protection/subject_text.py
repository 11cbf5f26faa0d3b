"""The text of an item for the subject of an access request: a line for each field, in words."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any, get_type_hints
from uuid import UUID

import msgspec

from domain.families.identifier import IdentifierTold, masked
from domain.forms.local import LONDON, day_of
from domain.information.observation import (
    LogPhotographed,
    ObservationRecorded,
    ObservationRedacted,
)
from domain.kernel.envelope import Recorded
from domain.kernel.field_labels import field_label
from domain.kernel.fields import codes_in
from domain.kernel.values import Grade, When

#: Fields of items that the text for a data subject always leaves out, such as sources,
#: intermediaries, co-workers and references to other records.
NEVER = frozenset(
    {
        "entry", "root", "chain", "origin", "held", "referrer", "worker", "second", "product",
        "produced_by", "giver", "receiver", "location", "recipient", "asked_by", "case", "urn",
        "dated", "owner", "chair", "came", "agenda", "shown", "mark",
        "force", "theirs", "secret",
        "shows", "also", "hidden", "opened", "pinned", "spots",
    }
)  # fmt: skip
#: The only fields of a log entry that are given to a data subject. How the informant knew the
#: information, and the hour, are left out, because they could identify the informant.
OF_WORDS = frozenset({"kind", "form", "words"})
#: The text for the deciding person in place of a photograph, from which no program can remove other
#: people.
PICTURE = (
    "this entry has a photograph of a paper log. Look at it, and write the parts that are about the"
    " data subject"
)
#: A pattern of whole ids in a text.
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: The text in place of another record's id.
RECORD = "(another record)"


def given_fields(fact: Recorded) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each field of a fact that a data subject is given. Fields that
    a data subject is never given, mentions, and fields that hold only the id of another record are
    left out.
    """
    event = fact.event
    if fact.erased or event.meaning.access_request == "never":
        return
    if isinstance(event, LogPhotographed):
        yield "photograph", PICTURE
        return
    of_words = isinstance(event, ObservationRecorded | ObservationRedacted)
    # the text shows only a part of the child's NHS number
    if isinstance(event, IdentifierTold):
        event = msgspec.structs.replace(event, number=masked(event.number))
    for name, hint in _hints(type(event)).items():
        if name in NEVER or (of_words and name not in OF_WORDS):
            continue
        value = getattr(event, name)
        if value is not False and (text := in_words(value, hint)):
            yield name, text


def _lines(fact: Recorded) -> Iterator[str]:
    """Yield the lines "label: text" of the fields of a fact that a data subject is given."""
    for name, text in given_fields(fact):
        yield f"{field_label(fact.event.stored.name, name)}: {text}"


def text_of(facts: Collection[Recorded]) -> str:
    """Return the text of an item for a data subject: the lines of its fields, in one paragraph for
    each event.
    """
    paragraphs = ("\n".join(_lines(fact)) for fact in facts)
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def in_words(value: object, hint: object = str) -> str:
    """Return a field's value as a person writes it; "" for no value and for the id of a record."""
    match value:
        case None | UUID() | bytes():
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime() | date():
            return _moment(value)
        case str():
            text = value.replace("-", " ") if codes_in(hint) else value
            return ID.sub(RECORD, text)
        case Grade():
            return value.label
        case When():
            return value.words
        case msgspec.Struct():
            hints = _hints(type(value))
            fields = {_label(name): in_words(getattr(value, name), hints[name]) for name in hints}
            return ", ".join(f"{name} {text}" for name, text in fields.items() if text)
        case Mapping():
            fields = {str(name): in_words(element) for name, element in value.items()}
            return ", ".join(f"{_label(name)} {text}" for name, text in fields.items() if text)
        case tuple() | list() | frozenset():
            texts = [in_words(element, hint) for element in value]
            filled = [text for text in texts if text]
            return "; ".join(sorted(filled) if isinstance(value, frozenset) else filled)
        case _:
            return str(value)


def _label(name: str) -> str:
    return name.replace("_", " ")


def _moment(value: date) -> str:
    day = day_of(value)
    text = f"{day.day} {day:%B %Y}"
    if not isinstance(value, datetime) or time() in (value.time(), value.astimezone(LONDON).time()):
        return text
    return f"{text}, {value.astimezone(LONDON):%H:%M}"


@cache
def _hints(struct: type) -> dict[str, Any]:
    """Return the types of the fields of an event, in their order."""
    hints = get_type_hints(struct)
    return {name: hints[name] for name in struct.__struct_fields__}  # type: ignore[attr-defined]
