"""The API's commands that are made from declared use cases: address, body, description."""

import re
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from commands.desk import Receipt
from usecases.every import USE_CASES
from usecases.fields import Field, Told, told
from usecases.usecase import perform
from web.api.call import Call
from web.api.operation import Operation

#: Where the items of a kind stand; an "item" is one of any kind.
SEVERAL = {
    "case": "cases",
    "person": "people",
    "evidence": "evidence",
    "observation": "observations",
    "link": "links",
    "item": "items",
}


def operation(name: Told) -> Operation:
    """The call of this use case: what it is about stands in its address."""
    last = name.named.address or name.named.command.replace(" ", "-")
    about = name.about.name if name.about else None
    kinds = () if name.named.about == "item" else (str(name.named.about),)
    first = f"/{SEVERAL[str(name.named.about)]}/{{{about}}}" if about else ""

    def does(call: Call, given: Mapping[str, Any], **parts: UUID) -> Receipt:
        if not call.desk.known([call.command_id]):  # what was found then may be found no more
            for part in parts.values():
                call.kind_of(part, *kinds)
        use = told(name, {part: str(one) for part, one in parts.items()} | dict(given))
        return perform(use, call.desk, call.reader, call.command_id)

    does.__doc__ = name.use.__doc__
    return Operation(
        method="POST",
        path=f"{first}/{last}",
        name=name.named.command.replace(" ", "_").replace("-", "_"),
        asks=name.named.command,
        does=does,
        parts=(about,) if about else (),
        asked=None,
        given=_body(name),
        answer=Receipt,
        takes="application/json",
        gives="application/json",
        repeatable=True,
        declared=True,
    )


def _body(name: Told) -> type[msgspec.Struct]:
    """What is sent, as the description tells it."""
    fields = [_described(field) for field in name.fields if field != name.about]
    several = isinstance(name.use.told_as, tuple)
    called = name.named.command.title() if several else name.use.__name__
    return msgspec.defstruct(
        re.sub(r"\W", "", called),
        sorted(fields, key=lambda each: len(each) > 2),
        frozen=True,
        forbid_unknown_fields=True,
        namespace={"__doc__": name.sentence},
    )


def _described(field: Field) -> tuple[str, Any] | tuple[str, Any, Any]:
    words = f"{field.ask.label} {field.ask.hint}".strip()
    annotated: Any = Annotated
    needed = field.required and field.form == "text"
    kind = annotated[field.type, Meta(description=words, pattern=r"\S" if needed else None)]
    return (field.name, kind) if field.required else (field.name, kind, field.default)


OPERATIONS = tuple(map(operation, USE_CASES.values()))
