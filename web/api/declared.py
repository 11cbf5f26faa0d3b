"""The API's commands that are made from declared use cases: address, body, description."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, get_args
from uuid import UUID

import msgspec
from msgspec import Meta

from commands.kernel.unit_of_work import Receipt
from domain.kernel.codes import EvidenceKind
from domain.kernel.values import Refused
from usecases.kernel.fields import Declaration, Field, met, told
from usecases.kernel.registry import USE_CASES
from usecases.kernel.usecase import perform
from web.api.call import ApiCall
from web.api.operation import Operation

#: A text that says something. Separators (U+001C to 1F) and U+0085 are blank to Python and no space
#: to JSON Schema's patterns (ECMA-262).
NOT_BLANK = r"[^\s\x1c-\x1f\x85]"
#: Where the items of a kind stand; an "item" is one of any kind.
SEVERAL = {
    "case": "cases",
    "person": "people",
    "evidence": "evidence",
    "observation": "observations",
    "link": "links",
    "item": "items",
    "family-promise": "promises",
    "family-need": "needs",
    "threat": "threats",
    "waiting": "waiting",
    "publication": "publications",
    "marac": "maracs",
    "at-risk": "at-risk",
    "parent-risk": "parent-risks",
    "hearing": "hearings",
    "bail": "bails",
    "charging-decision": "charging-decisions",
    "appeal": "appeals",
    "notice": "notices",
    "breach": "breaches",
    "victim-request": "victim-requests",
    "reporting-duty": "reporting-duties",
    "standing-search": "standing-searches",
    "chart": "charts",
    "standing-pattern": "standing-patterns",
    "meeting": "meetings",
    "decision": "decisions",
}
#: And what is no item of the record: who may not see it is told so by the command.
ELSEWHERE = {
    "alert": "alerts",
    "complaint": "complaints",
    "copy": "copies",
    "disclosure": "disclosures",
    "due": "due",
    "duty": "rota",
    "hit": "hits",
    "hold": "holds",
    "join": "joins",
    "offer": "offers",
    "pattern": "patterns",
    "request": "requests",
}
#: Kinds that are one for people and several, or any, in the register.
KINDS: dict[str, tuple[str, ...]] = {"evidence": get_args(EvidenceKind), "item": ()}


def operation(name: Declaration) -> Operation:
    """The call of this use case: what it is about stands in its address."""
    last = name.named.address or name.named.slug
    about = name.about.name if name.about else None
    kind = str(name.named.about)
    first = f"/{(SEVERAL | ELSEWHERE)[kind]}/{{{about}}}" if about else ""

    def does(call: ApiCall, given: Mapping[str, object], **parts: UUID) -> Receipt:
        if kind in SEVERAL and not call.desk.known([call.command_id]):  # it may be found no more
            for part in parts.values():
                call.kind_of(part, *KINDS.get(kind, (kind,)))
        use = told(name, {part: str(one) for part, one in parts.items()} | dict(given))
        try:
            return perform(use, call.desk, call.reader, call.command_id)
        except Refused as refused:
            call.touched = met(use, call.desk, call.reader)
            field = name.where(use, refused)
            refused.field = field.name if field else None
            raise

    does.__doc__ = name.sentence
    return Operation(
        method="POST",
        path=f"{first}/{last}",
        name=name.named.slug.replace("-", "_"),
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


def _body(name: Declaration) -> type[msgspec.Struct]:
    """What is sent, as the description tells it."""
    fields = [_described(field) for field in name.fields if field != name.about]
    several = isinstance(name.use.named, tuple)
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
    told = NOT_BLANK if field.required and field.form == "text" else None
    kind = annotated[field.type, Meta(description=words, pattern=told)]
    return (field.name, kind) if field.required else (field.name, kind, field.default)


OPERATIONS = tuple(map(operation, USE_CASES.values()))
